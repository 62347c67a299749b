/**
 * Whom this machine talks to that is not on one of its own networks: the way
 * there is its default route, which the lab's subnet would take over. Of a
 * name server, or of whoever is logged in, nobody would get an answer any more.
 */

import { run } from "../../lib/cli/command.ts";
import type { Taken } from "../../lib/lab/overlap.ts";
import { t } from "../../lib/cli/translate.ts";

/** The name servers, and the other ends of connections. */
export async function reached(): Promise<Taken[]> {
  return [...nameServers(), ...await peers()];
}

/** systemd-resolved writes its own address into the first and those it asks into the second. */
const RESOLVERS = ["/etc/resolv.conf", "/run/systemd/resolve/resolv.conf"];

function nameServers(): Taken[] {
  return RESOLVERS.flatMap((file) =>
    [...readText(file).matchAll(/^\s*nameserver\s+([\d.]+)\s*$/gm)]
      .map(([, range]) => ({
        range,
        who: t`its name server is ${range} (${file})`,
      }))
  );
}

function readText(file: string): string {
  try {
    return Deno.readTextFileSync(file);
  } catch {
    return ""; // Whoever has no such file asks nobody by it.
  }
}

/** One socket a line, see proc_net_tcp(5): its number, both ends, its state. */
const SOCKET = /^\s*\d+: \S+ ([0-9A-F]+):[0-9A-F]{4} 01 /gm;
const MAPPED = /^0000000000000000FFFF0000/;

/** The other ends of all TCP connections. */
async function peers(): Promise<Taken[]> {
  // There is no tcp6 where IPv6 is off; what can be read is read.
  const { stdout } = await run(["cat", "/proc/net/tcp", "/proc/net/tcp6"]);
  const addresses = [...stdout.matchAll(SOCKET)]
    .map(([, hex]) => hex.replace(MAPPED, ""))
    .filter((hex) => hex.length === 8)
    .map(addressOf);
  return [...new Set(addresses)].map((range) => ({
    range,
    who: t`it has a connection with ${range}`,
  }));
}

/** The kernel prints it as its own processor holds the number. */
function addressOf(hex: string): string {
  const bytes = hex.match(/../g)!.map((byte) => parseInt(byte, 16));
  return (isLittle ? bytes.reverse() : bytes).join(".");
}

const isLittle = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;
