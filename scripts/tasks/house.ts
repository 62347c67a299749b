/**
 * The house: which folder stands on which, and what it may not do. Read from
 * the imports, types included. `./lab check` runs it:
 *
 *     deno run --allow-read --allow-write=ARCHITECTURE.md scripts/tasks/house.ts [--write]
 *
 * It ends with 1 and a line for each finding where a file imports upward or in
 * a circle, where the core takes a package that it may not, or where the
 * figure in ARCHITECTURE.md is not that of today; `--write` draws it anew.
 */

/** The floors of the house, the lowest first. */
const FLOORS: readonly { folder: string; holds: string }[] = [
  {
    folder: "lib/cli",
    holds: "terminal, errors with a next step, words, running a command",
  },
  {
    folder: "lib/net",
    holds: "the network as it was read: links, routes, firewalls",
  },
  {
    folder: "lib/walk",
    holds: "one packet's way through the network, foretold",
  },
  {
    folder: "lib/course",
    holds: "the form of a stage and a chapter, their facts and pages",
  },
  { folder: "lib/reach", holds: "real probes, and their verdicts" },
  {
    folder: "lib/lab",
    holds: "planning, applying and undoing stages; locks and notes",
  },
  { folder: "lib/draw", holds: "figures of any network, in every format" },
  { folder: "lib/doctor", holds: "why something is not reached, and the fix" },
  { folder: "lib/trace", holds: "where a real packet was seen, and dropped" },
  { folder: "lib/task", holds: "the form of a task, its words and its output" },
  { folder: "lib/docker", holds: "a real engine, and what it made" },
  {
    folder: "vm",
    holds: "machines: sandbox, VM and here; the entry that goes into one",
  },
  { folder: "scripts", holds: "the nine stages" },
  { folder: "scripts/beyond", holds: "the chapters after them" },
  {
    folder: "scripts/tasks",
    holds: "one file a task: they join machine, course and instrument",
  },
];

/** What the core may import that is not in the checkout. */
const PACKAGES = ["@std/assert", "@std/cli/parse-args"];

/** The imports of every file, by its path in the checkout. */
export type Imports = ReadonlyMap<string, readonly string[]>;

/** Reads the imports of all files below the floors' folders. */
async function readImports(root: URL): Promise<Imports> {
  const imports = new Map<string, string[]>();
  for (const folder of ["lib", "vm", "scripts"]) {
    for await (const path of filesIn(root, folder)) {
      const source = await Deno.readTextFile(new URL(path, root));
      imports.set(path, importsOf(path, source));
    }
  }
  return imports;
}

async function* filesIn(root: URL, folder: string): AsyncGenerator<string> {
  for await (
    const { name, isDirectory } of Deno.readDir(new URL(folder, root))
  ) {
    const path = `${folder}/${name}`;
    // The stand-in for packages is no part of the house.
    if (isDirectory && path !== "vm/std") yield* filesIn(root, path);
    if (name.endsWith(".ts")) yield path;
  }
}

/** What a file imports: paths in the checkout, or names of packages. */
function importsOf(path: string, source: string): string[] {
  // Examples in comments are no imports.
  const code = source.replace(/^ *(\*|\/\/|\/\*).*$/gm, "");
  const named = code.matchAll(
    /(?:\bfrom|\bimport|\bimport\(|\blater\()\s*"([@\w./:-]+)"/g,
  );
  return [
    ...new Set(
      [...named].map(([, name]) =>
        name.startsWith(".")
          ? new URL(name, `file:///${path}`).pathname.slice(1)
          : name
      ),
    ),
  ];
}

/** The floor of a file; -1 for one that stands on none, such as deno.json. */
function floorOf(path: string): number {
  return FLOORS.findLastIndex(({ folder }) => path.startsWith(`${folder}/`));
}

/** What is wrong with the house, a line for each. */
export function findings(imports: Imports): string[] {
  const wrong: string[] = [];
  for (const [path, names] of imports) {
    const floor = floorOf(path);
    if (floor < 0) wrong.push(`${path} stands on no floor: name its folder.`);
    for (const name of names) {
      if (name.endsWith(".ts") && floorOf(name) < 0) {
        wrong.push(`${path} imports ${name}, which is no part of the house.`);
      }
      if (floorOf(name) > floor) {
        wrong.push(`${path} imports ${name}, which stands above it.`);
      }
      const isPackage = !name.includes(".ts") && !name.endsWith(".json");
      if (isPackage && !PACKAGES.includes(name)) {
        wrong.push(`${path} imports ${name}: the core takes no other package.`);
      }
    }
  }
  return [
    ...wrong,
    ...circles(imports).map((files) => `In a circle: ${files.join(" -> ")}.`),
  ];
}

/** Each circle once, as the files that lead around it. */
function circles(imports: Imports): string[][] {
  const found: string[][] = [];
  const done = new Set<string>();
  function walk(path: string, way: readonly string[]): void {
    const at = way.indexOf(path);
    if (at >= 0) found.push([...way.slice(at), path]);
    if (at >= 0 || done.has(path)) return;
    for (const name of imports.get(path) ?? []) walk(name, [...way, path]);
    done.add(path);
  }
  for (const path of imports.keys()) walk(path, []);
  return found;
}

/** The house as a Markdown table: each folder, and what it stands on. */
function drawHouse(imports: Imports): string {
  const rows = FLOORS.map(({ folder, holds }, floor) => {
    const below = new Set<number>();
    for (const [path, names] of imports) {
      if (floorOf(path) !== floor) continue;
      for (const name of names) below.add(floorOf(name));
    }
    const standsOn = [...below].filter((each) => each >= 0 && each !== floor)
      .sort((a, b) => b - a)
      .map((each) => `\`${FLOORS[each].folder.replace(/^lib\//, "")}\``);
    return [`\`${folder}/\``, holds, standsOn.join(" ") || "nothing"];
  }).reverse();
  const all = [["folder", "what is in it", "imports from"], ...rows];
  const widths = all[0].map((_, i) =>
    Math.max(...all.map((row) => row[i].length))
  );
  const line = (row: string[]) =>
    `| ${row.map((cell, i) => cell.padEnd(widths[i])).join(" | ")} |`;
  const [head, ...body] = all;
  const rule = widths.map((width) => "-".repeat(width));
  return [line(head), line(rule), ...body.map(line)].join("\n");
}

/** The part of ARCHITECTURE.md that is drawn: the table after this mark. */
const DRAWN = /(?<=<!-- drawn by `.\/lab check` -->\n\n)(\|.*\n)+/;

async function main(): Promise<number> {
  const root = new URL("../../", import.meta.url);
  const imports = await readImports(root);
  const wrong = findings(imports);
  const page = new URL("ARCHITECTURE.md", root);
  const text = await Deno.readTextFile(page);
  const drawn = text.replace(DRAWN, () => `${drawHouse(imports)}\n`);
  if (Deno.args.includes("--write")) await Deno.writeTextFile(page, drawn);
  else if (drawn !== text) {
    wrong.push(
      "ARCHITECTURE.md shows another house. Type: " +
        "deno run --allow-read --allow-write=ARCHITECTURE.md scripts/tasks/house.ts --write",
    );
  }
  wrong.forEach((line) => console.error(line));
  return wrong.length > 0 ? 1 : 0;
}

if (import.meta.main) Deno.exit(await main());
