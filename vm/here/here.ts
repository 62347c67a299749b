/** What the entry needs of a machine that is not ours alone. */

export { openKeeper } from "./keeper.ts";
export { markedSubnet } from "./marked_subnet.ts";
