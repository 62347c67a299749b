/**
 * Listening to every interface of every namespace at once.
 *
 * One packet socket a namespace hears all of its interfaces, see
 * {@link https://man7.org/linux/man-pages/man7/packet.7.html packet(7)}. The
 * kernel writes the time on every packet and keeps them for us. So nothing has
 * to run while the packet is on its way: we open, send, and read afterwards.
 */

import { cString, libc } from "./libc.ts";
import {
  type Heard,
  linkAddress,
  lostPackets,
  openSocket,
  PROBE,
  readAll,
} from "./packet_socket.ts";
import { inside, type NamespaceHandle } from "./namespaces.ts";

/** Sockets that listen. */
export interface Capture {
  /** All frames so far, in the order in which they were seen. */
  read(): Heard[];
  /** Frames that came too fast to be kept. */
  lost(): number;
  /** Stops listening. */
  close(): void;
}

/**
 * Starts to listen to ARP, to ICMP and to one more IP protocol. When it
 * returns, nothing is missed any more.
 *
 * @param namespaces all of them, the machine's own first.
 * @param where those to listen in: the kernel takes some ten milliseconds to
 * close each one's socket.
 */
export function startCapture(
  namespaces: NamespaceHandle[],
  where: NamespaceHandle[],
  protocol: number,
): Capture {
  const sockets = where.map((namespace) => ({
    place: namespace,
    fd: inside(namespaces, namespace, () => openSocket(namespace, protocol)),
  }));
  awaitTimestamps(namespaces, sockets);
  return {
    read: () =>
      merge(sockets.map(({ place: namespace, fd }) => readAll(namespace, fd))),
    lost: () => sockets.reduce((sum, { fd }) => sum + lostPackets(fd), 0),
    close: () => sockets.forEach(({ fd }) => libc().close(fd)),
  };
}

/**
 * The kernel starts to write times a moment after it was asked to. Until then
 * a packet gets the time at which it is read, which would spoil the order. So
 * send a frame through lo until one carries a time from before we read it.
 */
function awaitTimestamps(
  namespaces: NamespaceHandle[],
  sockets: { place: NamespaceHandle; fd: number }[],
): void {
  for (const { place: namespace, fd } of sockets) {
    const lo = inside(
      namespaces,
      namespace,
      () => libc().if_nametoindex(cString("lo")),
    );
    const address = linkAddress(PROBE, lo);
    const frame = new Uint8Array(60);
    new DataView(frame.buffer).setUint16(12, PROBE);
    for (let tries = 0; tries < 1000; tries++) {
      if (libc().sendto(fd, frame, 60n, 0, address, 20) < 0) break;
      const sent = now();
      const heard = readAll(namespace, fd);
      if (heard.length > 0 && heard.every(({ time }) => time <= sent)) return;
    }
    // Here lo is down: try another namespace's.
  }
}

/** Nanoseconds since 1970. */
function now(): bigint {
  const time = new BigInt64Array(2);
  libc().clock_gettime(0, time);
  return time[0] * 1_000_000_000n + time[1];
}

/**
 * One order out of several. Each socket's own order is kept, since it is
 * certain; which socket comes next is told by time.
 */
function merge(queues: Heard[][]): Heard[] {
  const all: Heard[] = [];
  const at = queues.map(() => 0);
  while (true) {
    let first = -1;
    for (let q = 0; q < queues.length; q++) {
      const head = queues[q][at[q]];
      if (!head) continue;
      if (first < 0 || head.time < queues[first][at[first]].time) first = q;
    }
    if (first < 0) return all;
    all.push(queues[first][at[first]++]);
  }
}
