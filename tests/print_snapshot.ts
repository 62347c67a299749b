/** Prints the state of the machine that it runs on, as JSON. */

import { takeSnapshot } from "../lib/net/snapshot.ts";

console.log(JSON.stringify(await takeSnapshot()));
