/** `./lab WORD` for a word that is no task: names the nearest one. */

import config from "../../deno.json" with { type: "json" };
import { didYouMean } from "../../lib/nearest.ts";
import { EXIT } from "../../lib/problem.ts";
import { tell } from "../../lib/terminal.ts";

const [word] = Deno.args;
tell(`Unknown task ${JSON.stringify(word)}.`);
tell(didYouMean(word, Object.keys(config.tasks)));
Deno.exit(EXIT.usage);
