/**
 * Tests of the stand-in for `@std/assert` and `@std/cli` in `vm/std`: that it
 * behaves as `@std` documents. The stand-in is imported by its path, so these
 * tests say the same wherever the real packages are used. They judge with plain
 * JavaScript, because an assertion that is wrong must not judge itself.
 *
 * @module
 */

import config from "../../deno.json" with { type: "json" };
import { manifests, outdated } from "../../vm/std/manifest.ts";

// By paths that Deno cannot read ahead: where JSR_URL names this very folder
// it would refuse them as parts of a package.
const STD = new URL("../../vm/std/@std/", import.meta.url).href;
const std: typeof import("@std/assert") = await import(
  `${STD}assert/1.0.19/mod.ts`
);
const { parseArgs }: typeof import("@std/cli/parse-args") = await import(
  `${STD}cli/1.0.28/parse_args.ts`
);

/** Throws unless the two values print the same, keys sorted. */
function same(actual: unknown, expected: unknown, about: string) {
  const [a, e] = [actual, expected].map((value) =>
    Deno.inspect(value, { depth: 9, sorted: true, breakLength: Infinity })
  );
  if (a !== e) throw new Error(`${about}: got ${a}, expected ${e}`);
}

/** What `run` fails with: the message of an AssertionError, or undefined. */
function failure(run: () => unknown): string | undefined {
  try {
    run();
  } catch (error) {
    if (error instanceof std.AssertionError) return error.message;
    throw error;
  }
}

/** The same for a promise. */
async function rejection(run: () => Promise<unknown>) {
  return await run().then(
    () => undefined,
    (error) => failure(() => fails(error)),
  );
}

function fails(error: unknown): never {
  throw error;
}

/** An assertion, called in a way that passes, and ways that fail how. */
function check(
  passes: (() => unknown)[],
  failures: [run: () => unknown, message: string][],
) {
  for (const run of passes) same(failure(run), undefined, String(run));
  for (const [run, message] of failures) {
    same(failure(run), message, String(run));
  }
}

Deno.test("manifests: match the files of the stand-in", async () => {
  same(await outdated(), [], "manifests to recompute");
});

Deno.test("manifests: list each file with its size and SHA-256", async () => {
  const all = await manifests();
  const { manifest, exports } = JSON.parse(
    all.get("@std/cli/1.0.28_meta.json")!,
  );
  const file = new URL(
    `../../vm/std/@std/cli/1.0.28${exports["./parse-args"].slice(1)}`,
    import.meta.url,
  );
  const bytes = await Deno.readFile(file);
  const sum = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  same(manifest["/parse_args.ts"], {
    size: bytes.length,
    checksum: `sha256-${sum.toHex()}`,
  }, "entry of parse_args.ts");
});

Deno.test("manifests: have the versions that deno.json pins", async () => {
  const all = await manifests();
  for (const [name, pin] of Object.entries(config.imports)) {
    if (!name.startsWith("@std/")) continue;
    const { latest } = JSON.parse(all.get(`${name}/meta.json`) ?? "{}");
    same(pin, `jsr:${name}@${latest}`, name);
  }
});

Deno.test("assert, assertFalse: pass by truthiness, fail with msg", () => {
  check([() => std.assert("x"), () => std.assertFalse("")], [
    [() => std.assert(0), ""],
    [() => std.assert(null, "why"), "why"],
    [() => std.assertFalse([]), ""],
    [() => std.assertFalse(1, "why"), "why"],
  ]);
});

Deno.test("fail: always fails", () => {
  check([], [
    [() => std.fail(), "Failed assertion."],
    [() => std.fail("why"), "Failed assertion: why"],
  ]);
});

Deno.test("assertEquals, assertNotEquals: agree on what is equal", () => {
  const loop = (n: number) => {
    const object: Record<string, unknown> = { n };
    object.self = object;
    return object;
  };
  const shared = { n: 1 };
  const equal: [unknown, unknown][] = [
    [NaN, NaN],
    [0, -0],
    [{ a: 1, b: [2] }, { b: [2], a: 1 }],
    [Object.assign(Object.create(null), { a: 1 }), { a: 1 }],
    [new Date(5), new Date(5)],
    [/a/g, /a/g],
    [new URL("http://a/"), new URL("http://a/")],
    [new Set([1, { a: 1 }]), new Set([{ a: 1 }, 1])],
    [new Map([["a", 1], ["b", 2]]), new Map([["b", 2], ["a", 1]])],
    [new Uint8Array([1, 2]), new Uint8Array([1, 2])],
    [loop(1), loop(1)],
    [[shared, shared], [{ n: 1 }, { n: 1 }]],
  ];
  const different: [unknown, unknown][] = [
    [1, "1"],
    [null, undefined],
    [{ a: undefined }, {}],
    [{ a: undefined }, { b: undefined }],
    [[1, 2], [2, 1]],
    [[undefined], new Array(1)],
    [{ 0: 1 }, [1]],
    [new Date(5), new Date(6)],
    [/a/g, /a/],
    [new URL("http://a/"), new URL("http://b/")],
    [new Set([{ a: 1 }]), new Set([{ a: 2 }])],
    [new Set([1]), new Set([1, 2])],
    [new Map([["a", 1]]), new Map([["a", 2]])],
    [new Map([["a", 1]]), new Map([["a", 1], ["b", 2]])],
    [new Uint8Array([1]), new Uint8Array([2])],
    [new Uint8Array([1]).buffer, new Uint8Array([2]).buffer],
    [new Error("a"), new Error("b")],
    [loop(1), loop(2)],
    // The inner pair is met twice and differs both times.
    [
      new Set([[shared, 1], [shared, 2]]),
      new Set([[{ n: 2 }, 2], [{ n: 1 }, 1]]),
    ],
    [new (class A {})(), new (class A {})()],
  ];
  const passes = (run: () => unknown) => failure(run) === undefined;
  for (const [a, b] of equal) {
    same(passes(() => std.assertEquals(a, b)), true, Deno.inspect([a, b]));
    same(passes(() => std.assertNotEquals(a, b)), false, Deno.inspect([a, b]));
  }
  for (const [a, b] of different) {
    same(passes(() => std.assertEquals(a, b)), false, Deno.inspect([a, b]));
    same(passes(() => std.assertNotEquals(a, b)), true, Deno.inspect([a, b]));
  }
});

Deno.test("assertEquals: refuses what it cannot look into", () => {
  const [a, b] = [new WeakMap(), new WeakMap()];
  let thrown: unknown;
  try {
    std.assertEquals(a, b);
  } catch (error) {
    thrown = error;
  }
  same(
    String(thrown),
    "TypeError: Cannot compare WeakMap instances",
    "WeakMap",
  );
});

Deno.test("assertEquals: shows the difference line by line", () => {
  check([], [
    [
      () =>
        std.assertEquals({ b: [1, 2, 3], a: "x" }, { a: "x", b: [1, 3, 4] }),
      `Values are not equal.

    [Diff] Actual / Expected

    {
      a: "x",
      b: [
        1,
-       2,
        3,
+       4,
      ],
    }
`,
    ],
    [
      () => std.assertEquals("one\ntwo\nthree", "one\n2\nthree", "why"),
      `Values are not equal: why

    [Diff] Actual / Expected

    one
-   two
+   2
    three
`,
    ],
  ]);
});

Deno.test("assertEquals: shows what is only in front or at the end", () => {
  for (
    const [actual, expected, marked] of [
      ["a", "a\nb", ["+   b"]],
      ["a\nb", "a", ["-   b"]],
      ["b", "a\nb", ["+   a"]],
      ["a\na", "a", ["-   a"]],
      ["a", "b", ["-   a", "+   b"]],
    ] as const
  ) {
    const lines = failure(() => std.assertEquals<string>(actual, expected))!
      .split("\n").filter((line) => /^[-+]/.test(line));
    same(lines, marked, Deno.inspect([actual, expected]));
  }
});

Deno.test("assertEquals: marks the first and last of thousands of lines", () => {
  const rows = Array.from({ length: 3000 }, (_, n) => `row ${n}`);
  const message = failure(() =>
    std.assertEquals(["first", ...rows], [...rows, "last"])
  )!;
  const marked = message.split("\n").filter((line) => /^[-+]/.test(line));
  same(marked.includes('-     "first",'), true, "the removed line");
  same(marked.includes('+     "last",'), true, "the added line");
});

Deno.test("assertNotEquals: names both values", () => {
  check([], [[
    () => std.assertNotEquals(1, 1, "why"),
    "Expected actual: 1 not to be: 1: why",
  ]]);
});

Deno.test("assertStrictEquals: asks for the very same value", () => {
  const object = { a: 1 };
  check([
    () => std.assertStrictEquals(object, object),
    () => std.assertStrictEquals(NaN, NaN),
  ], [
    [
      () => std.assertStrictEquals(object, { a: 1 }),
      "Values have the same structure but are not reference-equal.\n\n" +
      "{\n  a: 1,\n}\n",
    ],
    [
      () => std.assertStrictEquals(1, 2, "why"),
      "Values are not strictly equal: why\n\n    [Diff] Actual / Expected\n\n" +
      "-   1\n+   2\n",
    ],
  ]);
  same(
    failure(() => std.assertStrictEquals(0, -0)) === undefined,
    false,
    "0 and -0",
  );
});

Deno.test("assertExists: takes all but null and undefined", () => {
  check([() => std.assertExists(0), () => std.assertExists("")], [
    [
      () => std.assertExists(null),
      'Expected actual: "null" to not be null or undefined.',
    ],
    [
      () => std.assertExists(undefined, "why"),
      'Expected actual: "undefined" to not be null or undefined: why',
    ],
  ]);
});

Deno.test("assertMatch, assertNotMatch, assertStringIncludes: show both", () => {
  check([
    () => std.assertMatch("veth1", /\d$/),
    () => std.assertNotMatch("br", /\d$/),
    () => std.assertStringIncludes("veth1", "eth"),
    () => std.assertStringIncludes("veth1", ""),
  ], [
    [
      () => std.assertMatch("br", /\d$/),
      'Expected actual: "br" to match: "/\\d$/".',
    ],
    [
      () => std.assertNotMatch("br0", /\d$/, "why"),
      'Expected actual: "br0" to not match: "/\\d$/": why',
    ],
    [
      () => std.assertStringIncludes("br0", "eth"),
      'Expected actual: "br0" to contain: "eth".',
    ],
  ]);
});

Deno.test("assertArrayIncludes: compares by structure and lists the missing", () => {
  check([
    () => std.assertArrayIncludes([{ a: 1 }, { b: 2 }], [{ b: 2 }]),
    () => std.assertArrayIncludes([1], []),
  ], [[
    () => std.assertArrayIncludes([1], [1, 2], "why"),
    'Expected actual: "[\n  1,\n]" to include: "[\n  1,\n  2,\n]": why\n' +
    "missing: [\n  2,\n]",
  ]]);
});

Deno.test("assertObjectMatch: asks only for what is expected, at any depth", () => {
  const links = { name: "br0", info: { kind: "bridge", up: true }, n: [1, 2] };
  check([
    () => std.assertObjectMatch(links, {}),
    () => std.assertObjectMatch(links, { info: { kind: "bridge" } }),
    () => std.assertObjectMatch(links, { n: [1] }),
    () => std.assertObjectMatch({ l: [links] }, { l: [{ name: "br0" }] }),
    () => std.assertObjectMatch({ s: new Set([1, 2]) }, { s: new Set([2]) }),
    () =>
      std.assertObjectMatch({ m: new Map([["a", links], ["b", links]]) }, {
        m: new Map([["a", { name: "br0" }]]),
      }),
  ], [[
    () => std.assertObjectMatch(links, { info: { kind: "veth" } }, "why"),
    `Values are not equal: why

    [Diff] Actual / Expected

    {
      info: {
-       kind: "bridge",
+       kind: "veth",
      },
    }
`,
  ]]);
  for (
    const expected of [
      { missing: undefined },
      { info: null },
      { info: { kind: "bridge", extra: 1 } },
      { n: [2] },
      { n: [1, 2, 3] },
      { n: { 5: 1 } },
    ]
  ) {
    same(
      failure(() => std.assertObjectMatch(links, expected)) === undefined,
      false,
      Deno.inspect(expected),
    );
  }
});

Deno.test("assertGreater, assertLess and OrEqual: compare, equal or not", () => {
  check([
    () => std.assertGreater(2, 1),
    () => std.assertGreaterOrEqual(1, 1),
    () => std.assertLess("a", "b"),
    () => std.assertLessOrEqual(1, 1),
  ], [
    [() => std.assertGreater(1, 1), "Expect 1 > 1"],
    [() => std.assertGreaterOrEqual(1, 2), "Expect 1 >= 2"],
    [() => std.assertLess(1, 1), "Expect 1 < 1"],
    [() => std.assertLessOrEqual(2, 1), "Expect 2 <= 1"],
    [() => std.assertLess(NaN, 1, "why"), "why"],
  ]);
});

Deno.test("assertThrows: returns the error, checks class and message", () => {
  const boom = new TypeError("boom");
  same(std.assertThrows(() => fails(boom)) === boom, true, "without a class");
  same(std.assertThrows(() => fails("text")), "text", "no Error, no class");
  same(
    std.assertThrows(() => fails(boom), Error, "oo") === boom,
    true,
    "a subclass and a part of the message",
  );
  check([], [
    [() => std.assertThrows(() => 1), "Expected function to throw."],
    [() => std.assertThrows(() => 1, "why"), "Expected function to throw: why"],
    [
      () => std.assertThrows(() => fails("text"), Error),
      "A non-Error object was thrown.",
    ],
    [
      () => std.assertThrows(() => fails(boom), RangeError, "boom", "why"),
      'Expected error to be instance of "RangeError", but was "TypeError": why',
    ],
    [
      () => std.assertThrows(() => fails(boom), TypeError, "bang"),
      'Expected error message to include "bang", but got "boom".',
    ],
  ]);
});

Deno.test("assertRejects: returns the error, checks class and message", async () => {
  const boom = new TypeError("boom");
  const reject = () => Promise.reject(boom);
  same(await std.assertRejects(reject) === boom, true, "without a class");
  same(
    await std.assertRejects(reject, Error, "oo") === boom,
    true,
    "a subclass and a part of the message",
  );
  for (
    const [run, message] of [
      [
        () => std.assertRejects(() => Promise.resolve(1), "why"),
        "Expected function to reject: why",
      ],
      [
        () => std.assertRejects(() => fails(boom), TypeError),
        "Function throws when expected to reject.",
      ],
      [
        () => std.assertRejects(() => Promise.reject("text"), Error),
        "A non-Error object was rejected.",
      ],
      [
        () => std.assertRejects(reject, RangeError),
        'Expected error to be instance of "RangeError", but was "TypeError".',
      ],
      [
        () => std.assertRejects(reject, TypeError, "bang", "why"),
        'Expected error message to include "bang", but got "boom": why',
      ],
    ] as const
  ) {
    same(await rejection(run), message, String(run));
  }
});

/** The arguments, what the options are, and what comes out. */
type Row = [
  args: string,
  options: Parameters<typeof parseArgs>[1],
  result: Record<string, unknown>,
];

function table(rows: Row[]) {
  for (const [line, options, result] of rows) {
    const args = line === "" ? [] : line.split(" ");
    same(
      parseArgs(args, options),
      { _: [], ...result },
      `${line} with ${Deno.inspect(options)}`,
    );
  }
}

Deno.test("parseArgs: reads long and short options", () => {
  table([
    ["", {}, {}],
    ["--on vm", {}, { on: "vm" }],
    ["--on=vm", {}, { on: "vm" }],
    ["--on=a=b", {}, { on: "a=b" }],
    ["--on=", {}, { on: "" }],
    ["--on", {}, { on: true }],
    ["--on --json", {}, { on: true, json: true }],
    ["--on a --on b", {}, { on: "b" }],
    ["--no-color", {}, { "no-color": true }],
    ["-n ns1", {}, { n: "ns1" }],
    ["-n=ns1", {}, { n: "ns1" }],
    ["-n=", {}, { n: "" }],
    ["-n5", {}, { n: 5 }],
    ["-n-5", {}, { n: -5 }],
    ["-n/run", {}, { n: "/run" }],
    ["-abc", {}, { a: true, b: true, c: true }],
    ["-abc x", {}, { a: true, b: true, c: "x" }],
    ["-a -b", {}, { a: true, b: true }],
    ["--a.b=1", {}, { a: { b: 1 } }],
    ["--__proto__.a=1 --_=1", {}, {}],
  ]);
  same(({} as Record<string, unknown>).a, undefined, "Object.prototype.a");
});

Deno.test("parseArgs: makes numbers of what looks like one", () => {
  table([
    ["1 -x 2 --y=3", {}, { _: [1], x: 2, y: 3 }],
    ["0x1F 1e3 .5", {}, { _: [31, 1000, 0.5] }],
    ["1a 192.168.0.1 Infinity", {}, {
      _: ["1a", "192.168.0.1", "Infinity"],
    }],
  ]);
  same(parseArgs(["", " "])._, ["", " "], "empty and blank");
});

Deno.test("parseArgs: string options stay strings, absent they are undefined", () => {
  table([
    ["", { string: "on" }, {}],
    ["--on 5", { string: "on" }, { on: "5" }],
    ["-o5", { string: ["o"] }, { o: "5" }],
    ["--on", { string: ["on"] }, { on: "" }],
    ["--on --json", { string: ["on"] }, { on: "", json: true }],
    ["1 2", { string: ["_"] }, { _: ["1", "2"] }],
  ]);
});

Deno.test("parseArgs: boolean options take no value, absent they are false", () => {
  table([
    ["", { boolean: ["json"] }, { json: false }],
    ["--json x", { boolean: ["json"] }, { json: true, _: ["x"] }],
    ["--json false", { boolean: "json" }, { json: false }],
    ["--json=false", { boolean: "json" }, { json: false }],
    ["--json=no", { boolean: "json" }, { json: true }],
    ["-j x", { boolean: "j" }, { j: true, _: ["x"] }],
    ["--a x -b y", { boolean: true }, { a: true, b: "y", _: ["x"] }],
    ["--no-json", { boolean: "json" }, { "no-json": true, json: false }],
  ]);
});

Deno.test("parseArgs: defaults are for absent options", () => {
  table([
    ["", { default: { on: "vm", n: "5" } }, { on: "vm", n: "5" }],
    ["--on=x", { default: { on: "vm" } }, { on: "x" }],
    ["", { boolean: "a", default: { a: true } }, { a: true }],
    ["", { boolean: "a", default: { a: undefined } }, { a: undefined }],
  ]);
});

Deno.test("parseArgs: an alias sets all names", () => {
  const alias = { json: ["j", "J"] };
  table([
    ["-j", { boolean: "json", alias }, { json: true, j: true, J: true }],
    ["", { boolean: "json", alias }, { json: false, j: false, J: false }],
    ["--json x", { boolean: "J", alias }, {
      json: true,
      j: true,
      J: true,
      _: ["x"],
    }],
    ["-o 5", { string: "on", alias: { on: "o" } }, { on: "5", o: "5" }],
    ["", { default: { o: 1 }, alias: { on: "o" } }, { on: 1, o: 1 }],
  ]);
});

Deno.test("parseArgs: collect makes lists", () => {
  table([
    ["--f 1 --f 2", { collect: ["f"] }, { f: [1, 2] }],
    ["--f 1", { collect: "f", string: "f" }, { f: ["1"] }],
    ["", { collect: "f", string: "f" }, { f: [] }],
    ["", { collect: "f" }, {}],
    ["-v -v", { collect: "v", boolean: "v" }, { v: [true, true] }],
    ["--f=1", { collect: "f", default: { f: ["x"] } }, { f: [1] }],
    ["-f a", { collect: "file", alias: { file: "f" } }, {
      file: ["a"],
      f: ["a"],
    }],
  ]);
});

Deno.test("parseArgs: negatable options know --no-", () => {
  table([
    ["--no-color x", { negatable: "color" }, { color: false, _: ["x"] }],
    ["--no-c", { negatable: "color", alias: { color: "c" } }, {
      color: false,
      c: false,
    }],
    ["--no-color --color", { negatable: "color", boolean: "color" }, {
      color: true,
    }],
  ]);
});

Deno.test("parseArgs: stopEarly and -- leave the rest alone", () => {
  table([
    ["-a ip -a 5", { stopEarly: true, boolean: "a" }, {
      a: true,
      _: ["ip", "-a", "5"],
    }],
    ["x -- -a 5", {}, { _: ["x", "-a", "5"] }],
    ["x -- -a 5", { "--": true }, { _: ["x"], "--": ["-a", "5"] }],
    ["x", { "--": true }, { _: ["x"], "--": [] }],
    ["-a --", {}, { a: true }],
  ]);
});

Deno.test("parseArgs: unknown hears of what nothing declares", () => {
  const calls: unknown[] = [];
  const parse = (line: string, keep: boolean) =>
    parseArgs(line.split(" "), {
      boolean: ["json"],
      string: ["on"],
      alias: { on: "o" },
      collect: ["file"],
      negatable: ["color"],
      unknown: (...call) => {
        calls.push(call);
        return keep;
      },
    });
  const line = "pos --json -o 1 --file=2 --x=3 -y 4 --no-color -- rest";
  const known = { json: true, on: "1", o: "1", file: [2] };
  same(parse(line, false), { _: ["rest"], ...known }, "left out");
  same(calls, [
    ["pos"],
    ["--x=3", "x", "3"],
    ["-y", "y", "4"],
    ["--no-color", "color", false],
  ], "calls");
  same(
    parse(line, true),
    { _: ["pos", "rest"], ...known, x: 3, y: 4, color: false },
    "kept",
  );
});

// Types: `deno check` fails here if the stand-in infers less than `@std/cli`.
Deno.test("parseArgs: its result is typed by the options", () => {
  const args = parseArgs(["--name", "a", "--file=b"], {
    boolean: ["json"],
    string: ["name", "file", "on"],
    collect: ["file"],
    negatable: ["on"],
    alias: { json: "j" },
    default: { n: 5 },
    "--": true,
  });
  const json: boolean = args.json;
  const j: boolean = args.j;
  const name: string | undefined = args.name;
  const on: string | false | undefined = args.on;
  const file: string[] = args.file;
  const rest: string[] = args["--"];
  const words: (string | number)[] = args._;
  // @ts-expect-error A string option may be absent.
  const length: number = args.json ? args.name.length : 0;
  // @ts-expect-error An option that is not declared is unknown.
  const other: string | undefined = args.other;
  same(
    { json, j, name, on, file, rest, words, length, other },
    {
      json: false,
      j: false,
      name: "a",
      on: undefined,
      file: ["b"],
      rest: [],
      words: [],
      length: 0,
      other: undefined,
    },
    "values",
  );
});
