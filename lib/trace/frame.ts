/** What is written on a frame: Ethernet, ARP and IPv4 headers, and ports. */

/** ARP, {@link https://www.rfc-editor.org/rfc/rfc826 RFC 826}. */
export interface ArpHeader {
  /** 1 asks, 2 answers. */
  op: number;
  /** Who speaks. */
  senderMac: string;
  /** His IP address. */
  senderIp: string;
  /** Who is spoken of, or to. */
  targetIp: string;
}

/** IPv4, and what it carries. */
export interface IpHeader {
  /** Source address. */
  src: string;
  /** Destination address. */
  dst: string;
  /** Time to live. */
  ttl: number;
  /** 1 ICMP, 6 TCP, 17 UDP. */
  protocol: number;
  /** All after the IP header. */
  payload: Uint8Array<ArrayBuffer>;
}

/** A frame, read. */
export interface Frame {
  /** MAC addresses; "" where the interface has none. */
  srcMac: string;
  /** The station on this wire that it is for. */
  dstMac: string;
  /** If it is ARP. */
  arp?: ArpHeader;
  /** If it is IPv4. */
  ip?: IpHeader;
}

const ETHERNET = 1;
const LOOPBACK = 772;

/** Reads a frame. `hardware` is the kind of interface, see if_arp.h. */
export function readFrame(
  bytes: Uint8Array<ArrayBuffer>,
  hardware: number,
): Frame {
  if (hardware !== ETHERNET && hardware !== LOOPBACK) {
    // Tunnels and the like: the frame begins with the IP header.
    return { srcMac: "", dstMac: "", ip: readIp(bytes) };
  }
  if (bytes.length < 14) return { srcMac: "", dstMac: "" };
  const isLo = hardware === LOOPBACK;
  const frame = {
    dstMac: isLo ? "" : mac(bytes, 0),
    srcMac: isLo ? "" : mac(bytes, 6),
  };
  switch (bytes[12] << 8 | bytes[13]) {
    case 0x0806:
      return { ...frame, arp: readArp(bytes.subarray(14)) };
    case 0x0800:
      return { ...frame, ip: readIp(bytes.subarray(14)) };
    default:
      return frame;
  }
}

function readArp(bytes: Uint8Array<ArrayBuffer>): ArpHeader | undefined {
  if (bytes.length < 28) return undefined;
  return {
    op: bytes[6] << 8 | bytes[7],
    senderMac: mac(bytes, 8),
    senderIp: address(bytes, 14),
    targetIp: address(bytes, 24),
  };
}

/** Reads an IPv4 header, as {@link https://www.rfc-editor.org/rfc/rfc791 RFC 791} has it. */
export function readIp(bytes: Uint8Array<ArrayBuffer>): IpHeader | undefined {
  if (bytes.length < 20 || bytes[0] >> 4 !== 4) return undefined;
  return {
    src: address(bytes, 12),
    dst: address(bytes, 16),
    ttl: bytes[8],
    protocol: bytes[9],
    payload: bytes.subarray((bytes[0] & 15) * 4),
  };
}

/** The ports of a TCP or UDP packet, which both begin with them. */
export function portsOf(
  { protocol, payload }: IpHeader,
): { sport: number; dport: number } | undefined {
  if ((protocol !== 6 && protocol !== 17) || payload.length < 4) {
    return undefined;
  }
  return {
    sport: payload[0] << 8 | payload[1],
    dport: payload[2] << 8 | payload[3],
  };
}

function mac(bytes: Uint8Array, at: number): string {
  return [...bytes.subarray(at, at + 6)]
    .map((byte) => byte.toString(16).padStart(2, "0")).join(":");
}

function address(bytes: Uint8Array, at: number): string {
  return bytes.subarray(at, at + 4).join(".");
}
