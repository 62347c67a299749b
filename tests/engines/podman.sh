# Starts two containers with Podman in the sandbox that we are in, then runs a
# command that may ask Podman about them.
#
#   unshare --mount sh tests/engines/podman.sh FOLDER CHECKOUT COMMAND...
#
# As for Docker (see lib/docker/engine.sh): no root, no control groups, and all
# that is written is in FOLDER.
set -eu
folder=$1
checkout=$2
shift 2

mkdir -p "$folder/bin" "$folder/tmp" "$folder/image/bin"
sed 's/exec runc/exec crun/' "$checkout/lib/docker/runc.sh" >"$folder/bin/crun"
sed -i "s|exec crun|exec $(command -v crun)|" "$folder/bin/crun"
chmod +x "$folder/bin/crun"

cat >"$folder/containers.conf" <<CONF
[containers]
cgroups = "disabled"
[network]
network_backend = "netavark"
network_config_dir = "$folder/networks"
[engine]
cgroup_manager = "cgroupfs"
events_logger = "file"
runtime = "crun"
static_dir = "$folder/static"
tmp_dir = "$folder/state"
volume_path = "$folder/volumes"
[engine.runtimes]
crun = ["$folder/bin/crun"]
CONF
cat >"$folder/storage.conf" <<CONF
[storage]
driver = "vfs"
graphroot = "$folder/root"
runroot = "$folder/runroot"
CONF
export HOME="$folder" TMPDIR="$folder/tmp" XDG_RUNTIME_DIR="$folder"
export CONTAINERS_CONF="$folder/containers.conf"
export CONTAINERS_STORAGE_CONF="$folder/storage.conf"

for place in /sys/fs/cgroup /var/cache /var/lib /dev/shm; do
  mount -t tmpfs podman "$place"
done
for controller in $(cut -d: -f2 /proc/self/cgroup | tr , ' '); do
  mkdir -p "/sys/fs/cgroup/${controller#name=}"
done
mount -o remount,bind,ro /sys/fs/cgroup
mount -o remount,bind,ro /

cp "$(command -v busybox)" "$folder/image/bin/busybox"
ln -s busybox "$folder/image/bin/sleep"
tar --create --directory "$folder/image" . | podman import --quiet - tiny >&2
podman run --detach --name p1 tiny sleep 1d >&2
podman run --detach --name p2 --publish 8080:80 tiny sleep 1d >&2
exec "$@"
