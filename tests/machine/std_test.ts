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

Deno.test("assert: passes by truthiness, fails with msg", () => {
  check([() => std.assert("x")], [
    [() => std.assert(0), ""],
    [() => std.assert(null, "why"), "why"],
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

Deno.test("parseArgs: sorts options and positionals as this project needs it", () => {
  const options = {
    string: ["_", "name", "on"],
    boolean: ["json", "help"],
    alias: { help: "h" },
  } as const;
  const none = { json: false, help: false, h: false };
  const cases: [string, unknown][] = [
    ["", { ...none, _: [] }],
    ["ns1 8.8.8.8 7", { ...none, _: ["ns1", "8.8.8.8", "7"] }],
    ["--name a --on=b x", { ...none, name: "a", on: "b", _: ["x"] }],
    ["--name a --name b", { ...none, name: "b", _: [] }],
    ["--name", { ...none, name: "", _: [] }],
    ["--name --json", { ...none, name: "", json: true, _: [] }],
    ["--name=a=b -", { ...none, name: "a=b", _: ["-"] }],
    ["--name= x", { ...none, name: "", _: ["x"] }],
    ["-h --json", { json: true, help: true, h: true, _: [] }],
    ["--help", { ...none, help: true, h: true, _: [] }],
    ["a -- --json b", { ...none, _: ["a", "--json", "b"] }],
  ];
  for (const [line, expected] of cases) {
    const args = line === "" ? [] : line.split(" ");
    same(parseArgs(args, options), expected, line);
  }
});
