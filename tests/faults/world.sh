# Inside a throwaway sandbox: makes it the machine on which faults are tried.
#
#   sh world.sh CHECKOUT OTHER FOLDER…
#
# It gets a /tmp and a checkout's state folder of its own. What must stay to be
# seen (the checkout, Deno, its cache) may be in /tmp itself. OTHER is a file of
# another user, which is then /tmp/faults/other.
set -eu
checkout=$1 other=$2
shift 2

mkdir -p /run/keep
: >/run/keep/other
mount --bind "$other" /run/keep/other
number=0
for folder; do
  number=$((number + 1))
  mkdir -p "/run/keep/$number"
  if [ -d "$folder" ]; then mount --rbind "$folder" "/run/keep/$number"; fi
done
mount -t tmpfs -o mode=1777 faults-tmp /tmp
number=0
for folder; do
  number=$((number + 1))
  case $folder in
    /tmp/*) mkdir -p "$folder" && mount --rbind "/run/keep/$number" "$folder" ;;
  esac
  umount --recursive --lazy "/run/keep/$number" 2>/dev/null || true
  rmdir "/run/keep/$number"
done
mkdir /tmp/faults
: >/tmp/faults/other
mount --bind /run/keep/other /tmp/faults/other
umount /run/keep/other
rm -r /run/keep

# The Deno that ./lab fetched is in there.
mkdir -p /tmp/faults/deno "$checkout/.lab"
if [ -d "$checkout/.lab/deno" ]; then mount --rbind "$checkout/.lab/deno" /tmp/faults/deno; fi
mount -t tmpfs -o mode=700 faults-state "$checkout/.lab"
if [ -e /tmp/faults/deno/bin ]; then
  mkdir "$checkout/.lab/deno"
  mount --rbind /tmp/faults/deno "$checkout/.lab/deno"
  umount --recursive --lazy /tmp/faults/deno
fi

# The kernel reports a light that is on as much as a second late.
timeout 5 sh -c "until grep -q up /sys/class/net/eth0/operstate; do sleep 0.02; done"
