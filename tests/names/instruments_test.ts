/** Names that a terminal would obey, and all instruments that print them. */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { toDot } from "../../lib/draw/dot.ts";
import { figure } from "../../lib/draw/figure.ts";
import { GRAPHVIZ } from "../../lib/draw/graphviz.ts";
import { toMermaid } from "../../lib/draw/mermaid.ts";
import type { NamespaceBox } from "../../lib/draw/model.ts";
import { toSvg } from "../../lib/draw/svg.ts";
import { toLines } from "../../lib/draw/terminal_figure.ts";
import { ENGLISH } from "../../lib/draw/words.ts";
import { isPrintable, printableLine } from "../../lib/cli/printable.ts";
import { shell } from "../../lib/cli/shell.ts";
import { whyNoPackage } from "../engines/browser.ts";
import { type Throwaway, throwaway } from "../throwaway.ts";

const noGraphviz = await whyNoPackage(GRAPHVIZ);

/** Namespaces; what begins with `$(` would run a program. */
const SPACES = [
  "a;b$(touch ran)",
  "ns\x1b[31m",
  "x\ny",
  "u\u202e\u200bx",
  '<b>&lt;"`q',
  "\x9b\x7f\x07t",
];

/** Other bytes than UTF-8's: as printf(1) has them. */
const BAD = "i\\377\\376x";

/** A bridge, a cable to each namespace, and names nobody thinks of. */
async function strangeNetwork(): Promise<Throwaway> {
  const lab = await throwaway();
  const bridge = "b\x1b[31m";
  const script = [
    shell`ip link add name ${bridge} type bridge`,
    shell`ip addr add 10.7.0.254/24 dev ${bridge}`,
    shell`ip link set dev ${bridge} up alias ${"al\x1b]0;x\x07\n\t\x1b[2J"}`,
    shell`ip link property add dev ${bridge} altname ${"alt\x1b`id`"}`,
    ...SPACES.flatMap((name, i) => [
      shell`ip netns add ${name}`,
      shell`ip link add name ${`p\x1b${i}"\\$(id)`} type veth peer name ${`e\u202e${i}`} netns ${name}`,
      shell`ip link set dev ${`p\x1b${i}"\\$(id)`} master ${bridge} up`,
      shell`ip -n ${name} link set dev ${`e\u202e${i}`} up`,
      shell`ip -n ${name} link set dev lo up`,
      shell`ip -n ${name} addr add 10.7.0.${i + 1}/24 dev ${`e\u202e${i}`}`,
      shell`ip -n ${name} route add default via 10.7.0.254`,
    ]),
    `ip link add name "$(printf '${BAD}')" type bridge`,
    `ip netns add "$(printf '${BAD}')"`,
    "sysctl -qw net.ipv4.ip_forward=1",
    shell`iptables -A FORWARD -s 10.7.0.1 -m comment --comment ${'c\x1b[2J\n-A FORWARD -j DROP\n  Fix    $ $(touch ran)"'} -j DROP`,
    shell`iptables -t nat -A POSTROUTING -s 10.7.0.0/24 -o eth0 -m comment --comment ${"n\x07\u202e"} -j MASQUERADE`,
  ];
  const { code, stderr } = await lab.exec(["sh", "-e"], script.join("\n"));
  assertEquals([code, stderr], [0, ""]);
  return lab;
}

Deno.test("no instrument prints what others named as it is", async () => {
  await using lab = await strangeNetwork();
  const tasks = [
    ["status"],
    ["status", "--json"],
    ["snapshot"],
    ["doctor"],
    ["trace", "PC", "8.8.8.8"],
    ["trace", "nobody\x1b[31m", "8.8.8.8"],
    ["doctor", "nobody\x1b[31m"],
    ...SPACES.flatMap((name, i) => [
      ["doctor", name, "8.8.8.8", i % 2 ? "--json" : "--no-probe"],
      ["trace", name, "8.8.8.8", ...i % 2 ? [] : ["--json"]],
    ]),
    ["doctor", SPACES[0], "8.8.8.8", "--json", "--no-probe"],
    ["trace", SPACES[0], "8.8.8.8"],
  ];
  await Promise.all(tasks.map(async (words) => {
    const { stdout, stderr, code } = await lab.task(words);
    const what = JSON.stringify(words);
    assert(code < 4 && !/Unexpected|\n {4}at /.test(stderr), what + stderr);
    assertPrintable(stdout + stderr, what);
    for (const line of words.includes("--json") ? commands(stdout) : []) {
      const typed = await lab.exec(["sh", "-c", `cd /run; ${line}`]);
      assert(!/not found|yntax|nterminated/.test(typed.stderr), typed.stderr);
    }
  }));
  // A program in a name, or in a rule's comment, was not run.
  assertEquals((await lab.exec(["ls", "/run/ran"])).stdout, "");

  const drawn = figure(await lab.snapshot());
  for (const ascii of [true, false]) {
    assertPrintable(toLines(drawn, { ascii }).join("\n"), "draw");
  }
  assertPrintable(toMermaid(drawn, ENGLISH), "draw --mermaid");
  assertPrintable(toDot(drawn, ENGLISH), "draw --dot");
  const { rooms } = JSON.parse(printableLine(JSON.stringify(drawn), false));
  for (const name of SPACES) {
    assert(rooms.some((room: NamespaceBox) => room.name === name), name);
  }
  if (noGraphviz === "") assertXml(await toSvg(drawn, { title: "Names" }));
});

Deno.test("draw: every format of the lab survives any text", async () => {
  await using lab = await throwaway();
  await lab.task("stage:nat --quiet");
  const snapshot = await lab.snapshot();
  snapshot.rules.nat.push(
    `-A POSTROUTING -s 10.0.0.0/8 -m comment --comment "${EVIL}" -j MASQUERADE`,
  );
  const drawn = figure(snapshot);
  assertEquals(drawn.isLab, true);
  for (const physical of [true, false]) {
    const svg = await toSvg(drawn, { title: EVIL, physical });
    assertXml(svg);
    assertStringIncludes(svg, "&lt;script&gt;%s \\ &amp;lt;");
  }
  const mermaid = toMermaid(drawn, ENGLISH);
  assertPrintable(mermaid, "mermaid");
  assertStringIncludes(
    mermaid,
    "#60;script#62;#37;s #92; #38;lt; #quot;'#96;#35;quot;#92;u001b#92;n",
  );
  const dot = toDot(drawn, ENGLISH);
  assertPrintable(dot, "dot");
  assertStringIncludes(
    dot,
    `<script>%s \\\\ &amp;lt; \\"'\`#quot;\\\\u001b\\\\n`,
  );
  assertPrintable(toLines(drawn).join("\n"), "terminal");
});

const EVIL = `<script>%s \\ &lt; "'\`#quot;\x1b\n\u202e\x85]]>-->`;

function assertPrintable(text: string, what: string) {
  const bad = text.split("\n").filter((line) => !isPrintable(line));
  assertEquals(bad, [], what);
}

/** No more than a check that tags are closed and signs are escaped. */
function assertXml(text: string) {
  assertPrintable(text, "XML");
  const open: string[] = [];
  const rest = text.replace(
    /<(\/?)([a-z]+)((?: [\w:-]+="[^"<&]*")*)(\/?)>/g,
    (_, end, name, _attributes, empty) => {
      if (end) assertEquals(open.pop(), name);
      else if (!empty) open.push(name);
      return "";
    },
  );
  assertEquals(open, []);
  assertEquals(rest.match(/<|&(?!(amp|lt|gt);)/g), null);
}

/** All command lines in what doctor or trace print as JSON. */
function commands(stdout: string): string[] {
  const { cause, what = "" } = JSON.parse(stdout);
  return [
    ...what.startsWith("$ ") ? [what.slice(2)] : [],
    ...(cause?.evidence ?? []).map(({ command }: { command: string }) =>
      command
    ),
    ...cause?.fix ?? [],
  ];
}
