/** What the entry needs of a machine that is not ours alone. */

export { openGuard } from "./guard.ts";
export { markedSubnet } from "./marked_subnet.ts";
