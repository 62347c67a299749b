/** Sees to it that the VM answers, and has this checkout's files. */

import { ROOT } from "../path.ts";
import { askVagrant, isKnown, open, type Way } from "./ssh.ts";
import { checkVagrant, notProvisioned, whyNot } from "./state.ts";
import { type Files, sync, THERE } from "./sync.ts";

/**
 * Connects, and brings changed files there. Returns whether there were any.
 * Throws a Problem with what to type where the VM is halted, gone or lacks what
 * provisioning gives it.
 */
export async function prepare(way: Way, files: Files): Promise<boolean> {
  const state = await lookInside(way);
  if (!state.deno) throw notProvisioned();
  const isStale = !state.shared && state.stamp !== files.stamp;
  if (isStale) await sync(way, files);
  Deno.writeTextFileSync(note(way), files.stamp);
  return isStale;
}

/** Whether the VM had these files when it was last prepared. */
export function isPrepared(way: Way, { stamp }: Files): boolean {
  try {
    return Deno.readTextFileSync(note(way)) === stamp;
  } catch {
    return false;
  }
}

const note = (way: Way) => `${ROOT}${way.folder}/files`;

/** What the first call says of the VM. */
interface State {
  /** The checkout's folder is the host's own. */
  shared: boolean;
  /** Which files were copied there last. */
  stamp: string;
  /** Deno is there. */
  deno: boolean;
}

/** Done by the shell alone: a process takes its time where QEMU plays a VM. */
const LOOK = [
  `while read -r _ folder _; do [ "$folder" != ${THERE} ] || echo shared; done </proc/mounts`,
  `[ ! -e ${THERE}/.lab/files ] || { read -r stamp <${THERE}/.lab/files; echo "stamp $stamp"; }`,
  "! command -v deno >/dev/null || echo deno",
].join("\n");

async function lookInside(way: Way): Promise<State> {
  let words = "";
  if (isKnown(way)) {
    const said = await open(way, LOOK);
    if ("answer" in said) return readState(said.answer);
    words = said.words;
  }
  checkVagrant();
  // Its address may have changed since Vagrant was asked.
  const refusal = await askVagrant(way);
  if (refusal) throw await whyNot(words || refusal);
  const said = await open(way, LOOK);
  if ("answer" in said) return readState(said.answer);
  throw await whyNot(said.words);
}

function readState(answer: string): State {
  const lines = answer.trim().split("\n");
  const stamp = lines.find((line) => line.startsWith("stamp "));
  return {
    shared: lines.includes("shared"),
    stamp: stamp?.slice("stamp ".length) ?? "",
    deno: lines.includes("deno"),
  };
}
