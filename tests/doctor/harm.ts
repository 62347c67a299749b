/**
 * Runs inside a sandbox: prints for each fix why it is held back, or null.
 *
 *     tests/doctor/harm.ts '[["ip link set dev eth0 down"]]'
 *
 * @module
 */

import { harmOf } from "../../lib/doctor/harmless.ts";
import { readNetwork } from "../../lib/net/network.ts";

const fixes: string[][] = JSON.parse(Deno.args[0]);
const world = await readNetwork();
const harms = await Promise.all(fixes.map((fix) => harmOf(fix, world)));
console.log(JSON.stringify(harms.map((harm) => harm ?? null)));
