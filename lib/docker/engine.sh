# Runs a real Docker Engine in the sandbox that we are in.
#
#   unshare --mount --cgroup sh lib/docker/engine.sh FOLDER
#   sh lib/docker/engine.sh                          # only: could it run here?
#
# It takes no root: the sandbox's own will do. It reads nothing of a Docker that
# this machine may have, and writes nothing outside of FOLDER, which is in the
# sandbox's memory. So it is gone with the sandbox, and nothing of it is left.
set -eu

missing=
while read -r program package; do
  command -v "$program" >/dev/null || missing="$missing $package"
done <<'PROGRAMS'
dockerd docker.io
docker docker.io
containerd containerd
runc runc
busybox busybox-static
PROGRAMS
if [ -n "$missing" ]; then
  echo "missing$missing" >&2
  exit 3
fi
[ $# != 0 ] || exit 0
folder=$1

here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$folder/etc" "$folder/tmp"

# /etc as it is, but for Docker's settings: here they are Docker's defaults.
mount --rbind /etc "$folder/etc"
mount -t tmpfs docker-etc /etc
ln -s "$folder"/etc/* /etc/
rm -f /etc/docker
mkdir /etc/docker

# Control groups limit memory and the like, and belong to the machine: they can
# be seen, and no more. runc goes on without if it may not write to them.
if grep -q ' - cgroup ' /proc/self/mountinfo; then
  # Version 1, one folder a controller: it is content with empty ones.
  mount -t tmpfs docker-cgroup /sys/fs/cgroup
  for controller in $(cut -d: -f2 /proc/self/cgroup | tr , ' '); do
    mkdir -p "/sys/fs/cgroup/${controller#name=}"
  done
else
  # Version 2, as machines of today have it: it asks the kernel.
  mount -t cgroup2 docker-cgroup /sys/fs/cgroup
fi
mount -o remount,bind,ro /sys/fs/cgroup

# The disk can be read, and no more.
mount -o remount,bind,ro /

# From here on nobody listens to us.
exec >"$folder/log" 2>&1
export HOME="$folder" TMPDIR="$folder/tmp"
exec dockerd \
  --data-root "$folder/data" \
  --exec-root "$folder/exec" \
  --pidfile "$folder/pid" \
  --host unix:///run/docker.sock \
  --group root \
  --add-runtime "by-hand=$here/runc.sh" \
  --default-runtime by-hand
