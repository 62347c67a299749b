/** Which package brings a program, in the words of this Linux. */

import { t } from "./translate.ts";

/** What installs packages, by the family of distributions. */
const INSTALLERS: Readonly<Record<string, string>> = {
  debian: "apt-get",
  fedora: "dnf",
  rhel: "dnf",
  alpine: "apk",
  arch: "pacman",
  suse: "zypper",
  opensuse: "zypper",
};

/** What its command line begins with. */
const LINES: Readonly<Record<string, string>> = {
  "apt-get": "apt-get install",
  dnf: "dnf install",
  apk: "apk add",
  pacman: "pacman -S",
  zypper: "zypper install",
};

/** The table of packages: see packages.txt. */
const TABLE = new URL("packages.txt", import.meta.url);

/**
 * The programs that a lab is made with, in the order of the table. Those that
 * fetch Deno are not among them.
 */
export function labPrograms(): string[] {
  const rows = readTable();
  return rows.slice(0, rows.findIndex(([name]) => name === "---"))
    .map(([name]) => name);
}

/**
 * The command that installs these programs, for the distribution that
 * `osRelease` describes (see {@link https://man7.org/linux/man-pages/man5/os-release.5.html os-release(5)}),
 * or undefined where we do not know it.
 */
export function installCommand(
  programs: readonly string[],
  osRelease: string = readOsRelease(),
): string | undefined {
  const value = (key: string) =>
    osRelease.match(new RegExp(`^${key}="?([^"\n]*)`, "m"))?.[1] ?? "";
  const installer = [value("ID"), ...value("ID_LIKE").split(" ")]
    .map((id) => INSTALLERS[id]).find((each) => each);
  if (!installer) return undefined;
  const [head, ...rows] = readTable("program");
  const column = head.indexOf(installer);
  // What is not in the table is of a lab's own making: no package brings it.
  const names = programs.map((program) =>
    rows.find(([name]) => name === program)?.[column] ?? program
  );
  return `${LINES[installer]} ${[...new Set(names)].join(" ")}`;
}

/** The rows of the table, as words; with its head if that is asked for. */
function readTable(head?: string): string[][] {
  return Deno.readTextFileSync(TABLE).split("\n")
    .map((line) => line.trim().split(/\s+/))
    .filter(([name]) => name !== "" && name !== "#")
    .filter(([name]) => name !== "program" || head);
}

function readOsRelease(): string {
  try {
    return Deno.readTextFileSync("/etc/os-release");
  } catch {
    return "";
  }
}

/** A sentence that says how to install programs that a lab is made with. */
export function installAdvice(programs: readonly string[]): string {
  const command = installCommand(programs);
  return command
    ? t`Type ./lab, which installs what the lab needs, or as root: ${command}`
    : t`Type ./lab, which installs what the lab needs.`;
}
