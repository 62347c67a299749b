/**
 * Tests of the figure, from the kernel to every format.
 *
 * The golden files are made anew as golden.ts says.
 */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { run } from "../../lib/cli/command.ts";
import { toDot } from "../../lib/draw/dot.ts";
import { figure } from "../../lib/draw/figure.ts";
import { GALLERY, gallery } from "../../lib/draw/gallery.ts";
import { toMermaid } from "../../lib/draw/mermaid.ts";
import { toSvg } from "../../lib/draw/svg.ts";
import { figureLines, toLines } from "../../lib/draw/terminal_figure.ts";
import { stageTitle } from "../../lib/draw/title.ts";
import { columns } from "../../lib/cli/width.ts";
import { ENGLISH } from "../../lib/draw/words.ts";
import type { Snapshot } from "../../lib/net/snapshot.ts";
import { stages } from "../../scripts/mod.ts";
import { stageSnapshots } from "../../scripts/tasks/stage_snapshots.ts";
import { assertGolden } from "./golden.ts";
import { JAPANESE } from "./japanese.ts";
import { ROOT, throwaway } from "../throwaway.ts";

/** One sandbox, taken through the nine stages, is enough for all of them. */
let taken: Promise<Snapshot[]> | undefined;
const snapshots = () => taken ??= stageSnapshots("nat");

Deno.test("draw: shows each of the nine stages in every format, byte for byte", async (t) => {
  const seen = await snapshots();
  assertEquals(seen.length, stages.length);
  for (const [i, stage] of stages.entries()) {
    await t.step(stage.name, async () => {
      const drawn = figure(seen[i], { added: stage.facts });
      const title = stageTitle(stage, stages);
      const lines = (options = {}) => toLines(drawn, options).join("\n") + "\n";
      const formats: Record<string, string> = {
        "terminal.txt": lines(),
        "ascii.txt": lines({ ascii: true }),
        "physical.txt": lines({ physical: true }),
        "physical.svg": await toSvg(drawn, { title, physical: true }),
        "mermaid.mmd": toMermaid(drawn, ENGLISH),
        "graphviz.dot": toDot(drawn, ENGLISH),
        "figure.json": JSON.stringify(drawn, null, 2) + "\n",
      };
      for (const [file, text] of Object.entries(formats)) {
        assertGolden(text, `${stage.name}/${file}`);
      }
    });
  }
});

Deno.test("figures: the documents' pictures are what the kernel gives today", async () => {
  const pictures = await gallery(stages, await snapshots());
  const kept = [...Deno.readDirSync(`${ROOT}${GALLERY}`)].map(({ name }) =>
    name
  );
  assertEquals(kept.sort(), pictures.map(({ file }) => file).sort());
  for (const { file, svg } of pictures) {
    const committed = Deno.readTextFileSync(`${ROOT}${GALLERY}/${file}`);
    assertEquals(committed, svg, `${file} is old: deno task figures`);
  }
});

Deno.test("draw: fits a terminal of 80 columns, and ASCII is ASCII", async () => {
  for (const snapshot of await snapshots()) {
    for (const physical of [false, true]) {
      for (const words of [ENGLISH, JAPANESE]) {
        const lines = figureLines(snapshot, { physical, words });
        for (const line of lines) assert(columns(line) <= 80, line);
        const edges = lines.filter((line) => /^[│┃╎]/.test(line));
        for (const line of edges) assertEquals(columns(line), 79, line);
      }
      for (const line of figureLines(snapshot, { physical, ascii: true })) {
        assert(/^[ -~]*$/.test(line), line);
      }
    }
  }
});

Deno.test("draw: shows what is down, and what that cuts off", async () => {
  await using lab = await throwaway();
  await lab.task("stage:nat --quiet");
  await lab.run("ip link set dev br-veth1 down");
  await lab.run("ip link set dev br0 down");
  await lab.run("sysctl -w net.ipv4.ip_forward=0");
  const text = figureLines(await lab.snapshot()).join("\n");
  assertStringIncludes(text, "○ br-veth1 down");
  assertStringIncludes(text, "○ ns-veth1 no carrier");
  assertStringIncludes(text, "○ br0 down");
  assertStringIncludes(text, "● br-veth2 ─");
  assertStringIncludes(text, "╳   forwarding off");
});

Deno.test("draw: shows a namespace that cannot be read, with the kernel's words", async () => {
  await using lab = await throwaway();
  await lab.run("touch /run/netns/ns1");
  const text = figureLines(await lab.snapshot()).join("\n");
  assertStringIncludes(text, "cannot be read: ");
});

Deno.test("draw: shows the internet where nothing of it can be seen", async () => {
  await using lab = await throwaway();
  await lab.exec(["sh", "-c", HIDE.replaceAll("NAME", "outside")]);
  const snapshot = await lab.snapshot();
  const { isLab, cables } = figure(snapshot);
  assertEquals([isLab, cables.at(-1)?.ends], [true, ["/eth0", "(internet)"]]);
  const text = figureLines(snapshot).join("\n");
  assertStringIncludes(text, "│  the internet  ");
});

Deno.test("draw: shows a cable whose other end is in a container", async () => {
  await using lab = await throwaway();
  await lab.run("ip netns add box");
  await lab.run("ip link add name docker0 type bridge");
  await lab.run("ip link add name veth1 type veth peer name eth0 netns box");
  await lab.run("ip link set dev veth1 master docker0 up");
  await lab.exec(["sh", "-c", HIDE.replaceAll("NAME", "box")]);
  const text = figureLines(await lab.snapshot()).join("\n");
  assertStringIncludes(text, "docker0 down  bridge");
  assertStringIncludes(text, "┌─ PC ─");
  assertStringIncludes(text, "veth1 no carrier");
});

/** Takes a namespace's name away; a process in it keeps it alive. */
const HIDE = "ip netns exec NAME sleep 60 >/dev/null 2>&1 & " +
  "until [ -e /proc/$!/ns/net ] && ! [ /proc/$!/ns/net -ef /proc/self/ns/net ]; do :; done; " +
  "umount /run/netns/NAME && rm /run/netns/NAME";

Deno.test("draw: keeps the lab's places when addresses and rules are others", async () => {
  await using lab = await throwaway();
  await lab.task("stage:nat --quiet");
  await lab.run("ip addr add 10.9.8.7/8 dev rt-veth");
  await lab.run("ip netns exec ns1 ip route add 10.1.0.0/16 via 192.168.0.9");
  await lab.run("iptables -P FORWARD DROP");
  await lab.run("iptables -t nat -A POSTROUTING -p tcp -j MASQUERADE");
  const snapshot = await lab.snapshot();
  assert(figure(snapshot).isLab);
  const lines = figureLines(snapshot);
  for (const line of lines) assert(columns(line) <= 80, line);
  const text = lines.join("\n");
  assertStringIncludes(text, "192.168.0.100/24 +1");
  assertStringIncludes(text, "default via 192.168.0.100 +1");
  assertStringIncludes(text, "POSTROUTING -p tcp -j MASQUERADE");
  assertStringIncludes(text, "firewall drops what is forwarded");
});

Deno.test("figureLines: loads nothing but files of lib", async () => {
  const module = `${ROOT}lib/draw/terminal_figure.ts`;
  const { stdout } = await run([Deno.execPath(), "info", "--json", module]);
  const { modules } = JSON.parse(stdout);
  for (const { specifier } of modules) {
    assertStringIncludes(specifier, `file://${ROOT}lib/`);
  }
});

Deno.test("draw: answers the command line", async (t) => {
  await using lab = await throwaway();
  await t.step("without a machine all is a ghost", async () => {
    const { code, stdout, stderr } = await lab.type("draw");
    assertEquals([code, stderr], [0, ""]);
    assert(stdout.startsWith("Machine: none yet\n"), stdout);
    assertStringIncludes(stdout, "┌╌ ns1 ╌");
    assert(!stdout.includes("●"), stdout);
  });
  await t.step("draws the lab as it is now", async () => {
    await lab.type("stage:bridge --quiet");
    const { stdout } = await lab.type("draw --ascii");
    assert(stdout.startsWith('Machine: sandbox "default"'), stdout);
    assertStringIncludes(stdout, "o br0 down");
  });
  await t.step("--stage builds aside and leaves the lab alone", async () => {
    const { stdout } = await lab.type("draw --stage gateway");
    assertStringIncludes(stdout, "+ default via 192.168.0.100");
    const { stdout: now } = await lab.type("draw --json");
    const { rooms } = JSON.parse(now);
    assertEquals(rooms[1].routes[0].text, "no default route");
  });
  await t.step("--from draws what snapshot wrote", async () => {
    const { stdout } = await lab.type("snapshot");
    const file = "/run/seen.json";
    await lab.exec(["tee", file], stdout);
    const drawn = await lab.type(`draw --from ${file} --svg /run/seen.svg`);
    assertEquals([drawn.code, drawn.stdout], [0, "Wrote /run/seen.svg\n"]);
    const { stdout: svg } = await lab.run("cat /run/seen.svg");
    assert(svg.startsWith("<svg "), svg);
    assertEquals(await lab.type(`draw --from ${file} --svg=-`), {
      code: 0,
      stdout: svg,
      stderr: "",
    });
  });
  await t.step("says what is wrong, and what to type", async () => {
    const mistakes: [string, number, RegExp][] = [
      ["draw --stage nut", 2, /Did you mean "nat"\?/],
      ["draw --svg /run/a.svg --dot", 2, /--svg and --dot do not go together/],
      ["draw --physical --json", 2, /--physical and --json do not go together/],
      ["draw --from /run/no", 3, /^Cannot read \/run\/no: /],
      [
        "draw --from /etc/hosts",
        2,
        /it is no snapshot of this version\.\nWrite one with: /,
      ],
      ["draw --svg /no/a.svg", 3, /^Cannot write \/no\/a.svg: /],
      ["draw --on mars", 2, /^Unknown machine "mars"/],
    ];
    await Promise.all(mistakes.map(async ([line, code, words]) => {
      const answer = await lab.type(line);
      assertEquals(answer.code, code, line + answer.stderr);
      assert(words.test(answer.stderr), answer.stderr);
    }));
  });
});
