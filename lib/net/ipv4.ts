/** Arithmetic with IPv4 addresses and prefixes. */

/** An IPv4 address as a number. NaN for anything else. */
export function toNumber(address: string): number {
  const parts = address.split(".").map(Number);
  const good = parts.length === 4 &&
    parts.every((part) => Number.isInteger(part) && part >= 0 && part < 256);
  return good ? parts.reduce((sum, part) => sum * 256 + part, 0) : NaN;
}

/** The address of this number, in dotted form. */
function toAddress(number: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(number / 2 ** shift) % 256)
    .join(".");
}

/** Whether this is an IPv4 address. */
export function isAddress(word: string): boolean {
  return !Number.isNaN(toNumber(word));
}

/** Whether an address lies in a prefix such as `192.168.0.0/24`, or is it. */
export function covers(prefix: string, address: string): boolean {
  if (prefix === "default") return true;
  const [base, length = "32"] = prefix.split("/");
  const size = 2 ** (32 - maskLength(length));
  return Math.floor(toNumber(base) / size) ===
    Math.floor(toNumber(address) / size);
}

/** The length of a mask, given as `24` or as `255.255.255.0`. */
function maskLength(mask: string): number {
  if (!mask.includes(".")) return Number(mask);
  return toNumber(mask).toString(2).replaceAll("0", "").length;
}

/** The network that an address such as `192.168.0.1/24` belongs to. */
export function network(address: string): string {
  const [base, length = "32"] = address.split("/");
  const size = 2 ** (32 - Number(length));
  return `${toAddress(Math.floor(toNumber(base) / size) * size)}/${length}`;
}

/** Addresses that no router of the internet has a route to (RFC 1918, 6598). */
const PRIVATE = [
  "10.0.0.0/8",
  "172.16.0.0/12",
  "192.168.0.0/16",
  "100.64.0.0/10",
  "169.254.0.0/16",
];

/** Whether nobody on the internet could answer this address. */
export function isPrivate(address: string): boolean {
  return PRIVATE.some((prefix) => covers(prefix, address));
}

/** The first host address of a network that is not among those in use. */
export function freeAddress(
  prefix: string,
  used: readonly string[],
): string | undefined {
  const [base, length] = prefix.split("/");
  const size = 2 ** (32 - Number(length));
  for (let i = 1; i < Math.min(size - 1, 4096); i++) {
    const address = toAddress(toNumber(base) + i);
    if (!used.includes(address)) return address;
  }
}
