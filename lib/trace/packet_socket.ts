/** A packet socket, see {@link https://man7.org/linux/man-pages/man7/packet.7.html packet(7)}. */

import { Problem } from "../cli/problem.ts";
import { lastError, libc } from "./libc.ts";
import { called, type NamespaceHandle } from "./namespaces.ts";
import { t } from "../cli/translate.ts";

/** A frame as one interface saw it. */
export interface Heard {
  /** The namespace. */
  namespace: NamespaceHandle;
  /** The interface's index in that namespace. */
  index: number;
  /** Whether it came in by that interface or went out. */
  direction: "in" | "out";
  /** Meant for another station's MAC address. */
  otherhost: boolean;
  /** Kind of hardware: 1 Ethernet, 772 lo, see if_arp.h. */
  hardware: number;
  /** Nanoseconds since 1970, by the kernel. */
  time: bigint;
  /** What was on the wire, cut after 512 bytes. */
  bytes: Uint8Array<ArrayBuffer>;
}

// From the kernel's headers, as they are on every 64-bit Linux.
const AF_PACKET = 17;
const SOCK_RAW = 3;
const SOCK_FLAGS = 0o4000 | 0o2000000; // SOCK_NONBLOCK, SOCK_CLOEXEC
const SOL_SOCKET = 1;
const SO_ATTACH_FILTER = 26;
const SO_RCVBUFFORCE = 33;
const SO_TIMESTAMPNS = 35;
const SOL_PACKET = 263;
const PACKET_STATISTICS = 6;
const ETH_P_ALL = 0x0003;
/** The kind of our own test frames: for experiments, and nobody else's. */
export const PROBE = 0x88b5;

/**
 * Opens a socket that hears what every interface of this thread's namespace
 * sees of ARP, ICMP and one more IP protocol. Throws a {@linkcode Problem}
 * where one may not.
 */
export function openSocket(
  { name }: NamespaceHandle,
  protocol: number,
): number {
  // Protocol 0 hears nothing until it is bound: first filter and time stamps.
  const fd = libc().socket(AF_PACKET, SOCK_RAW | SOCK_FLAGS, 0);
  if (fd < 0) {
    throw new Problem(
      t`Cannot listen in namespace ${called(name)}: ${lastError().words}.`,
      t`A trace takes root, or the sandbox: --on sandbox.`,
    );
  }
  setNumber(fd, SO_TIMESTAMPNS, 1);
  setNumber(fd, SO_RCVBUFFORCE, 8 << 20);
  attachFilter(fd, protocol);
  bind(fd, ETH_P_ALL, 0);
  return fd;
}

function setNumber(fd: number, option: number, value: number): void {
  libc().setsockopt(fd, SOL_SOCKET, option, new Int32Array([value]), 4);
}

function bind(fd: number, protocol: number, index: number): void {
  if (libc().bind(fd, linkAddress(protocol, index), 20) === 0) return;
  throw new Problem(t`Cannot listen to interfaces: ${lastError().words}.`);
}

/** The address of an interface for packet sockets: struct sockaddr_ll. */
export function linkAddress(
  protocol: number,
  index: number,
): Uint8Array<ArrayBuffer> {
  const address = new DataView(new ArrayBuffer(20));
  address.setUint16(0, AF_PACKET, true);
  address.setUint16(2, protocol);
  address.setInt32(4, index, true);
  return new Uint8Array(address.buffer);
}

/** Lets the kernel pass on to us what a trace is about, and nothing else. */
function attachFilter(fd: number, protocol: number): void {
  // Classic BPF: code, jump if true, jump if false, value.
  const program: [number, number, number, number][] = [
    [0x28, 0, 0, 0xfffff000], // the kind of frame
    [0x15, 5, 0, 0x0806], //     ARP: keep
    [0x15, 4, 0, PROBE], // our own probe: keep
    [0x15, 0, 4, 0x0800], //     neither is it IPv4: drop
    [0x30, 0, 0, 0xfff00009], // the protocol in the IP header
    [0x15, 1, 0, 1], //          ICMP: keep
    [0x15, 0, 1, protocol], //   another than ours: drop
    [0x06, 0, 0, 0xffff],
    [0x06, 0, 0, 0],
  ];
  const code = new DataView(new ArrayBuffer(program.length * 8));
  program.forEach(([op, yes, no, value], i) => {
    code.setUint16(i * 8, op, true);
    code.setUint8(i * 8 + 2, yes);
    code.setUint8(i * 8 + 3, no);
    code.setUint32(i * 8 + 4, value, true);
  });
  const struct = new DataView(new ArrayBuffer(16)); // struct sock_fprog
  struct.setUint16(0, program.length, true);
  struct.setBigUint64(8, addressOf(code.buffer), true);
  libc().setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, struct, 16);
}

function addressOf(buffer: ArrayBuffer): bigint {
  return Deno.UnsafePointer.value(Deno.UnsafePointer.of(buffer));
}

/** Reads what a socket has kept, first to last. */
export function readAll(namespace: NamespaceHandle, fd: number): Heard[] {
  const all: Heard[] = [];
  for (let one; (one = readOne(namespace, fd));) all.push(one);
  return all;
}

function readOne(namespace: NamespaceHandle, fd: number): Heard | undefined {
  const frame = new Uint8Array(512);
  const address = new DataView(new ArrayBuffer(20));
  const control = new DataView(new ArrayBuffer(64));
  const iovec = new BigUint64Array([addressOf(frame.buffer), 512n]);
  const message = new DataView(new ArrayBuffer(56)); // struct msghdr
  message.setBigUint64(0, addressOf(address.buffer), true);
  message.setUint32(8, 20, true);
  message.setBigUint64(16, addressOf(iovec.buffer), true);
  message.setBigUint64(24, 1n, true);
  message.setBigUint64(32, addressOf(control.buffer), true);
  message.setBigUint64(40, 64n, true);
  const length = Number(libc().recvmsg(fd, message, 0));
  if (length < 0) return undefined;
  return {
    namespace,
    index: address.getInt32(4, true),
    hardware: address.getUint16(8, true),
    otherhost: address.getUint8(10) === 3,
    direction: address.getUint8(10) === 4 ? "out" : "in",
    // The one control message, after its header of 16 bytes: a timespec.
    time: control.getBigInt64(16, true) * 1_000_000_000n +
      control.getBigInt64(24, true),
    bytes: frame.slice(0, length),
  };
}

/** How many packets came too fast for a socket, since it was last asked. */
export function lostPackets(fd: number): number {
  const counters = new Uint32Array(2); // struct tpacket_stats
  libc().getsockopt(
    fd,
    SOL_PACKET,
    PACKET_STATISTICS,
    counters,
    new Uint32Array([8]),
  );
  return counters[1];
}
