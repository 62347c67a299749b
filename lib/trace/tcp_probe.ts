/** A probe that opens a TCP connection, see {@link https://www.rfc-editor.org/rfc/rfc9293 RFC 9293}. */

import {
  connect,
  ECONNREFUSED,
  errorOf,
  number,
  wait,
  word,
} from "./inet_socket.ts";
import { libc } from "./libc.ts";
import { called, type NamespaceHandle } from "./namespaces.ts";
import { type Probe, quoted } from "./probe.ts";
import { t } from "../cli/translate.ts";

/** The first packet of a TCP connection, and what the other side says to it. */
export function tcpProbe(
  to: string,
  port: number,
  from: NamespaceHandle,
  waitMs: number,
  source?: string,
): Probe {
  // The connection's first sequence number: NAT changes ports, but not this.
  let sequence: number | undefined;
  let localPort = 0;
  return {
    protocol: 6,
    source,
    what: `A TCP connection from ${called(from.name)}${
      source ? ` (${source})` : ""
    } to ${to}, port ${port}.`,
    flow: {
      protocol: "tcp",
      dst: to,
      dport: port,
      ...source ? { src: source } : {},
    },
    refuses: ({ payload }) => (payload[13] & 4) !== 0,
    accepts: t`It accepts: somebody listens on port ${port}.`,
    async send(namespaces) {
      const socket = connect(namespaces, from, "tcp", [to, port], source);
      if (!("fd" in socket)) return socket;
      const { fd, source: chosen } = socket;
      try {
        localPort = socket.port;
        // After a second the kernel sends the same once more.
        const isTold = await wait(fd, "out", Math.min(waitMs, 900));
        // An answer from elsewhere is none of this connection's.
        const answered = isTold && [0, ECONNREFUSED].includes(errorOf(fd));
        return { words: "", blocked: false, source: chosen, answered };
      } finally {
        libc().close(fd);
      }
    },
    role(ip, namespace) {
      if (ip.protocol === 1) {
        const about = quoted(ip)?.payload;
        return about && about.length >= 8 && sequence !== undefined &&
            number(about, 4) === sequence
          ? "complaint"
          : undefined;
      }
      if (ip.protocol !== 6 || ip.payload.length < 20) return undefined;
      const flags = ip.payload[13];
      const [syn, rst, ack] = [flags & 2, flags & 4, flags & 16];
      if (syn && !ack) {
        // A rule of OUTPUT may rewrite the destination before it is seen.
        const isOurs = namespace === from && word(ip.payload, 0) === localPort;
        if (sequence === undefined && isOurs) {
          sequence = number(ip.payload, 4);
        }
        return number(ip.payload, 4) === sequence ? "request" : undefined;
      }
      return sequence !== undefined && ack && (syn || rst) &&
          number(ip.payload, 8) === (sequence + 1) % 2 ** 32
        ? "reply"
        : undefined;
    },
  };
}
