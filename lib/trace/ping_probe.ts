/** A probe that is an ordinary ping, see ping(8). */

import { ownWords, run } from "../cli/command.ts";
import { inside, type NamespaceHandle } from "./namespaces.ts";
import { contains, type Probe, quoted } from "./probe.ts";

/**
 * A ping of one packet. It is known by its payload.
 *
 * @param size its length in bytes, IP header included: then nobody may split it.
 */
export function pingProbe(
  to: string,
  { prefix }: NamespaceHandle,
  waitMs: number,
  source?: string,
  size?: number,
): Probe {
  // Whatever NAT does to the headers, these bytes stay.
  const mark = crypto.getRandomValues(new Uint8Array(8));
  const hex = [...mark].map((b) => b.toString(16).padStart(2, "0")).join("");
  const from = source ? `-I ${source} ` : "";
  const large = size === undefined ? "" : `-M do -s ${size - HEADERS} `;
  const command = `ping -n -c 1 -W ${
    waitMs / 1000
  } ${large}-p ${hex} ${from}${to}`;
  // A complaint may quote no more than the first 8 bytes of what it is about.
  const heads: Uint8Array[] = [];
  return {
    protocol: 1,
    source,
    what: `$ ${prefix} ${command}`.replace("  ", " "),
    flow: {
      protocol: "icmp",
      dst: to,
      ...source ? { src: source } : {},
      ...size === undefined ? {} : { length: size, dontFragment: true },
    },
    refuses: () => false,
    async send(namespaces, namespace) {
      const { code, stderr } = await inside(
        namespaces,
        namespace,
        () => run(command.split(" ")),
      );
      const words = ownWords(stderr);
      const refused = /unreachable|not permitted|invalid argument|host is down/i
        .test(words) && !/socket/i.test(words);
      return {
        words,
        blocked: code > 1 && !refused,
        answered: code === 0,
        source,
      };
    },
    role(ip) {
      if (ip.protocol !== 1) return undefined;
      const type = ip.payload[0];
      if (type === 8 || type === 0) {
        if (!contains(ip.payload, mark)) return undefined;
        heads.push(ip.payload.subarray(0, 8));
        return type === 8 ? "request" : "reply";
      }
      const about = quoted(ip)?.payload;
      return about && (contains(about, mark) ||
          heads.some((head) => contains(about.subarray(0, 8), head)))
        ? "complaint"
        : undefined;
    },
  };
}

/** An IPv4 header without options, and that of an echo request. */
const HEADERS = 28;
