/** Prints the namespaces that have no name, as JSON. */

import { unnamedNamespaces } from "../../lib/net/unnamed.ts";

console.log(JSON.stringify(await unnamedNamespaces(Deno.args)));
