/** The lab's subnet: 192.168.0.0/24 as the pages print it, or another one. */

import { EXIT, Problem } from "../cli/problem.ts";
import { t } from "../cli/translate.ts";

/** An IPv4 network. */
export interface Subnet {
  /** As it is written, such as `192.168.0.0/24`. */
  text: string;
  /** Its first address, as a number. */
  first: number;
  /** How many bits of an address name the network. */
  prefix: number;
}

/**
 * Reads `A.B.C.D/N`, or `A.B.C.D` for a single address; else undefined. Also
 * for `010.1.2.3`: what that zero means, programs do not agree on.
 */
export function readPrefix(text: string): Subnet | undefined {
  const match = text.match(/^(\d+)\.(\d+)\.(\d+)\.(\d+)(?:\/(\d+))?$/);
  if (!match || /(^|[./])0\d/.test(text)) return undefined;
  const bytes = match.slice(1, 5).map(Number);
  const prefix = Number(match[5] ?? 32);
  if (prefix > 32 || bytes.some((byte) => byte > 255)) return undefined;
  const number = bytes.reduce((sum, byte) => sum * 256 + byte, 0);
  return { text, first: number - number % size(prefix), prefix };
}

/** Whether two networks have an address in common. */
export function overlap(a: Subnet, b: Subnet): boolean {
  return a.first < b.first + size(b.prefix) &&
    b.first < a.first + size(a.prefix);
}

/** Whether all addresses of the one are the other's. */
function isWithin(a: Subnet, b: Subnet): boolean {
  return a.prefix >= b.prefix && overlap(a, b);
}

/** The subnet of the pages. */
export const PRINTED_SUBNET: Subnet = readPrefix("192.168.0.0/24")!;

/** The address in the subnet that ends with this number. */
export function addressIn(subnet: Subnet, last: number): string {
  return dotted(subnet.first - subnet.first % 256 + last);
}

/**
 * Reads what was given as `--subnet`. Throws a {@linkcode Problem} with exit
 * code 2 unless it is a network that holds the lab's addresses.
 */
export function parseSubnet(text: string): Subnet {
  const refuse = (why: string, next = t`Such as --subnet 10.77.0.0/24.`) =>
    new Problem(
      t`Cannot use ${JSON.stringify(text)} as the lab's subnet: ${why}.`,
      next,
      EXIT.usage,
    );
  if (text.includes(":")) throw refuse(t`the lab is made with IPv4`);
  const subnet = readPrefix(text);
  if (!subnet || !text.includes("/")) throw refuse(t`it is no IPv4 network`);
  const { first, prefix } = subnet;
  const proper = `${dotted(first)}/${prefix}`;
  if (prefix < 8) throw refuse(`/${prefix} is larger than any private network`);
  if (parseAddress(text) !== first) {
    throw refuse(t`it is an address in ${proper}`, `Try --subnet ${proper}.`);
  }
  const last = readPrefix(addressIn(subnet, 100))!;
  // The last address of a network is its broadcast address.
  if (prefix > 25 || !overlap(subnet, last)) {
    throw refuse(t`it must hold the addresses that end with .1, .2 and .100`);
  }
  const other = RESERVED.find(([range]) => overlap(subnet, readPrefix(range)!));
  if (other) throw refuse(`${other[0]} ${other[1]}`);
  if (!NOBODYS.some((range) => isWithin(subnet, readPrefix(range)!))) {
    throw refuse(
      t`it is somebody's in the internet, who could not be reached any more`,
    );
  }
  return { ...subnet, text: proper };
}

/** What no lab can be on. */
const RESERVED = [
  ["0.0.0.0/8", t`is no network`],
  ["127.0.0.0/8", t`is the computer itself`],
  ["169.254.0.0/16", t`is for what a cable alone connects, and a cloud's own`],
  ["224.0.0.0/3", t`is not for computers' addresses`],
  ["8.8.8.8", t`is whom the lab asks in the internet`],
];

/**
 * What the internet does not route, see
 * {@link https://www.iana.org/assignments/iana-ipv4-special-registry IANA}:
 * private networks, what providers share, what is for benchmarks and for books.
 */
const NOBODYS = [
  "10.0.0.0/8",
  "172.16.0.0/12",
  "192.168.0.0/16",
  "100.64.0.0/10",
  "198.18.0.0/15",
  "192.0.2.0/24",
  "198.51.100.0/24",
  "203.0.113.0/24",
];

/** How many addresses a network has. */
function size(prefix: number): number {
  return 2 ** (32 - prefix);
}

const parseAddress = (text: string) =>
  readPrefix(text.replace(/\/.*/, ""))?.first;

function dotted(number: number): string {
  return [24, 16, 8, 0].map((shift) => (number >>> shift) & 255).join(".");
}
