/** A probe that opens a TCP connection, see {@link https://www.rfc-editor.org/rfc/rfc9293 RFC 9293}. */

import { lastError, libc } from "./libc.ts";
import { called, inside, type NamespaceHandle } from "./namespaces.ts";
import { type Probe, quoted } from "./probe.ts";
import { t } from "../cli/translate.ts";

const AF_INET = 2;
const SOCK_STREAM = 1;
const SOCK_FLAGS = 0o4000 | 0o2000000; // SOCK_NONBLOCK, SOCK_CLOEXEC
const EINPROGRESS = 115;
const POLLOUT = 4;

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
    says: (answer) =>
      answer[13] & 4
        ? t`It refuses: nothing listens on port ${port}.`
        : t`It accepts: somebody listens on port ${port}.`,
    async send(namespaces) {
      const fd = inside(
        namespaces,
        from,
        () => libc().socket(AF_INET, SOCK_STREAM | SOCK_FLAGS, 0),
      );
      if (fd < 0) return { words: lastError().words, blocked: true };
      try {
        if (source && libc().bind(fd, socketAddress(source, 0), 16) !== 0) {
          return { words: lastError().words, blocked: true };
        }
        const peer = socketAddress(to, port);
        if (libc().connect(fd, peer, 16) !== 0) {
          const { number, words } = lastError();
          if (number !== EINPROGRESS) return { words, blocked: false };
        }
        const own = new Uint8Array(16);
        libc().getsockname(fd, own, new Uint32Array([16]));
        localPort = word(own, 2);
        const waiting = new DataView(new ArrayBuffer(8)); // struct pollfd
        waiting.setInt32(0, fd, true);
        waiting.setInt16(4, POLLOUT, true);
        // After a second the kernel sends the same once more.
        await libc().poll(waiting, 1n, Math.min(waitMs, 900));
        const chosen = own.slice(4, 8).join(".");
        return { words: "", blocked: false, source: chosen };
      } finally {
        libc().close(fd);
      }
    },
    role(ip, namespace) {
      if (ip.protocol === 1) {
        const about = quoted(ip);
        return about && sequence !== undefined &&
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

/** A `struct sockaddr_in`, see ip(7). */
function socketAddress(address: string, port: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(16);
  new DataView(bytes.buffer).setUint16(0, AF_INET, true);
  new DataView(bytes.buffer).setUint16(2, port);
  bytes.set(address.split(".").map(Number), 4);
  return bytes;
}

function word(bytes: Uint8Array, at: number): number {
  return bytes[at] << 8 | bytes[at + 1];
}

function number(bytes: Uint8Array, at: number): number {
  return new DataView(bytes.buffer, bytes.byteOffset).getUint32(at);
}
