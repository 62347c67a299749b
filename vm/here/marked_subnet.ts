/** The lab's subnet where nothing but the lab itself tells it. */

import { run, whyFailed } from "../../lib/cli/command.ts";
import { readJson } from "../../lib/cli/json.ts";
import { addressIn, readPrefix, type Subnet } from "../../lib/course/subnet.ts";
import { linkMark } from "./mark.ts";

/** In iproute2's own names. */
interface SeenAddresses {
  ifindex: number;
  ifname: string;
  ifalias?: string;
  addr_info?: { local: string; prefixlen: number }[];
}

/** The subnet of the router's card, if that bears the lab's mark. */
export async function markedSubnet(): Promise<Subnet | undefined> {
  // Only with -d does `ip address` print an alias.
  const line = "ip -4 -d -j address show dev rt-veth";
  const result = await run(line.split(" "));
  if (result.code !== 0 && /does not exist/.test(whyFailed(result))) return;
  const seen = readJson<SeenAddresses[]>(result, line);
  // Without addresses it prints an empty object.
  const link = seen.find(({ ifname }) => ifname);
  if (link?.ifalias !== linkMark(link?.ifindex ?? 0)) return undefined;
  for (const { local, prefixlen } of link?.addr_info ?? []) {
    const subnet = readPrefix(`${local}/${prefixlen}`);
    if (subnet && addressIn(subnet, 100) === local) {
      return { ...subnet, text: `${addressIn(subnet, 0)}/${prefixlen}` };
    }
  }
}
