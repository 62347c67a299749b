/** What an address is to a machine: its own, one computer's, many computers'. */

import { covers } from "../ipv4.ts";
import { some, type Truth } from "./truth.ts";

/** As the kernel sorts addresses, see iptables-extensions(8), "addrtype". */
export function ofType(
  types: readonly string[],
  address: string,
  own: readonly string[],
): Truth {
  const is = (type: string): Truth => {
    const isLocal = own.includes(address) || covers("127.0.0.0/8", address);
    const isMulticast = covers("224.0.0.0/4", address);
    switch (type.toUpperCase()) {
      case "LOCAL":
        return isLocal;
      case "MULTICAST":
        return isMulticast;
      case "UNICAST":
        // Of a subnet's broadcast address we are not asked.
        return !isLocal && !isMulticast && address !== "255.255.255.255";
      case "BROADCAST":
        return address === "255.255.255.255"
          ? true
          : isLocal || isMulticast
          ? false
          : address.endsWith(".255")
          ? undefined
          : false;
      case "UNSPEC":
      case "ANYCAST":
        return false;
    }
  };
  return some(types.map(is));
}
