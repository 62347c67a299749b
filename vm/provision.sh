#!/bin/sh
# Prepares the VM: what a lab takes, and nothing of the lab itself. Vagrant runs
# it as root at the first `vagrant up`; running it again changes nothing, and
# where all is there already it needs no network.
set -eu

# Packages, for Debian and its relatives (vm/box/build.sh reads them here).
packages="iproute2 iptables nftables iputils-ping tcpdump conntrack procps util-linux"

# The Deno that ./lab would fetch.
checkout=${1:-/vagrant}
pinned=$(sed -n 's/^pinned=//p' "$checkout/lab")

fail() { # WHAT
  echo "provision: Could not install $1 (above: what was said)." >&2
  echo "Give the VM a network, then type: vagrant provision" >&2
  echo "Where there is none, \`deno task vm:box\` makes a box that has all of it." >&2
  exit 3
}

# --- Packages ------------------------------------------------------------------

missing=
for package in $packages; do
  state=$(dpkg-query --show --showformat='${db:Status-Status}' "$package" 2>/dev/null) || true
  if [ "$state" != installed ]; then missing="$missing $package"; fi
done

# Prints the version of Deno, or nothing.
deno_version() {
  deno --version 2>/dev/null | sed -n 's/^deno \([0-9.]*\).*/\1/p'
}
have=$(deno_version)
if printf '%s\n' "$pinned" "$have" | sort -C -V; then
  deno_is_here=yes
else
  deno_is_here=no
  # ./lab fetches it with these.
  for program in curl unzip; do
    command -v "$program" >/dev/null || missing="$missing $program"
  done
fi

if [ -n "$missing" ]; then
  echo "Installing$missing"
  export DEBIAN_FRONTEND=noninteractive
  # shellcheck disable=SC2086 # One word a package.
  { apt-get update -qq &&
    apt-get install -qq --yes --no-install-recommends $missing >/dev/null; } ||
    fail "the packages$missing"
fi

# --- Deno ------------------------------------------------------------------------

if [ "$deno_is_here" = no ]; then
  echo "Installing Deno $pinned"
  # By ./lab, which holds it against its checksum before it runs it.
  LAB_STATE=/var/lib/docker0-by-hand "$checkout/lab" --version >/dev/null ||
    fail "Deno $pinned for $(uname -m)"
  install -m 755 /var/lib/docker0-by-hand/deno/bin/deno /usr/local/bin/deno
  rm -rf /var/lib/docker0-by-hand
  have=$(deno_version)
fi

# The packages of deno.json, where they can be had: the first task need not wait.
if getent hosts jsr.io >/dev/null; then
  # shellcheck disable=SC2046 # One word a package.
  timeout 30 deno cache --quiet \
    $(sed -n 's/.*"\(jsr:[^"]*\)".*/\1/p' "$checkout/deno.json") || true
fi

# --- The way in --------------------------------------------------------------------

# A lab takes root. Who may come in as `vagrant`, who needs no password to be
# root, may come in as root: `sudo` would cost every task half a second where
# QEMU plays the processor.
keys=$(getent passwd vagrant | cut -d: -f6)/.ssh/authorized_keys
if [ -f "$keys" ] && ! cmp -s "$keys" /root/.ssh/authorized_keys; then
  mkdir -p -m 700 /root/.ssh
  install -m 600 "$keys" /root/.ssh/authorized_keys
fi

# Who comes in by `vagrant ssh` means this VM, not a sandbox in it.
line_in() { # FILE LINE
  [ -e "$1" ] || echo "$2" >"$1"
}
line_in /etc/profile.d/docker0-by-hand.sh 'export LAB_ON=here'
line_in /etc/sudoers.d/docker0-by-hand 'Defaults env_keep += "LAB_ON"'

echo "The VM is ready, with Deno $have."
