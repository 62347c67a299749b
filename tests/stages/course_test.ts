/** The course held to its own rules. No machine is needed. */

import { assert, assertEquals, assertMatch } from "@std/assert";
import config from "../../deno.json" with { type: "json" };
import { readPage } from "../../lib/course/page.ts";
import { stages } from "../../scripts/mod.ts";

const source = (name: string) =>
  Deno.readTextFileSync(new URL(`../../scripts/${name}.ts`, import.meta.url));

Deno.test("course: has the nine stages in order, each with its file and task", () => {
  const names = "netns bridge veth attach up addr forward gateway nat";
  assertEquals(stages.map(({ name }) => name).join(" "), names);
  const tasks: Record<string, { command: string; description: string }> =
    config.tasks;
  stages.forEach(({ name }, i) => {
    const task = tasks[`stage:${name}`];
    assert(task.command.endsWith(` scripts/${name}.ts`), name);
    assertMatch(task.description, new RegExp(`^Stage ${i + 1} of 9: `));
    assertMatch(
      readPage(source(name)).header[0],
      new RegExp(`^Stage ${i + 1} of 9: ${name}\\. `),
    );
  });
  const files = [...Deno.readDirSync(new URL("../../scripts", import.meta.url))]
    .filter((entry) => entry.isFile).map((entry) => entry.name);
  assertEquals(
    files.sort(),
    [...names.split(" "), "mod"].sort().map((name) => `${name}.ts`),
  );
});

Deno.test("course: lets every task say what it is", () => {
  for (const [name, task] of Object.entries(config.tasks)) {
    assert(task.description.length > 10, name);
    assert(!/ -A\b|--allow-all/.test(task.command), `${name} may do anything`);
  }
});

for (const stage of stages) {
  const { name, commands, facts, undo, look, hint, idea } = stage;
  const page = readPage(source(name));

  Deno.test(`course: ${name} is a page with a drawing, an idea and a hint`, () => {
    const lines = source(name).split("\n");
    // The commands of `up` alone are twelve lines with their way back.
    assert(lines.length >= 30 && lines.length <= 75, `${lines.length} lines`);
    assert(lines.every((line) => line.length <= 80), "fits in 80 columns");
    assert(page.header.some((line) => /^ {4}\S/.test(line)), "has a drawing");
    const text = page.header.join("\n");
    assertMatch(text, /^Where we stand: /m);
    assertMatch(text, /^The idea: /m);
    assert(page.reach.length > 0, "says what works and what does not");
    assert(look.length > 0 && hint.length > 10 && idea.length > 0);
  });

  Deno.test(`course: ${name} has plain commands, each under its comment`, () => {
    assertEquals(page.commands.map(({ line }) => line), [...commands]);
    assertEquals(
      page.look.map(({ line }) => line),
      look.map(({ command }) => command),
    );
    for (const { line, comment } of [...page.commands, ...page.look]) {
      assert(comment.length > 0, `no comment above: ${line}`);
    }
    for (
      const line of [
        ...commands,
        ...undo,
        ...look.map(({ command }) => command),
      ]
    ) {
      assert(line.length <= 76, `too long: ${line}`);
      assertMatch(line, /^[A-Za-z0-9 ./:=_-]+$/, "only words");
      assertMatch(line, /^(ip|bridge|sysctl|iptables) /);
    }
  });

  Deno.test(`course: ${name} takes back what it did, last first`, () => {
    assertEquals(facts.length, commands.length);
    assertEquals(undo.length, commands.length);
    // The way back speaks of the same thing as the way there.
    commands.forEach((command, i) => {
      const back = undo[undo.length - 1 - i].split(" ");
      const things = command.split(" ").filter((word) =>
        /\d|veth|ip_forward/.test(word)
      );
      assert(
        things.some((thing) =>
          back.some((word) => word.startsWith(thing.split("=")[0]))
        ),
        command,
      );
    });
  });
}

for (const { name } of stages) {
  Deno.test(`course: ${name} draws what the figure of the lab draws`, async () => {
    const { header } = readPage(source(name));
    const drawing = header.filter((line) => line.startsWith("    ")).join("\n");
    const things = drawing.match(
      /\b(ns[12]|br0|(ns|br|rt)-veth\d?|eth0|192\.168\.[\d.]+)\b/g,
    ) ?? [];
    assert(things.length > 0, "nothing of the lab is drawn");
    const figure = await Deno.readTextFile(
      new URL(`../draw/golden/${name}/terminal.txt`, import.meta.url),
    );
    for (const thing of things) {
      assert(figure.includes(thing), `${thing} is not in the figure`);
    }
  });
}

Deno.test("course: a stage is data, without conditions, loops or templates", () => {
  for (const { name } of stages) {
    const code = source(name).replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*/g, "");
    assert(!/\b(if|for|while|function)\b|=>|\.\.\.|\$\{/.test(code), name);
    assertEquals(
      code.match(/from "[^"]+"/g),
      ['from "../lib/course/stage.ts"', 'from "../vm/enter.ts"'],
      name,
    );
  }
});
