/** A program that listens on a port, for as long as its sandbox lives. */

import type { Listening } from "./consult.ts";

/** Starts it, and returns once it listens. */
export async function listen(
  { netns, address = "0.0.0.0", port, udp, dnsCode }: Listening,
): Promise<void> {
  const where = JSON.stringify({ hostname: address, port });
  const program = udp
    ? `const s = Deno.listenDatagram({ ...${where}, transport: "udp" });
       console.log("ready");
       for await (const [bytes, from] of s) {
         await s.send(answer(bytes, 0), from);
       }`
    : `const s = Deno.listen(${where});
       console.log("ready");
       for await (const each of s) {
         const bytes = new Uint8Array(512);
         const n = answers ? await each.read(bytes) : 0;
         if (n) await each.write(answer(bytes.subarray(0, n), 2));
         each.close();
       }`;
  const answer = `const answers = ${dnsCode !== undefined};
     const answer = (bytes, at) => {
       if (!answers) return bytes;
       bytes[at + 2] |= 0x80;
       bytes[at + 3] = ${dnsCode};
       return bytes;
     };`;
  const deno = [Deno.execPath(), "eval", "--unstable-net", answer + program];
  const words = netns ? ["ip", "netns", "exec", netns, ...deno] : deno;
  const child = new Deno.Command("sh", {
    args: ["-c", 'exec "$@"', "sh", ...words],
    stdin: "null",
    stdout: "piped",
    stderr: "null",
  }).spawn();
  child.unref();
  const reader = child.stdout.getReader();
  await reader.read();
  reader.releaseLock();
}
