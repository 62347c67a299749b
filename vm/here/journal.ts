/**
 * What the lab made on this machine, written down before and after every step
 * that makes something (a write-ahead journal). However a command ends, the
 * next one knows what is the lab's: see notes.ts for what is written.
 *
 * The first line says where it holds: this boot, this network namespace.
 * Every other line is a state and a note; the last one of a thing counts.
 */

import { run } from "../../lib/command.ts";
import { Problem } from "../../lib/problem.ts";
import { NOTES } from "../../lib/subnet_note.ts";
import { keyOf, type Note } from "./notes.ts";

const FILE = `${NOTES}/journal`;

/** How far a thing is. */
export type State =
  /** Its name was free; the command that makes it has been started, or not. */
  | "making"
  /** It is there, and the note says how to know it again. */
  | "made"
  /** Taken back, or never made. */
  | "gone";

/** What the journal says of one thing. */
export interface Entry {
  /** How far it is. */
  state: State;
  /** How to know it again. */
  note: Note;
}

/** The machine's journal, read once; what is written goes to the file at once. */
export class Journal {
  #entries = new Map<string, Entry>();
  #header: string;
  #text: string;

  /** Use {@linkcode openJournal}. */
  constructor(header: string, text: string) {
    this.#header = header;
    this.#text = text.startsWith(`${header}\n`) ? text : "";
    for (const line of this.#text.split("\n").slice(1)) {
      const entry = parse(line);
      if (entry) this.#entries.set(keyOf(entry.note), entry);
    }
  }

  /** Whether there is none of this boot. */
  get isLost(): boolean {
    return this.#text === "";
  }

  /** All that is not gone, oldest first. */
  entries(): Entry[] {
    return [...this.#entries.values()].filter(({ state }) => state !== "gone");
  }

  /** What it says of the thing with this key, unless that is gone. */
  find(key: string): Entry | undefined {
    return this.entries().find(({ note }) => keyOf(note) === key);
  }

  /** Writes a line. It is in the file when this returns. */
  write(state: State, note: Note): void {
    const isNew = this.isLost;
    const line = JSON.stringify({ state, ...note });
    // A line that a kill cut short stays alone on its line.
    const end = isNew || this.#text.endsWith("\n") ? "" : "\n";
    const added = `${isNew ? `${this.#header}\n` : end}${line}\n`;
    try {
      Deno.mkdirSync(NOTES, { recursive: true });
      Deno.writeTextFileSync(FILE, added, { append: !isNew });
    } catch (error) {
      throw new Problem(
        `Cannot write down what the lab makes, in ${FILE}: ${
          (error as Error).message
        }.`,
        "Nothing more was run. Make room there, or use the sandbox: --on sandbox.",
      );
    }
    this.#text += added;
    // The order is that of making, also for what is made once more.
    if (state === "making") this.#entries.delete(keyOf(note));
    this.#entries.set(keyOf(note), { state, note });
  }

  /** Ends the journal, and all that the machine remembers of its lab. */
  end(): void {
    try {
      Deno.removeSync(NOTES, { recursive: true });
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  }
}

/** The journal of this boot and this network namespace; empty if there is none. */
export async function openJournal(): Promise<Journal> {
  const [boot, netns] = await Promise.all([
    run(["sysctl", "-n", "kernel.random.boot_id"]),
    run(["readlink", "/proc/self/ns/net"]),
  ]);
  const header = JSON.stringify({
    boot: boot.stdout.trim(),
    netns: netns.stdout.trim(),
  });
  let text = "";
  try {
    text = Deno.readTextFileSync(FILE);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  return new Journal(header, text);
}

function parse(line: string): Entry | undefined {
  try {
    const { state, ...note } = JSON.parse(line);
    return { state, note };
  } catch {
    return undefined; // Cut short: what it announced was not begun.
  }
}
