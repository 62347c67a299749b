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
  stages.forEach(({ name, idea }, i) => {
    const task = tasks[`stage:${name}`];
    assert(task.command.endsWith(` scripts/tasks/stage.ts ${name}`), name);
    assertEquals(task.description, `Stage ${i + 1} of 9: ${idea}`);
    const [title] = readPage(source(name)).header;
    assertEquals(title, `Stage ${i + 1} of 9: ${name}.`);
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
    // What comes after the divider is the machine's.
    const lesson = lines.findIndex((line) => line.includes("// --- "));
    assert(lesson >= 30 && lesson <= 75, `${lesson} lines`);
    const isNarrow = lines.slice(0, lesson).every((line) => line.length <= 80);
    assert(isNarrow, "fits in 80 columns");
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

  Deno.test(`course: ${name} has a fact for every command and its way back`, () => {
    assertEquals(facts.map(({ by }) => by), [...commands]);
    assertEquals(facts.map(({ back }) => back).reverse(), [...undo]);
    // The way back speaks of the same thing as the way there.
    for (const { by, back } of facts) {
      const things = by.split(" ").filter((word) =>
        /\d|veth|ip_forward/.test(word)
      );
      assert(
        things.some((thing) =>
          back.split(" ").some((word) => word.startsWith(thing.split("=")[0]))
        ),
        by,
      );
    }
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
    const text = source(name).trimEnd();
    const [object, last] = text.split(/\n(?=if )/);
    const code = object.replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*/g, "");
    assert(!/\b(if|for|while|function)\b|=>|\.\.\.|\$\{/.test(code), name);
    assertEquals(
      code.match(/from "[^"]+"/g),
      ['from "../lib/course/stage.ts"'],
      name,
    );
    assertMatch(code, /^\s*import type /);
    // Whoever runs the file itself is told what to type.
    assertMatch(
      last,
      RegExp(`^if \\(import\\.meta\\.main\\) .*stage:${name}"`),
    );
  }
});
