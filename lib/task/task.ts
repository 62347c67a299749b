/** The form of a task: what `deno task NAME` knows, needs and does. */

import type { Chapter } from "../course/chapter.ts";
import type { Guard } from "../lab/guard.ts";
import type { Stage } from "../course/stage.ts";
import type { Subnet } from "../course/subnet.ts";
import { t } from "../cli/translate.ts";
import type { Machine } from "../lab/machine.ts";

/** One option of a task. */
export interface Option {
  /** What stands for the value; without it the option is a switch. */
  value?: string;
  /** What it does, in a few words. */
  about: string;
}

/** The words of a command line, sorted. */
export interface Call {
  /** Values of the options that were given. */
  flags: Record<string, string | boolean | undefined>;
  /** Words that are no options. */
  words: string[];
  /** What came after `--`, or a command and its words. */
  rest: string[];
  /** The machine that it runs on. */
  machine: Machine;
  /** All stages, first to last, on the lab's subnet. */
  stages: readonly Stage[];
  /** Loads the chapters after them. */
  chapters(): Promise<readonly Chapter[]>;
  /** The lab's subnet. */
  subnet: Subnet;
  /** The subnet that it was on so far, where --subnet names another. */
  movesFrom?: Subnet;
  /** Watches over the machine, where that is not ours alone. */
  guard?: Guard;
}

/** The lessons, as the pages print them. */
export interface Course {
  /** All stages, first to last. */
  stages: readonly Stage[];
  /** Loads the chapters after them. */
  chapters(): Promise<readonly Chapter[]>;
}

/** What a task is. */
export interface Task {
  /** The word after `deno task`. */
  name: string;
  /** What it does, in a sentence or two. */
  about: string;
  /** The words after the task's name, such as `[STAGE]`. */
  usage: string;
  /** Its options by name, without the dashes. */
  options: Record<string, Option>;
  /**
   * Where it runs: in the machine, which is made if need be; in the machine if
   * there is one; in a sandbox that ends with the task, unless `--keep` asks
   * for one that stays; on the host, outside of every machine; or on the host of
   * a sandbox, but inside of any other machine.
   */
  where:
    | "machine"
    | "machine if there"
    | "throwaway"
    | "host"
    | "host of a sandbox";
  /** The sandbox to use where no `--name` is given; by default "default". */
  sandbox?: string;
  /**
   * What it needs where it runs, beyond running the network's tools, as
   * flags of Deno: `--allow-ffi`, `--allow-run=tcpdump`.
   */
  needs?: readonly string[];
  /**
   * Whether it takes root's own rights, in whosoever's checkout: see
   * vm/owner.ts.
   */
  root?: boolean;
  /** Most words it takes. */
  words: number;
  /** The first word begins a command: what follows is that command's own. */
  command?: boolean;
  /** What follows `--` is another program's. */
  rest?: boolean;
  /** It ends with the exit code of another program, whatever that means. */
  passesCode?: boolean;
  /** Returns the exit code. */
  main(call: Call): Promise<number>;
}

/** The option of tasks that show or run the stages' commands. */
export const SUBNET: Option = {
  value: "NETWORK",
  about: t`put the lab on another one, such as 10.77.0.0/24`,
};

/** Options that every task has. */
export const COMMON: Record<string, Option> = {
  on: {
    value: "MACHINE",
    about: t`sandbox, vm (default if there is one), here; or LAB_ON`,
  },
  name: { value: "NAME", about: t`one of several sandboxes side by side` },
  help: { about: t`show this text` },
};
