/** A probe that sends a UDP datagram, see {@link https://www.rfc-editor.org/rfc/rfc768 RFC 768}. */

import { portsOf } from "./frame.ts";
import { connect, ECONNREFUSED, wait } from "./inet_socket.ts";
import { lastError, libc } from "./libc.ts";
import { called, type NamespaceHandle } from "./namespaces.ts";
import { contains, type Probe, quoted } from "./probe.ts";
import { t } from "../cli/translate.ts";

/** One datagram. It is known by its payload, and answers by whom they are for. */
export function udpProbe(
  to: string,
  port: number,
  from: NamespaceHandle,
  waitMs: number,
  source?: string,
): Probe {
  const mark = crypto.getRandomValues(new Uint8Array(16));
  // From where it was seen to come, as NAT rewrote that; and for whom it was.
  const senders = new Set<string>();
  const receivers = new Set<string>();
  // A complaint may quote no more than the first 8 bytes of what it is about.
  const heads: Uint8Array[] = [];
  return {
    protocol: 17,
    source,
    what: t`A UDP datagram from ${called(from.name)}${
      source ? ` (${source})` : ""
    } to ${to}, port ${port}.`,
    flow: {
      protocol: "udp",
      dst: to,
      dport: port,
      length: 28 + mark.length,
      ...source ? { src: source } : {},
    },
    // A refusal comes by ICMP, which has no ports.
    refuses: ({ sport }) => sport === undefined,
    accepts: t`A datagram came back: somebody listens on port ${port}.`,
    async send(namespaces) {
      const socket = connect(namespaces, from, "udp", [to, port], source);
      if (!("fd" in socket)) return socket;
      const { fd, source: chosen } = socket;
      try {
        if (libc().sendto(fd, mark, BigInt(mark.length), 0, null, 0) < 0) {
          return { words: lastError().words, blocked: false, source: chosen };
        }
        await wait(fd, "in", waitMs);
        const got = Number(libc().read(fd, new Uint8Array(64), 64n));
        const answered = got >= 0 || lastError().number === ECONNREFUSED;
        return { words: "", blocked: false, source: chosen, answered };
      } finally {
        libc().close(fd);
      }
    },
    role(ip) {
      const { src, dst, payload, protocol } = ip;
      if (protocol === 1) {
        const about = quoted(ip);
        if (!about) return undefined;
        const isOurs = contains(about.payload, mark) ||
          heads.some((head) => contains(about.payload.subarray(0, 8), head));
        if (!isOurs) return undefined;
        // Whoever was asked says so himself: it is his answer.
        const { sport } = portsOf(about) ?? {};
        return payload[0] === 3 && payload[1] === 3 && src === about.dst &&
            senders.has(`${about.src}:${sport}`)
          ? "reply"
          : "complaint";
      }
      const ports = portsOf(ip);
      if (protocol !== 17 || !ports) return undefined;
      const [sender, receiver] = [
        `${src}:${ports.sport}`,
        `${dst}:${ports.dport}`,
      ];
      const isReply = senders.has(receiver) && !receivers.has(receiver);
      if (!isReply && !contains(payload, mark)) return undefined;
      heads.push(payload.subarray(0, 8));
      if (isReply) return "reply";
      senders.add(sender);
      receivers.add(receiver);
      return "request";
    },
  };
}
