/**
 * Tests of `lab`, the script that finds Deno and the system's packages, in
 * every shell that is here.
 *
 * Each test runs the real script in a checkout of its own, on a PATH with only
 * the test's own commands: `deno`, `apt-get`, `sudo` and so on are stand-ins,
 * so that no test needs root or the internet.
 *
 * @module
 */

import { assertEquals, assertStringIncludes } from "@std/assert";
import { exists } from "../../lib/cli/files.ts";

const repo = `${import.meta.dirname}/../..`;

/** Where the system has this command, if it has it. */
function system(name: string): string | undefined {
  return ["/bin", "/usr/bin", "/usr/local/bin"]
    .map((folder) => `${folder}/${name}`).find(exists);
}

/** What the script `lab` and the stand-ins are written with. */
const tools =
  "sh sed readlink dirname mkdir ln ls mv rm chmod chown cat tar gzip sha256sum"
    .split(" ");

/** What a lab is built with, in the order in which `lab` looks for it. */
const commands = "ip ping iptables unshare nsenter mount sysctl".split(" ");

/** What the stand-in for Deno does, unless a test says otherwise. */
const show = `if read -r input; then set -- "$@" "$input"; fi
printf '%s\\0' "$0" "$@"
exit 7`;

/** The SHA-256 of a file's content. */
async function checksum(content: Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", content);
  return new Uint8Array(digest).toHex();
}

/** What one run of `lab` gave. */
interface Run {
  code: number;
  /** What the stand-in for Deno was called as, then its arguments. */
  deno: string[];
  errors: string;
}

/** A checkout, a home and a folder of commands, all temporary. */
class Machine implements Disposable {
  readonly folder = Deno.makeTempDirSync({ prefix: "lab script " });
  readonly checkout = `${this.folder}/check out`;
  readonly bin = `${this.folder}/bin`;
  readonly home = `${this.folder}/home`;

  /** `shell` is the command line of the shell that runs `lab`. */
  constructor(readonly shell: string[]) {
    for (const folder of [this.checkout, this.bin, this.home]) {
      Deno.mkdirSync(folder);
    }
    Deno.copyFileSync(`${repo}/lab`, `${this.checkout}/lab`);
    Deno.mkdirSync(`${this.checkout}/vm`);
    Deno.copyFileSync(`${repo}/vm/deno.sh`, `${this.checkout}/vm/deno.sh`);
    Deno.mkdirSync(`${this.checkout}/lib/cli`, { recursive: true });
    const table = "lib/cli/packages.txt";
    Deno.copyFileSync(`${repo}/${table}`, `${this.checkout}/${table}`);
    this.config({
      imports: { before: "./before.ts" },
      tasks: { exec: "…", read: { description: "…", command: "…" } },
      lint: { after: {} },
    });
    for (const tool of tools) {
      Deno.symlinkSync(system(tool)!, `${this.bin}/${tool}`);
    }
    for (const name of [...commands, "setpriv"]) this.command(name);
    this.command("id", "echo 1001");
    this.command(
      "uname",
      `case $1 in -s) echo Linux ;; *) echo ${Deno.build.arch} ;; esac`,
    );
    this.deno(this.bin, "2.9.6");
  }

  [Symbol.dispose]() {
    Deno.removeSync(this.folder, { recursive: true });
  }

  /** Writes deno.json, laid out as `deno fmt` does. */
  config(content: unknown) {
    const text = JSON.stringify(content, null, 2);
    Deno.writeTextFileSync(`${this.checkout}/deno.json`, text);
  }

  /** Adds a command: a script that first notes its call in the log. */
  command(name: string, script = "") {
    const note = `echo "${name} $*" >>"${this.folder}/log"`;
    this.#write(`${this.bin}/${name}`, `${note}\n${script}`);
  }

  /**
   * Adds a Deno. What it runs it only shows: how it was called and what was
   * piped into it. Then it ends with exit code 7.
   */
  deno(folder: string, version: string, script = show) {
    Deno.mkdirSync(folder, { recursive: true });
    this.#write(
      `${folder}/deno`,
      `if [ "$1" = --version ]; then
  echo "deno ${version} (stable, release, stand-in)"
  exit
fi
${script}`,
    );
  }

  /**
   * Makes a Deno the one that is fetched, as its packages bring it: for a
   * stand-in of npm, and for those of curl or wget with unzip.
   */
  async release(version = "2.9.6"): Promise<void> {
    const { folder } = this;
    this.deno(`${folder}/package`, version);
    const file = `${folder}/package/deno`;
    this.pin(await checksum(Deno.readFileSync(file)));
    this.command("npm", `tar -czf deno.tgz -C "${folder}" package/deno`);
    const download = (option: string) =>
      `while [ "$1" != ${option} ]; do shift; done; cat "${file}" >"$2"`;
    this.command("curl", download("-o"));
    this.command("wget", download("-O"));
    this.command("unzip", "mv deno.zip deno");
  }

  /** Changes the checksum that the fetched Deno must have. */
  pin(checksum: string) {
    const path = `${this.checkout}/vm/deno.sh`;
    const script = Deno.readTextFileSync(path);
    Deno.writeTextFileSync(
      path,
      script.replace(/checksum=[0-9a-f]{64}/g, `checksum=${checksum}`),
    );
  }

  /** All that is kept in .lab/deno. */
  kept(): string[] {
    const list = (path: string): string[] =>
      [...Deno.readDirSync(path)].flatMap(({ name, isDirectory }) =>
        isDirectory ? [`${name}/`, ...list(`${path}/${name}`)] : [name]
      );
    return list(`${this.checkout}/.lab/deno`).sort();
  }

  #write(path: string, script: string) {
    Deno.writeTextFileSync(path, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  }

  remove(...names: string[]) {
    for (const name of names) Deno.removeSync(`${this.bin}/${name}`);
  }

  /** The calls so far of all stand-ins but `deno` and `id`. */
  log(): string[] {
    const path = `${this.folder}/log`;
    if (!exists(path)) return [];
    return Deno.readTextFileSync(path).trim().split("\n")
      .filter((line) => line !== "id -u");
  }

  /** Runs `lab`; `through` is a command line to start its shell with. */
  async lab(
    args: string[],
    { script = `${this.checkout}/lab`, cwd = "/", through = [] as string[] } =
      {},
  ): Promise<Run> {
    const environment = ["-i", `PATH=${this.bin}`, `HOME=${this.home}`];
    const { code, stdout, stderr } = await new Deno.Command("env", {
      args: [...environment, ...through, ...this.shell, script, ...args],
      cwd,
    }).output();
    const text = new TextDecoder();
    return {
      code,
      deno: text.decode(stdout).split("\0").slice(0, -1),
      errors: text.decode(stderr),
    };
  }

  /** Runs `lab` where it finds no command but the test's own. */
  labAlone(args: string[], through: string[] = []): Promise<Run> {
    return this.lab(args, { through: [...withoutSbin, ...through] });
  }
}

/** A command line that starts another one and pipes a line into it. */
const withInput = [system("sh")!, "-c", 'echo "from a pipe" | "$@"', "sh"];

/**
 * A command line that starts another one with nothing in /usr/sbin and /sbin,
 * which `lab` adds to the PATH.
 */
const withoutSbin = [
  system("unshare") ?? "unshare",
  "--map-root-user",
  "--mount",
  system("sh")!,
  "-ec",
  `for folder in /usr/sbin /sbin; do
    ${system("mount")} -t tmpfs none $folder
  done
  exec "$@"`,
  "sh",
];

/** Why {@linkcode withoutSbin} cannot be used here, if it cannot. */
function sbinStays(): string | undefined {
  if (Deno.build.os !== "linux") return "not Linux";
  if (Deno.realPathSync("/usr/sbin") === Deno.realPathSync("/usr/bin")) {
    return "/usr/sbin is /usr/bin";
  }
  const [file, ...args] = withoutSbin;
  const { success } = new Deno.Command("env", {
    args: [file, ...args, system("true")!],
  }).outputSync();
  return success ? undefined : "no user namespaces";
}

type Body = (machine: Machine) => Promise<void>;

/** Registers a test for every shell; `blocker` is why it cannot run here. */
function test(name: string, body: Body, blocker?: string) {
  for (
    const [shell, file, ...args] of [
      ["dash", "dash"],
      ["busybox sh", "busybox", "sh"],
      ["bash", "bash"],
    ]
  ) {
    const path = system(file);
    const left = path === undefined ? `no ${file}` : blocker;
    Deno.test({
      name: `lab in ${shell}: ${name}${left ? ` (left out: ${left})` : ""}`,
      ignore: left !== undefined,
      async fn() {
        using machine = new Machine([path!, ...args]);
        await body(machine);
      },
    });
  }
}

const blocker = sbinStays();

/** Registers a test of what `lab` does where commands are missing. */
function testAlone(name: string, body: Body) {
  test(name, body, blocker);
}

// --- Handing over -------------------------------------------------------------

test("passes arguments on as they are, and the exit code", async (machine) => {
  const args = ["exec", "--", "sh", "-c", "a  b", "$HOME *", "it's", '"', ""];
  assertEquals(await machine.lab(args), {
    code: 7,
    deno: [`${machine.bin}/deno`, "task", "--quiet", ...args],
    errors: "",
  });
});

test("leaves its input to the task", async (machine) => {
  const { deno } = await machine.lab(["exec"], { through: withInput });
  assertEquals(deno.at(-1), "from a pipe");
});

test("passes signals on to the task", async (machine) => {
  for (const [signal, code] of [["TERM", 8], ["HUP", 9]]) {
    // It ends once it is told, and some time later if it is not.
    machine.deno(
      machine.bin,
      "2.9.6",
      `trap 'exit 8' TERM; trap 'exit 9' HUP; kill -${signal} $PPID
      i=0; while [ $i -lt 1000000 ]; do i=$((i + 1)); done; exit 1`,
    );
    assertEquals((await machine.lab(["read"])).code, code);
  }
});

test("tells what differs from what Deno itself fails at", async (machine) => {
  const ends = async (how: string, task = "read") => {
    const script = `[ "$4" = --help ] || ${how}`;
    machine.deno(machine.bin, "2.9.6", script);
    const { code, errors } = await machine.lab([task]);
    return [code, errors.split("\n")[0]];
  };
  const failed = "lab: Deno could not run the task: why is said above.";
  assertEquals(await ends("exit $LAB_DIFFERS"), [1, ""]);
  assertEquals(await ends("exit 1"), [3, failed]);
  assertEquals(await ends("exit 126"), [3, failed]);
  assertEquals(await ends("kill -KILL $$"), [
    3,
    "lab: the task was killed: by somebody, or by the kernel for want of memory.",
  ]);
  assertEquals(await ends("kill -TRAP $$"), [
    3,
    "lab: Deno broke off with signal 5: why is said above, if it could be.",
  ]);
  for (const code of [0, 2, 3, 7, 130, 143]) {
    assertEquals(await ends(`exit ${code}`), [code, ""]);
  }
  // A command in the machine may end with any.
  for (const code of [1, 65, 101, 133, 137, 255]) {
    assertEquals(await ends(`exit ${code}`, "exec"), [code, ""]);
  }
  machine.deno(machine.bin, "2.9.6", "exit 1");
  assertEquals((await machine.lab(["exec", "ls"])).code, 3);
});

test("finds its checkout from anywhere", async (machine) => {
  const { folder } = machine;
  Deno.symlinkSync("check out/lab", `${folder}/first`);
  Deno.mkdirSync(`${folder}/far`);
  Deno.symlinkSync(`${folder}/first`, `${folder}/far/second`);
  for (
    const [cwd, script] of [
      [machine.checkout, "./lab"],
      [machine.checkout, "lab"],
      [folder, "check out/lab"],
      [folder, "./first"],
      ["/", `${folder}/far/second`],
    ]
  ) {
    const { code, errors } = await machine.lab(["exec"], { cwd, script });
    assertEquals({ script, code, errors }, { script, code: 7, errors: "" });
  }
});

test("is called what was typed", async (machine) => {
  machine.deno(machine.bin, "2.9.6", `printf '%s\\0' "$LAB_CALL"; exit 7`);
  const { checkout, folder } = machine;
  Deno.symlinkSync("check out/lab", `${folder}/link`);
  for (
    const [cwd, script, call] of [
      [checkout, "./lab", "./lab"],
      [checkout, "lab", "./lab"],
      [checkout, `${checkout}/lab`, "./lab"],
      [`${checkout}/..`, "check out/lab", "'check out/lab'"],
      ["/", `${checkout}/lab`, `'${checkout}/lab'`],
      ["/tmp", `..${folder}/link`, `'..${folder}/link'`],
    ]
  ) {
    assertEquals((await machine.lab(["read"], { cwd, script })).deno, [call]);
  }
});

const script = ["run", "-q", "-P=host"];

test("shows the start screen if no task is named", async (machine) => {
  const { deno } = await machine.lab([]);
  assertEquals(deno.slice(1), [...script, "scripts/tasks/start.ts"]);
});

test("asks for help with what is no task", async (machine) => {
  for (
    const word of [
      ...["help", "--help", "-h", "--version", "version"],
      ...["exce", "after", "before", "description", "e.*", "-x", ""],
      ...["exec\nread", "stage", "stage:", ":nat", "*"],
    ]
  ) {
    const { code, deno } = await machine.lab([word, "a b"]);
    assertEquals(code, 7);
    const expected = [...script, "scripts/tasks/help.ts", word, "a b"];
    assertEquals(deno.slice(1), expected);
  }
});

test("takes a stage and a chapter by its name alone", async (machine) => {
  machine.config({ tasks: { "stage:nat": "…", "beyond:docker": "…" } });
  for (
    const [typed, meant] of [
      [["nat", "--quiet"], ["stage:nat", "--quiet"]],
      [["stage", "nat", "--quiet"], ["stage:nat", "--quiet"]],
      [["docker"], ["beyond:docker"]],
      [["beyond", "docker", "a b"], ["beyond:docker", "a b"]],
    ]
  ) {
    const { deno } = await machine.lab(typed);
    assertEquals(deno.slice(1), ["task", "--quiet", ...meant]);
  }
});

test("knows every task of deno.json", async (machine) => {
  const config = JSON.parse(Deno.readTextFileSync(`${repo}/deno.json`));
  Deno.copyFileSync(`${repo}/deno.json`, `${machine.checkout}/deno.json`);
  for (const task of Object.keys(config.tasks)) {
    const { deno } = await machine.lab([task]);
    assertEquals(deno.slice(1), ["task", "--quiet", task]);
  }
});

// --- Deno ---------------------------------------------------------------------

test("takes a Deno that is new enough", async (machine) => {
  for (const version of ["2.9.6", "2.9.10", "2.10.0", "3.0.0", "10.0.0"]) {
    machine.deno(machine.bin, version);
    const { deno, errors } = await machine.lab(["exec"]);
    assertEquals([version, deno[0]], [version, `${machine.bin}/deno`]);
    assertEquals(errors, "");
  }
});

test("looks further than a Deno that is too old", async (machine) => {
  const [before, later] = [
    `${machine.home}/.deno/bin`,
    `${machine.checkout}/.lab/deno/bin`,
  ];
  machine.deno(later, "2.9.6");
  for (const version of ["2.9.5", "2.8.10", "1.46.3", "1.50.50", "unknown"]) {
    machine.deno(machine.bin, version);
    machine.deno(before, version);
    const { deno, errors } = await machine.lab(["exec"]);
    assertEquals([version, deno[0]], [version, `${later}/deno`]);
    assertEquals(errors, "");
  }
  machine.deno(before, "2.10.0");
  assertEquals((await machine.lab(["exec"])).deno[0], `${before}/deno`);
});

test("takes a Deno from a folder that cannot be on the PATH", async (machine) => {
  const home = `${machine.folder}/a:b`;
  machine.remove("deno");
  machine.deno(`${home}/.deno/bin`, "2.9.6");
  const through = [system("env")!, `HOME=${home}`];
  const { code, deno } = await machine.lab(["exec"], { through });
  assertEquals([code, deno[0]], [7, `${home}/.deno/bin/deno`]);
});

test("says from which folder it was called", async (machine) => {
  machine.deno(machine.bin, "2.9.6", `printf '%s\\0' "$INIT_CWD"`);
  for (const cwd of ["/", machine.folder, machine.checkout]) {
    assertEquals((await machine.lab(["exec"], { cwd })).deno, [cwd]);
  }
});

test("puts its Deno first on the PATH", async (machine) => {
  const folder = `${machine.home}/.deno/bin`;
  machine.deno(machine.bin, "2.9.5");
  const script = `[ "$1" = again ] || exec deno again\n${show}`;
  machine.deno(folder, "2.9.6", script);
  const { deno } = await machine.lab(["exec"]);
  assertEquals(deno, [`${folder}/deno`, "again"]);
});

const size = "once (some 50 MB)";
const address = "https://github.com/denoland/deno/releases/download/v2.9.6/" +
  `deno-${Deno.build.arch}-unknown-linux-gnu.zip`;

testAlone("fetches Deno with npm, once", async (machine) => {
  const { checkout } = machine;
  machine.remove("deno");
  await machine.release();
  const first = await machine.labAlone(["exec"], withInput);
  assertEquals(first, {
    code: 7,
    deno: [
      `${checkout}/.lab/deno/bin/deno`,
      "task",
      "--quiet",
      "exec",
      "from a pipe",
    ],
    errors:
      `lab: no Deno 2.9.6 or newer is here: fetching it with npm, ${size}.\n`,
  });
  assertEquals(machine.kept(), ["bin/", "deno"]);

  const second = await machine.labAlone(["exec"], withInput);
  assertEquals(second, { ...first, errors: "" });
  const cpu = { x86_64: "x64", aarch64: "arm64" }[Deno.build.arch];
  assertEquals(machine.log().filter((line) => line.startsWith("npm")), [
    `npm pack --loglevel=error @deno/linux-${cpu}-glibc@2.9.6`,
  ]);
});

for (
  const [program, options] of [
    ["curl", "-fsSL --connect-timeout 20 -o"],
    ["wget", "-q -T 20 -t 2 -O"],
  ]
) {
  testAlone(`fetches the release of Deno with ${program}`, async (machine) => {
    machine.remove("deno");
    await machine.release();
    machine.remove("npm", program === "curl" ? "wget" : "curl");
    const { deno, errors } = await machine.labAlone(["exec"]);
    assertEquals(deno[0], `${machine.checkout}/.lab/deno/bin/deno`);
    assertEquals(
      errors,
      `lab: no Deno 2.9.6 or newer is here: fetching it with ${program}, ` +
        `${size}:\nlab:   ${address}\n`,
    );
    assertEquals(machine.kept(), ["bin/", "deno"]);
    assertEquals(machine.log().filter((line) => !line.startsWith("uname")), [
      `${program} ${options} deno.zip ${address}`,
      "unzip -q deno.zip deno",
    ]);
  });
}

testAlone("takes GitHub where npm brings nothing", async (machine) => {
  machine.remove("deno");
  await machine.release();
  machine.command("npm", 'echo "npm error: no network" >&2; exit 1');
  const { code, errors } = await machine.labAlone(["exec"]);
  assertEquals([code, errors.split("\n")[1]], [7, "npm error: no network"]);
});

testAlone("runs nothing of a Deno that is not the one", async (machine) => {
  machine.remove("deno");
  await machine.release();
  const sum = await checksum(
    Deno.readFileSync(`${machine.folder}/package/deno`),
  );
  const right = "0".repeat(64);
  machine.pin(right);
  for (const gone of [undefined, "npm"]) {
    if (gone) machine.remove(gone);
    const { code, deno, errors } = await machine.labAlone(["exec"]);
    assertEquals([code, deno], [3, []]);
    const words = errors.split("\n").find((line) => line.includes("SHA-256"));
    assertEquals(
      words,
      `lab: what was fetched is not Deno 2.9.6: its SHA-256 is ${sum} instead ` +
        `of ${right}. It was removed, and nothing of it was run.`,
    );
    assertEquals(machine.kept(), ["bin/"]);
  }
});

testAlone("says so where nothing can be fetched", async (machine) => {
  machine.remove("deno");
  await machine.release();
  machine.remove("npm");
  machine.command("curl", 'echo "curl: no network" >&2; exit 6');
  const { code, deno, errors } = await machine.labAlone(["exec"]);
  assertEquals([code, deno], [3, []]);
  assertEquals(errors.split("\n").slice(2), [
    "curl: no network",
    "lab: could not get Deno 2.9.6, for the reason above.",
    "lab: It takes a way to GitHub or to the registry of npm. Or install " +
    "Deno by hand, then run ./lab again. How to:",
    "lab:   https://docs.deno.com/runtime/getting_started/installation",
    "",
  ]);
  assertEquals(machine.kept(), ["bin/"]);
});

testAlone("says so where there is no Deno for the system", async (machine) => {
  machine.remove("deno");
  await machine.release();
  machine.command("uname", '[ "$1" = -s ] && echo Linux || echo riscv64');
  const { code, errors } = await machine.labAlone(["exec"]);
  assertEquals([code, errors.split("\n")[0]], [
    3,
    "lab: Deno is not made for this system (Linux riscv64).",
  ]);
});

testAlone("a Deno that does not run says why itself", async (machine) => {
  machine.remove("deno");
  const file = `${machine.folder}/package/deno`;
  await machine.release();
  const words = "deno: GLIBC_9.9 not found";
  const script = `#!/bin/sh\necho "${words}" >&2\nexit 1\n`;
  Deno.writeTextFileSync(file, script);
  machine.pin(await checksum(Deno.readFileSync(file)));
  const { code, errors } = await machine.labAlone(["exec"]);
  assertEquals([code, errors.split("\n").slice(1)], [3, [
    words,
    "lab: Deno 2.9.6 does not run on this system, for the reason above.",
    "",
  ]]);
});

testAlone("kill -9 while it fetches leaves nothing half", async (machine) => {
  machine.remove("deno");
  await machine.release();
  machine.remove("npm");
  const curl = `${machine.bin}/curl`;
  const whole = Deno.readTextFileSync(curl);
  // Half of it, and then whoever started us is killed.
  machine.command("curl", "echo half >deno.zip; kill -9 $PPID; exit 1");
  await machine.labAlone(["exec"]);
  Deno.writeTextFileSync(curl, whole);
  assertEquals((await machine.labAlone(["exec"])).code, 7);
  assertEquals(machine.kept(), ["bin/", "deno"]);
});

testAlone("several may fetch at once", async (machine) => {
  machine.remove("deno");
  await machine.release();
  const runs = await Promise.all(
    Array.from({ length: 5 }, () => machine.labAlone(["exec"])),
  );
  assertEquals(runs.map(({ code }) => code), [7, 7, 7, 7, 7]);
  assertEquals(machine.kept(), ["bin/", "deno"]);
});

/** Where `lab` looks for Deno, with the folders that it could be replaced in. */
const places = (machine: Machine) => [
  [machine.bin],
  [`${machine.home}/.deno/bin`, `${machine.home}/.deno`, machine.home],
  ["deno/bin", "deno", ""].map((part) => `${machine.checkout}/.lab/${part}`),
];

testAlone("uses no Deno that others may write to", async (machine) => {
  machine.remove("deno");
  machine.command("npm", "exit 1");
  for (const [folder, ...above] of places(machine)) {
    for (const path of [`${folder}/deno`, folder, ...above]) {
      machine.deno(folder, "2.9.6", `touch "${machine.folder}/bad"`);
      Deno.chmodSync(path, 0o757);
      const { code, errors } = await machine.labAlone(["exec"]);
      assertEquals([code, exists(`${machine.folder}/bad`)], [3, false], path);
      assertStringIncludes(
        errors,
        `lab: ${folder}/deno is not used: somebody else could have changed it.`,
      );
      await Deno.remove(`${folder}/deno`).catch(() => {});
      if (exists(path)) Deno.chmodSync(path, 0o755);
    }
  }
});

// --- System packages -----------------------------------------------------------

const debian = "apt-get install --yes --no-install-recommends";
const installs = {
  "apt-get": `apt-get update && ${debian} ` +
    "iproute2 iputils-ping iptables util-linux mount procps",
  dnf: "dnf install --assumeyes " +
    "iproute iputils iptables-nft util-linux procps-ng",
  apk: "apk add iproute2 iputils iptables util-linux procps-ng",
  pacman: "pacman -S --needed --noconfirm " +
    "iproute2 iputils iptables-nft util-linux procps-ng",
  zypper: "zypper --non-interactive install " +
    "iproute2 iputils iptables util-linux procps",
};

for (const [manager, install] of Object.entries(installs)) {
  testAlone(
    `says what to type where ${manager} installs packages`,
    async (machine) => {
      machine.command(manager);
      machine.remove(...commands);
      assertEquals(await machine.labAlone(["exec"]), {
        code: 3,
        deno: [],
        errors: `lab: missing here: ${commands.join(" ")}.\n` +
          "lab: Type this as root, then run ./lab again:\n" +
          `lab:   ${install}\n`,
      });
      assertEquals(machine.log(), []);
    },
  );
}

testAlone("names only the packages of what is missing", async (machine) => {
  machine.command("apt-get");
  machine.remove("ping", "nsenter");
  const { errors } = await machine.labAlone(["exec"]);
  assertEquals(
    errors,
    "lab: missing here: ping nsenter.\n" +
      "lab: Type this as root, then run ./lab again:\n" +
      `lab:   apt-get update && ${debian} iputils-ping util-linux\n`,
  );
});

testAlone(
  "says what is missing on a system that it does not know",
  async (machine) => {
    machine.remove("ping");
    const { code, errors } = await machine.labAlone(["exec"]);
    assertEquals(code, 3);
    assertEquals(
      errors,
      "lab: missing here: ping. Install them, then run ./lab again.\n",
    );
  },
);

testAlone("looks into /usr/sbin and /sbin", async (machine) => {
  machine.remove("ping");
  for (const folder of ["/usr/sbin", "/sbin"]) {
    const link = `"$0/ln" -s "$0/ip" ${folder}/ping; exec "$@"`;
    const through = [system("sh")!, "-c", link, machine.bin];
    const { code, errors } = await machine.labAlone(["exec"], through);
    assertEquals([code, errors], [7, ""]);
  }
});

testAlone(
  "does not take busybox's applets for ip and ping",
  async (machine) => {
    machine.command("apk");
    machine.command("busybox");
    for (const name of commands) {
      machine.remove(name);
      Deno.symlinkSync("busybox", `${machine.bin}/${name}`);
    }
    const { code, errors } = await machine.labAlone(["exec"]);
    assertEquals(code, 3);
    assertEquals(
      errors.split("\n")[0],
      "lab: missing here: ip ping unshare nsenter.",
    );
  },
);

/** A package manager that brings ping, as a link to another stand-in. */
const bringsPing = (machine: Machine) =>
  `read -r input
  if [ "$1" = install ]; then ln -s ip "${machine.bin}/ping"; fi
  echo "package by package"`;

testAlone("installs what is missing if it is root", async (machine) => {
  machine.remove("ping");
  machine.command("id", "echo 0");
  machine.command("apt-get", bringsPing(machine));
  assertEquals(await machine.labAlone(["exec"], withInput), {
    code: 7,
    deno: [`${machine.bin}/deno`, "task", "--quiet", "exec", "from a pipe"],
    errors: "lab: missing here: ping. Installing them as root, once:\n" +
      `lab:   apt-get update && ${debian} iputils-ping\n` +
      "package by package\npackage by package\n",
  });
  assertEquals(machine.log(), [
    "apt-get update",
    `${debian} iputils-ping`,
  ]);
});

testAlone("installs what is missing through sudo", async (machine) => {
  machine.remove("ping");
  machine.command("sudo", 'if [ "$1" != -n ]; then exec "$@"; fi');
  machine.command("apt-get", bringsPing(machine));
  const { code, errors } = await machine.labAlone(["exec"]);
  assertEquals(code, 7);
  assertEquals(
    errors.split("\n")[1],
    `lab:   sudo apt-get update && sudo ${debian} iputils-ping`,
  );
  assertEquals(machine.log(), [
    "sudo -n true",
    "sudo apt-get update",
    "apt-get update",
    `sudo ${debian} iputils-ping`,
    `${debian} iputils-ping`,
  ]);
});

testAlone(
  "says what to type if sudo cannot ask for the password",
  async (machine) => {
    machine.remove("ping");
    machine.command("sudo", 'echo "sudo: who are you?" >&2; exit 1');
    machine.command("apt-get", bringsPing(machine));
    assertEquals(await machine.labAlone(["exec"]), {
      code: 3,
      deno: [],
      errors: "lab: missing here: ping.\n" +
        "lab: Type this, then run ./lab again:\n" +
        `lab:   sudo apt-get update && sudo ${debian} iputils-ping\n`,
    });
    assertEquals(machine.log(), ["sudo -n true"]);
  },
);

testAlone("says so if a package cannot be installed", async (machine) => {
  machine.remove("ping");
  machine.command("id", "echo 0");
  machine.command("apt-get", 'echo "E: no network" >&2; exit 100');
  const { code, deno, errors } = await machine.labAlone(["exec"]);
  assertEquals(code, 3);
  assertEquals(deno, []);
  assertEquals(errors.split("\n").slice(2), [
    "E: no network",
    "lab: still missing, for the reason above: ping.",
    "lab: Type this as root, then run ./lab again:",
    `lab:   apt-get update && ${debian} iputils-ping`,
    "",
  ]);
});

testAlone("looks for packages only if the task needs them", async (machine) => {
  machine.remove("ping");
  machine.config({ tasks: { exec: "…", read: "…", down: "…" } });
  for (
    const args of [["read"], ["down"], ["exec", "--help"], ["--help"], ["exce"]]
  ) {
    assertEquals((await machine.labAlone(args)).code, 7, args.join(" "));
  }
  for (
    const args of [
      ["exec"],
      ["exec", "--", "ls", "--help"],
      ["exec", "ls", "--help"],
    ]
  ) {
    assertEquals((await machine.labAlone(args)).code, 3, args.join(" "));
  }
});
