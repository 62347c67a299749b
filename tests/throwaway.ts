/** The throwaway sandbox as tests need it: one a test, gone with the test. */

import { assertEquals } from "@std/assert";
import config from "../deno.json" with { type: "json" };
import type { Result } from "../lib/cli/command.ts";
import type { Snapshot } from "../lib/net/snapshot.ts";
import type { Machine } from "../lib/lab/machine.ts";
import { chapters } from "../scripts/beyond/mod.ts";
import { throwaway as makeThrowaway } from "../vm/throwaway.ts";
import type { Throwaway as Bare } from "../vm/throwaway.ts";
import { ROOT } from "../vm/path.ts";

export { ROOT };

/** A sandbox that lives for one test. */
export interface Throwaway extends Bare {
  /** The kernel's state. */
  snapshot(): Promise<Snapshot>;
  /**
   * Types `deno task …` as somebody does who sits at this PC: his sandboxes
   * are made inside this one, and end with it. `env` is for `env(1)`.
   */
  type(line: string, ...env: string[]): Promise<Result>;
}

/** Makes one, see vm/throwaway.ts. */
export async function throwaway(kind?: Machine["kind"]): Promise<Throwaway> {
  // Root in there may not make it: in a fresh checkout it is not there yet.
  Deno.mkdirSync(`${ROOT}.lab`, { recursive: true });
  Deno.mkdirSync(`${ROOT}.lab/sandbox`, { recursive: true, mode: 0o700 });
  const lab = await makeThrowaway(kind);
  return {
    ...lab,
    async task(line, needs) {
      const [name] = typeof line === "string" ? line.split(" ") : line;
      return await lab.task(line, needs ?? await needsOf(name));
    },
    async snapshot() {
      const { code, stdout, stderr } = await lab.script(
        "tests/print_snapshot.ts",
      );
      assertEquals([code, stderr], [0, ""], "print_snapshot.ts");
      return JSON.parse(stdout);
    },
    async type(line, ...env) {
      // Its state files are this PC's own as well.
      const states = `${ROOT}.lab/sandbox`;
      await lab.exec(["sh", "-c", OWN_STATES, states]);
      const task = ["deno", "task", "--quiet", "--config", `${ROOT}deno.json`];
      return await lab.exec(
        ["env", ...ENV, ...env, ...task, ...line.split(" ")],
      );
    },
  };
}

/** What a task of deno.json needs where it runs, in flags of Deno. */
async function needsOf(task: string): Promise<readonly string[] | undefined> {
  const [kind, word] = task.split(":");
  if (kind === "beyond") {
    return chapters.find(({ name }) => name === word)?.needs;
  }
  if (kind === "stage") return undefined;
  const tasks: Record<string, { command: string }> = config.tasks;
  const path = tasks[task]?.command.match(/\S+\.ts/)?.[0];
  return path ? (await import(`../${path}`)).task?.needs : undefined;
}

/**
 * A folder that is there for the sandbox as well: whoever is root here is not
 * in there, and temporary folders are their owner's alone.
 */
export async function sharedFolder(): Promise<string> {
  const folder = await Deno.makeTempDir({ prefix: "lab-shared-" });
  await Deno.chmod(folder, 0o777);
  return folder;
}

const OWN_STATES =
  'mkdir -p "$0" && { mountpoint -q "$0" || mount -t tmpfs pc-states "$0"; }';

/** Neither from inside a machine nor with the settings of whoever runs us. */
const ENV = [
  "--unset=LAB_MACHINE",
  "--unset=LAB_ON",
  "--unset=LAB_CALL",
  "NO_COLOR=1",
  `PATH=${new URL(".", `file://${Deno.execPath()}`).pathname}:${
    Deno.env.get("PATH")
  }`,
];
