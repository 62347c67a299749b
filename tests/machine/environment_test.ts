/** The lab wherever it is, and however the one who calls has set up his shell. */

import { assert, assertEquals, assertMatch } from "@std/assert";
import { fixPath, isInstalled } from "../../vm/path.ts";
import { ROOT, type Throwaway, throwaway } from "../throwaway.ts";

fixPath();

const OWN_STATES = 'states="${config%/*}/.lab/sandbox"; mkdir -p "$states"; ' +
  'mountpoint -q "$states" || mount -t tmpfs pc-states "$states"';
const DENO = Deno.execPath();
const CONFIG = `${ROOT}deno.json`;

/**
 * Runs a line of shell on this PC; `$deno` is Deno, `$config` our deno.json.
 * Sandboxes' state files are this PC's own.
 */
const sh = (pc: Throwaway, line: string, ...args: string[]) =>
  pc.exec([
    ...["env", "--unset=LAB_MACHINE", "--unset=LAB_CALL", "--unset=INIT_CWD"],
    ...["NO_COLOR=1", `deno=${DENO}`, `config=${CONFIG}`],
    ...["sh", "-ec", `${OWN_STATES}; ${line}`, "sh", ...args],
  ]);

// --- Variables ----------------------------------------------------------------

/** What people have in their environment, for `export`. */
const SETTINGS = [
  "LD_PRELOAD=libm.so.6",
  "LD_LIBRARY_PATH=/opt/conda/lib",
  "LD_OF_NEXT_YEAR=1",
  "DYLD_LIBRARY_PATH=/opt/lib",
  "XTABLES_LIBDIR=/nowhere",
  "TERM=dumb",
  "LC_ALL=C",
  "POSIXLY_CORRECT=1",
  "CDPATH=/tmp",
  "ENV=/nowhere",
  "TMPDIR=/nowhere",
  "INIT_CWD=/nowhere",
  "SHELL=/nowhere",
  "COLUMNS=x",
];

// Whoever lists the variables fails where one of them is no text.
for (
  const [about, no_text] of [["", ""], [", with one that is no text", "1"]]
) {
  Deno.test(`environment: what others use variables for changes nothing${about}`, async () => {
    await using pc = await throwaway();
    for (const task of ["stage:nat", "doctor", "down"]) {
      const { code, stdout, stderr } = await sh(
        pc,
        `if [ "$2" ]; then export NAME="$(printf '\\377')"; fi; umask 077
        export ${SETTINGS.join(" ")}; unset HOME
        exec "$deno" task --quiet --config "$config" $1`,
        task,
        no_text,
      );
      assertEquals([task, code, stderr], [task, 0, ""], stdout);
    }
  });
}

Deno.test("environment: what the dynamic linker is told stays outside, from ./lab on", async () => {
  await using pc = await throwaway();
  const settings = ["LD_PRELOAD=libm.so.6", "LD_LIBRARY_PATH=/opt/conda/lib"];
  const { code, stdout } = await sh(
    pc,
    `export ${settings.join(" ")}; PATH="\${deno%/*}:$PATH" "$1" exec -- env`,
    `${ROOT}lab`,
  );
  assertEquals(code, 0);
  assertEquals(stdout.match(/^LD_.*/gm), null);
  const tests = await pc.type(
    "test tests/stages/course_test.ts",
    ...settings,
  );
  assertEquals(tests.code, 0, tests.stderr);
});

Deno.test("environment: an unknown machine in LAB_ON is named with its variable", async () => {
  await using pc = await throwaway();
  const { code, stderr } = await pc.type("status", "LAB_ON=sandbax");
  assertEquals([code, stderr], [
    2,
    'Unknown machine "sandbax", in LAB_ON.\nDid you mean "sandbox"?\n',
  ]);
});

// --- Deno ---------------------------------------------------------------------

Deno.test("environment: a Deno that is called by its path needs no other", async () => {
  await using pc = await throwaway();
  // Neither none nor another one on the PATH is used.
  await sh(
    pc,
    `mkdir /run/old && cd /run/old && echo 'echo "I am old" >&2; exit 9' >deno &&
    chmod +x deno`,
  );
  for (
    const [path, task] of [
      ["", "stage:netns"],
      ["", "read nat"],
      ["/run/old:", "draw"],
    ]
  ) {
    const { code, stderr } = await sh(
      pc,
      `export PATH=${path}/usr/sbin:/usr/bin:/sbin:/bin
      exec "$deno" task --quiet --config "$config" ${task}`,
    );
    assertEquals([path, task, code, stderr], [path, task, 0, ""]);
  }
});

// --- Folders ------------------------------------------------------------------

/** A name with every character in it that means something to somebody. */
const NAME = `-a, b=ünï 日本 it's "100%41#1?" $HOME\`x\`\\t*[x]{a,b};~&|<>()!@`;

Deno.test("environment: a checkout may be in a folder with any name", async () => {
  await using pc = await throwaway();
  const folder = `/mnt/${NAME}`;
  await sh(
    pc,
    `mount -t tmpfs none /mnt && mkdir "$2" && mount --rbind "$1" "$2" &&
    mount -t tmpfs none "$2/.lab"`,
    ROOT,
    folder,
  );
  for (
    const task of ["stage:addr --quiet", "draw", "down"]
  ) {
    const { code, stdout, stderr } = await sh(
      pc,
      `PATH="\${deno%/*}:$PATH" "$1/lab" ${task}`,
      folder,
    );
    assertEquals([task, code, stderr], [task, 0, ""], stdout);
  }
});

Deno.test("environment: a folder whose name is no text is named", async () => {
  await using pc = await throwaway();
  const { code, stderr } = await sh(
    pc,
    `mount -t tmpfs none /mnt; folder="$(printf '/mnt/lat\\377in')"
    mkdir "$folder"; mount --rbind "$1" "$folder"
    cd "$folder"; exec "$deno" task --quiet status`,
    ROOT,
  );
  assertEquals([code, stderr], [
    3,
    "Cannot use a checkout in /mnt/lat%FFin/: Deno cannot open what is in there.\n" +
    "Move it to a folder whose name is UTF-8.\n",
  ]);
});

Deno.test("environment: where nothing can be kept it says so, and what helps", async () => {
  await using pc = await throwaway();
  await sh(
    pc,
    `mount -t tmpfs none /mnt; mkdir /mnt/checkout /mnt/full
    mount --rbind "$1" /mnt/checkout
    mount -t tmpfs -o ro none /mnt/checkout/.lab
    mount -t tmpfs -o size=8k none /mnt/full; mkdir -m 700 /mnt/full/sandbox
    head -c 8192 /dev/zero >/mnt/full/zeros 2>/dev/null || true`,
    ROOT,
  );
  const type = (task: string, state = "") =>
    sh(
      pc,
      `export LAB_STATE=${state}; cd /mnt
      exec "$deno" task --quiet --config /mnt/checkout/deno.json ${task}`,
    );
  const reads = await type("stage:netns");
  assertEquals([reads.code, reads.stderr], [
    3,
    "Cannot keep the sandbox's state in /mnt/checkout/.lab/sandbox: Read-only " +
    "file system.\nName a folder that you may write to and nobody else: " +
    "LAB_STATE=DIR in front of the command.\n",
  ]);
  assertEquals((await type("read netns")).code, 0);
  const full = await type("stage:netns", "/mnt/full");
  assertEquals(full.code, 3);
  assertMatch(
    full.stderr,
    /Cannot keep the sandbox's state in \/mnt\/full\/sandbox: No space left on device\.\nMake room there/,
  );
  // The folder is seen from where the caller is.
  for (const task of ["stage:netns", "down"]) {
    const { code, stderr } = await type(task, "kept");
    assertEquals([task, code], [task, 0], stderr);
  }
  assertEquals((await sh(pc, "ls -d /mnt/kept/sandbox")).code, 0);
});

Deno.test("environment: files are in the folder of whoever calls", async () => {
  await using pc = await throwaway();
  const folder = "/mnt/far";
  await sh(pc, `mount -t tmpfs none /mnt && mkdir -p ${folder} /run/links`);
  await sh(
    pc,
    `ln -s "$1" /run/links/first; ln -s first /run/links/lab`,
    `${ROOT}lab`,
  );
  await pc.type("stage:addr --quiet");
  const ways = [
    '"$deno" task --quiet --config "$config"',
    // Someone else's idea of where the caller is, such as npm's.
    'PATH="${deno%/*}:$PATH" INIT_CWD=/nowhere ../../run/links/lab',
  ];
  for (const lab of ways) {
    const { code, stdout, stderr } = await sh(
      pc,
      `cd ${folder}; export NO_COLOR=1
      ${lab} draw --svg far.svg
      ${lab} trace ns1 192.168.0.2 --pcap=./far.pcap >/dev/null
      ${lab} snapshot >far.json
      ${lab} draw --from far.json
      ls; rm far.svg far.pcap far.json`,
    );
    assertEquals([lab, code, stderr], [lab, 0, ""]);
    assertMatch(stdout, /^Wrote far\.svg\nFrom: far\.json\n/);
    assertMatch(stdout, /\nfar\.json\nfar\.pcap\nfar\.svg\n$/);
  }
});

// --- Where output goes --------------------------------------------------------

const TALKERS = ["stage:nat", "status", "exec --help"];

Deno.test("environment: a full disk is told in the kernel's words, and the work is done", async () => {
  await using pc = await throwaway();
  for (const task of [...TALKERS, "down"]) {
    const { code, stderr } = await sh(
      pc,
      `exec "$deno" task --quiet --config "$config" ${task} >/dev/full`,
    );
    assertEquals([task, code, stderr], [
      task,
      3,
      "Cannot write the output: No space left on device.\n" +
      "What the task does is done. Make room there, or let it print elsewhere.\n",
    ]);
    if (task === "stage:nat") {
      const { stdout } = await pc.type("status");
      assertMatch(stdout, /The lab is complete\./);
    }
  }
  assertMatch((await pc.type("status")).stdout, /^Machine: none yet/);
  // Nor does it matter that nobody can be told.
  const refused = await sh(
    pc,
    `exec "$deno" task --quiet --config "$config" stage:nat --x 2>/dev/full`,
  );
  assertEquals(refused.code, 2);
});

Deno.test("environment: a file on a full disk, or where none can be, is told with what helps", async () => {
  await using pc = await throwaway();
  await sh(
    pc,
    `mount -t tmpfs -o size=4k none /mnt && head -c 4096 /dev/zero >/mnt/zeros`,
  );
  await pc.type("stage:addr --quiet");
  const room = "Make room there (see `df`), then type the same again.\n";
  const other = "Give a file in a folder of yours.\n";
  for (
    const [option, words, next] of [
      ["draw --svg /mnt/x.svg", "/mnt/x.svg: No space left on device", room],
      ["draw --svg /dev/full", "/dev/full: Deno may not", other],
      ["draw --svg /mnt", "/mnt: Is a directory", other],
      ["trace ns1 ns2 --pcap /mnt/x", "/mnt/x: No space left on device", room],
    ]
  ) {
    const { code, stderr } = await pc.type(option);
    assertEquals([code, stderr], [3, `Cannot write ${words}.\n${next}`]);
  }
});

Deno.test("environment: whoever stops reading is no trouble to anybody", async () => {
  await using pc = await throwaway();
  for (const task of [...TALKERS, "exec -- ip addr"]) {
    const { code, stdout, stderr } = await sh(
      pc,
      `{ "$deno" task --quiet --config "$config" ${task} 3>&- || echo $? >&3; } \\
        3>/run/code | true; cat /run/code`,
    );
    assertEquals([task, code, stderr], [task, 0, ""]);
    // The program that was typed may die of it, as it would anywhere.
    if (!task.startsWith("exec --")) assertEquals([task, stdout], [task, ""]);
    else assert(["", "141\n"].includes(stdout), stdout);
  }
});

Deno.test("environment: a closed input, output or both are no trouble either", async () => {
  await using pc = await throwaway();
  for (const closed of ["<&-", "<&- >&- 2>&-"]) {
    for (const task of ["stage:nat", "down"]) {
      const { code, stderr } = await sh(
        pc,
        `exec "$deno" task --quiet --config "$config" ${task} ${closed}`,
      );
      assertEquals([closed, task, code, stderr], [closed, task, 0, ""]);
    }
  }
});

// --- Terminals ------------------------------------------------------------------

const blocker = isInstalled("script") ? "" : " (left out: no script(1))";

/** Types a task at a terminal with so many columns; what it shows. */
async function atTerminal(
  pc: Throwaway,
  columns: number,
  task: string,
  setting: string,
): Promise<string> {
  const line = `stty cols ${columns}; ${setting} "$deno" task -q ` +
    `--config "$config" ${task}`;
  const { stdout } = await sh(
    pc,
    'unset NO_COLOR; script -qec "$1" /dev/null </dev/null',
    line,
  );
  return stdout.replaceAll("\r", "");
}

Deno.test({
  name: `environment: a terminal gets what it can show${blocker}`,
  ignore: blocker !== "",
  async fn() {
    await using pc = await throwaway();
    await pc.type("stage:gateway --quiet");
    for (const task of ["stage:gateway", "status"]) {
      const narrow = await atTerminal(pc, 60, task, "TERM=dumb LANG=C.UTF-8");
      for (const line of narrow.trim().split("\n")) {
        // What is to be copied is in one piece.
        assert([...line].length <= 60 || /^\$ |deno task/.test(line), line);
      }
      // deno-lint-ignore no-control-regex
      assertEquals(narrow.match(/\x1b/), null, "colour on a dumb terminal");
      const ascii = await atTerminal(pc, 80, task, "TERM=xterm LC_ALL=C");
      // deno-lint-ignore no-control-regex
      assertEquals(ascii.match(/[^\x00-\x7f]/g), null, ascii);
    }
    const usual = await atTerminal(pc, 80, "draw", "TERM=xterm LANG= LC_ALL=");
    assertMatch(usual, /┌─ ns1 ─/);
    assert(usual.includes("\x1b["));
  },
});
