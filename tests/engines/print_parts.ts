/** Prints what the rules of the machine that it runs on consist of. */

import { readParts } from "../../lib/docker/parts.ts";
import { findTools, readFirewall } from "../../lib/net/firewall/read.ts";
import { takeSnapshot } from "../../lib/net/snapshot.ts";

const { machine } = await takeSnapshot();
const { chains } = await readFirewall({ enter: [] }, await findTools());
console.log(JSON.stringify(await readParts(machine, chains)));
