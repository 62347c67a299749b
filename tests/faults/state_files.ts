/** What the lab keeps in files, broken in many ways. */

import { type Kind, leavesNothing, sameAsBefore } from "./aftermath.ts";
import { type Ended, expectEnd, show, type, until } from "./command.ts";
import type { Row } from "./row.ts";
import { STATE } from "../../vm/path.ts";

const FOLDER = `${STATE}/sandbox`;
const FILE = `${FOLDER}/default`;
const LOCK = "/run/docker0-by-hand.lock";
const JOURNAL = "/run/docker0-by-hand/journal";
/** Somebody's file and folder, and nobody's. */
const THEIRS = "/tmp/faults/theirs";
const KEPT = "of great value\n";

/**
 * How any file can be something else. INNOCENT is the process of somebody who
 * has nothing to do with it; `hold` locks the file as somebody else.
 */
const anyFile = (file: string): Record<string, string> => ({
  "empty": `: >${file}`,
  "huge": `truncate -s 1G ${file}`,
  "text": `echo nonsense >${file}`,
  "NUL-bytes": `printf '\\000\\000\\000' >${file}`,
  "link-to-a-file": `ln -sf ${THEIRS}/file ${file}`,
  "link-to-a-folder": `ln -sfn ${THEIRS} ${file}`,
  "link-to-nowhere": `ln -sf ${THEIRS}/nowhere ${file}`,
  "FIFO": `rm -f ${file}; mkfifo ${file}`,
  "folder": `rm -f ${file}; mkdir ${file}`,
  "not-ours": `: >${file}; mount --bind /tmp/faults/other ${file}`,
  "unreadable": `echo 5 >${file}; chmod 0 ${file}`,
  "for-all-to-write": `: >${file}; chmod 666 ${file}`,
  "locked": `: >>${file}; hold ${file}`,
});

/** The time at which a process was started, as the kernel counts. */
const SINCE = "$(cut -d' ' -f22 /proc/$INNOCENT/stat)";

/** No sandbox is there, whatever the file says. */
const WAYS: Record<string, string> = {
  ...anyFile(FILE),
  "hexadecimal": `echo 0x10 >${FILE}`,
  "negative": `echo -1 >${FILE}`,
  "two-numbers": `echo $INNOCENT $INNOCENT >${FILE}`,
  "of-another-process": `echo $INNOCENT ${SINCE} >${FILE}`,
  "of-another-process,-locked":
    `echo $INNOCENT ${SINCE} >${FILE}; hold ${FILE}`,
  "of-process-1": `echo 1 0 >${FILE}; hold ${FILE}`,
  "of-the-test-itself": `echo $TESTER 1 >${FILE}; hold ${FILE}`,
  "of-no-process": `echo 4000000 1 >${FILE}; hold ${FILE}`,
  "no-folder": `rmdir ${FOLDER}`,
  "the-folder-is-a-file": `rmdir ${FOLDER}; echo text >${FOLDER}`,
  "the-folder-is-a-link-to-nowhere":
    `rmdir ${FOLDER}; ln -s ${THEIRS}/nowhere ${FOLDER}`,
  "the-folder-is-read-only":
    `mount --bind ${FOLDER} ${FOLDER}; mount -o remount,ro,bind ${FOLDER}`,
};

/** The same, while a sandbox lives that the file is of. */
const LIVING: Record<string, string> = {
  ...anyFile(FILE),
  "number-of-another-process": `echo $INNOCENT ${SINCE} >${FILE}`,
  "removed,-as-git-clean-does": `rm ${FILE}`,
};

/** While a lab is on this very machine. */
const LOCKS = anyFile(LOCK);
const JOURNALS: Record<string, string> = {
  ...anyFile(JOURNAL),
  "removed": `rm ${JOURNAL}`,
  "cut-in-half": `truncate -s $(($(stat -c %s ${JOURNAL}) / 2)) ${JOURNAL}`,
  "a-line-more": `echo '{"state":"made","what":"flag"}' >>${JOURNAL}`,
  "of-another-boot": `sed -i 's/"boot":"./"boot":"x/' ${JOURNAL}`,
};

/** The rows. */
export const rows: Row[] = [
  row("state-files", "sandbox: its state file broken", WAYS, {
    kind: "sandbox",
    file: FILE,
  }),
  row("state-living", "sandbox: its state file broken while it lives", LIVING, {
    kind: "sandbox",
    file: FILE,
    first: "stage:netns",
  }),
  row("state-lock", "here: the lock file broken", LOCKS, {
    kind: "here",
    file: LOCK,
    first: "stage:nat",
  }),
  row("state-journal", "here: the journal broken", JOURNALS, {
    kind: "here",
    file: JOURNAL,
    first: "stage:nat",
  }),
];

/** Which file is broken, and what is typed before. */
interface Where {
  kind: Kind;
  file: string;
  first?: string;
}

function row(
  name: string,
  title: string,
  ways: Record<string, string>,
  where: Where,
): Row {
  return {
    name,
    title: `${title} in ${Object.keys(ways).length} ways`,
    cells: () => Promise.resolve(Object.keys(ways)),
    run: (cell) => broken(ways[cell], where),
  };
}

/** Nobody waits for somebody else for ever. */
const PATIENCE = { LAB_WAIT: "2" };

async function broken(
  way: string,
  { kind, file, first }: Where,
): Promise<void> {
  await Deno.mkdir(FOLDER, { recursive: true, mode: 0o700 });
  // The empty locks of other sandboxes stay for good, see state_file.ts: without
  // them the folder itself can be taken away.
  await shell(`find ${FOLDER} -type f -empty ! -path ${FILE} -delete`, 0);
  await Deno.mkdir(THEIRS, { recursive: true });
  await Deno.writeTextFile(`${THEIRS}/file`, KEPT);
  if (first) expectEnd(await type(`${first} --quiet --on ${kind}`), 0);
  else await Deno.remove(file, { recursive: true }).catch(() => {});
  const good = await Deno.readFile(file).catch(() => undefined);
  const innocent = new Deno.Command("sleep", { args: ["900"] }).spawn();
  const holders: Deno.ChildProcess[] = [];
  let down: Ended;
  try {
    for (const line of way.split("; ")) {
      const hold = line.match(/^hold (.*)$/)?.[1];
      if (hold) holders.push(await holdLocked(hold));
      else if (!await shell(line, innocent.pid)) {
        throw new Error(`could not be broken this way: ${line}`);
      }
    }
    const again = first ?? "stage:netns";
    for (const line of ["status", `${again} --quiet`]) {
      expectEnd(await patiently(`${line} --on ${kind}`), 0, 3);
    }
    down = expectEnd(await patiently(`down --on ${kind}`), 0, 3);
    for (const process of [innocent, ...holders]) {
      if (await isAlive(process)) continue;
      throw new Error("a process was ended that is none of the lab");
    }
    const kept = await Deno.readTextFile(`${THEIRS}/file`);
    if (kept !== KEPT) throw new Error(`wrote behind a link: ${kept}`);
    const there = [...Deno.readDirSync(THEIRS)].map(({ name }) => name);
    if (`${there}` !== "file") throw new Error(`made behind a link: ${there}`);
  } finally {
    for (const child of [innocent, ...holders]) await end(child);
    await shell(`umount ${file} ${FOLDER}; rm -rf ${THEIRS}`, 0);
  }
  const said = down.stdout + down.stderr;
  if (down.code === 0 && !/Left as it is|not known|removed it/.test(said)) {
    // Then all is as it was, but for what is in the place of the file.
    await mend(file);
    try {
      return await sameAsBefore();
    } catch (error) {
      throw new Error(`${(error as Error).message}\nalthough: ${show(down)}`);
    }
  }
  // What was broken is mended by hand: all is well again.
  await mend(file, good);
  expectEnd(await type(`stage:netns --quiet --on ${kind}`), 0, 1);
  await leavesNothing(kind);
}

/** Removes what is in the place of a file, and writes what was there. */
async function mend(file: string, good?: Uint8Array): Promise<void> {
  await shell(
    `[ ! -h ${FOLDER} ] && [ -d ${FOLDER} ] || rm -f ${FOLDER}; rm -rf ${file}`,
    0,
  );
  if (!good) return;
  await Deno.mkdir(file.replace(/[^/]*$/, ""), { recursive: true });
  await Deno.writeFile(file, good, { mode: 0o600 });
}

function patiently(line: string): Promise<Ended> {
  return type(line, PATIENCE, 30_000);
}

/** Types a line. Whether it ended with 0. */
async function shell(line: string, innocent: number): Promise<boolean> {
  const { success } = await new Deno.Command("sh", {
    args: ["-c", line],
    env: { INNOCENT: `${innocent}`, TESTER: `${Deno.pid}` },
  }).output();
  return success;
}

async function holdLocked(file: string): Promise<Deno.ChildProcess> {
  const holder = new Deno.Command("flock", {
    args: ["--no-fork", "--shared", file, "sleep", "900"],
  }).spawn();
  // flock(1) becomes sleep(1) once it has the lock.
  await until(() => wordsOf(holder).startsWith("sleep"), 5000);
  return holder;
}

function wordsOf({ pid }: Deno.ChildProcess): string {
  try {
    return Deno.readTextFileSync(`/proc/${pid}/cmdline`);
  } catch {
    return "";
  }
}

async function isAlive(child: Deno.ChildProcess): Promise<boolean> {
  const now = Promise.resolve("alive");
  return await Promise.race([child.status, now]) === "alive" &&
    wordsOf(child) !== "";
}

async function end(child: Deno.ChildProcess): Promise<void> {
  try {
    child.kill("SIGKILL");
  } catch {
    // Ended by somebody else.
  }
  await child.status;
}
