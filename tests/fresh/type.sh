# Types the README's two commands on a fresh machine, as somebody who has just
# cloned the project. Run there, as root, by run.sh.
#
#   sh type.sh RELEASE root|learner|npm
#
# Exit code: 0 if all passed, else 1.
set -eu
release=$1
user=$2
title="$release, as root"
if [ "$user" != root ]; then title="$release, as an ordinary user"; fi
if [ "$user" = npm ]; then title="$title, with npm"; fi
log=/run/typed

finish() {
  if [ $? = 0 ]; then
    echo "=== $title: passed (stage:nat and what it takes $to_build s, test $to_test s)"
  else
    echo "=== $title: FAILED"
  fi
}
to_build=0 to_test=0
trap finish EXIT

# as USER LINE: types a line, as somebody who has just logged in.
as() {
  printf '%s: %s\n' "$1" "$2"
  su - "$1" -c "$2" </dev/null
}

# lab LINE: types it in the checkout, and keeps what was said in $log.
lab() {
  { as "$user" "cd docker0-by-hand && $1" 2>&1 && echo 0 >/run/status || echo $? >/run/status; } |
    tee "$log"
  return "$(cat /run/status)"
}

echo
echo "=== $title"
if [ "$user" = npm ]; then
  as root "apt-get -qq update && DEBIAN_FRONTEND=noninteractive apt-get -qq install --yes --no-install-recommends npm ca-certificates >/dev/null"
  user=learner
fi
if [ "$user" != root ]; then useradd --create-home --shell /bin/bash "$user"; fi
as "$user" "git -c advice.defaultBranchName=false clone --quiet /opt/checkout.bundle docker0-by-hand"

# An ordinary user without sudo is told what to type as root.
start=$(date +%s)
if ! lab "./lab stage:nat"; then
  [ "$user" != root ] || exit 1
  line=$(sed -n '/Type this as root/ { n; s/^lab: *//p; }' "$log")
  [ -n "$line" ] || exit 1
  as root "$line" >/run/installed 2>&1 || {
    tail -n 20 /run/installed
    exit 1
  }
  lab "./lab stage:nat"
fi
to_build=$(($(date +%s) - start))

# No test needs a network.
start=$(date +%s)
unshare --net sh -ec "
  ip link set dev lo up
  su - $user -c 'cd docker0-by-hand && ./lab test' </dev/null"
to_test=$(($(date +%s) - start))

lab "./lab down"
[ "$user" = root ] || ! ps -u "$user" -o stat=,pid=,args= | grep -v '^Z' || {
  echo "These still run after ./lab down."
  exit 1
}
