/** Prints the figure of the machine that it runs on, as JSON. */

import { figure } from "../../lib/draw/figure.ts";
import { readSeen } from "../../lib/draw/read.ts";

const { snapshot, ...more } = await readSeen();
console.log(JSON.stringify(figure(snapshot, more)));
