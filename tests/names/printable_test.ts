import { assertEquals } from "@std/assert";
import {
  isPrintable,
  printable,
  printableLine,
} from "../../lib/cli/printable.ts";

Deno.test("printable shows what a terminal would obey", () => {
  const shown: Record<string, string> = {
    "\x1b[31m": "\\u001b[31m",
    "\x1b]0;title\x07": "\\u001b]0;title\\u0007",
    "\x9b31m": "\\u009b31m",
    "a\x7f": "a\\u007f",
    "a\nb\tc\r": "a\\nb\\tc\\r",
    "a\u202eb\u2066": "a\\u202eb\\u2066",
    "a\u200bb\u200d\ufeff\u00ad": "a\\u200bb\\u200d\\ufeff\\u00ad",
    "\u2028\u2029": "\\u2028\\u2029",
    "\u{e0041}": "\\udb40\\udc41",
    "\ud800": "\\ud800",
    "é ネット 🐳 \\ % <b>": "é ネット 🐳 \\ % <b>",
  };
  for (const [text, expected] of Object.entries(shown)) {
    assertEquals(printable(text), expected);
    assertEquals(isPrintable(expected), true);
  }
  assertEquals(printable("a\n\tb", "\n"), "a\n\\tb");
});

Deno.test("printable leaves JSON what it is, and the name in it true", () => {
  for (let code = 0; code < 0x3000; code++) {
    const name = `a${String.fromCharCode(code)}b`;
    assertEquals(JSON.parse(printable(JSON.stringify({ name }))), { name });
  }
});

Deno.test("printableLine keeps line breaks, and our own colours where asked", () => {
  const line = "\x1b[31m✗\x1b[0m a\x1b[5m\n\x1b]0;x\x07";
  assertEquals(
    printableLine(line, true),
    "\x1b[31m✗\x1b[0m a\\u001b[5m\n\\u001b]0;x\\u0007",
  );
  assertEquals(isPrintable(printableLine(line, false).replace("\n", "")), true);
});
