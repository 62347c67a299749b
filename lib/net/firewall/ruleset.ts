/**
 * A firewall's rules, in one form for every backend, and what becomes of a
 * packet in them.
 *
 * A test may answer "cannot be told" (undefined): a rate limit, a set that was
 * not read. Such a rule is passed by, but the outcome is not sure any more.
 */

/** A packet, at some point of its way. */
export interface Packet {
  /** An ARP question, or a ping. */
  kind: "arp" | "request" | "reply";
  /** The sender. */
  src: string;
  /** The receiver. */
  dst: string;
  /** The receiver that it had before the kernel undid NAT (at priority -100). */
  before?: string;
  /** Came in by … */
  iif?: string;
  /** … and is about to leave by. */
  oif?: string;
  /** The sender that MASQUERADE would write. */
  masqueraded?: string;
  /** The bridge ports, while it crosses a bridge. */
  portIn?: string;
  /** The port that it leaves by. */
  portOut?: string;
  /** What connection tracking calls it. */
  state: "new" | "established" | "untracked";
  /** How many routers it may still pass. */
  ttl: number;
  /** What a rule wrote on it (fwmark). */
  mark: number;
  /** Addresses of the machine itself: for `--dst-type LOCAL`. */
  own: readonly string[];
}

/** Yes, no, or: cannot be told. */
export type Truth = boolean | undefined;

/** What a rule does with a packet that it matches. */
export type Action =
  | { do: "accept" | "drop" | "return" | "go on" | "masquerade" | "notrack" }
  | { do: "jump" | "goto"; chain: string }
  | { do: "snat" | "dnat"; to: string }
  | { do: "mark"; value: number; mask: number }
  | { do: "ttl"; change: (ttl: number) => number }
  /** Something that we do not know: it may end the packet's way. */
  | { do: "unknown" };

/** One rule. */
export interface Rule {
  /** Whether it matches a packet. */
  test: (packet: Packet) => Truth;
  /** May depend on the packet: a verdict map. */
  action: (packet: Packet) => Action;
  /** The command that shows it, and how to find its line there. */
  show: string;
  /** That line. */
  line: string;
  /** The command that takes it away. */
  remove: string;
  /** The network that packets come from, the one they go to, and the way out. */
  from?: string;
  /** Where packets go to. */
  to?: string;
  /** The way out; with `! ` in front, any but this one. */
  out?: string;
}

/** A list of rules. One with a hook is where packets come in. */
export interface Chain {
  /** Who keeps it: the iptables that is typed, the other one, or nftables. */
  backend: "iptables" | "other iptables" | "nft";
  /** `ip`, `inet`, `bridge`, `arp`, `netdev`. */
  family: string;
  /** Its table. */
  table: string;
  /** Its name. */
  name: string;
  /** Such as `forward`; none for a chain that others jump to. */
  hook?: string;
  /** `filter`, `nat`, …: a nat chain sees only a flow's first packet. */
  type?: string;
  /** Chains of a hook are asked from the lowest to the highest. */
  priority: number;
  /** What becomes of a packet that no rule decided. */
  policy: "accept" | "drop";
  /** The devices of an ingress chain. */
  devices?: string[];
  /** In order. */
  rules: Rule[];
  /** The command that shows the policy, and its line. */
  show: string;
  /** That line. */
  line: string;
  /** Makes the command that lets through what comes from, or goes to, a network. */
  accept: (what: Pass) => string;
}

/** What a rule is to let through. */
export interface Pass {
  /** The sender's network. */
  from?: string;
  /** Where packets go to. */
  to?: string;
  /** Only what belongs to a known conversation. */
  replies?: boolean;
  /** Before all rules that are there. */
  first?: boolean;
}

/** What became of a packet at a hook. */
export interface Outcome {
  /** Dropped or rejected here; undefined: it went through. */
  dropped?: { base: Chain; chain: Chain; rule?: Rule };
  /** Addresses were rewritten by this rule. */
  nat?: { rule: Rule; action: Action };
  /** Taken out of connection tracking by this rule. */
  untracked?: Rule;
  /** The rule that set its time to live. */
  aged?: Rule;
  /** False if some test on the way could not be told. */
  sure: boolean;
  /** Rules that would drop it if their test held. */
  doubts: Rule[];
  /** The packet as it goes on. */
  packet: Packet;
}

/** Sends a packet through all chains of a hook, by priority. */
export function passHook(
  chains: readonly Chain[],
  families: readonly string[],
  hook: string,
  packet: Packet,
): Outcome {
  const outcome: Outcome = { sure: true, doubts: [], packet };
  const here = chains
    .filter((chain) => chain.hook === hook && families.includes(chain.family))
    .filter((chain) => !chain.devices || chain.devices.includes(packet.iif!))
    .sort((a, b) => a.priority - b.priority);
  for (const chain of here) {
    if (chain.type === "nat" && packet.state !== "new") continue;
    const { before, dst } = outcome.packet;
    if (before && hook === "prerouting" && chain.priority < -100) {
      outcome.packet = { ...outcome.packet, dst: before };
    }
    const end = passChain(chains, chain, chain, outcome);
    outcome.packet = { ...outcome.packet, dst };
    if (hook === "postrouting" && outcome.nat) {
      outcome.packet.src = newSource(outcome.nat.action, packet);
    }
    if (end === "dropped") return outcome;
    if (end === "end" && chain.policy === "drop") {
      outcome.dropped = { base: chain, chain };
      return outcome;
    }
  }
  return outcome;
}

/** The sender that source NAT writes. */
function newSource(action: Action, { src, masqueraded }: Packet): string {
  return action.do === "snat" ? action.to.split(/[-:]/)[0] : masqueraded ?? src;
}

type End = "dropped" | "accepted" | "end";

function passChain(
  all: readonly Chain[],
  base: Chain,
  chain: Chain,
  outcome: Outcome,
  depth = 0,
): End {
  for (const rule of depth < 17 ? chain.rules : []) {
    const matches = rule.test(outcome.packet);
    if (matches === false) continue;
    const action = rule.action(outcome.packet);
    if (matches === undefined) {
      if (action.do === "drop") outcome.doubts.push(rule);
      if (action.do !== "go on") outcome.sure = false;
      continue;
    }
    switch (action.do) {
      case "accept":
        return "accepted";
      case "drop":
        outcome.dropped = { base, chain, rule };
        return "dropped";
      case "return":
        return "end";
      case "jump":
      case "goto": {
        const next = all.find((each) =>
          each.name === action.chain && each.table === chain.table &&
          each.family === chain.family && each.backend === chain.backend
        );
        const end = next && passChain(all, base, next, outcome, depth + 1);
        if (end === "dropped" || end === "accepted") return end;
        if (action.do === "goto") return "end";
        break;
      }
      case "masquerade":
      case "snat":
      case "dnat":
        // The first rule that matches decides.
        outcome.nat ??= { rule, action };
        return "accepted";
      case "notrack":
        outcome.untracked ??= rule;
        outcome.packet = { ...outcome.packet, state: "untracked" };
        break;
      case "mark": {
        const mark = (outcome.packet.mark & ~action.mask) ^ action.value;
        outcome.packet = { ...outcome.packet, mark: mark >>> 0 };
        break;
      }
      case "ttl":
        outcome.aged = rule;
        outcome.packet = {
          ...outcome.packet,
          ttl: action.change(outcome.packet.ttl),
        };
        break;
      case "unknown":
        outcome.sure = false;
        outcome.doubts.push(rule);
    }
  }
  return "end";
}

/** All of them hold: no beats unknown, unknown beats yes. */
export function every(truths: readonly Truth[]): Truth {
  if (truths.includes(false)) return false;
  return truths.includes(undefined) ? undefined : true;
}

/** The opposite, where it is known. */
export function not(truth: Truth): Truth {
  return truth === undefined ? undefined : !truth;
}

/** Whether a name fits a pattern with a wildcard at its end, as in `veth+`. */
export function fits(pattern: string, name = "", wildcard = "+"): boolean {
  return pattern.endsWith(wildcard)
    ? name.startsWith(pattern.slice(0, -1))
    : name === pattern;
}
