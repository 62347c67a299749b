/** Questions to a resolver and its answers, see {@link https://www.rfc-editor.org/rfc/rfc1035 RFC 1035}. */

/** What a resolver said. */
export interface DnsAnswer {
  /** `NOERROR`, `NXDOMAIN`, `SERVFAIL` …, see RFC 1035, section 4.1.1. */
  code: string;
  /** How many records it found. */
  records: number;
}

/** The question for a name's IPv4 addresses, as the bytes of a message. */
export function dnsQuestion(name: string): number[] {
  const labels = name.replace(/\.$/, "").split(".").flatMap((label) => {
    const bytes = new TextEncoder().encode(label);
    return [bytes.length, ...bytes];
  });
  // An id, "recursion desired", one question; then name, type A, class IN.
  return [0x6c, 0x61, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, ...labels, 0, 0, 1, 0, 1];
}

/** Whether a question can be written for this name. */
export function isDnsName(name: string): boolean {
  return name.length < 254 &&
    /^(?!-)[a-z\d_-]{1,63}(\.[a-z\d_-]{1,63})*\.?$/i.test(name);
}

/** Reads an answer; undefined if the bytes are none to that question. */
export function readDnsAnswer(bytes: readonly number[]): DnsAnswer | undefined {
  const isAnswer = bytes.length >= 12 && bytes[0] === 0x6c &&
    bytes[1] === 0x61 && (bytes[2] & 0x80) !== 0;
  if (!isAnswer) return undefined;
  const code = bytes[3] & 15;
  return {
    code: CODES[code] ?? `RCODE ${code}`,
    records: bytes[6] << 8 | bytes[7],
  };
}

const CODES = [
  "NOERROR",
  "FORMERR",
  "SERVFAIL",
  "NXDOMAIN",
  "NOTIMP",
  "REFUSED",
];
