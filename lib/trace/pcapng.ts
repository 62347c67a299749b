/**
 * A capture as a file that Wireshark opens: pcapng, see
 * {@link https://ietf-opsawg-wg.github.io/draft-ietf-opsawg-pcap/draft-ietf-opsawg-pcapng.html the draft}.
 * Every interface keeps its name and its namespace's, every packet its
 * direction and its time in nanoseconds.
 */

import type { Location } from "./sighting.ts";
import { called } from "./namespaces.ts";

/** The file's bytes. */
export function pcapng(
  locations: readonly Location[],
): Uint8Array<ArrayBuffer> {
  const inOrder = [...locations].sort((a, b) => a.time - b.time);
  const name = ({ namespace, link }: Location) =>
    `${called(namespace.name)}/${link}`;
  const names = [...new Set(inOrder.map(name))];
  return concat([
    sectionHeader(),
    ...names.map(interfaceDescription),
    ...inOrder.map((location) =>
      packet(names.indexOf(name(location)), location)
    ),
  ]);
}

function sectionHeader(): Uint8Array<ArrayBuffer> {
  const body = new DataView(new ArrayBuffer(16));
  body.setUint32(0, 0x1a2b3c4d, true); // tells the order of bytes
  body.setUint16(4, 1, true); // version 1.0
  body.setBigInt64(8, -1n, true); // of unknown length
  return block(0x0a0d0d0a, new Uint8Array(body.buffer));
}

function interfaceDescription(name: string): Uint8Array<ArrayBuffer> {
  const head = new DataView(new ArrayBuffer(8));
  head.setUint16(0, 1, true); // Ethernet
  const ifName = option(2, new TextEncoder().encode(name));
  const nanoseconds = option(9, new Uint8Array([9]));
  return block(
    1,
    concat([new Uint8Array(head.buffer), ifName, nanoseconds, end()]),
  );
}

function packet(index: number, location: Location): Uint8Array<ArrayBuffer> {
  const { heard: { bytes, time, hardware }, direction } = location;
  const isEthernet = hardware === 1 || hardware === 772;
  // A tunnel's frame begins with the IP header: put Ethernet's before it.
  const frame = isEthernet
    ? bytes
    : concat([new Uint8Array([...new Array(12).fill(0), 8, 0]), bytes]);
  const head = new DataView(new ArrayBuffer(20));
  head.setUint32(0, index, true);
  head.setUint32(4, Number(time >> 32n), true);
  head.setUint32(8, Number(time & 0xffffffffn), true);
  head.setUint32(12, frame.length, true);
  head.setUint32(16, frame.length, true);
  const flags = option(
    2,
    new Uint8Array([direction === "in" ? 1 : 2, 0, 0, 0]),
  );
  return block(
    6,
    concat([new Uint8Array(head.buffer), padded(frame), flags, end()]),
  );
}

/** A block: its type and length, its body, its length again. */
function block(type: number, body: Uint8Array): Uint8Array<ArrayBuffer> {
  const length = 12 + body.length;
  const all = new DataView(new ArrayBuffer(length));
  all.setUint32(0, type, true);
  all.setUint32(4, length, true);
  all.setUint32(length - 4, length, true);
  const bytes = new Uint8Array(all.buffer);
  bytes.set(body, 8);
  return bytes;
}

function option(code: number, value: Uint8Array): Uint8Array<ArrayBuffer> {
  const head = new DataView(new ArrayBuffer(4));
  head.setUint16(0, code, true);
  head.setUint16(2, value.length, true);
  return concat([new Uint8Array(head.buffer), padded(value)]);
}

const end = () => new Uint8Array(4);

/** Filled up to a multiple of four bytes. */
function padded(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(Math.ceil(bytes.length / 4) * 4);
  all.set(bytes);
  return all;
}

function concat(parts: Uint8Array[]): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(parts.reduce((sum, each) => sum + each.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
