/**
 * In a sandbox: makes a network, foretells what its questions will see, and
 * asks the kernel with real packets. Prints a line of JSON.
 */

import { run } from "../../lib/cli/command.ts";
import { runLines } from "../../lib/lab/batch.ts";
import { type Network, readNetwork } from "../../lib/net/network.ts";
import {
  closeNamespaces,
  inside,
  openNamespaces,
} from "../../lib/trace/namespaces.ts";
import type { RoundTrip } from "../../lib/walk/flow.ts";
import { walk } from "../../lib/walk/walk.ts";
import { stages } from "../../scripts/mod.ts";
import { decidingRule, type Decision } from "./deciding_rule.ts";
import { PORTS, type Question, type RandomNetwork } from "./network.ts";

/** What a question may see. */
export type Verdict = "ok" | "nothing";

/** One question, foretold and seen. */
export interface Judged {
  question: Question;
  /** Several where it cannot be told. */
  foretold: Verdict[];
  /** How the walk ended, in a word a way. */
  ends: string[];
  seen?: Verdict;
  /** What dropped it, where both the walk and the kernel say so. */
  by?: { foretold: Decision; seen: Decision };
}

/** What came of one network. */
export interface Report {
  seed: number;
  /** Why it could not be made. */
  unmade?: string;
  judged: Judged[];
}

/** Namespaces that lost their names may live on in a process. */
const ALL = { whole: true, processes: true };

const network: RandomNetwork = JSON.parse(Deno.args[0]);
console.log(JSON.stringify(await judge(network)));
Deno.exit(0);

async function judge(
  { seed, commands, questions }: RandomNetwork,
): Promise<Report> {
  for (const command of commands) {
    const failed = command === "lab"
      ? (await runLines(stages.flatMap(({ commands }) => [...commands])))?.words
      : await shell(command);
    if (failed) {
      return { seed, unmade: `${command}: ${failed}`, judged: [] };
    }
  }
  const model = await readNetwork(ALL);
  listen(model);
  const judged: Judged[] = [];
  for (const question of questions) {
    judged.push(await ask(question, model));
  }
  return { seed, judged };
}

async function shell(line: string): Promise<string> {
  const { code, stderr } = await run(["sh", "-ec", line]);
  return code === 0 ? "" : stderr.trim() || `${code}`;
}

async function ask(question: Question, model: Network): Promise<Judged> {
  const from = model.namespaces.find(({ label, enter }) =>
    question.from ? label === question.from : enter.length === 0
  );
  if (!from) return { question, foretold: [], ends: ["no namespace"] };
  // Each question is foretold from what is there when it is asked: those
  // before have left neighbours, and addresses in bridges.
  const now = await readNetwork(ALL);
  const asker = now.namespaces.find(({ label }) => label === from.label)!;
  const trips = await walk(now, asker, {
    protocol: question.protocol,
    dst: question.to,
    dport: question.port,
  });
  const foretold = [...new Set(trips.map(verdictOf))];
  const ends = trips.map(endOf);
  const seen = await probe(question, foretold.flat());
  const judged = { question, foretold: foretold.flat(), ends, seen };
  if (seen !== "nothing") return judged;
  const by = await compareRules(trips, question);
  return by ? { ...judged, by } : judged;
}

/** The rule that dropped a packet, as it is foretold and as the kernel says. */
async function compareRules(
  trips: readonly RoundTrip[],
  question: Question,
): Promise<Judged["by"]> {
  const [trip] = trips;
  const { outcome } = trip?.reply ?? trip?.request ?? {};
  if (trips.length !== 1 || outcome?.end !== "dropped" || !outcome.by) return;
  const { chain: { family, table, name }, rule, packet } = outcome.by;
  // What is traced begins in the IP layer.
  if (!["ip", "inet"].includes(family)) return;
  const seen = await decidingRule(
    outcome.namespace,
    packet,
    () => once(question, "0.2"),
  );
  const chain = `${family} ${table} ${name}`;
  return seen && { foretold: { chain, isPolicy: !rule }, seen };
}

function verdictOf(
  { request, reply, answered }: RoundTrip,
): Verdict | Verdict[] {
  const last = reply ?? request;
  if (last.outcome.end === "unknown") return ["ok", "nothing"];
  return reply?.outcome.end === "delivered" && answered === "yes"
    ? "ok"
    : "nothing";
}

function endOf({ request, reply, answered }: RoundTrip): string {
  const { outcome } = reply ?? request;
  const words = [reply ? "reply" : "request", outcome.end];
  if (outcome.end === "dropped") {
    words.push(outcome.reason, outcome.namespace.label, outcome.link ?? "");
    if (outcome.by) {
      words.push(
        outcome.by.hook,
        outcome.by.rule?.line ?? outcome.by.chain.line,
      );
    }
    if (outcome.words) words.push(outcome.words);
  }
  if (outcome.end === "unknown") words.push(outcome.because);
  if (answered) words.push(answered);
  return words.join(" ");
}

// --- The kernel's word ---------------------------------------------------------

/** Programs that answer in every namespace, of UDP at every address. */
function listen(model: Network): void {
  const namespaces = openNamespaces();
  for (const namespace of namespaces) {
    const { links = [] } = model.namespaces.find(({ label, enter }) =>
      namespace.name ? label === namespace.name : enter.length === 0
    ) ?? {};
    const addresses = links.flatMap(({ addresses }) =>
      addresses.map(({ local }) =>
        local
      )
    );
    for (const port of PORTS.slice(0, 2)) {
      inside(namespaces, namespace, () => {
        acceptAll(Deno.listen({ port, hostname: "0.0.0.0" }));
        for (const hostname of new Set(addresses)) {
          try {
            echoAll(Deno.listenDatagram({ port, hostname, transport: "udp" }));
          } catch {
            // On an interface that is down, it may not be had.
          }
        }
      });
    }
  }
  closeNamespaces(namespaces);
}

async function acceptAll(listener: Deno.TcpListener): Promise<void> {
  for await (const connection of listener) connection.close();
}

async function echoAll(socket: Deno.DatagramConn): Promise<void> {
  for await (const [bytes, sender] of socket) {
    await socket.send(bytes, sender).catch(() => {});
  }
}

async function probe(
  question: Question,
  foretold: readonly Verdict[],
): Promise<Verdict> {
  if (await once(question, "0.2")) return "ok";
  // A machine that is busy may be late: a second, longer look decides.
  if (!foretold.includes("ok")) return "nothing";
  return await once(question, "1") ? "ok" : "nothing";
}

async function once(
  { from, to, protocol, port }: Question,
  seconds: string,
): Promise<boolean> {
  const enter = from ? ["ip", "netns", "exec", from] : [];
  const line = protocol === "icmp"
    ? ["ping", "-c", "1", "-W", seconds, to]
    : protocol === "tcp"
    ? ["timeout", seconds, "bash", "-c", `exec 3<>/dev/tcp/${to}/${port}`]
    : [
      "bash",
      "-c",
      `exec 3<>/dev/udp/${to}/${port} && echo x >&3 && read -n 1 -t ${seconds} -u 3`,
    ];
  const { code, stdout } = await run([...enter, ...line]);
  // ping takes an answer from anybody; one from another address is none.
  return code === 0 &&
    (protocol !== "icmp" || stdout.includes(`bytes from ${to}: `));
}
