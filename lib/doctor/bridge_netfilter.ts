/** The setting that lets iptables look at what merely crosses a bridge. */

const NAME = "net.bridge.bridge-nf-call-iptables";

/** The command that shows it. */
export const SHOW_BRIDGE_NETFILTER = `sysctl ${NAME}`;

/** The command that keeps iptables from being asked about what crosses bridges. */
export const BRIDGE_NETFILTER_OFF = `sysctl -w ${NAME}=0`;
