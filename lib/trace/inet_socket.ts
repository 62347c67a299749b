/** Sockets of IPv4, see {@link https://man7.org/linux/man-pages/man7/ip.7.html ip(7)}, and the ports on their packets. */

import { lastError, libc } from "./libc.ts";
import { inside, type NamespaceHandle } from "./namespaces.ts";
import type { Sent } from "./probe.ts";

const AF_INET = 2;
const SOCK_FLAGS = 0o4000 | 0o2000000; // SOCK_NONBLOCK, SOCK_CLOEXEC
const EINPROGRESS = 115;
/** What a socket is told where the other side refuses. */
export const ECONNREFUSED = 111;
/** Kinds of sockets. */
export const KINDS = { tcp: 1, udp: 2 } as const;
/** What to wait for. */
export const POLL = { in: 1, out: 4 } as const;

/** A socket that speaks to one address and port only. */
export interface Connected {
  /** Its file descriptor. */
  fd: number;
  /** The address that it speaks from. */
  source: string;
  /** And the port. */
  port: number;
}

/** Opens one in a namespace; or says why it cannot be. */
export function connect(
  namespaces: NamespaceHandle[],
  from: NamespaceHandle,
  kind: keyof typeof KINDS,
  [to, port]: [string, number],
  source?: string,
): Connected | Sent {
  const fd = inside(
    namespaces,
    from,
    () => libc().socket(AF_INET, KINDS[kind] | SOCK_FLAGS, 0),
  );
  if (fd < 0) return { words: lastError().words, blocked: true };
  const failed = (blocked: boolean): Sent => {
    const { words } = lastError();
    libc().close(fd);
    return { words, blocked };
  };
  if (source && libc().bind(fd, socketAddress(source, 0), 16) !== 0) {
    return failed(true);
  }
  if (
    libc().connect(fd, socketAddress(to, port), 16) !== 0 &&
    lastError().number !== EINPROGRESS
  ) return failed(false);
  const own = new Uint8Array(16);
  libc().getsockname(fd, own, new Uint32Array([16]));
  return { fd, source: own.slice(4, 8).join("."), port: word(own, 2) };
}

/** Waits until the socket has something to tell, an error too, or for so long. */
export async function wait(
  fd: number,
  what: keyof typeof POLL,
  ms: number,
): Promise<boolean> {
  const waiting = new DataView(new ArrayBuffer(8)); // struct pollfd
  waiting.setInt32(0, fd, true);
  waiting.setInt16(4, POLL[what], true);
  return await libc().poll(waiting, 1n, ms) > 0;
}

/** The error that the socket was told of; 0 for none. */
export function errorOf(fd: number): number {
  const error = new Int32Array(1);
  libc().getsockopt(fd, 1, 4, error, new Uint32Array([4])); // SO_ERROR
  return error[0];
}

/** A `struct sockaddr_in`. */
function socketAddress(address: string, port: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(16);
  new DataView(bytes.buffer).setUint16(0, AF_INET, true);
  new DataView(bytes.buffer).setUint16(2, port);
  bytes.set(address.split(".").map(Number), 4);
  return bytes;
}

/** Two bytes as a number. */
export function word(bytes: Uint8Array, at: number): number {
  return bytes[at] << 8 | bytes[at + 1];
}

/** Four bytes as a number. */
export function number(bytes: Uint8Array, at: number): number {
  return new DataView(bytes.buffer, bytes.byteOffset).getUint32(at);
}
