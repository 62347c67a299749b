/** The lab's subnet where nothing but the lab itself tells it. */

import { parseToolJson } from "../../lib/json.ts";
import { run } from "../../lib/command.ts";
import { addressIn, readPrefix, type Subnet } from "../../lib/subnet.ts";
import { MARK } from "./links.ts";

/** The subnet of the router's card, if that bears the lab's mark. */
export async function markedSubnet(): Promise<Subnet | undefined> {
  // Only with -d does `ip address` print an alias.
  const { stdout } = await run(
    "ip -4 -d -j address show dev rt-veth".split(" "),
  );
  const [link] = parseToolJson(stdout.trim() || "[]", "ip");
  if (link?.ifalias !== MARK) return undefined;
  for (const { local, prefixlen } of link.addr_info ?? []) {
    const subnet = readPrefix(`${local}/${prefixlen}`);
    if (subnet && addressIn(subnet, 100) === local) {
      return { ...subnet, text: `${addressIn(subnet, 0)}/${prefixlen}` };
    }
  }
}
