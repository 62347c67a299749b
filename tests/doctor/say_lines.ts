/**
 * A client: sends what it reads over one TCP connection, prints what comes back.
 *
 *     tests/doctor/say_lines.ts 203.0.113.2 7007
 *
 * @module
 */

const [hostname, port] = Deno.args;
const server = await Deno.connect({ hostname, port: Number(port) });
await Promise.all([
  Deno.stdin.readable.pipeTo(server.writable),
  server.readable.pipeTo(Deno.stdout.writable),
]);
