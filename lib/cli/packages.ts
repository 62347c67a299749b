/** Which package brings a program, in the words of this Linux. */

import { t } from "./translate.ts";

/** What the packages are called, by the family of distributions. */
const FAMILIES: Record<
  string,
  { install: string; packages: Record<string, string> }
> = {
  debian: {
    install: "apt-get install",
    packages: {
      ip: "iproute2",
      ping: "iputils-ping",
      iptables: "iptables",
      sysctl: "procps",
      mount: "mount",
    },
  },
  fedora: {
    install: "dnf install",
    packages: {
      ip: "iproute",
      ping: "iputils",
      iptables: "iptables-nft",
      sysctl: "procps-ng",
    },
  },
  alpine: {
    install: "apk add",
    packages: {
      ip: "iproute2",
      ping: "iputils",
      iptables: "iptables",
      sysctl: "procps-ng",
    },
  },
  arch: {
    install: "pacman -S",
    packages: {
      ip: "iproute2",
      ping: "iputils",
      iptables: "iptables-nft",
      sysctl: "procps-ng",
    },
  },
};

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
  const family = [value("ID"), ...value("ID_LIKE").split(" ")]
    .map((id) => FAMILIES[id === "rhel" ? "fedora" : id])
    .find((each) => each);
  if (!family) return undefined;
  // unshare, nsenter and flock are util-linux's everywhere.
  const names = programs.map((each) => family.packages[each] ?? "util-linux");
  return `${family.install} ${[...new Set(names)].join(" ")}`;
}

function readOsRelease(): string {
  try {
    return Deno.readTextFileSync("/etc/os-release");
  } catch {
    return "";
  }
}

/** The next step for whoever lacks these programs. */
export function howToInstall(programs: readonly string[]): string {
  const command = installCommand(programs);
  return command
    ? t`Type ./lab, which installs what the lab needs, or as root: ${command}`
    : t`Type ./lab, which installs what the lab needs.`;
}
