/**
 * Runs inside a fresh sandbox: builds the lab and bystanders, breaks the lab,
 * asks the doctor and runs all fixes as they were printed. Prints as JSON what
 * else has come of it.
 *
 *     tests/doctor/harm_case.ts '{"break": ["ip link set dev br0 down"]}'
 *
 * @module
 */

import type { Listening } from "./consult.ts";
import { listen } from "./listen.ts";
import { mainFinding } from "../../lib/doctor/worth_knowing.ts";
import { run } from "../../lib/cli/command.ts";
import { shellWords } from "../../lib/cli/shell.ts";
import { diagnose } from "../../lib/doctor/diagnose.ts";
import { reach } from "../../lib/reach/ping.ts";
import { stages } from "../../scripts/mod.ts";
import { build, must, settled } from "./broken_lab.ts";
import { BYSTANDERS, isBystanders } from "./bystanders.ts";
import { openConnection } from "./connection.ts";
import { type Harm, harmDone } from "./harm_done.ts";
import { readSettings } from "./network_state.ts";

/** What is to be broken. */
export interface HarmCase {
  /** Command lines of others, who keep more than {@linkcode BYSTANDERS}. */
  beside?: readonly string[];
  /** Command lines that break the lab. */
  break?: readonly string[];
  /** Ports that programs listen on. */
  listen?: readonly Listening[];
  /** What the doctor is asked beyond the default. */
  wish?: Record<string, unknown>;
  /** Command lines that are run in the place of the doctor's own. */
  instead?: readonly string[];
}

/** What has come of it. */
export interface Aftermath extends Harm {
  /** The codes of what the doctor found, the cause first. */
  codes: string[];
  /** Command lines that were run. */
  fixes: string[];
  /** Those that failed. */
  failed: string[];
  /** Those that are for a bystander. */
  elsewhere: string[];
  /** What was answered before the fixes, and is no more. */
  silent: string[];
}

/** Who is asked for, and by whom; "" is the PC. */
const ASKERS = ["", "ns1", "ns2", "web", "isp2", "outside"];
const ADDRESSES = [
  "192.168.0.1",
  "192.168.0.2",
  "192.168.0.100",
  "172.17.0.1",
  "172.17.0.2",
  "192.0.2.1",
  "192.0.2.2",
  "203.0.113.2",
  "8.8.8.8",
];

if (import.meta.main) {
  console.log(JSON.stringify(await aftermath(JSON.parse(Deno.args[0]))));
}

async function aftermath(task: HarmCase): Promise<Aftermath> {
  await build(stages.flatMap(({ commands }) => [...commands]));
  const { code, stderr } = await run(["sh", "-e"], BYSTANDERS);
  if (code !== 0) throw new Error(stderr);
  for (const line of task.beside ?? []) await must(line);
  await settled();
  const [healthy, connection] = await Promise.all([
    readSettings(),
    openConnection(),
  ]);
  await using _ = connection;
  if (!await connection.carries("before", 5000)) {
    throw new Error("The connection carries nothing yet");
  }

  // Who knows his neighbours may not notice a fault for a while.
  for (const enter of ["", "ip netns exec outside "]) {
    await must(`${enter}ip neigh flush all`);
  }
  for (const line of task.break ?? []) await must(line);
  for (const each of task.listen ?? []) await listen(each);
  const said = await diagnose({ stages, ...task.wish });
  const [cause, { further }] = [mainFinding(said), said];
  const found = cause ? [cause, ...further] : further;
  // What a deleted namespace takes along is gone by now.
  const broken = await readSettings();
  // The doctor's own pings come first: these leave traces.
  const [heard, carried] = await Promise.all([
    answered(everyPair()),
    connection.carries("broken", 1000),
  ]);

  const fixes = task.instead ?? found.flatMap(({ fix }) => fix);
  const failed: string[] = [];
  for (const line of fixes) {
    const { code, stderr } = await run(shellWords(line));
    if (code !== 0) failed.push(`${line}: ${stderr.trim()}`);
  }
  const [silent, carries] = await Promise.all([
    stillSilent(heard),
    !carried || connection.carries("mended", 5000),
  ]);
  if (!carries) silent.push("outside to the PC, by TCP");
  return {
    codes: found.map(({ code }) => code),
    fixes: [...fixes],
    failed,
    elsewhere: fixes.filter((text) => isBystanders({ object: "", text })),
    ...harmDone(healthy, broken, await readSettings()),
    silent,
  };
}

type Pair = readonly [from: string, to: string];

function everyPair(): Pair[] {
  return ASKERS.flatMap((from) => ADDRESSES.map((to) => [from, to] as const));
}

/** Those that get an answer, each asked for a second at most. */
async function answered(pairs: readonly Pair[]): Promise<Pair[]> {
  const all = await Promise.all(pairs.map(([from, to]) => reach(from, to)));
  return pairs.filter((_, i) => all[i].verdict === "ok");
}

/**
 * Those that get none, though asked again and again: a bridge may have got
 * another MAC address, and neighbours forget the old one in time.
 */
async function stillSilent(pairs: readonly Pair[]): Promise<string[]> {
  const deadline = Date.now() + 15_000;
  let silent = pairs;
  do {
    const heard = await answered(silent);
    silent = silent.filter((pair) => !heard.includes(pair));
  } while (silent.length > 0 && Date.now() < deadline);
  return silent.map(([from, to]) => `${from || "PC"} to ${to}`);
}
