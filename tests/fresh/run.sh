#!/bin/sh
# tests/fresh/run.sh RELEASE [npm]
#
# Makes a fresh Debian of RELEASE, with what a minimal install has plus git, and
# types the README's two commands in it: as root, and as an ordinary user
# without sudo. Each on a copy that knows nothing of the other. With `npm`, once
# more as an ordinary user where npm is there, by which ./lab then gets Deno.
#
#   tests/fresh/run.sh --check      # only: can it be done here?
#
# All of it is in memory, in a world of its own, and is gone with it: at the end,
# after Ctrl-C, and after kill -9. The network is this machine's for as long as
# ./lab installs what it needs. The tests run without any.
#
# Exit code: 0 if all passed, 1 if not, 3 if it cannot be done here.
set -eu

fail() { # MESSAGE NEXT_STEP
  printf 'fresh: %s\n' "$@" >&2
  exit 3
}

seconds_since() {
  echo "$(($(date +%s) - $1)) s"
}

PATH=$PATH:/usr/sbin:/sbin
export PATH
memory_mb=1500

case ${FRESH_PART:-check} in

# --- What it takes --------------------------------------------------------------

check)
  [ $# -gt 0 ] || {
    echo "fresh: Name a release of Debian: tests/fresh/run.sh trixie" >&2
    exit 2
  }
  [ "$(id -u)" = 0 ] ||
    fail "To make a fresh Debian takes root." "Type this: sudo ./lab test:fresh"

  missing=
  while read -r program package; do
    command -v "$program" >/dev/null || missing="$missing $package"
  done <<'PROGRAMS'
mmdebstrap mmdebstrap
git git
openssl openssl
setpriv util-linux
PROGRAMS
  [ -z "$missing" ] ||
    fail "To make a fresh Debian takes packages that are not installed here:$missing." \
      "On Debian, as root: apt-get install --no-install-recommends$missing"

  free_mb=$(($(sed -n 's/^MemAvailable: *\([0-9]*\).*/\1/p' /proc/meminfo) / 1024))
  [ "$free_mb" -gt "$memory_mb" ] ||
    fail "A fresh Debian takes $memory_mb MB of memory, and $free_mb MB are free." "End what takes it, or use another machine."

  [ "$1" != --check ] || exit 0

  # If whoever started us ends, we are told.
  FRESH_PART=hold exec setpriv --pdeathsig TERM sh "$0" "$@"
  ;;

# --- Outside: hold the world ----------------------------------------------------

hold)
  # Process 1 of the world dies with its `unshare`, and that with us.
  world=
  trap 'status=$?; trap - EXIT; if [ -n "$world" ]; then kill -KILL "$world" || true; wait "$world" || true; fi; exit "$status"' EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM HUP
  FRESH_PART=make setpriv --pdeathsig KILL \
    unshare --mount --pid --uts --ipc --fork --kill-child --mount-proc \
    sh "$0" "$@" &
  world=$!
  status=0
  wait "$world" || status=$?
  world=
  exit "$status"
  ;;

# --- Inside: make the Debian, then copies of it -----------------------------------

make)
  release=$1
  with_npm=${2:-} # "npm" or nothing
  cd "$(dirname "$0")/../.."
  hostname fresh
  # A folder that each Debian has, and nothing in here needs.
  fresh=/var/opt
  mount -t tmpfs -o "mode=755,size=${memory_mb}m" fresh "$fresh"

  # Where this machine's apt needs a proxy, or is told to mind no dates, the
  # fresh one does too.
  proxy= minds_dates=
  eval "$(apt-config shell proxy Acquire::http::Proxy minds_dates Acquire::Check-Valid-Until)"
  set --
  [ -z "$proxy" ] || set -- "$@" --aptopt="Acquire::http::Proxy \"$proxy\""
  [ -z "$minds_dates" ] || set -- "$@" --aptopt="Acquire::Check-Valid-Until \"$minds_dates\""

  start=$(date +%s)
  TMPDIR=$fresh mmdebstrap --quiet --variant=minbase --include=git "$@" \
    "$release" "$fresh/debian" >"$fresh/log" 2>&1 || {
    cat "$fresh/log" >&2
    fail "Could not make a Debian $release (above: what mmdebstrap said)." "Is a mirror of Debian in reach? Then try again."
  }
  echo "=== $release: made in $(seconds_since "$start")"

  # What makes this machine one that reaches the network.
  cat /etc/resolv.conf >"$fresh/debian/etc/resolv.conf"
  printf '127.0.0.1 localhost\n127.0.1.1 fresh\n' >"$fresh/debian/etc/hosts"
  echo NO_COLOR=1 >>"$fresh/debian/etc/environment"
  env | grep -iE '^(https?|no)_proxy=' >>"$fresh/debian/etc/environment" || true
  mkdir -p "$fresh/debian/usr/local/share/ca-certificates"
  if [ -f "${NODE_EXTRA_CA_CERTS:-}" ]; then
    cp "$NODE_EXTRA_CA_CERTS" "$fresh/debian/etc/certificates.pem"
    echo "NODE_EXTRA_CA_CERTS=/etc/certificates.pem" >>"$fresh/debian/etc/environment"
  fi

  # The checkout as it is now, to be cloned.
  mkdir "$fresh/checkout"
  git -c safe.directory='*' ls-files -z --cached --others --exclude-standard |
    tar --create --null --files-from=- --ignore-failed-read |
    tar --extract --directory "$fresh/checkout"
  git -C "$fresh/checkout" init --quiet --initial-branch=main
  git -C "$fresh/checkout" add --all
  git -C "$fresh/checkout" -c user.name=fresh -c user.email=fresh commit --quiet --message=now
  git -C "$fresh/checkout" bundle create --quiet "$fresh/debian/opt/checkout.bundle" HEAD main
  cp tests/fresh/type.sh "$fresh/debian/opt/"

  # Where GitHub cannot be reached, something stands in for it, and we say so.
  if ! deno run --quiet --allow-net --allow-read tests/fresh/github.ts ask; then
    echo "=== GitHub cannot be reached from here: its release of Deno is stood in for, by this machine's own at 127.97.0.1"
    openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=github.com \
      -addext subjectAltName=DNS:github.com \
      -keyout "$fresh/key.pem" -out "$fresh/certificate.pem" 2>"$fresh/log" ||
      fail "Could not make a certificate: $(tail -n 1 "$fresh/log")." "See whether openssl works here."
    cp "$fresh/certificate.pem" "$fresh/debian/usr/local/share/ca-certificates/stand-in.crt"
    echo "127.97.0.1 github.com jsr.io" >>"$fresh/debian/etc/hosts"
    deno run --quiet --allow-net --allow-read --allow-write="$fresh" --allow-sys \
      tests/fresh/github.ts serve "$fresh" &
    until [ -e "$fresh/serving" ]; do
      kill -0 $! 2>/dev/null || exit 3
      sleep 0.1
    done
  fi

  status=0
  for who in root learner $with_npm; do
    # What is written goes into a layer of its own.
    copy=$fresh/$who
    mkdir -p "$copy/layer" "$copy/work" "$copy/root"
    mount -t overlay -o "lowerdir=$fresh/debian,upperdir=$copy/layer,workdir=$copy/work" \
      fresh "$copy/root" 2>/dev/null || cp -a "$fresh/debian/." "$copy/root"
    FRESH_PART=enter unshare --mount --pid --fork --kill-child \
      sh "$0" "$copy/root" sh /opt/type.sh "$release" "$who" || status=1
    umount "$copy/root" 2>/dev/null || true
    rm -rf "$copy"
  done
  exit "$status"
  ;;

# --- In a copy ------------------------------------------------------------------

enter)
  root=$1
  shift
  mount --bind "$root" "$root" # pivot_root wants a mount
  cd "$root"
  mkdir old
  mount -t proc proc proc
  mount -t sysfs sys sys
  mount -t cgroup2 cgroup sys/fs/cgroup 2>/dev/null || true
  mount -t tmpfs -o mode=755 run run
  mount -t tmpfs -o mode=1777 tmp tmp
  mount -t tmpfs -o mode=755 dev dev
  for device in null zero full random urandom tty; do
    : >"dev/$device"
    mount --bind "/dev/$device" "dev/$device"
  done
  mkdir dev/pts
  mkdir -m 1777 dev/shm
  mount -t devpts -o newinstance,ptmxmode=0666 devpts dev/pts
  ln -s pts/ptmx dev/ptmx
  ln -s /proc/self/fd dev/fd
  ln -s /proc/self/fd/1 dev/stdout
  ln -s /proc/self/fd/2 dev/stderr
  # Not chroot: the kernel refuses user namespaces in one.
  pivot_root . old
  umount -l old
  rmdir old
  exec /usr/bin/env -i TERM=dumb PATH=/usr/sbin:/usr/bin:/sbin:/bin "$@"
  ;;
esac
