#!/bin/sh
# vm/world.sh COMMAND [ARGUMENT]...
# vm/world.sh --check
#
# Runs COMMAND, as root, in a closed world of its own in which Vagrant can start
# VMs: a network namespace with its own libvirtd, and with `outside`, which
# plays the internet and owns 8.8.8.8. Not a packet leaves this machine, and
# nothing on it changes: what the world writes below /etc, /run and /var is
# kept in memory and gone at its end.
#
#      VM                     the world                     outside
#   +-------+  virbr1   +----------------------+   +-----------------------+
#   | eth0 ---------------- libvirt's NAT  eth0 ------- isp0   lo: 8.8.8.8  |
#   +-------+           +-------- 203.0.113.2 -+   +- 203.0.113.1 ---------+
#
# The world ends with COMMAND, with Ctrl-C, with this script (also by kill -9)
# and with whoever started it: all that runs in it ends too, VMs included.
#
# COMMAND finds VAGRANT_HOME and VAGRANT_DOTFILE_PATH set to empty folders of
# the world: boxes and VMs of this machine's user are neither seen nor touched.
#
# --check only finds out whether there can be such a world here.
#
# Exit code: COMMAND's own, or 3 if there can be no such world here.
set -eu

fail() { # MESSAGE NEXT_STEP
  printf 'world: %s\n' "$@" >&2
  exit 3
}

PATH=$PATH:/usr/sbin:/sbin
export PATH

case ${WORLD_PART:-check} in

# --- What it takes ----------------------------------------------------------------

check)
  [ $# -gt 0 ] || {
    echo "world: Name a command to run in the world: vm/world.sh vagrant up" >&2
    exit 2
  }
  [ "$(id -u)" = 0 ] ||
    fail "A world for VMs takes root." "Type this: sudo vm/world.sh $*"

  missing=
  while read -r program package; do
    command -v "$program" >/dev/null || missing="$missing $package"
  done <<'PROGRAMS'
ip iproute2
iptables iptables
setpriv util-linux
vagrant vagrant vagrant-libvirt
libvirtd libvirt-daemon
dnsmasq dnsmasq-base
qemu-system-x86_64 qemu-system-x86
qemu-img qemu-utils
rsync rsync
ssh openssh-client
PROGRAMS
  [ -z "$missing" ] ||
    fail "A world for VMs takes packages that are not installed here:$missing." \
      "As root: apt-get install --no-install-recommends$missing"

  [ "$1" != --check ] || exit 0

  # If whoever started us ends, we are told.
  WORLD_PART=hold exec setpriv --pdeathsig TERM sh "$0" "$@"
  ;;

# --- Outside: hold the world ------------------------------------------------------

hold)
  # Process 1 of the world dies with its `unshare`, and that with us.
  world=
  trap 'status=$?; trap - EXIT; if [ -n "$world" ]; then kill -KILL "$world" || true; wait "$world" || true; fi; exit "$status"' EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM HUP
  WORLD_PART=make setpriv --pdeathsig KILL \
    unshare --net --mount --pid --uts --ipc --fork --kill-child --mount-proc \
    sh "$0" "$@" <&0 &
  world=$!
  status=0
  wait "$world" || status=$?
  world=
  exit "$status"
  ;;

# --- Inside: make the world, then run the command ----------------------------------

make)
  unset WORLD_PART
  hostname world

  # What is written below these three stays in the world's memory. /etc starts
  # as it is, /run and /var empty. A sysfs of our own shows our interfaces, and
  # no cgroups: libvirt then does without.
  mount -t sysfs sysfs /sys
  mount -t tmpfs -o mode=755 tmpfs /run
  cp -a /etc /run/etc
  rm -rf /run/etc/libvirt # This machine's own VMs are none of ours.
  mkdir -p /run/lock /run/var/lib /run/var/log/libvirt /run/var/cache
  mkdir -m 1777 /run/tmp /run/var/tmp
  ln -s /run /run/var/run
  mount --bind /run/etc /etc
  mount --bind /run/var /var

  # No name is looked up: there is nobody to ask, and waiting costs time.
  rm -f /etc/resolv.conf
  : >/etc/resolv.conf
  echo '127.0.0.1 localhost world' >/etc/hosts

  echo 0 >/proc/sys/net/ipv4/ip_forward
  . "$(dirname "$0")/outside.sh"
  make_uplink
  make_outside unknown

  # libvirt, for root alone. It insists that its own user exists, so it does,
  # in the world's /etc.
  id libvirt-qemu >/dev/null 2>&1 || {
    echo 'libvirt-qemu:x:64055:64055::/nonexistent:/usr/sbin/nologin' >>/etc/passwd
    echo 'libvirt-qemu:x:64055:' >>/etc/group
  }
  mkdir -p /etc/libvirt
  cat >/etc/libvirt/libvirtd.conf <<'LIBVIRTD'
unix_sock_group = "root"
unix_sock_rw_perms = "0700"
auth_unix_ro = "none"
auth_unix_rw = "none"
LIBVIRTD
  cat >/etc/libvirt/qemu.conf <<'QEMU'
user = "root"
group = "root"
security_driver = "none"
remember_owner = 0
namespaces = []
cgroup_controllers = []
QEMU
  for daemon in virtlogd libvirtd; do
    "$daemon" </dev/null >"/run/$daemon.log" 2>&1 &
    case $daemon in
      virtlogd) socket=/run/libvirt/virtlogd-sock ;;
      libvirtd) socket=/run/libvirt/libvirt-sock ;;
    esac
    until [ -S "$socket" ]; do
      kill -0 $! 2>/dev/null || {
        cat "/run/$daemon.log" >&2
        fail "Could not start $daemon (above: what it said)." \
          "See whether its package is whole: apt-get install --reinstall libvirt-daemon"
      }
      sleep 0.05
    done
  done

  export TMPDIR=/run/tmp
  export VAGRANT_HOME=/run/vagrant/home
  export VAGRANT_DOTFILE_PATH=/run/vagrant/machines
  export VAGRANT_DEFAULT_PROVIDER=libvirt
  # No questions to the network.
  export VAGRANT_CHECKPOINT_DISABLE=1
  export VAGRANT_BOX_UPDATE_CHECK_DISABLE=1
  export VAGRANT_NO_PARALLEL=1
  mkdir -p "$VAGRANT_HOME" "$VAGRANT_DOTFILE_PATH"

  # We are process 1 here: when we end, so does all that is left.
  status=0
  "$@" || status=$?
  exit "$status"
  ;;
esac
