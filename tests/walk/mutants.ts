/**
 * The judge, judged: each of these faults in the walk or in the evaluator has
 * to be found by random networks.
 *
 *     deno run --allow-all tests/walk/mutants.ts [--count=N] [WORD…]
 *
 * Breaks a copy of the checkout in one place after the other and runs
 * tests/walk/main.ts there. Words choose mutants by their names. Exit code: 0,
 * or 1 if one was not found. All of them take some minutes.
 */

import { parseArgs } from "@std/cli/parse-args";
import { EXIT } from "../../lib/cli/problem.ts";
import { denoItself, ROOT } from "../../vm/path.ts";

/** One place, broken. */
interface Mutant {
  name: string;
  file: string;
  /** What stands there … */
  from: string;
  /** … and what is to stand there. */
  to: string;
}

const HOOK = "lib/net/firewall/pass_hook.ts";
const IPT = "lib/net/firewall/iptables_matches.ts";
const NFT = "lib/net/firewall/nft_expressions.ts";

const MUTANTS: Mutant[] = [
  {
    name: "hooks from the highest priority down",
    file: HOOK,
    from: "a.at - b.at || a.chain.priority",
    to: "b.at - a.at || a.chain.priority",
  },
  {
    name: "policies forgotten",
    file: HOOK,
    from: 'base.policy === "drop"',
    to: 'base.policy === "accept" && false',
  },
  {
    name: "goto comes back",
    file: HOOK,
    from: '(verdict.kind === "goto" ? ends.back : ends.on)',
    to: "ends.on",
  },
  {
    name: "return accepts",
    file: HOOK,
    from: "      ends.back.push(passage);",
    to: "      ends.over.push(passage);",
  },
  {
    name: "NAT rewrites nothing",
    file: HOOK,
    from: "  if (!to) return passage;",
    to: "  if (to || !to) return passage;",
  },
  {
    name: "reject lets pass",
    file: HOOK,
    from: 'ends.over.push({ ...passage, end: "rejected"',
    to: 'ends.over.push({ ...passage, end: "passes"',
  },
  {
    name: "NOTRACK forgotten",
    file: HOOK,
    from: "  if (packet.ct !== NOT_TRACKED_YET) return passage;",
    to: "  if (packet.ct) return passage;",
  },
  {
    name: "negations of iptables forgotten",
    file: IPT,
    from: "flip ? (packet) => not(test(packet)) : test",
    to: "flip ? test : test",
  },
  {
    name: "every ICMP type fits",
    file: IPT,
    from: "  return wanted === type &&",
    to: "  return wanted === wanted &&",
  },
  {
    name: "ports forgotten",
    file: IPT,
    from: "      return ({ dport }) => inPorts(value, dport);",
    to: "      return () => true;",
  },
  {
    name: "states swapped",
    file: IPT,
    from: "  return name.toLowerCase() === state;",
    to: "  return name.toLowerCase() !== state;",
  },
  {
    name: "negations of nft forgotten",
    file: NFT,
    from: "      return not(isAmong(value, right, sets));",
    to: "      return isAmong(value, right, sets);",
  },
  {
    name: "a missing field fits",
    file: NFT,
    from:
      "  if (value === null || (Array.isArray(value) && value.includes(null))) {\n    return false;",
    to:
      "  if (value === null || (Array.isArray(value) && value.includes(null))) {\n    return true;",
  },
  {
    name: "named sets are empty",
    file: NFT,
    from: "  return set && (set.elem ?? []);",
    to: "  return set && [];",
  },
  {
    name: "the answer is not walked",
    file: "lib/walk/answer.ts",
    from: "    const sent = await send(back, at.namespace);",
    to:
      "    const sent = { arrivals: [{ traveller: { ...back, tuple: { ...back.tuple, src: asked } }, at: { ...at, namespace: home } }], over: [] as never[] };\n    void send;",
  },
  {
    name: "everybody answers",
    file: "lib/walk/answer.ts",
    from: '    if (fits.length === 0) answered = "refused";',
    to: '    if (fits.length < 0) answered = "refused";',
  },
  {
    name: "FORWARD is not asked",
    file: "lib/walk/receive.ts",
    from: 'passIp(older, namespace, "forward", place)',
    to: "Promise.resolve({ on: [older], over: [] })",
  },
  {
    name: "INPUT is not asked",
    file: "lib/walk/receive.ts",
    from: 'passIp(each, namespace, "input", place)',
    to: "Promise.resolve({ on: [each], over: [] })",
  },
  {
    name: "MASQUERADE keeps the sender",
    file: HOOK,
    from: "? around.masquerade",
    to: "? passage.packet.src",
  },
  {
    name: "marks cross namespaces",
    file: "lib/walk/cable.ts",
    from: "isHome ? traveller : { ...traveller, mark: 0 }",
    to: "traveller",
  },
  {
    name: "isolated ports talk",
    file: "lib/walk/bridge.ts",
    from: "from?.port?.isolated && flags?.isolated",
    to: "from?.port?.isolated && !from",
  },
  {
    name: "what is routed is known to tracking as new for ever",
    file: "lib/walk/hooks.ts",
    from: "      : isBack || isAnswered\n",
    to: "      : !isBack && isAnswered\n",
  },
];

/** Copies the checkout's files, and its packages. */
const COPY = `cd "$0" && git ls-files -z --cached --others --exclude-standard |
  xargs -0 cp --parents -t "$1" && cp -rL vendor "$1/vendor" && chmod -R a+rX "$1"`;

const { count = "200", _: words } = parseArgs(Deno.args, { string: ["count"] });
const chosen = MUTANTS.filter(({ name }) =>
  words.length === 0 || words.some((word) => name.includes(`${word}`))
);
const copy = await Deno.makeTempDir();
let missed = 0;
try {
  await run("sh", "-ec", COPY, ROOT, copy);
  for (const mutant of chosen) if (!await found(mutant)) missed++;
} finally {
  await Deno.remove(copy, { recursive: true });
}
console.log(`${chosen.length - missed} of ${chosen.length} found`);
Deno.exit(missed ? EXIT.differs : EXIT.ok);

async function found({ name, file, from, to }: Mutant): Promise<boolean> {
  const path = `${copy}/${file}`;
  const source = await Deno.readTextFile(path);
  if (!source.includes(from)) {
    console.log(`✗ ${name}: ${file} has no such place any more`);
    return false;
  }
  await Deno.writeTextFile(path, source.replace(from, to));
  const started = Date.now();
  const [program, ...words] = denoItself();
  const { code, said } = await run(
    program,
    ...words,
    ..."run --quiet --no-check --allow-all".split(" "),
    `${copy}/tests/walk/main.ts`,
    `--count=${count}`,
    "--until-wrong",
  );
  await Deno.writeTextFile(path, source);
  const seconds = Math.round((Date.now() - started) / 1000);
  // Rulesets of engines come first, then those of chance.
  const where = said.match(/^(seed \d+|\S+\.(?:rules|nft).*?): /m)?.[1];
  const isFound = code === EXIT.differs && where !== undefined;
  console.log(
    isFound
      ? `✓ ${name}: ${where}, ${seconds} s`
      : `✗ ${name}: not found, ${seconds} s`,
  );
  return isFound;
}

async function run(
  program: string,
  ...args: string[]
): Promise<{ code: number; said: string }> {
  const { code, stdout } = await new Deno.Command(program, {
    args,
    stdin: "null",
    stderr: "inherit",
  }).output();
  return { code, said: new TextDecoder().decode(stdout) };
}
