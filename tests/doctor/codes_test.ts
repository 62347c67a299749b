/** The table of codes, in the documents and in the tests. */

import { assertEquals } from "@std/assert";
import { codes, codeTable } from "../../lib/doctor/table.ts";
import { faults } from "./faults.ts";

const ROOT = new URL("../..", import.meta.url);
const START = "<!-- doctor codes: start -->";
const END = "<!-- doctor codes: end -->";

Deno.test("doctor codes: the README holds the table as it is made", async () => {
  const readme = await Deno.readTextFile(new URL("README.md", ROOT));
  const [, rest] = readme.split(START);
  const table = rest.split(END)[0].trim();
  assertEquals(squeeze(table), squeeze(codeTable()));
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
