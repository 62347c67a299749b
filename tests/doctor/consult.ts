/** A throwaway sandbox, and lab and doctor in one process inside it. */

import { assertEquals } from "@std/assert";
import type { Diagnosis } from "../../lib/doctor/diagnosis.ts";
import { task } from "../../scripts/tasks/doctor.ts";
import { type Throwaway, throwaway } from "../throwaway.ts";

/** What is to be broken, and what the doctor is asked. */
export interface Case {
  /** Command lines that break a lab. */
  break: readonly string[];
  /** Ports that programs listen on. */
  listen?: readonly Listening[];
  /** What the doctor is asked beyond the default. */
  wish?: Record<string, unknown>;
  /** How many stages are built; by default all. */
  stages?: number;
  /** Command lines that build another network instead. */
  build?: readonly string[];
  /** How many fixes are asked for and run. */
  fixes?: number;
  /** Whether pings have to be answered in the end. */
  heals?: boolean;
}

/** A port that a program listens on. */
export interface Listening {
  /** In this namespace; "" is the machine. */
  netns: string;
  /** At this address. */
  address?: string;
  /** The number. */
  port: number;
  /** Datagrams, which are sent back; else connections. */
  udp?: true;
  /** It is a resolver, whose answers have this code (RFC 1035, 4.1.1). */
  dnsCode?: number;
}

/** What came of it. */
export interface Said {
  /** What the doctor said before each fix; without a fix, once. */
  seen: Diagnosis[];
  /** Questions of the first time that pings got no answer to in the end. */
  silent?: string[];
}

/**
 * Builds a lab in a fresh sandbox, or in the one given, breaks it, and lets the
 * doctor mend it, fix by fix.
 */
export async function consult(
  what: Case,
  there?: Throwaway,
): Promise<Said> {
  if (!there) {
    await using fresh = await throwaway();
    return await consult(what, fresh);
  }
  // Beyond the doctor's own, what the cases break things with.
  const { code, stdout, stderr } = await there.script(
    "tests/doctor/case.ts",
    [JSON.stringify(what)],
    [...task.needs ?? [], "--allow-run=mount,umount,sh,tc"],
  );
  assertEquals([code, stderr], [0, ""], stdout);
  return JSON.parse(stdout);
}

/**
 * Runs tests as steps, several at a time, each in a sandbox of its own.
 *
 * @param width how many: most of a case's time goes by while pings wait.
 */
export async function steps(
  t: Deno.TestContext,
  cases: readonly { name: string; ignore?: boolean; fn(): Promise<void> }[],
  width = 12,
): Promise<void> {
  const rest = cases.map((each) => ({
    ...each,
    // Steps that run side by side cannot tell whose resources are whose.
    sanitizeOps: false,
    sanitizeResources: false,
    sanitizeExit: false,
  }));
  const worker = async () => {
    for (let next = rest.shift(); next; next = rest.shift()) await t.step(next);
  };
  await Promise.all(Array.from({ length: width }, worker));
}
