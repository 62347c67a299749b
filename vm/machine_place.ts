import type { Machine } from "../lib/lab/machine.ts";

/** A machine, and the way into it. */
export interface MachinePlace {
  /** What the script inside is told of it. */
  machine: Machine;
  /** The checkout's folder there, with a slash at its end. */
  root: string;
  /** How to start Deno there. */
  deno: string;
  /**
   * The command line that runs a program in the machine. `env` is what is
   * added to its environment, for machines that do not inherit ours.
   */
  command(argv: readonly string[], env: Record<string, string>): string[];
  /** The command line that does what Ctrl-C does, where the key does not. */
  interrupt?: string[];
  /** Says whether the machine is not there any more. */
  isGone?(): Promise<boolean>;
  /**
   * Told a call's exit code: says whether the machine had changed, so that
   * nothing was run and the call is to be made again.
   */
  isUndone?(code: number): Promise<boolean>;
}
