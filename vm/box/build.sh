#!/usr/bin/env bash
# vm/box/build.sh [--deno FILE] [--output FILE] [--box NAME] [--no-add]
#
# Makes a Vagrant box for libvirt out of Debian packages alone, for places that
# cannot reach the registry of boxes, and adds it to Vagrant. The box
# holds all that a lab takes, Deno included: its VM needs no network to start.
#
#   --deno FILE    the Deno to put into it (default: the one on the PATH)
#   --output FILE  default: .lab/box/docker0-by-hand.box of this checkout
#   --box NAME     what Vagrant is to call it; default: docker0-by-hand
#   --no-add       only make the file
#
# Nothing is mounted and nothing needs root: an ordinary user whom mmdebstrap's
# "unshare" mode suits can do it as well. A box whose inputs have not changed is
# not made again. Packages come from where this machine's own apt gets Debian's.
#
# Exit code: 0 done, 2 wrong usage, 3 could not do it.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
checkout=$(cd "$here/../.." && pwd)

fail() { # MESSAGE NEXT_STEP
  printf 'vm:box: %s\n' "$@" >&2
  exit 3
}

say() { # with the seconds since the start
  printf '[%3d s] %s\n' "$SECONDS" "$*"
}

# --- What is asked for --------------------------------------------------------

deno=
output=$checkout/.lab/box/docker0-by-hand.box
box=docker0-by-hand
add=yes
while (($#)); do
  case $1 in
    --deno | --output | --box)
      if (($# < 2)); then
        printf 'vm:box: %s needs a value.\n' "$1" >&2
        exit 2
      fi
      declare "${1#--}=$2"
      shift 2
      ;;
    --no-add)
      add=no
      shift
      ;;
    -h | --help)
      sed -n '2,/^set /{/^set /d;s/^# \{0,1\}//;p}' "${BASH_SOURCE[0]}"
      exit 0
      ;;
    *)
      printf 'vm:box: Unknown argument %q. Try --help.\n' "$1" >&2
      exit 2
      ;;
  esac
done

# --- What it takes --------------------------------------------------------------

# Debian's own programs live where an ordinary user's PATH does not look.
PATH=$PATH:/usr/sbin:/sbin

if [[ $(uname -s) != Linux ]] || ! command -v apt-get >/dev/null; then
  fail "The offline box is made of Debian packages, and this is no Debian." \
    "Use the box of the wider world: vagrant up."
fi
architecture=$(dpkg --print-architecture)
if [[ $architecture != amd64 ]]; then
  fail "The offline box can be made on amd64 only, and this is $architecture." \
    "Use a box of the wider world: vagrant up."
fi

# Each program, and the package that has it.
missing=()
while read -r program package; do
  command -v "$program" >/dev/null || missing+=("$package")
done <<'PROGRAMS'
mmdebstrap mmdebstrap
fakeroot fakeroot
mke2fs e2fsprogs
sfdisk fdisk
grub-mkimage grub-common
qemu-img qemu-utils
PROGRAMS
[[ -f /usr/lib/grub/i386-pc/boot.img ]] || missing+=(grub-pc-bin)
insecure_key=$(find /usr/share/rubygems-integration /opt/vagrant \
  -path '*/keys/vagrant.pub' -print -quit 2>/dev/null || true)
[[ -n $insecure_key ]] || missing+=(vagrant vagrant-libvirt)
if ((${#missing[@]})); then
  fail "Making the box takes packages that are not installed here: ${missing[*]}." \
    "As root: apt-get install --no-install-recommends ${missing[*]}"
fi

deno=${deno:-$(type -P deno || true)}
# What npx puts on the PATH is a script: Deno knows where it really is.
deno=$([[ -n $deno ]] && "$deno" eval 'console.log(Deno.execPath())' 2>/dev/null) ||
  fail "There is no Deno to put into the box." "Name one: --deno FILE"
pinned=$(sed -n 's/^pinned=//p' "$checkout/lab")
deno_version=$("$deno" --version | sed -n 's/^deno \([0-9.]*\).*/\1/p')
printf '%s\n' "$pinned" "$deno_version" | sort --check=quiet --version-sort ||
  fail "The box takes Deno $pinned or newer, and this is $deno_version: $deno" \
    "Name another one: --deno FILE"

# Where apt here gets Debian from, and no one else: lines of a sources.list.
# Asked of apt itself, which understands every way of writing them down.
sources=$(apt-get indextargets --format \
  'deb $(REPO_URI) $(RELEASE) $(COMPONENT)' 'Created-By: Packages' 'Origin: Debian')
if [[ -z $sources ]]; then
  fail "apt knows no Debian packages here." "As root: apt-get update"
fi

# --- Is there such a box already? ----------------------------------------------

mkdir -p "$(dirname "$output")"
output=$(cd "$(dirname "$output")" && pwd)/$(basename "$output")

# One at a time. Whoever holds the lock may clear up what a killed one has left.
exec 9>"$output.lock"
flock --nonblock 9 ||
  fail "Another process is making this box: $output" "Wait for it, then try again."
rm -rf "$output".tmp.*

# The packages of a lab are named in one place, provision.sh.
lab_packages=$(sed -n 's/^packages="\(.*\)"$/\1/p' "$here/../provision.sh")
box_packages=$(sed 's/#.*//' "$here/packages")
packages=$(printf '%s\n' $lab_packages $box_packages | paste -sd,)

inputs=$(
  cd "$here"
  sha256sum -- build.sh setup.sh packages Vagrantfile
  printf '%s\n' "$packages" "$sources" | sha256sum
  sha256sum <"$insecure_key"
  echo "Deno $deno_version"
)

add_box() {
  [[ $add = yes ]] || return 0
  say "adding it to Vagrant as $box"
  said=$(VAGRANT_CHECKPOINT_DISABLE=1 \
    vagrant --no-tty box add --force --name "$box" "$output" 2>&1) || {
    echo "$said" >&2
    fail "Vagrant did not take the box (above: what it said): $output" \
      "See what it has: vagrant box list"
  }
  say "its VM comes up with: LAB_BOX=$box vagrant up --provider=libvirt"
}

if [[ -f $output && -f $output.inputs && $inputs = "$(<"$output.inputs")" ]]; then
  say "nothing has changed since this box was made: $output"
  add_box
  exit 0
fi

# --- A folder to work in, gone whatever happens --------------------------------

work=$(mktemp -d "$output.tmp.XXXXXX") ||
  fail "Cannot write here: $(dirname "$output")" "Name a file elsewhere: --output FILE"
log=$work/log
child=
clean_up() {
  status=$?
  trap - EXIT
  if [[ -n $child ]]; then
    kill "$child" 2>/dev/null || true
    wait "$child" || true
  fi
  rm -rf "$work"
  case $status in
    0 | 3) ;;
    130 | 143) echo "vm:box: interrupted; no box was made, nothing is left behind." >&2 ;;
    *) status=3 ;;
  esac
  exit "$status"
}
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

free_space() { # in MB
  df --output=avail --block-size=1M "$work" | tail -n 1 | tr -d ' '
}

if (($(free_space) < 3000)); then
  fail "Making the box takes 3000 MB of disk, and $(free_space) MB are free: $(dirname "$output")" \
    "Make room there, or name a file elsewhere: --output FILE"
fi

# Runs a command in the background, so that we can end it, and keeps what it
# says for the case that it fails.
run() { # COMMAND [ARGUMENT]...
  "$@" <&0 >>"$log" 2>&1 &
  child=$!
  if wait "$child"; then
    child=
    return
  fi
  child=
  tail -n 15 "$log" >&2
  if (($(free_space) < 100)); then
    fail "The disk filled up while $step: $(dirname "$output")" \
      "Make room there, or name a file elsewhere: --output FILE"
  fi
  fail "No box was made: $1 failed while $step (above: what was said)." \
    "Where packages could not be had, as root: apt-get update"
}

begin() { # STEP
  step=$1
  say "$step"
}

# --- Debian ---------------------------------------------------------------------

# A small initramfs: only what finds the disk.
cat >"$work/initramfs.sh" <<'INITRAMFS'
mkdir -p "$1/etc/initramfs-tools/conf.d"
printf 'MODULES=list\nBUSYBOX=n\nCOMPRESS=gzip\n' >"$1/etc/initramfs-tools/conf.d/box"
printf 'virtio_pci\nvirtio_blk\n' >"$1/etc/initramfs-tools/modules"
INITRAMFS

begin "installing Debian's packages (the longest step)"
TMPDIR=$work run mmdebstrap \
  --variant=apt --format=tar --include="$packages" \
  --aptopt='APT::Install-Recommends "false"' \
  --dpkgopt='path-exclude=/usr/share/doc/*' \
  --dpkgopt='path-exclude=/usr/share/info/*' \
  --dpkgopt='path-exclude=/usr/share/locale/*' \
  --dpkgopt='path-exclude=/usr/share/man/*' \
  --essential-hook="$(<"$work/initramfs.sh")" \
  --customize-hook="upload ${insecure_key@Q} /root/vagrant.pub" \
  --customize-hook="upload ${deno@Q} /usr/local/bin/deno" \
  --customize-hook="upload ${here@Q}/setup.sh /root/setup.sh" \
  --customize-hook='chroot "$1" sh /root/setup.sh' \
  '' "$work/root.tar" - <<<"$sources"

# --- The disk: one partition, and GRUB in front of it ----------------------------

gigabytes=4
disk=$work/disk.raw
start=2048 # of the partition, in sectors of 512 bytes

begin "making the file system"
run truncate --size="${gigabytes}G" "$disk"
run sfdisk "$disk" <<<"start=$start, type=83, bootable"
mkdir "$work/root"
# fakeroot remembers who owns what, for mke2fs to write down.
export work disk start gigabytes
run fakeroot bash -euc '
  tar --extract --file="$work/root.tar" --directory="$work/root"
  rm "$work/root.tar"
  mke2fs -q -t ext4 -L lab -m 0 -J size=16 -d "$work/root" \
    -E "offset=$((start * 512)),assume_storage_prezeroed=1,lazy_itable_init=1" \
    "$disk" "$((gigabytes * 1024 - start * 512 / 1024 / 1024))M"
'

begin "making it boot"
# GRUB without a menu: it reads the kernel and starts it.
cat >"$work/grub.cfg" <<'GRUB'
set root=(hd0,msdos1)
linux /vmlinuz root=/dev/vda1 rw net.ifnames=0 quiet audit=0 apparmor=0 selinux=0 mitigations=off
initrd /initrd.img
boot
GRUB
run grub-mkimage --format=i386-pc --prefix='(hd0,msdos1)/boot/grub' \
  --config="$work/grub.cfg" --output="$work/core.img" \
  biosdisk part_msdos ext2 linux
# The first sector's code goes around the partition table at its end; the rest
# follows right behind it, in the gap in front of the partition.
run dd if=/usr/lib/grub/i386-pc/boot.img of="$disk" bs=440 count=1 conv=notrunc
run dd if="$work/core.img" of="$disk" bs=512 seek=1 conv=notrunc

# --- The box ----------------------------------------------------------------------

begin "packing the box"
mkdir "$work/box"
run qemu-img convert -c -m 4 -W -f raw -O qcow2 -o compression_type=zstd "$disk" "$work/box/box.img"
echo "{\"provider\":\"libvirt\",\"format\":\"qcow2\",\"virtual_size\":$gigabytes}" >"$work/box/metadata.json"
run cp "$here/Vagrantfile" "$work/box/"
run tar --create --file="$work/box.tar" --directory="$work/box" metadata.json Vagrantfile box.img

# The one step that counts, and it is all or nothing. (A box without .inputs
# would be made again.)
rm -f "$output.inputs"
run mv "$work/box.tar" "$output"
echo "$inputs" >"$output.inputs"
say "made $output ($(du -m "$output" | cut -f1) MB)"
add_box
