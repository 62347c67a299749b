#!/bin/sh
# Runs inside the box's file system while it is being built, as its root: makes
# a Vagrant box of a plain Debian, and one that boots fast where QEMU plays the
# processor and every service costs seconds.
set -eu

# --- The user that Vagrant logs in as ----------------------------------------

useradd --create-home --shell /bin/bash vagrant
# No password opens it, only the key.
usermod --password '*' vagrant
echo 'vagrant ALL=(ALL) NOPASSWD: ALL' >/etc/sudoers.d/vagrant
chmod 440 /etc/sudoers.d/vagrant

install -d -m 700 -o vagrant -g vagrant /home/vagrant/.ssh
install -m 600 -o vagrant -g vagrant /root/vagrant.pub /home/vagrant/.ssh/authorized_keys
rm /root/vagrant.pub

cat >/etc/ssh/sshd_config.d/vagrant.conf <<'SSHD'
# A quick login: one kind of host key, no password, no name lookup, no PAM.
HostKey /etc/ssh/ssh_host_ed25519_key
PasswordAuthentication no
UseDNS no
UsePAM no
PrintMotd no
SSHD
rm -f /etc/ssh/ssh_host_rsa_key* /etc/ssh/ssh_host_ecdsa_key*

chmod 755 /usr/local/bin/deno

# --- The network -------------------------------------------------------------

echo pc >/etc/hostname
printf '127.0.0.1 localhost\n127.0.1.1 pc\n' >/etc/hosts
: >/etc/resolv.conf

cat >/etc/network/interfaces <<'INTERFACES'
auto lo
iface lo inet loopback

# The uplink.
allow-hotplug eth0
iface eth0 inet dhcp
INTERFACES

# ping works for everyone, also where its file capability got lost on the way.
echo 'net.ipv4.ping_group_range = 0 2147483647' >/etc/sysctl.d/ping.conf

# The network's modules are there before anyone without root needs them.
cat >/etc/modules-load.d/lab.conf <<'MODULES'
bridge
veth
MODULES

# --- A short boot ------------------------------------------------------------

# Nothing that runs by the clock, no consoles, no log on the disk, no file
# systems that nobody asked for.
for unit in \
  apt-daily.timer apt-daily-upgrade.timer dpkg-db-backup.timer \
  e2scrub_all.timer e2scrub_reap.service fstrim.timer \
  systemd-tmpfiles-clean.timer systemd-logind.service \
  systemd-pstore.service systemd-update-utmp.service \
  systemd-update-utmp-runlevel.service systemd-journal-flush.service \
  systemd-random-seed.service systemd-machine-id-commit.service \
  dev-hugepages.mount dev-mqueue.mount sys-fs-fuse-connections.mount \
  sys-kernel-config.mount modprobe@configfs.service modprobe@dm_mod.service \
  modprobe@fuse.service modprobe@loop.service \
  getty.target systemd-ask-password-console.path systemd-ask-password-wall.path; do
  ln -sf /dev/null "/etc/systemd/system/$unit"
done
systemctl set-default multi-user.target
mkdir -p /etc/systemd/journald.conf.d
printf '[Journal]\nStorage=volatile\n' >/etc/systemd/journald.conf.d/volatile.conf

# Drivers that udev would load for what QEMU shows and nobody uses.
for module in ata_piix kvm_amd kvm_intel powernow_k8 acpi_cpufreq; do
  echo "blacklist $module"
done >/etc/modprobe.d/box.conf

# Each VM makes a machine id of its own at its first start.
: >/etc/machine-id

# --- No trace of the machine that built it ------------------------------------

rm -f /etc/apt/apt.conf.d/99mmdebstrap /etc/apt/sources.list.d/*
cat >/etc/apt/sources.list <<'SOURCES'
# The box was built without naming a mirror. To install packages, name yours:
# deb URL SUITE main
SOURCES
rm -rf /var/log/* /root/setup.sh
