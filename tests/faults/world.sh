# Inside a throwaway sandbox: makes it the machine on which faults are tried.
#
#   sh world.sh CHECKOUT OTHER FOLDER…
#
# It gets a /tmp and a checkout's state folder of its own. What must stay to be
# seen (the checkout, Deno, its cache) may be in /tmp itself: the FOLDERs. OTHER
# is a file of another user, which is then /tmp/faults/other.
set -eu
checkout=$1 other=$2
shift 2

# bind FROM TO, whatever is mounted below.
bind() {
  mkdir -p "$2"
  mount --rbind "$1" "$2"
}

# For as long as /tmp is changed, they are in the sandbox's own /run.
number=0
for folder; do
  number=$((number + 1))
  case $folder in /tmp/*) bind "$folder" "/run/keep/$number" ;; esac
done
mount -t tmpfs -o mode=1777 faults-tmp /tmp
number=0
for folder; do
  number=$((number + 1))
  if [ -d "/run/keep/$number" ]; then
    bind "/run/keep/$number" "$folder"
    umount --lazy "/run/keep/$number"
    rmdir "/run/keep/$number"
  fi
done

mkdir /tmp/faults
: >/tmp/faults/other
mount --bind "$other" /tmp/faults/other

# The Deno that ./lab fetched is in the state folder, and stays.
if [ -d "$checkout/.lab/deno" ]; then bind "$checkout/.lab/deno" /tmp/faults/deno; fi
mkdir -p "$checkout/.lab"
mount -t tmpfs -o mode=755 faults-state "$checkout/.lab"
if [ -d /tmp/faults/deno ]; then
  bind /tmp/faults/deno "$checkout/.lab/deno"
  umount --lazy /tmp/faults/deno
  rmdir /tmp/faults/deno
fi

# The kernel reports a light that is on as much as a second late.
timeout 5 sh -c "until grep -q up /sys/class/net/eth0/operstate; do sleep 0.02; done"
