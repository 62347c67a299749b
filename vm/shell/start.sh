# Starts a shell whose prompt says where one is: `pc #`, `ns1 #`.
#
#   sh vm/shell/start.sh SHELL WHERE [COMMAND THAT LEADS THERE]...
#
# from the checkout's folder. SHELL is the one that the user is used to; where
# it is not installed, or is one whose prompt we cannot set, it is bash or sh.
shell=$1
where=$2
shift 2

case ${shell##*/} in
  sh | dash | ash | ksh | mksh | bash | zsh | fish) ;;
  *) shell= ;;
esac
for each in "$shell" bash sh; do
  if command -v "$each" >/dev/null; then break; fi
done

# It reads commands from a file or a pipe: nobody looks at a prompt.
if ! [ -t 0 ]; then exec "$@" "$each"; fi

between='set -m
"$@" >&4 3>&- 4>&-
echo "$?" >&3
exec 2>/dev/null'

# The user's own start-up files are not run: they set a prompt of their own.
export LAB_PROMPT="$where # "
case ${each##*/} in
  bash) exec "$@" "$each" --rcfile vm/shell/.zshrc ;;
  zsh) ZDOTDIR=vm/shell exec "$@" "$each" -d ;;
  fish)
    # The user's own folder for it is not in a sandbox, which has its own /run.
    mkdir -p -m 700 /run/fish && export XDG_RUNTIME_DIR=/run/fish
    exec "$@" "$each" --no-config --init-command '
      set --global lab_prompt $LAB_PROMPT
      set --erase LAB_PROMPT
      function fish_prompt; echo -n $lab_prompt; end
    '
    ;;
  *)
    # At its end dash hands the terminal back to the process group that had it
    # before, and complains if that is on the other side, out of its sight. A
    # shell between us shall get the complaint; it tells the exit code by fd 3.
    exec 4>&1
    code=$(ENV=vm/shell/.zshrc sh -c "$between" sh "$@" "$each" 3>&1)
    exit "$code"
    ;;
esac
