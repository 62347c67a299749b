/** Sends the one packet that is traced, and knows it again. */

import { ownWords, run } from "../command.ts";
import { Problem } from "../problem.ts";
import { type IpHeader, readIp } from "./frame.ts";
import { lastError, libc } from "./libc.ts";
import { called, inside, type Place } from "./places.ts";

/** What a packet of a trace is. */
export type Role =
  /** The one that was sent. */
  | "request"
  /** The answer to it. */
  | "reply"
  /** A router's or a host's complaint about one of them, by ICMP. */
  | "complaint";

/** A packet that can be sent and told from all others. */
export interface Probe {
  /** The IP protocol's number. */
  protocol: number;
  /** What is sent: a command line, or a sentence. */
  what: string;
  /** Sends it. Resolves when an answer came, or it has waited enough. */
  send(places: Place[], from: Place): Promise<Sent>;
  /** What this packet is to the trace; undefined if nothing. */
  role(ip: IpHeader): Role | undefined;
  /** What the answer says, if it says more than "I am here". */
  says(answer: Uint8Array): string | undefined;
}

/** What the sender said. */
export interface Sent {
  /** The kernel's or ping's words, where it could not even send. */
  words: string;
  /** Why nothing can be said at all: no right to ping, no ping. */
  blocked: boolean;
}

/** A ping of one packet. It is known by its payload. */
export function pingProbe(
  to: string,
  { prefix }: Place,
  waitMs: number,
): Probe {
  // Whatever NAT does to the headers, these bytes stay.
  const mark = crypto.getRandomValues(new Uint8Array(8));
  const hex = [...mark].map((b) => b.toString(16).padStart(2, "0")).join("");
  const command = `ping -n -c 1 -W ${waitMs / 1000} -p ${hex} ${to}`;
  // A complaint may quote no more than the first 8 bytes of what it is about.
  const heads: Uint8Array[] = [];
  return {
    protocol: 1,
    what: `$ ${prefix} ${command}`.replace("  ", " "),
    says: () => undefined,
    async send(places, from) {
      const { code, stderr } = await inside(
        places,
        from,
        () => run(command.split(" ")),
      );
      const words = ownWords(stderr);
      const refused = /unreachable|not permitted|invalid argument|host is down/i
        .test(words) && !/socket/i.test(words);
      return { words, blocked: code > 1 && !refused };
    },
    role(ip) {
      if (ip.protocol !== 1) return undefined;
      const type = ip.payload[0];
      if (type === 8 || type === 0) {
        if (!contains(ip.payload, mark)) return undefined;
        heads.push(ip.payload.subarray(0, 8));
        return type === 8 ? "request" : "reply";
      }
      const quoted = quote(ip);
      return quoted && (contains(quoted, mark) ||
          heads.some((head) => contains(quoted.subarray(0, 8), head)))
        ? "complaint"
        : undefined;
    },
  };
}

/** What an ICMP error quotes of the packet that it is about, past its IP header. */
function quote(ip: IpHeader): Uint8Array<ArrayBuffer> | undefined {
  const isError = [3, 4, 5, 11, 12].includes(ip.payload[0]);
  return isError ? readIp(ip.payload.subarray(8))?.payload : undefined;
}

function contains(bytes: Uint8Array, part: Uint8Array): boolean {
  for (let at = 0; at + part.length <= bytes.length; at++) {
    if (part.every((byte, i) => bytes[at + i] === byte)) return true;
  }
  return false;
}

const AF_INET = 2;
const SOCK_STREAM = 1;
const SOCK_FLAGS = 0o4000 | 0o2000000; // SOCK_NONBLOCK, SOCK_CLOEXEC
const EINPROGRESS = 115;
const POLLOUT = 4;

/** The first packet of a TCP connection, and what the other side says to it. */
export function tcpProbe(
  to: string,
  port: number,
  from: Place,
  waitMs: number,
): Probe {
  // The connection's first sequence number: NAT changes ports, but not this.
  let sequence: number | undefined;
  let localPort = 0;
  return {
    protocol: 6,
    what: `A TCP connection from ${called(from.name)} to ${to}, port ${port}.`,
    says: (answer) =>
      answer[13] & 4
        ? `It refuses: nothing listens on port ${port}.`
        : `It accepts: somebody listens on port ${port}.`,
    async send(places) {
      const fd = inside(
        places,
        from,
        () => libc().socket(AF_INET, SOCK_STREAM | SOCK_FLAGS, 0),
      );
      if (fd < 0) return { words: lastError().words, blocked: true };
      try {
        const peer = new Uint8Array(16); // struct sockaddr_in
        new DataView(peer.buffer).setUint16(0, AF_INET, true);
        new DataView(peer.buffer).setUint16(2, port);
        peer.set(to.split(".").map(Number), 4);
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
        return { words: "", blocked: false };
      } finally {
        libc().close(fd);
      }
    },
    role(ip) {
      if (ip.protocol === 1) {
        const quoted = quote(ip);
        return quoted && sequence !== undefined &&
            number(quoted, 4) === sequence
          ? "complaint"
          : undefined;
      }
      if (ip.protocol !== 6 || ip.payload.length < 20) return undefined;
      const flags = ip.payload[13];
      const [syn, rst, ack] = [flags & 2, flags & 4, flags & 16];
      if (syn && !ack) {
        const isOurs = ip.dst === to && word(ip.payload, 2) === port &&
          word(ip.payload, 0) === localPort;
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

function word(bytes: Uint8Array, at: number): number {
  return bytes[at] << 8 | bytes[at + 1];
}

function number(bytes: Uint8Array, at: number): number {
  return new DataView(bytes.buffer, bytes.byteOffset).getUint32(at);
}

/** Takes a port number by its digits. */
export function readPort(text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port > 0 && port < 65536) return port;
  throw new Problem(
    `Cannot use ${JSON.stringify(text)} as a port.`,
    "A port is a number from 1 to 65535: --tcp 80.",
    2,
  );
}
