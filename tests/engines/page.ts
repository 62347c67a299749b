/** docs/engines.md: a section an engine, each from what was found by a test. */

import type { Parts } from "../../lib/docker/parts.ts";
import type { Report } from "../../lib/docker/report.ts";
import { ROOT } from "../throwaway.ts";

/** What real packets showed. */
export interface Shown {
  /** From a neighbour of the PC straight to a container's address. */
  fromNeighbour: boolean;
  /** From ns1 to ns2 on a bridge that is no engine's, with br_netfilter on. */
  besides: boolean;
}

const PAGE = `${ROOT}docs/engines.md`;

const HEAD = `# What engines build, and how it differs from ours

\`./lab test:engines\` writes this page: a section for each engine that it found,
with the version that the engine told. Every line was looked up or tried while
the test ran, in a
sandbox; "ours" is the lab of chapter publish, looked at in the same way.
`;

/** Writes the section of this very engine and version, and keeps the others. */
export async function writeSection(
  report: Report,
  ours: Parts,
  shown?: { ours: Shown; theirs: Shown },
): Promise<void> {
  const { client, version } = report.engine;
  const title = `${client} ${version}`;
  let old = "";
  try {
    old = await Deno.readTextFile(PAGE);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  const kept = old.split(/^(?=## )/m).slice(1)
    .filter((section) => !section.startsWith(`## ${title}\n`));
  const sections = [...kept, `## ${title}\n\n${section(report, ours, shown)}\n`]
    .sort((a, b) => a.localeCompare(b, "en", { numeric: true }));
  const text = [HEAD, ...sections.map((each) => `${each.trim()}\n`)].join("\n");
  const formatter = new Deno.Command(Deno.execPath(), {
    args: ["fmt", "--quiet", "--ext", "md", "-"],
    stdin: "piped",
    stdout: "piped",
  }).spawn();
  const writer = formatter.stdin.getWriter();
  await writer.write(new TextEncoder().encode(text));
  await writer.close();
  const { stdout } = await formatter.output();
  await Deno.writeFile(PAGE, stdout);
}

function section(
  report: Report,
  ours: Parts,
  shown?: { ours: Shown; theirs: Shown },
): string {
  const { engine, networks, published, parts } = report;
  const kinds = [...new Set(published.flatMap(({ behind }) => behind))]
    .map((each) => each.kind === "rule" ? "a rule" : each.program);
  const rows = [
    ...differences(ours, parts),
    ...shown ? probes(shown.ours, shown.theirs) : [],
  ];
  const networkLines = networks.map(({ name, bridge, subnets, gateways }) =>
    `- network ${name}: bridge ${bridge}, ${subnets}, gateway ${gateways}`
  );
  return [
    ...networkLines,
    `- firewall: ${engine.firewall} (${engine.firewallBy})`,
    `- behind a published port: ${[...new Set(kinds)].join(", ") || "nothing"}`,
    "",
    "| part | ours | this engine's | |",
    "| --- | --- | --- | --- |",
    ...rows.map(([part, left, right]) =>
      `| ${part} | ${left} | ${right} | ${left === right ? "=" : "≠"} |`
    ),
  ].join("\n");
}

type Row = [part: string, ours: string, theirs: string];

function differences(ours: Parts, theirs: Parts): Row[] {
  const row = (part: string, tell: (parts: Parts) => string): Row => [
    part,
    tell(ours).replaceAll("|", "\\|"),
    tell(theirs).replaceAll("|", "\\|"),
  ];
  const list = (all: readonly string[]) => all.join(", ") || "none";
  // What an engine names by a checksum is another one in every test.
  const stable = (all: readonly string[]) =>
    list([...new Set(all.map((each) => each.replace(/-[0-9A-F]{13,}/, "-…")))]);
  return [
    row("ip_forward", ({ forwarding }) => forwarding ? "on" : "off"),
    row("policy at forward", ({ forwardPolicies }) => list(forwardPolicies)),
    row("chains", ({ chains }) => stable(chains)),
    row("tables of nftables", ({ tables }) => list(tables)),
    row("drops before tracking", ({ rawDrops }) => list(rawDrops)),
    row(
      "bridges with an address",
      ({ bridgesWithAddress }) => `${bridgesWithAddress.length}`,
    ),
    row("hairpin ports", ({ hairpins }) => `${hairpins.length}`),
  ];
}

function probes(ours: Shown, theirs: Shown): Row[] {
  const say = (reached: boolean) => reached ? "reached" : "not reached";
  return [
    [
      "container's address, from a neighbour",
      say(ours.fromNeighbour),
      say(theirs.fromNeighbour),
    ],
    [
      "ns1 to ns2 beside it, where br_netfilter is on",
      say(ours.besides),
      say(theirs.besides),
    ],
  ];
}
