import { assertEquals, assertMatch } from "@std/assert";
import { run } from "../../lib/cli/command.ts";
import { isPrintable } from "../../lib/cli/printable.ts";
import { quoted, shell, shellWords } from "../../lib/cli/shell.ts";

const NAMES = [
  "ns1",
  "a;b$(id)",
  "`id`",
  "$HOME",
  "it's",
  `q"b\\c`,
  "a b  c",
  "x!y",
  "~",
  "*",
  "#",
  "",
  "-rf",
  "100%s\\n",
  "é ネット",
  "a\x1b[31m",
  "al\x07\t\r\x7f'%\\!$(id)\"",
  "x\ny",
  "u\u202ex\u200b\u0085\u2028\ufeff",
  "tag\u{e0041}",
];

Deno.test("quoted is what every sh reads as that very word", async () => {
  for (const name of NAMES) {
    const { stdout } = await run(["sh", "-c", `printf '%s|' ${quoted(name)}`]);
    assertEquals(stdout, `${name}|`);
    assertEquals(isPrintable(quoted(name)), true, JSON.stringify(name));
  }
});

Deno.test("quoted names no other thing where sh cannot say it", async () => {
  const name = "x\n";
  const { stdout } = await run(["sh", "-c", `printf '%s' ${quoted(name)}`]);
  assertEquals(stdout === "x", false);
  assertEquals(shellWords(quoted(name)), [name]);
});

Deno.test("shellWords reads back what quoted wrote", () => {
  for (const one of NAMES.filter(Boolean)) {
    for (const other of NAMES.filter(Boolean)) {
      assertEquals(
        shellWords(`ip -n ${quoted(one)} link set dev ${quoted(other)} up`),
        ["ip", "-n", one, "link", "set", "dev", other, "up"],
      );
    }
  }
  assertEquals(shellWords(`a "b \\"c\\"" $x 'd'"e"`), [
    "a",
    'b "c"',
    "$x",
    "de",
  ]);
});

Deno.test("shell quotes what is put in, and leaves no gap for what is not", () => {
  const via = (address?: string) =>
    shell`ip route del default ${address && ["via", address]} dev ${"a;b"}`;
  assertEquals(via("10.0.0.1"), "ip route del default via 10.0.0.1 dev 'a;b'");
  assertEquals(via(), "ip route del default dev 'a;b'");
  assertEquals(shell`a ${"b  c"} ${[]} ${false}d`, "a 'b  c'd");
  assertEquals(shell`ip rule del priority ${7}`, "ip rule del priority 7");
  assertMatch(
    shell`ip link show dev ${"a\x1b"}`,
    /dev "\$\(printf 'a\\033'\)"$/,
  );
});
