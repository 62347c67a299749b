/** The table of codes, in the documents and in the tests. */

import { assertEquals } from "@std/assert";
import {
  codes,
  codeSections,
  codeTable,
  explainCode,
} from "../../lib/doctor/print_codes.ts";
import { EXAMPLES } from "../../lib/doctor/examples.ts";
import { TEXTS } from "../../lib/doctor/causes.ts";
import { askings } from "./askings.ts";
import { faults } from "./faults.ts";

const ROOT = new URL("../..", import.meta.url);
const START = "<!-- doctor codes: start -->";
const END = "<!-- doctor codes: end -->";

Deno.test("doctor codes: docs/doctor.md holds the table and the sections as they are made", async () => {
  const readme = await Deno.readTextFile(new URL("docs/doctor.md", ROOT));
  const [, rest] = readme.split(START);
  const table = rest.split(END)[0].trim();
  assertEquals(squeeze(table), squeeze(`${codeTable()}\n\n${codeSections()}`));
});

/** `deno fmt` aligns the columns of a table. */
function squeeze(table: string): string {
  // Prose is wrapped, and a long line of a shell is not.
  return table.replace(/\s+/g, " ").replace(/-+/g, "-");
}

Deno.test("doctor codes: every code is some fault's", () => {
  const tested = new Set([...faults, ...askings].map(({ code }) => code));
  const missing = codes().filter((code) => !tested.has(code));
  assertEquals(missing, UNTESTED);
});

Deno.test("doctor codes: each example is tried", () => {
  const tried = [
    ...faults.map(({ code, break: lines }) => ({ code, lines })),
    ...askings.map(({ code, lines = "" }) => ({
      code,
      lines: lines.split("\n").map((line) => line.trim()),
    })),
  ].map(({ code, lines }) => `${code}: ${lines.join("; ")}`);
  for (const [code, { breaks, look }] of Object.entries(EXAMPLES)) {
    assertEquals(look.every(Boolean), true, code);
    if (breaks.length === 0) continue;
    const text = `${code}: ${breaks.join("; ")}`;
    assertEquals(tried.includes(text), true, text);
  }
});

Deno.test("doctor codes: each is explained in whole sentences", () => {
  for (const code of codes()) {
    const [head, ...all] = explainCode(code);
    const lines = all.slice(0, 4);
    assertEquals(head, `${code} (layer: ${TEXTS[code].layer})`);
    for (const line of lines) {
      const [, label, text] = line.match(/^([\w ]+?): (.*)$/) ??
        ["", "", line];
      const why = `${code}: ${line}`;
      // No placeholder, nor what once stood for one.
      assertEquals(
        /[{}]|undefined|\[object|\?$|null|NaN/.test(text),
        false,
        why,
      );
      assertEquals(ARTEFACT.test(text), false, why);
      // One blank between words, one point at the end, none before a comma.
      assertEquals(/ {2}| [.,:;]|\.\.|[^.]$/.test(text), false, why);
      // A sentence begins like one; the fix goes on where its label ends.
      const starts = label === "Seen as" || label === "The fix"
        ? /^[\w`\-]/
        : /^[A-Z`]/;
      assertEquals(starts.test(text), true, why);
      assertEquals(text.split(" ").length > 1, true, why);
    }
    // Layer, symptom, cause, why and fix: all are there.
    assertEquals(lines.length, 4);
    assertEquals(new Set(lines).size, 4);
  }
});

/** "There is no bridge it", "the sender the address", "a port of it, not of it". */
const ARTEFACT =
  /\b(a|an|the) (a|an|the|it)\b|\b(is|not|of|from|bridge|table|network|VLAN|type|action|state|chain|address|port) it\b/i;

/**
 * What cannot be made in a namespace, is none in a lab (see others_test.ts), or is
 * left when nothing else is found.
 */
const UNTESTED = [
  "cable-unplugged",
  // Only a trace tells of a single packet: see tests/trace/ports_test.ts.
  "packet-too-large",
  "ipv6-only",
  // A real engine has to say so: see tests/engines/docker_test.ts.
  "network-internal",
  "unexplained",
];
