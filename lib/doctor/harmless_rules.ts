/** What may be done to firewalls, bridges and the kernel's switches. */

import { quotedLine, shell } from "../cli/shell.ts";
import {
  type Engine,
  engineOfChain,
  engineOfLink,
  engineOfRule,
  enginesIn,
} from "../net/firewall/owners.ts";
import { type Harm, held, type Step, unknown } from "./harm.ts";
import { isWayOut } from "./harmless_links.ts";
import { inside, linkOf } from "../net/namespace.ts";
import { t } from "../cli/translate.ts";

/** What harm such commands would do, by their program. */
export const ruleHarm = { sysctl, bridge, iptables, nft };

/** Switches that only let more through, and what they may be set to. */
const SWITCHES =
  /^net\.ipv4\.(ip_forward=1|conf\.[^=]+\.(forwarding=1|rp_filter=2|arp_ignore=0)|icmp_echo_ignore_all=0|ip_default_ttl=64)$/;

async function sysctl(
  step: Step,
  [option, change, ...more]: readonly string[],
): Promise<Harm | undefined> {
  if (option !== "-w" || !change || more.length > 0) return unknown(step);
  if (SWITCHES.test(change)) return undefined;
  if (change !== "net.bridge.bridge-nf-call-iptables=0") return unknown(step);
  const { network, namespace: namespace = network.machine } = step;
  const [engine] = enginesIn((await network.firewall(namespace)).chains);
  return engine && byEngine(
    engine,
    t`${engine.name} counts on iptables being asked about what crosses a bridge`,
    inside(namespace, "iptables -S"),
  );
}

/** A bridge that another program made is set up as that one wants it. */
// deno-lint-ignore require-await
async function bridge(
  step: Step,
  words: readonly string[],
): Promise<Harm | undefined> {
  const { namespace } = step;
  const known =
    /^(link set dev \S+ (isolated off|locked off|state 3|(bcast_)?flood on)|vlan add dev \S+ vid \d+ pvid untagged( self)?|fdb del \S+ dev \S+ master)$/;
  if (!namespace || !known.test(words.join(" "))) return unknown(step);
  const dev = words[words.indexOf("dev") + 1];
  const engine = engineOfLink(linkOf(namespace, dev)?.master ?? dev);
  return engine && byEngine(
    engine,
    t`${dev} is in a bridge that ${engine.name} keeps`,
    inside(namespace, shell`bridge -d link show dev ${dev}`),
  );
}

async function iptables(
  step: Step,
  words: readonly string[],
): Promise<Harm | undefined> {
  const { network, namespace: namespace = network.machine, argv } = step;
  const table = words[0] === "-t" ? words[1] : "filter";
  const [option, chain, ...rest] = words[0] === "-t" ? words.slice(2) : words;
  if (!chain) return unknown(step);
  const { chains } = await network.firewall(namespace);
  const look = inside(
    namespace,
    quotedLine([
      argv[0],
      ...table === "filter" ? [] : ["-t", table],
      "-S",
      chain,
    ]),
  );
  if (option === "-D") {
    const engine = engineOfRule([chain, ...rest], table, namespace, chains);
    if (engine) {
      return byEngine(engine, t`it is a rule of ${engine.name}`, look, chain);
    }
    const uplink = outOf(rest);
    return uplink !== undefined && movesAway(step, uplink) &&
        namespace.routes.some(({ to, dev }) => isWayOut(to) && dev === uplink)
      ? held(t`all else that leaves by ${uplink} needs that rule`, [look])
      : undefined;
  }
  if (option !== "-A" && option !== "-I") return unknown(step);
  const target = rest[rest.indexOf("-j") + 1];
  const lets = target === "ACCEPT" ||
    target === "MASQUERADE" && table === "nat" &&
      // By one interface, or to one port.
      (rest.includes("-o") || rest.includes("-d") && rest.includes("--dport"));
  if (!lets) return unknown(step);
  const engine = engineOfChain(chain);
  return engine &&
    byEngine(engine, t`${chain} is a chain of ${engine.name}`, look, chain);
}

/** The interface that a rule for masquerading is about. */
function outOf(words: readonly string[]): string | undefined {
  return words.includes("MASQUERADE") && words.includes("-o")
    ? words[words.indexOf("-o") + 1]
    : undefined;
}

/** Whether the fix masquerades what leaves by another interface instead. */
function movesAway({ all }: Step, uplink: string): boolean {
  return all.some((argv) =>
    argv.includes("-A") && ![undefined, uplink].includes(outOf(argv))
  );
}

async function nft(
  step: Step,
  words: readonly string[],
): Promise<Harm | undefined> {
  const { network, namespace: namespace = network.machine } = step;
  const [verb, what, family, table, chain, ...rest] = words;
  const removes = verb === "delete" && /^handle \d+$/.test(rest.join(" "));
  const lets = ["add", "insert"].includes(verb) && rest.at(-1) === "accept";
  if (what !== "rule" || !removes && !lets) return unknown(step);
  const { chains } = await network.firewall(namespace);
  const own = chains.find((each) =>
    each.backend === "nft" && each.family === family &&
    each.table === table && each.name === chain
  );
  const line = own?.rules.find((rule) => rule.line === `# ${rest.join(" ")}`)
    ?.show;
  const engine = engineOfChain(table) ?? engineOfChain(chain);
  return engine && byEngine(
    engine,
    t`the table ${table} is ${engine.name}'s`,
    line ?? inside(namespace, shell`nft list table ${family} ${table}`),
  );
}

/** What a program made, it mends itself. */
function byEngine(
  { name, look }: Engine,
  why: string,
  show: string,
  chain = "",
): Harm {
  // Docker keeps networks apart on purpose.
  const apart = name === "Docker" && /ISOLATION|INTERNAL/.test(chain)
    ? t`, which keeps its networks apart on purpose; \`docker network connect\` joins a container to another one`
    : "";
  return held(why + apart, [show, ...look ? [look] : []], true);
}
