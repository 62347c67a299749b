/** Where programs are, for those whose PATH leaves out the system's own. */

import { Problem } from "../lib/cli/problem.ts";
import { t } from "../lib/cli/translate.ts";

const SYSTEM = ["/usr/local/sbin", "/usr/sbin", "/sbin"];

/**
 * Appends the folders of the system's programs to the PATH: on Debian an
 * ordinary user's does not name them, yet iptables and sysctl are there.
 */
export function fixPath(): void {
  if (Deno.build.os !== "linux") return;
  const folders = (Deno.env.get("PATH") ?? "/usr/bin:/bin").split(":");
  const missing = SYSTEM.filter((folder) => !folders.includes(folder));
  Deno.env.set("PATH", [...folders, ...missing].join(":"));
}

/** Whether a program of this name is on the PATH. */
export function isInstalled(program: string): boolean {
  const windows = Deno.build.os === "windows";
  const file = windows ? `${program}.exe` : program;
  const folders = (Deno.env.get("PATH") ?? "").split(windows ? ";" : ":");
  // Looking where it is not costs more than looking where it is.
  const usual = folders.filter((folder) => /^\/usr\/s?bin$/.test(folder));
  return [...usual, ...folders].some((folder) => isFile(`${folder}/${file}`));
}

/**
 * The words that start this very Deno, wherever it is: another `deno`, or none,
 * may be on the PATH. What a Deno may start is a list of names, and it is on
 * that itself only by the name "deno". So where that name means another one,
 * setpriv starts it: told to change nothing, it does no more than that.
 */
export function denoItself(): string[] {
  if (Deno.build.os !== "linux") return ["deno"];
  const first = (Deno.env.get("PATH") ?? "").split(":")
    .map((folder) => `${folder}/deno`).find(isFile);
  return first && Deno.realPathSync(first) === Deno.realPathSync(OURS)
    ? ["deno"]
    : ["setpriv", OURS];
}

const OURS = Deno.execPath();

/** The command line that runs a program on the Linux that we are on. */
export function commandHere(argv: readonly string[]): string[] {
  return argv[0] === OURS ? [...denoItself(), ...argv.slice(1)] : [...argv];
}

/** Whether there is a file of this path, and we may see it. */
export function isFile(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}

/** A file's path, of its URL: without escapes, on Windows from its drive on. */
export function pathOf(url: string | URL, os = Deno.build.os): string {
  const path = unescaped(new URL(url).pathname);
  return os === "windows" ? path.replace(/^\/(?=[A-Za-z]:)/, "") : path;
}

/** Of a path that is not UTF-8 nothing can be made, see {@linkcode checkRoot}. */
function unescaped(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

/** Throws a {@linkcode Problem} if the checkout's own path is none for Deno. */
export function checkRoot(): void {
  if (isFile(`${ROOT}deno.json`)) return;
  throw new Problem(
    t`Cannot use a checkout in ${ROOT}: Deno cannot open what is in there.`,
    t`Move it to a folder whose name is UTF-8.`,
  );
}

/** The checkout's folder, with a slash at its end. */
export const ROOT: string = pathOf(new URL("..", import.meta.url));

/**
 * The folder for what is kept between commands, without a slash at its end:
 * `.lab` in the checkout, or what LAB_STATE names (seen from where the caller
 * is).
 */
export const STATE: string = stateFolder();

function stateFolder(): string {
  const asked = Deno.env.get("LAB_STATE");
  if (!asked) return `${ROOT}.lab`;
  const caller = Deno.env.get("INIT_CWD") ?? Deno.cwd();
  const folder = asked.startsWith("/") ? asked : `${caller}/${asked}`;
  return folder.replace(/(?<=.)\/+$/, "");
}
