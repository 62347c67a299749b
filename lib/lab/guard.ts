/**
 * Who watches over a machine that is not ours alone. A stage and its runner
 * know no machine; where one needs watching, its guard hears of every step
 * before it is run and after.
 */

import type { Snapshot } from "../net/snapshot.ts";
import type { Stage, Step } from "../course/stage.ts";
import type { Subnet } from "../course/subnet.ts";

/** What is about to be done. */
export interface Admission {
  /** All stages, as they read on this machine. */
  stages: readonly Stage[];
  /** The stage that the lab is to be brought to; undefined to take back. */
  target?: Stage;
  /** The lab's subnet. */
  subnet: Subnet;
  /** The machine's state. */
  snapshot: Snapshot;
}

/** Sees to it that a lab touches nothing but its own. */
export interface Guard {
  /**
   * Called under the machine's lock, before its state is read: makes up for a
   * command that was killed.
   */
  settle(): Promise<void>;
  /**
   * Called before the first step, or before telling what it would be. Throws a
   * `Problem` if the lab would get in the way of something that is not ours.
   */
  admit(visit: Admission): Promise<void>;
  /** Why this step must not be taken back; undefined if it may. */
  keeps(step: Step): string | undefined;
  /** Called before a step is run, or taken back. */
  before(step: Step, back: boolean): Promise<void>;
  /** Called when it has ended, and whether it worked. */
  after(step: Step, back: boolean, worked: boolean): Promise<void>;
}
