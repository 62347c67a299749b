/** Tools that go wrong: small scripts that stand in front of the real ones. */

import { ROOT } from "../../vm/path.ts";

const FOLDER = "/tmp/faults";

/** All that the lab runs, where it is installed. */
const TOOLS = [
  "ip",
  "iptables",
  "iptables-save",
  "sysctl",
  "nsenter",
  "unshare",
  "mount",
  "umount",
  "flock",
  "nft",
  "ping",
  "readlink",
  "kill",
  "pgrep",
  "hostname",
  "cat",
  "setpriv",
];

/** What a tool can do instead of its work, or in it. */
export type Fault =
  | "fails"
  | "hangs"
  | "garbage"
  | "nothing"
  | "dies"
  | "killed";

/** The PATH on which the scripts come first. */
export function wrappedPath(): string {
  return `${FOLDER}/bin:${Deno.env.get("PATH")}`;
}

/** Writes the scripts, once a machine. */
export function makeWrappers(): void {
  Deno.mkdirSync(`${FOLDER}/bin`, { recursive: true });
  const text = Deno.readTextFileSync(`${ROOT}tests/faults/wrapper.sh`);
  for (const tool of TOOLS) {
    const real = whereIs(tool);
    if (!real) continue;
    const file = `${FOLDER}/bin/${tool}`;
    Deno.writeTextFileSync(file, text.replace("real=REAL", `real=${real}`));
    Deno.chmodSync(file, 0o755);
  }
}

function whereIs(tool: string): string | undefined {
  return Deno.env.get("PATH")!.split(":").filter((each) =>
    each !== `${FOLDER}/bin`
  )
    .map((folder) => `${folder}/${tool}`)
    .find((path) => {
      try {
        return Deno.statSync(path).isFile;
      } catch {
        return false;
      }
    });
}

/** From now on the call of this number goes wrong; 0 is none. */
export function plan(number: number, fault: Fault | "none", delay = 0): void {
  try {
    Deno.removeSync(`${FOLDER}/calls`, { recursive: true });
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  Deno.mkdirSync(`${FOLDER}/calls`);
  Deno.chmodSync(`${FOLDER}/calls`, 0o777);
  Deno.writeTextFileSync(`${FOLDER}/spec`, `${number} ${fault} ${delay}\n`);
  try {
    Deno.removeSync(`${FOLDER}/hangs`);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

/** Whether a tool hangs. */
export function isHanging(): boolean {
  try {
    return Deno.statSync(`${FOLDER}/hangs`).isFile;
  } catch {
    return false;
  }
}

/** The calls since the last plan, in their order. */
export function calls(): string[] {
  return [...Deno.readDirSync(`${FOLDER}/calls`)]
    .map(({ name }) => Number(name)).sort((a, b) => a - b)
    .map((number) => Deno.readTextFileSync(`${FOLDER}/calls/${number}`).trim());
}
