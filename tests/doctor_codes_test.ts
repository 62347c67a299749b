/** The table of codes, in the documents and in the tests. */

import { assert, assertEquals } from "@std/assert";
import { codes, codeTable } from "../lib/doctor/table.ts";
import { faults } from "./doctor_faults.ts";

const ROOT = new URL("..", import.meta.url);
const START = "<!-- doctor codes: start -->";
const END = "<!-- doctor codes: end -->";

/** What a document holds between its markers, if it has them. */
async function between(path: string): Promise<string | undefined> {
  const text = await Deno.readTextFile(new URL(path, ROOT)).catch(() => "");
  const [, rest] = text.split(START);
  return rest?.split(END)[0].trim();
}

Deno.test("doctor codes: the documents hold the table as it is made", async () => {
  const tables = await Promise.all(
    ["docs/doctor-codes.md", "README.md"].map(between),
  );
  const made = tables.filter((table) => table !== undefined);
  assert(made.length > 0, "no document has the markers");
  for (const table of made) assertEquals(squeeze(table), squeeze(codeTable()));
});

/** `deno fmt` aligns the columns of a table. */
function squeeze(table: string): string {
  return table.replace(/ +/g, " ").replace(/-+/g, "-");
}

Deno.test("doctor codes: every code is some fault's", () => {
  const tested = new Set(faults.map(({ code }) => code));
  const missing = codes().filter((code) => !tested.has(code));
  assertEquals(missing, UNTESTED);
});

/** What cannot be made in a namespace, or is left when nothing else is found. */
const UNTESTED = ["cable-unplugged", "unexplained"];
