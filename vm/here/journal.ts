/**
 * What the lab made on this machine, written down before and after every step
 * that makes something (a write-ahead journal). However a command ends, the
 * next one knows what is the lab's: see notes.ts for what is written.
 *
 * It is written anew every time, and takes the old one's place in one step: so
 * it is whole, or it was broken by somebody else, and that shows. It says where
 * it holds: this boot, this network namespace.
 */

import { run, whyFailed } from "../../lib/cli/command.ts";
import {
  NOTES,
  readNote,
  removeNotes,
  writeNote,
} from "../../lib/lab/notes_folder.ts";
import { Problem, wordsOf } from "../../lib/cli/problem.ts";
import { typed } from "../../lib/cli/typed.ts";
import { isNote, keyOf, type Note } from "./notes.ts";
import { t } from "../../lib/cli/translate.ts";

const NAME = "journal";
const FILE = `${NOTES}/${NAME}`;

/** How far a thing is. */
export type State =
  /** Its name was free; the command that makes it has been started, or not. */
  | "making"
  /** It is there, and the note says how to know it again. */
  | "made";

/** What the journal says of one thing. */
export interface Entry {
  /** How far it is. */
  state: State;
  /** How to know it again. */
  note: Note;
}

/** Where a journal holds. */
export interface Seat {
  /** Since the machine was started, it has this number. */
  boot: string;
  /** The network namespace, as the kernel calls it. */
  netns: string;
}

/** The machine's journal, read once; what is written goes to the file at once. */
export class Journal {
  #place: Seat;
  #entries: Map<string, Entry>;

  /** Use {@linkcode openJournal}. */
  constructor(
    place: Seat,
    entries: Entry[],
    /** Whether there is none of this boot. */
    public isLost: boolean,
    /** Why it cannot be read, if there is one. */
    readonly broken?: string,
  ) {
    this.#place = place;
    this.#entries = new Map(entries.map((each) => [keyOf(each.note), each]));
  }

  /** All that was not taken back, oldest first. */
  entries(): Entry[] {
    return [...this.#entries.values()];
  }

  /** What it says of the thing with this key, unless that is gone. */
  find(key: string): Entry | undefined {
    return this.#entries.get(key);
  }

  /** Writes it down. It is in the file when this returns. */
  write(state: State, note: Note): void {
    const key = keyOf(note);
    // The order is that of making, also for what is made once more.
    if (state === "making") this.#entries.delete(key);
    this.#entries.set(key, { state, note });
    this.#save();
  }

  /** It was taken back, or never made. */
  forget(note: Note): void {
    this.#entries.delete(keyOf(note));
    this.#save();
  }

  /** Ends the journal, and all that the machine remembers of its lab. */
  end(): void {
    removeNotes();
  }

  #save() {
    try {
      writeNote(
        NAME,
        JSON.stringify({ ...this.#place, entries: this.entries() }, null, 1),
      );
      this.isLost = false;
    } catch (error) {
      if (error instanceof Problem) throw error;
      throw new Problem(
        t`Cannot write down what the lab makes, in ${FILE}: ${
          (error as Error).message
        }.`,
        t`Nothing more was run. Make room there, or use the sandbox: --on sandbox.`,
      );
    }
  }
}

/**
 * The journal of this boot and this network namespace; empty if there is none,
 * or if it is broken, which it then says. Throws a {@linkcode Problem} if that
 * cannot be told, or if the journal is that of another namespace.
 */
export async function openJournal(): Promise<Journal> {
  const [boot, netns] = await Promise.all([
    ask("sysctl -n kernel.random.boot_id", /^[0-9a-f-]{36}$/),
    ask("readlink /proc/self/ns/net", /^net:\[\d+\]$/),
  ]);
  const place = { boot, netns };
  const text = readNote(NAME);
  if (text === undefined) return new Journal(place, [], true);
  const saved = parse(text);
  if (typeof saved === "string") return new Journal(place, [], true, saved);
  if (saved.boot !== boot) return new Journal(place, [], true);
  if (saved.netns !== netns) {
    throw new Problem(
      t`Cannot work on this network namespace (${netns}): ${FILE} tells of a lab in another one of this machine (${saved.netns}).`,
      t`Take that one down first, from where it is. If that namespace is gone, type: rm -r ${NOTES}`,
    );
  }
  return new Journal(place, saved.entries, false);
}

/** What is said to whoever would build on a journal that cannot be read. */
export function cannotRead(why: string): Problem {
  return new Problem(
    t`Cannot read what the lab made on this machine, in ${FILE}: ${why}.`,
    t`Take down what bears the lab's mark, and be told the rest: ${
      typed("down")
    }`,
  );
}

async function ask(line: string, pattern: RegExp): Promise<string> {
  const result = await run(line.split(" "));
  const answer = result.stdout.trim();
  if (result.code === 0 && pattern.test(answer)) return answer;
  throw new Problem(
    t`Cannot tell which lab is this machine's: \`${line}\`: ${
      result.code === 0
        ? `it printed ${JSON.stringify(answer.slice(0, 60))}`
        : whyFailed(result)
    }.`,
  );
}

/** What a journal says, or why it cannot be read. */
function parse(text: string): Seat & { entries: Entry[] } | string {
  if (text.trim() === "") return t`it is empty`;
  try {
    const saved = JSON.parse(text);
    const { boot, netns, entries } = saved;
    if (typeof boot !== "string" || typeof netns !== "string") {
      return t`it does not say where it holds`;
    }
    const strange = entries.find(({ state, note }: Entry) =>
      state !== "making" && state !== "made" || !isNote(note)
    );
    return strange ? t`it tells of ${JSON.stringify(strange)}` : saved;
  } catch (error) {
    return t`it is no journal (${wordsOf(error)})`;
  }
}
