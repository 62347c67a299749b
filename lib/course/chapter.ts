/**
 * The form of a chapter after the nine stages: data, like a stage, but with
 * its own questions, and with a stage or another chapter to start from.
 */

import type { Fact, Look, Verdict } from "./stage.ts";

/** What a question to another computer came to: by ping or by HTTP. */
export type Outcome =
  | Verdict
  /** An answer came back, and it was no: nobody listens there. */
  | "refused";

/** One question to another computer, and the answer that is promised. */
export interface Probe {
  /** Who asks. */
  from: string;
  /** Who is asked. */
  to: string;
  /** The command line that asks, as a learner would type it. */
  command: string;
  /** What comes of it. */
  verdict: Outcome;
}

/** One lesson beyond the nine. It has a sandbox of its own, by its name. */
export interface Chapter {
  /** Its name: `shortcut`, `publish`, … */
  name: string;
  /** The one idea, as a few words. */
  idea: string;
  /** The stage or chapter that it starts from; without it, an empty PC. */
  from?: string;
  /**
   * Command lines as a learner would type them, in order. One that ends in
   * ` &` goes on running beside the others once it has said something.
   */
  commands: readonly string[];
  /**
   * A real engine does it, beside the lab: in a sandbox that goes with it,
   * unless somebody asks for one that stays.
   */
  engine?: true;
  /** What the commands need beyond the network's tools, as flags of Deno. */
  needs?: readonly string[];
  /** What is true once all commands ran, and is not before. */
  facts: readonly Fact[];
  /** What to look at afterwards. */
  look: readonly Look[];
  /** What is asked afterwards. */
  probes: readonly Probe[];
  /** Command lines that lead back to where the chapter started. */
  undo: readonly string[];
}
