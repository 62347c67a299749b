/** What an engine builds beside what we build; writes docs/engines.md. */

import {
  assert,
  assertEquals,
  assertMatch,
  assertStringIncludes,
} from "@std/assert";
import type { Parts } from "../../lib/docker/parts.ts";
import type { Report } from "../../lib/docker/report.ts";
import { fixPath } from "../../vm/path.ts";
import { type Throwaway, throwaway } from "../throwaway.ts";
import { type Shown, writeSection } from "./page.ts";
import {
  dockerLacks,
  inspectDocker,
  inspectPodman,
  podmanLacks,
} from "./start.ts";

fixPath();
const missing = dockerLacks();
const ignore = missing.length > 0;
const why = ignore ? ` (not here: ${missing.join(", ")})` : "";

async function answers(lab: Throwaway, line: string): Promise<boolean> {
  return (await lab.run(line)).code === 0;
}

/** Whether ns1 reaches ns2 where frames on a bridge meet the rules. */
async function besides(lab: Throwaway): Promise<boolean> {
  // The sandbox may have it off: it is the kernel's default, not an engine's.
  await lab.run("sysctl -w net.bridge.bridge-nf-call-iptables=1");
  return await answers(lab, "ip netns exec ns1 ping -c 1 -W 1 192.168.0.2");
}

async function readParts(lab: Throwaway): Promise<Parts> {
  const { code, stdout, stderr } = await lab.script(
    "tests/engines/print_parts.ts",
  );
  assertEquals(code, 0, stderr);
  return JSON.parse(stdout);
}

/** A neighbour who knows the way, and was not invited. */
async function fromNeighbour(lab: Throwaway, network: string, target: string) {
  const enter = "ip netns exec outside";
  const added = await lab.run(
    `${enter} ip route add ${network} via 203.0.113.2`,
  );
  assertEquals(added.code, 0, added.stderr);
  return await answers(lab, `${enter} ping -c 1 -W 1 ${target}`);
}

Deno.test({
  name: `engines: what Docker builds, and what is different from ours${why}`,
  ignore,
}, async () => {
  await using hand = await throwaway();
  await hand.task("beyond:publish");
  const ours = await readParts(hand);
  const oursShown: Shown = {
    fromNeighbour: await fromNeighbour(hand, "192.168.0.0/24", "192.168.0.1"),
    besides: await besides(hand),
  };
  // Nothing of ours shuts anybody out.
  assertEquals(oursShown, { fromNeighbour: true, besides: true });

  await using lab = await throwaway();
  const { code, stderr } = await lab.task("beyond:docker --json");
  assertEquals(code, 0, stderr);
  const told = await inspectDocker(lab, "--engine", "docker", "--json");
  assertEquals(told.code, 0, told.stderr);
  const report: Report = JSON.parse(told.stdout);
  const { parts, containers, engine } = report;
  // The engine's own word, not that of the client or of a package.
  const asked = await lab.run("docker version --format {{.Server.Version}}");
  assertEquals(engine.version, asked.stdout.trim());
  const web = containers.find(({ name }) => name === "web")!;
  const target = web.cards[0].address!.split("/")[0];
  const reached = await fromNeighbour(lab, "172.17.0.0/16", target);
  const drops = parts.rawDrops.length > 0 ||
    parts.forwardPolicies.some((policy) => policy.endsWith("drop"));
  assertEquals(reached, !drops, "whom its rules shut out");
  const addr = await lab.task("stage:addr");
  assertEquals(addr.code, 0, addr.stderr + addr.stdout);
  const theirsBesides = await besides(lab);
  const then = await readParts(lab);
  const meetsRules = then.bridgeNetfilter === true &&
    then.forwardPolicies.some((policy) => policy.endsWith("drop"));
  assertEquals(theirsBesides, !meetsRules, "who else feels its policy");
  assert(parts.bridgesWithAddress.includes("docker0"));
  assertEquals(ours.bridgesWithAddress, ["br0"]);
  assertEquals(report.networks[0].gateways, ["172.17.0.1"]);
  await writeSection(report, ours, {
    ours: oursShown,
    theirs: { fromNeighbour: reached, besides: theirsBesides },
  });
});

const lacks = podmanLacks();

Deno.test({
  name: `engines: what Podman builds, and what is different from ours${
    lacks.length ? ` (not here: ${lacks.join(", ")})` : ""
  }`,
  ignore: lacks.length > 0,
}, async () => {
  await using hand = await throwaway();
  await hand.task("beyond:publish");
  await using lab = await throwaway();
  const { code, stdout, stderr } = await inspectPodman(lab);
  assertEquals(code, 0, stderr);
  const report: Report = JSON.parse(stdout);
  assertMatch(report.engine.version, /^\d+\.\d+/);
  const [{ bridge, subnets, gateways }] = report.networks;
  assertEquals([bridge, subnets, gateways], [
    "podman0",
    ["10.88.0.0/16"],
    ["10.88.0.1"],
  ]);
  const [port] = report.published;
  assertEquals([port.container, port.hostPort], ["p2", 8080]);
  const rule = port.behind.find(({ kind }) => kind === "rule");
  assert(rule?.kind === "rule", JSON.stringify(port.behind));
  assert(!port.behind.some(({ kind }) => kind === "proxy"), "it has none");
  // The rule is really there, where the report says that rules are kept.
  const rules = await lab.run(
    rule.backend === "iptables" ? "iptables-save -t nat" : "nft list ruleset",
  );
  assertStringIncludes(rules.stdout, rule.rule);
  await writeSection(report, await readParts(hand));
});
