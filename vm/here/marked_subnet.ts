/** The lab's subnet where nothing but the lab itself tells it. */

import { addressIn, readPrefix, type Subnet } from "../../lib/course/subnet.ts";
import { seeLinks } from "./links.ts";
import { linkMark } from "./mark.ts";

/** The subnet of the router's card, if that bears the lab's mark. */
export async function markedSubnet(): Promise<Subnet | undefined> {
  const link = (await seeLinks()).find(({ name }) => name === "rt-veth");
  if (!link || link.alias !== linkMark(link.index)) return undefined;
  for (const { local, length } of link.addresses) {
    const subnet = readPrefix(`${local}/${length}`);
    if (subnet && addressIn(subnet, 100) === local) {
      return { ...subnet, text: `${addressIn(subnet, 0)}/${length}` };
    }
  }
}
