/**
 * The matches of a rule of iptables, as iptables-save prints them: see
 * iptables(8), "Parameters", and iptables-extensions(8), "Match extensions".
 */

import { covers, toNumber } from "../ipv4.ts";
import { ofType } from "./address_type.ts";
import {
  type Endpoints,
  ICMP_TYPES,
  type Packet,
  PROTOCOL_NUMBERS,
} from "./packet.ts";
import { every, fits, not, same, some, type Truth, within } from "./truth.ts";

type Test = (packet: Packet) => Truth;

/** What a rule asks of a packet. */
export interface Matches {
  /** All must hold. */
  matches: ((packet: Packet) => Truth)[];
  /** The network of `-s`, of `-d`, and the interface of `-o`, `! ` in front. */
  from?: string;
  /** See there. */
  to?: string;
  /** See there. */
  out?: string;
  /** Where the target begins: the index of `-j` or `-g`, or the end. */
  at: number;
}

/** Reads the words of a rule, from behind its chain on, up to its target. */
export function readMatches(words: readonly string[]): Matches {
  const read: Matches = { matches: [], at: words.length };
  let isNot = false;
  let module = "";
  for (let i = 0; i < words.length; i++) {
    const option = words[i];
    if (option === "!") {
      isNot = true;
      continue;
    }
    if (option === "-j" || option === "-g") {
      read.at = i;
      break;
    }
    if (option === "-m") {
      module = words[++i] ?? "";
      continue;
    }
    const values: string[] = [];
    const count = VALUES[option];
    // Of an option that is not known, whatever looks like a value is one.
    while (
      count === undefined
        ? i + 1 < words.length && !/^(-|!$)/.test(words[i + 1])
        : values.length < count && i + 1 < words.length
    ) values.push(words[++i]);
    const [value = ""] = values;
    if (option === "-s" && !isNot) read.from = value;
    if (option === "-d" && !isNot) read.to = value;
    if (option === "-o") read.out = (isNot ? "! " : "") + value;
    const test = testOf(option, values, module);
    const flip = isNot;
    read.matches.push(flip ? (packet) => not(test(packet)) : test);
    isNot = false;
  }
  return read;
}

/** How many values an option takes, where it is not as many as follow. */
const VALUES: Readonly<Record<string, number>> = {
  "-f": 0,
  "--syn": 0,
  "--physdev-is-in": 0,
  "--physdev-is-out": 0,
  "--physdev-is-bridged": 0,
  "--limit-iface-in": 0,
  "--limit-iface-out": 0,
  "--socket-exists": 0,
  "--kerneltz": 0,
  "--contiguous": 0,
  "--return-nomatch": 0,
  "--tcp-flags": 2,
  "--match-set": 2,
  "--comment": 1,
  "--string": 1,
  "--hex-string": 1,
};

const unknown: Test = () => undefined;

function testOf(
  option: string,
  [value = "", second = ""]: readonly string[],
  module: string,
): Test {
  const list = value.split(",");
  switch (option) {
    case "-s":
      return ({ src }) => some(list.map((each) => covers(each, src)));
    case "-d":
      return ({ dst }) => some(list.map((each) => covers(each, dst)));
    case "-i":
      return ({ iif }) => fits(value, iif);
    case "-o":
      return ({ oif }) => fits(value, oif);
    case "-p":
      return ({ protocol }) => isProtocol(value, protocol);
    case "-f":
      // What we send is whole. (So is what is tracked, once it is.)
      return () => false;
    case "--comment":
      return () => true;
    case "--physdev-is-in":
    case "--physdev-is-out":
    case "--physdev-is-bridged":
    case "--physdev-in":
    case "--physdev-out":
      return physdev(option, value);
    case "--sport":
      return ({ sport }) => inPorts(value, sport);
    case "--dport":
      return ({ dport }) => inPorts(value, dport);
    case "--sports":
      return ({ sport }) => some(list.map((each) => inPorts(each, sport)));
    case "--dports":
      return ({ dport }) => some(list.map((each) => inPorts(each, dport)));
    case "--ports":
      return ({ sport, dport }) =>
        some(list.flatMap((each) => [
          inPorts(each, sport),
          inPorts(each, dport),
        ]));
    case "--tcp-flags":
      return ({ flags }) =>
        flags &&
        hasFlags(list, second === "NONE" ? [] : second.split(","), flags);
    case "--icmp-type":
      return ({ icmp }) => icmp && isIcmp(value, icmp);
    case "--state":
    case "--ctstate":
      return ({ ct }) => some(list.map((each) => inState(each, ct)));
    case "--mark":
      return ({ mark, ct }) =>
        isMarked(value, module === "connmark" ? ct.mark : mark);
    case "--dst-type":
      return ({ dst, own }) => ofType(value.split(","), dst, own);
    case "--src-type":
      return ({ src, own }) => ofType(value.split(","), src, own);
    case "--limit-iface-in":
    case "--limit-iface-out":
      // Only what is local somewhere may be local elsewhere.
      return ({ src, dst, own }) =>
        own.includes(src) || own.includes(dst) ? undefined : true;
    case "--src-range":
      return ({ src }) => inRange(value, src);
    case "--dst-range":
      return ({ dst }) => inRange(value, dst);
    case "--ttl-eq":
      return ({ ttl }) => ttl === Number(value);
    case "--ttl-lt":
      return ({ ttl }) => ttl < Number(value);
    case "--ttl-gt":
      return ({ ttl }) => ttl > Number(value);
    case "--length":
      return ({ length }) => inPorts(value, length);
    case "--mac-source":
      return ({ srcMac }) => same(value.toLowerCase(), srcMac);
    case "--pkt-type":
      return value === "unicast" ? () => true : () => false;
    case "--uid-owner":
      return ({ uid }) => uid === undefined ? undefined : inPorts(value, uid);
  }
  return option.startsWith("--ct") ? connection(option, value) : unknown;
}

function physdev(option: string, value: string): Test {
  switch (option) {
    case "--physdev-in":
      return ({ portIn }) => portIn !== undefined && fits(value, portIn);
    case "--physdev-out":
      return ({ portOut }) => portOut !== undefined && fits(value, portOut);
    case "--physdev-is-in":
      return ({ portIn }) => portIn !== undefined;
    case "--physdev-is-out":
      return ({ portOut }) => portOut !== undefined;
    case "--physdev-is-bridged":
      return ({ portIn, portOut }) =>
        portIn !== undefined && portOut !== undefined;
    default:
      return unknown;
  }
}

/** What `-m conntrack` asks about the connection as a whole. */
function connection(option: string, value: string): Test {
  const of = (
    { ct }: Packet,
    side: "original" | "reply",
    what: keyof Endpoints,
  ): Truth => {
    // Not tracked: then nothing holds of its connection.
    if (ct.state === "invalid" || ct.state === "untracked") return false;
    const known = ct[side]?.[what];
    if (known === undefined) return undefined;
    return typeof known === "number"
      ? inPorts(value, known)
      : covers(value, known);
  };
  switch (option) {
    case "--ctorigsrc":
      return (packet) => of(packet, "original", "src");
    case "--ctorigdst":
      return (packet) => of(packet, "original", "dst");
    case "--ctreplsrc":
      return (packet) => of(packet, "reply", "src");
    case "--ctrepldst":
      return (packet) => of(packet, "reply", "dst");
    case "--ctorigsrcport":
      return (packet) => of(packet, "original", "sport");
    case "--ctorigdstport":
      return (packet) => of(packet, "original", "dport");
    case "--ctreplsrcport":
      return (packet) => of(packet, "reply", "sport");
    case "--ctrepldstport":
      return (packet) => of(packet, "reply", "dport");
    case "--ctproto":
      return ({ protocol }) => isProtocol(value, protocol);
    case "--ctdir":
      return ({ ct }) => ct.direction === value.toLowerCase();
    default:
      return unknown;
  }
}

/** `tcp`, `6`, `all`. */
function isProtocol(name: string, protocol?: Packet["protocol"]): Truth {
  const number = PROTOCOL_NUMBERS[name] ?? Number(name);
  if (name === "all" || number === 0) return true;
  if (Number.isNaN(number)) return undefined;
  return protocol !== undefined && PROTOCOL_NUMBERS[protocol] === number;
}

/** `80`, `1024:2048`, `:1023`. A port that the packet lacks is in none. */
function inPorts(range: string, port: number | undefined): Truth {
  const [low, high = low] = range.split(/[:-]/);
  return within(
    port,
    low === "" ? 0 : Number(low),
    high === "" ? Infinity : Number(high),
  );
}

function hasFlags(
  mask: readonly string[],
  set: readonly string[],
  flags: readonly string[],
): boolean {
  const all = ["FIN", "SYN", "RST", "PSH", "ACK", "URG"];
  const looked = mask.includes("ALL") ? all : mask;
  const wanted = set.includes("ALL") ? all : set;
  return looked.every((each) =>
    wanted.includes(each) === flags.includes(each.toLowerCase())
  );
}

/** `8`, `3/4`, `echo-request`, `any`. */
function isIcmp(
  name: string,
  { type, code }: { type: number; code: number },
): Truth {
  if (name === "any" || name === "255") return true;
  const [wanted, wantedCode] = ICMP_TYPES[name] ?? name.split("/").map(Number);
  if (Number.isNaN(wanted)) return undefined;
  return wanted === type && (wantedCode === undefined || wantedCode === code);
}

function inState(name: string, { state, nat }: Packet["ct"]): Truth {
  if (state === undefined) return undefined;
  if (name === "SNAT" || name === "DNAT") {
    return nat.includes(name.toLowerCase() as "snat" | "dnat");
  }
  return name.toLowerCase() === state;
}

/** `0x1`, `0x1/0xff`. */
function isMarked(value: string, mark: number | undefined): Truth {
  const [wanted, mask = "0xffffffff"] = value.split("/");
  return mark === undefined
    ? undefined
    : ((mark & Number(mask)) >>> 0) === Number(wanted);
}

function inRange(range: string, address: string): Truth {
  const [low, high = low] = range.split("-").map(toNumber);
  return every([toNumber(address) >= low, toNumber(address) <= high]);
}
