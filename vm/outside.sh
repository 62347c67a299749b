# The uplink and the internet behind it, for a machine of our own. Sourced, in
# its network namespace and with an empty /run/netns.
#
#      PC                        outside
#     eth0 ----------------- isp0   lo: 8.8.8.8
#     203.0.113.2            203.0.113.1

# One cable from the PC (eth0) to the internet (isp0). (Where both ends had the
# same index, the kernel would take them for one and report their lights up to a
# second late.)
make_uplink() {
  ip -batch - <<'PC'
netns add outside
link add name eth0 type veth peer name isp0 netns outside index 9
link set dev lo up
addr add 203.0.113.2/24 dev eth0
link set dev eth0 up
route add default via 203.0.113.1
PC
}

# The internet: it owns 8.8.8.8, and like the real one it has no route to
# 192.168.0.0/24. It forwards nothing: the kernel would copy that from the host,
# where it is $1.
make_outside() {
  ip -n outside -batch - <<'OUTSIDE'
link set dev lo up
addr add 8.8.8.8/32 dev lo
addr add 203.0.113.1/24 dev isp0
link set dev isp0 up
OUTSIDE
  if [ "$1" != 0 ]; then
    ip netns exec outside sysctl -qw net.ipv4.ip_forward=0
  fi
}
