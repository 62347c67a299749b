/** The state files of sandboxes, broken in many ways. */

import { leavesNothing } from "./aftermath.ts";
import { type Ended, expectEnd, type, until } from "./command.ts";
import type { Row } from "./row.ts";
import { ROOT } from "../../vm/path.ts";

const FOLDER = `${ROOT}.lab/sandbox`;
const FILE = `${FOLDER}/default`;
const TURN = `${FILE}.turn`;
/** Somebody's file and folder, and nobody's. */
const THEIRS = "/tmp/faults/theirs";
const KEPT = "of great value\n";

/**
 * Shell lines that break something, by what they do. INNOCENT is the process of
 * somebody who has nothing to do with it; `hold FILE` locks a file as somebody
 * else's process.
 */
const WAYS: Record<string, string> = {
  "empty": `: >${FILE}`,
  "huge": `truncate -s 1G ${FILE}`,
  "link-to-a-file": `ln -s ${THEIRS}/file ${FILE}`,
  "link-to-a-folder": `ln -s ${THEIRS} ${FILE}`,
  "link-to-nowhere": `ln -s ${THEIRS}/nowhere ${FILE}`,
  "FIFO": `mkfifo ${FILE}`,
  "folder": `mkdir ${FILE}`,
  "not-ours": `: >${FILE}; mount --bind /tmp/faults/other ${FILE}`,
  "hexadecimal": `echo 0x10 >${FILE}; hold ${FILE}`,
  "negative": `echo -1 >${FILE}; hold ${FILE}`,
  "text": `echo nonsense >${FILE}; hold ${FILE}`,
  "NUL-bytes": `printf '\\000\\000\\000' >${FILE}; hold ${FILE}`,
  "two-numbers": `printf ' $INNOCENT $INNOCENT \\n' >${FILE}; hold ${FILE}`,
  "stale-of-another-process": `echo $INNOCENT >${FILE}`,
  "of-another-process": `echo $INNOCENT >${FILE}; hold ${FILE}`,
  "of-process-1": `echo 1 >${FILE}; hold ${FILE}`,
  "of-the-test-itself": `echo $TESTER >${FILE}; hold ${FILE}`,
  "of-no-process": `echo 4000000 >${FILE}; hold ${FILE}`,
  "unreadable": `echo 5 >${FILE}; chmod 0 ${FILE}`,
  "locked-by-somebody-else": `: >${FILE}; hold ${FILE}`,
  "turn-link-to-a-file": `ln -sf ${THEIRS}/file ${TURN}`,
  "turn-link-to-nowhere": `ln -sf ${THEIRS}/nowhere ${TURN}`,
  "turn-FIFO": `mkfifo ${TURN}`,
  "turn-folder": `mkdir ${TURN}`,
  "turn-not-ours": `: >${TURN}; mount --bind /tmp/faults/other ${TURN}`,
  "turn-locked-by-somebody-else": `: >${TURN}; hold ${TURN}`,
  "no-folder": `rmdir ${FOLDER}`,
  "the-folder-is-a-file": `rmdir ${FOLDER}; echo text >${FOLDER}`,
  "the-folder-is-a-link": `rmdir ${FOLDER}; ln -s ${THEIRS} ${FOLDER}`,
  "the-folder-is-read-only":
    `mount --bind ${FOLDER} ${FOLDER}; mount -o remount,ro,bind ${FOLDER}`,
};

/** The same, while a sandbox lives that the file is of. */
const LIVING: Record<string, string> = {
  "living-emptied": `: >${FILE}`,
  "living-text": `echo nonsense >${FILE}`,
  "living-number-of-another-process": `echo $INNOCENT >${FILE}`,
  "living-removed-as-git-clean-does": `rm ${FILE} ${TURN}`,
};

/** The rows. */
export const rows: Row[] = [{
  name: "state-files",
  title: "sandbox: state files broken",
  cells: () => Promise.resolve([...Object.keys(WAYS), ...Object.keys(LIVING)]),
  run: broken,
}];

async function broken(cell: string): Promise<void> {
  await Deno.mkdir(FOLDER, { recursive: true });
  await Deno.mkdir(THEIRS, { recursive: true });
  await Deno.writeTextFile(`${THEIRS}/file`, KEPT);
  for (const file of [FILE, TURN]) {
    await Deno.remove(file, { recursive: true }).catch(() => {});
  }
  const innocent = new Deno.Command("sleep", { args: ["900"] }).spawn();
  const holders: Deno.ChildProcess[] = [];
  try {
    const isLiving = cell in LIVING;
    if (isLiving) expectEnd(await type("stage:netns --quiet"), 0);
    for (const line of (WAYS[cell] ?? LIVING[cell]).split("; ")) {
      const hold = line.match(/^hold (.*)$/)?.[1];
      if (hold) holders.push(await holdLocked(hold));
      else await shell(line, innocent.pid);
    }
    for (const line of ["status", "stage:netns --quiet", "down"]) {
      expectEnd(await patiently(line), 0, 3);
    }
    if (isLiving) expectEnd(await type("down --all"), 0);
    if (!await isAlive(innocent)) throw new Error("killed an innocent process");
    for (const holder of holders) {
      if (!await isAlive(holder)) throw new Error("killed who held the lock");
    }
    const kept = await Deno.readTextFile(`${THEIRS}/file`);
    if (kept !== KEPT) {
      throw new Error(`wrote into a file behind a link: ${kept}`);
    }
    const there = [...Deno.readDirSync(THEIRS)].map(({ name }) => name);
    if (`${there}` !== "file") {
      throw new Error(`made files behind a link: ${there}`);
    }
  } finally {
    for (const child of [innocent, ...holders]) await end(child);
    await shell(
      `umount ${FILE} ${TURN} ${FOLDER} 2>/dev/null; rm -rf ${THEIRS}; ` +
        `[ -d ${FOLDER} ] && [ ! -h ${FOLDER} ] && rm -rf ${FILE} ${TURN} || rm -rf ${FOLDER}`,
      0,
    );
  }
  // What was broken is mended by hand: all is well again.
  expectEnd(await type("stage:netns --quiet"), 0);
  await leavesNothing("sandbox");
}

/** A wait for somebody else has an end, which comes before ours does. */
async function patiently(line: string): Promise<Ended> {
  return await type(line, {}, 20_000);
}

async function shell(line: string, innocent: number): Promise<void> {
  await new Deno.Command("sh", {
    args: ["-c", line],
    env: { INNOCENT: `${innocent}`, TESTER: `${Deno.pid}` },
  }).output();
}

async function holdLocked(file: string): Promise<Deno.ChildProcess> {
  const holder = new Deno.Command("flock", {
    args: ["--no-fork", "--shared", file, "sleep", "900"],
  }).spawn();
  // flock(1) becomes sleep(1) once it has the lock.
  await until(
    () =>
      Deno.readTextFileSync(`/proc/${holder.pid}/cmdline`).startsWith("sleep"),
    5000,
  );
  return holder;
}

async function isAlive(child: Deno.ChildProcess): Promise<boolean> {
  const now = Promise.resolve("alive");
  return await Promise.race([child.status, now]) === "alive" &&
    Deno.readTextFileSync(`/proc/${child.pid}/cmdline`) !== "";
}

async function end(child: Deno.ChildProcess): Promise<void> {
  try {
    child.kill("SIGKILL");
  } catch {
    // Ended by somebody else.
  }
  await child.status;
}
