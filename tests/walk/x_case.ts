import { runLines } from "../../lib/lab/batch.ts";
import { run } from "../../lib/cli/command.ts";
import { shellWords } from "../../lib/cli/shell.ts";
import { stages } from "../../scripts/mod.ts";
import { readNetwork } from "../../lib/net/network.ts";
import { walk } from "../../lib/walk/walk.ts";
const lines: string[] = JSON.parse(Deno.args[0]);
await runLines(stages.flatMap(({ commands }) => [...commands]));
const deadline = Date.now() + 3000;
while (Date.now() < deadline) {
  const { stdout } = await run(["bridge", "link", "show"]);
  if (stdout.trim().split("\n").every((p) => p.includes("forwarding"))) break;
}
for (const line of lines) await run(shellWords(line));
const net = await readNetwork();
const show = (o: any) =>
  o.end === "delivered"
    ? "delivered"
    : o.end === "dropped"
    ? `DROP ${o.reason} @${o.namespace.label} ${o.link ?? ""} ${
      o.address ?? ""
    } ${o.by ? o.by.hook + " " + (o.by.rule?.line ?? o.by.chain.line) : ""} ${
      o.words ?? ""
    }`
    : o.end === "left"
    ? `left ${o.at.namespace.label} ${o.at.link.name}`
    : `unknown ${o.because}`;
for (
  const [f, to] of [["ns1", "192.168.0.2"], ["ns1", "192.168.0.100"], [
    "ns1",
    "8.8.8.8",
  ], ["ns2", "8.8.8.8"], ["ns2","192.168.0.100"]]
) {
  const ns = net.others.find((n) => n.label === f);
  if (!ns || ns.unreadable) {
    console.log(`   ${f}>${to}: no ns`);
    continue;
  }
  for (const trip of await walk(net, ns, { protocol: "icmp", dst: to })) {
    const q = trip.request;
    const nat = q.steps.flatMap((s) =>
      s.kind === "hook" && s.nat ? [s.nat.kind] : []
    );
    console.log(
      `   ${f}>${to}: ${show(q.outcome)} ${nat} ${
        trip.reply ? "| back " + show(trip.reply.outcome) : ""
      }`.slice(0, 230),
    );
  }
}
