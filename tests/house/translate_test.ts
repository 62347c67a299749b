import { assertEquals } from "@std/assert";
import { messageOf, speak, t } from "../../lib/cli/translate.ts";

const name = "ns1";
const other = "%1 \\n";

Deno.test("translate: a sentence is said as it stands, over lines and with breaks", () => {
  assertEquals(
    t`No ${name}, \`ip\` says,
      and "${other}".\n
      Next: \x41\u0042 100%.`,
    'No ns1, `ip` says, and "%1 \\n".\nNext: AB 100%.',
  );
});

Deno.test("translate: a catalogue's words take the values in their own order", () => {
  const keys: string[] = [];
  const key = (template: TemplateStringsArray, ..._: unknown[]) =>
    keys.push(messageOf(template));
  key`From ${name} to ${other}`;
  assertEquals(keys, ["From %1 to %2"]);
  try {
    speak({ "From %1 to %2": "%2 <- %1" });
    assertEquals(t`From ${name} to ${"ns2"}`, "ns2 <- ns1");
    assertEquals(t`Unknown ${name}`, "Unknown ns1");
  } finally {
    speak({});
  }
});
