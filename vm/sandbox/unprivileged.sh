# Gives up root's rights, and runs a command without them.
#
#   unshare --mount sh vm/sandbox/unprivileged.sh \
#     USER_ID ROOTS_CACHE PATH... CACHE -- COMMAND...
#
# In a sandbox that root makes, root would still be the host's root to every
# file: to the disks in /dev, the settings in /proc/sys, all of /etc. So it is
# made by a user whom nobody else is, and who may do nothing. What he needs of
# the host are the PATHs: the checkout, Deno. Where root alone may go there, as
# in /root, he gets a view of the host in which that folder holds nothing else.
#
# In CACHE, the last of the PATHs, his Deno keeps what it compiles. What root's
# Deno has fetched is copied there, since there is no network in a sandbox.
set -eu
user=$1
roots_cache=$2
shift 2

# Root of a container may be nobody's root outside, and know no other user:
# then there is nothing to give up.
knows_user() {
  while read -r first _ count; do
    if [ "$user" -ge "$first" ] && [ $((user - first)) -lt "$count" ]; then
      return 0
    fi
  done </proc/self/uid_map
  return 1
}

without_rights() {
  setpriv --reuid="$user" --regid="$user" --clear-groups "$@"
}

# The first part of path $1 that the user may not pass through or read; nothing
# if he may.
find_closed() {
  # shellcheck disable=SC2016 # For the user's shell.
  without_rights sh -c '
    rest=${1#/}/
    path=
    while [ -n "$rest" ]; do
      path=$path/${rest%%/*}
      rest=${rest#*/}
      if [ ! -r "$path" ] && [ -z "$rest" ] || [ -d "$path" ] && [ ! -x "$path" ]; then
        echo "$path"
        exit
      fi
    done
  ' sh "$1"
}

# Lets the user see the existing path $1. In the way is a folder that is closed
# to him: in its place he gets one with nothing in it but the PATHs. Where $1
# itself is closed to him he gets a copy.
show() {
  closed=$(find_closed "$1")
  if [ -z "$closed" ]; then return; fi
  number=$((number + 1))
  hidden=/run/$number
  if [ ! -d "$closed" ]; then
    cp "$closed" "$hidden"
    chmod 755 "$hidden"
    mount --bind "$hidden" "$closed"
    return
  fi
  mkdir "$hidden"
  mount --bind "$closed" "$hidden"
  mount -t tmpfs -o mode=755 shown "$closed"
  if [ "$closed" = "$1" ]; then
    # Not what begins with a dot: neither the history nor what is kept of labs.
    cp -R "$hidden"/* "$closed"
    # A checkout's packages are behind a link to one of those, see vm/vendor.ts.
    if [ -L "$closed/vendor" ] && [ -d "$hidden/vendor/" ]; then
      rm "$closed/vendor"
      cp -R "$hidden/vendor/" "$closed/vendor"
    fi
    chmod -R go+rX "$closed"
  fi
  for path in $paths; do
    case $path in
      "$closed"/*) bind "$hidden${path#"$closed"}" "$path" ;;
    esac
  done
  show "$1"
}

bind() {
  if [ -d "$1" ]; then
    mkdir -p "$2"
  elif [ -e "$1" ]; then
    # It is there with the checkout that it is in: then it is the real one.
    if [ -e "$2" ]; then return 0; fi
    mkdir -p "${2%/*}"
    : >"$2"
  else
    return 0
  fi
  mount --bind "$1" "$2"
}

# One a line, since their names may have blanks.
paths=
while [ "$1" != -- ]; do
  paths="$paths$1
"
  cache=$1
  shift
done
shift

if ! knows_user; then exec "$@"; fi
mount -t tmpfs -o mode=755 hidden /run
number=0
umask 022
mkdir -p "$cache" 2>/dev/null || true
if [ -d "$roots_cache/remote" ] && [ ! -e "$cache/remote" ]; then
  cp -R "$roots_cache/remote" "$cache/" || true
fi
if [ -O "$cache" ]; then # It is new.
  chmod 700 "$cache"
  chown -R "$user:$user" "$cache"
fi
IFS='
'
set -f
for path in $paths; do
  set +f
  if [ -e "$path" ]; then show "$path"; fi
done
unset IFS
cd /
exec setpriv --reuid="$user" --regid="$user" --clear-groups "$@"
