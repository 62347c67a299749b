/**
 * First, do no harm: every fix passes here before it is printed or run. Only
 * commands whose shape is known are let through, and of those none that cuts
 * off what works or takes away what another program made. Better no fix.
 */

import { shellWords } from "../cli/shell.ts";
import { ruleHarm } from "./harmless_rules.ts";
import { linkHarm } from "./harmless_links.ts";
import { routeHarm } from "./harmless_routes.ts";
import { type Harm, type Step, unknown } from "./harm.ts";
import type { Network } from "../net/network.ts";

/** What harm a fix would do; undefined: none that we know of. */
export async function harmOf(
  fix: readonly string[],
  network: Network,
): Promise<Harm | undefined> {
  const steps = fix.map((line) => stepOf(shellWords(line), network));
  const all = steps.map(({ argv }) => argv);
  for (const step of steps) {
    const harm = await harmOfStep({ ...step, network, all });
    if (harm) return harm;
  }
}

/** Takes off the words that lead into a namespace. */
function stepOf(
  words: string[],
  { machine, others }: Network,
): Pick<Step, "namespace" | "argv"> {
  const namespace = others.find(({ enter }) =>
    enter.length > 0 && enter.every((word, i) => words[i] === word)
  );
  if (namespace) {
    return { namespace, argv: words.slice(namespace.enter.length) };
  }
  if (/^ip netns exec /.test(words.join(" "))) {
    return { namespace: undefined, argv: words.slice(4) };
  }
  if (words[0] === "ip" && words[1] === "-n") {
    const named = others.find(({ label }) => label === words[2]);
    return { namespace: named, argv: ["ip", ...words.slice(3)] };
  }
  return { namespace: machine, argv: words };
}

async function harmOfStep(step: Step): Promise<Harm | undefined> {
  const { argv: [program, ...rest], namespace } = step;
  switch (program) {
    case "ip": {
      const [object, ...words] = rest[0] === "-4" ? rest.slice(1) : rest;
      if (["link", "addr", "netns", "neigh"].includes(object)) {
        return linkHarm(step, object, words);
      }
      if (["route", "rule", "xfrm"].includes(object)) {
        return await routeHarm(step, object, words);
      }
      return unknown(step);
    }
    case "sysctl":
      return await ruleHarm.sysctl(step, rest);
    case "bridge":
      return await ruleHarm.bridge(step, rest);
    case "iptables":
    case "iptables-nft":
    case "iptables-legacy":
      return await ruleHarm.iptables(step, rest);
    case "nft":
      return await ruleHarm.nft(step, rest);
    case "tc":
      return namespace && linkHarm(step, "tc", rest);
    case "conntrack":
      return FORGETS.test(rest.join(" ")) ? undefined : unknown(step);
    default:
      return unknown(step);
  }
}

/** Conversations of one sender, or a single one of them. */
const FORGETS =
  /^-D (-s [\d.]+|-p udp -s [\d.]+ -d [\d.]+ --sport \d+ --dport \d+)$/;
