# Makes a PC with an internet behind it, out of namespaces alone.
#
#   unshare --user --map-root-user --net --mount --pid --uts --fork \
#     sh vm/sandbox/make.sh STATE_FILE
#
# When all is there, its maker reads "ready PID START USER" from us: our process
# id, when we were started, and as whom we run. He answers "keep", and the sandbox
# outlives him; or "stay", and it is gone as soon as he closes the pipe. Until then
# it ends with him, however he ends.
set -eu
state=$1
folder=${0%/*}
. "$folder/../outside.sh"

# What programs print is none of these lines.
exec 3>&1 >&2

fail() {
  echo "$1" >&2
  exit 1
}

# Our process as the host sees it: this /proc is still the host's. (The fields
# are those of proc_pid_stat(5): the first and the 22nd.)
read -r pid _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ start _ </proc/self/stat
read -r _ user _ </proc/self/uid_map

# What says that it has worked is held against the kernel: what we write into a
# /run that is still the host's would stay there.
is_ours() {
  read -r own _ </proc/self/stat
  [ "$own" = 1 ] || return 1
  for file in /run/*; do [ ! -e "$file" ] || return 1; done
}
show_devices() {
  mount -t sysfs pc-devices /sys
  while read -r what where _; do
    if [ "$what $where" = "pc-devices /sys" ]; then return 0; fi
  done </proc/self/mounts
  fail "mount: nothing was mounted"
}

# A PC sees its own processes, its own /run, its own network cards. (Where no
# sandbox can be made, it is the first mount that fails.)
mount -t proc pc-processes /proc
mount -t tmpfs -o mode=755 pc-run /run
is_ours || fail "mount: nothing was mounted"
show_devices &
devices=$!

# The kernel copies these from the host. A PC fresh from the shop forwards
# nothing, takes packets by whichever way they come, and its bridges do not ask
# iptables.
read -r host_forwards </proc/sys/net/ipv4/ip_forward || true # no line's end
echo 0 >/proc/sys/net/ipv4/ip_forward
for rp_filter in /proc/sys/net/ipv4/conf/*/rp_filter; do
  echo 0 >"$rp_filter"
done
if [ -e /proc/sys/net/bridge/bridge-nf-call-iptables ]; then
  echo 0 >/proc/sys/net/bridge/bridge-nf-call-iptables
fi

# To anywhere, as proc_net(5) has it.
has_route() {
  while read -r link to _; do
    if [ "$link $to" = "eth0 00000000" ]; then return 0; fi
  done </proc/net/route
  return 1
}

connect_outside() {
  make_outside "$host_forwards"
  case $(ip -n outside -oneline -4 addr show up) in
    *8.8.8.8/32*203.0.113.1/24*) ;;
    *) fail "ip: what is outside was not made" ;;
  esac
}

make_uplink
connect_outside &
outside=$!
has_route || fail "ip: the uplink was not made"

wait "$devices"
wait "$outside"
hostname pc || true # for the shell's prompt alone

# For those who sit in it: where they are.
echo "$state" >/run/docker0-by-hand.sandbox
echo "ready $pid $start $user" >&3
read -r wish
if [ "$wish" = stay ]; then
  read -r _ || exit
fi

# From here on nobody holds the other end of our pipes.
exec </dev/null >/dev/null 2>&1 3>&-
exec sh "$folder/holder.sh" "$state"
