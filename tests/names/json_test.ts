import { assertEquals, assertThrows } from "@std/assert";
import { parseToolJson } from "../../lib/cli/json.ts";
import { Problem } from "../../lib/cli/problem.ts";

Deno.test("parseToolJson reads every control character that ip leaves bare", () => {
  for (let code = 1; code < 0x20; code++) {
    const char = String.fromCharCode(code);
    const [{ ifname, x }] = parseToolJson(`[{"ifname":"a${char}b","x":1}]\n`);
    assertEquals([ifname, x], [`a${char}b`, 1]);
  }
});

Deno.test("parseToolJson leaves true JSON as it is", () => {
  const name = `q"b\\c \n\t\u001b[31m \u202e ' \\u0041 {}[],:`;
  assertEquals(
    parseToolJson(JSON.stringify({ [name]: [name] }, null, 2)),
    { [name]: [name] },
  );
});

Deno.test("parseToolJson takes an escape that JSON does not know for the character", () => {
  assertEquals(parseToolJson(`["it\\'s \\\\'"]`), [`it's \\'`]);
});

Deno.test("parseToolJson says whose words it cannot read", () => {
  for (const text of ["", "garbage\x1b[31m", "[{]", "[]\n[]"]) {
    const { message } = assertThrows(
      () => parseToolJson(text, "ip"),
      Problem,
      "Cannot read what ip printed",
    );
    assertEquals(message.includes("\x1b"), false);
  }
});
