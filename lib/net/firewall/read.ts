/** Every firewall of a namespace: both backends of iptables, and nftables. */

import { quotedLine } from "../../cli/shell.ts";
import { run } from "../../cli/command.ts";
import { Problem } from "../../cli/problem.ts";
import { readIptables } from "./iptables.ts";
import { dormantTables, hasFlags, readNftables } from "./nftables.ts";
import type { Chain } from "./ruleset.ts";
import { type Namespace, quickEnter } from "../namespace.ts";

/** What a namespace's firewalls hold, and what could not be read of them. */
export interface Firewall {
  /** All chains, of every backend. */
  chains: Chain[];
  /** What could not be read, and why. */
  unread: string[];
}

/** What reading the rules takes and this machine may lack. */
export interface Tools {
  /** Whether `iptables` means the backend of nf_tables. */
  nftIsDefault: boolean;
  /** Listing its rules would load nf_tables: so it has none. */
  nfTablesAbsent: boolean;
  /** The same for the list of conversations. */
  conntrackAbsent: boolean;
}

/**
 * Finds out what can be read without loading a kernel module. Listing legacy
 * tables never loads one; asking nf_tables would.
 */
export function findTools(): Promise<Tools> {
  return tools ??= lookForTools();
}

/** They stay the same for as long as we run. */
let tools: Promise<Tools> | undefined;

async function lookForTools(): Promise<Tools> {
  const [version, modules] = await Promise.all([
    tryRun(["iptables", "-V"]),
    tryRun(["cat", "/proc/modules"]),
  ]);
  // Without /proc/modules everything is built in, and nothing can be loaded.
  const loaded = modules?.code === 0 ? modules.stdout : undefined;
  const builtIn = loaded === undefined ? "" : await builtInModules();
  const isAbsent = (name: string) =>
    loaded !== undefined && !loaded.includes(`${name} `) &&
    !builtIn.includes(`/${name}.ko`);
  return {
    nftIsDefault: !/legacy/.test(version?.stdout ?? ""),
    nfTablesAbsent: isAbsent("nf_tables"),
    conntrackAbsent: isAbsent("nf_conntrack_netlink"),
  };
}

async function builtInModules(): Promise<string> {
  const release = await tryRun(["sysctl", "-n", "kernel.osrelease"]);
  const list = await tryRun([
    "cat",
    `/lib/modules/${release?.stdout.trim()}/modules.builtin`,
  ]);
  return list?.stdout ?? "";
}

/** Reads the rules of a namespace. */
export async function readFirewall(
  namespace: Pick<Namespace, "enter">,
  { nftIsDefault, nfTablesAbsent }: Tools,
): Promise<Firewall> {
  const ask = (...argv: string[]) =>
    tryRun([...quickEnter(namespace), ...argv]);
  const none = Promise.resolve({ code: 0, stdout: "", stderr: "" });
  const [legacy, native] = await Promise.all([
    ask("iptables-legacy-save", "-c"),
    nfTablesAbsent ? none : ask("nft", "-j", "list", "ruleset"),
  ]);
  // Without a table of any kind there is none of iptables' either.
  const isEmpty = nfTablesAbsent ||
    (native?.code === 0 && !native.stdout.includes('"table"'));
  const own = isEmpty ? none : ask("iptables-nft-save", "-c");
  // Some systems have one backend only, under the plain name.
  const nft = await own ?? (nftIsDefault && await ask("iptables-save", "-c"));
  const unread: string[] = [];
  const prefix = namespace.enter.length
    ? `${quotedLine(namespace.enter)} `
    : "";
  const chains = [
    ...readIptables(
      nft ? nft.stdout : "",
      `${prefix}${nftIsDefault ? "iptables" : "iptables-nft"}`,
      nftIsDefault ? "iptables" : "other iptables",
    ),
    ...readIptables(
      legacy?.stdout ?? "",
      `${prefix}${nftIsDefault ? "iptables-legacy" : "iptables"}`,
      nftIsDefault ? "other iptables" : "iptables",
    ),
  ];
  if (native?.code === 0 && native.stdout) {
    const tables = new Set(
      readIptables(nft ? nft.stdout : "", "", "iptables")
        .map(({ table }) => table),
    );
    const listed = hasFlags(native.stdout)
      ? await ask("nft", "list", "ruleset")
      : undefined;
    const dormant = dormantTables(listed?.stdout ?? "");
    try {
      chains.push(...readNftables(
        native.stdout,
        `${prefix}nft`,
        (family, table) =>
          family === "ip" && tables.has(table) ||
          dormant.includes(`${family} ${table}`),
      ));
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      unread.push(`native nftables rules: ${error.message}`);
    }
  } else if (!native) {
    unread.push(
      "native nftables rules: nft is not installed (package nftables)",
    );
  } else if (native.code !== 0) {
    unread.push(`native nftables rules: ${native.stderr.trim()}`);
  }
  if (!nft || nft.code !== 0) {
    const why = nft ? nft.stderr.trim() : "iptables is not installed";
    unread.push(`rules of iptables: ${why}`);
  }
  return { chains, unread };
}

/** Runs a program that may not be installed; undefined then. */
export async function tryRun(
  argv: readonly string[],
): Promise<{ code: number; stdout: string; stderr: string } | undefined> {
  try {
    const result = await run(argv);
    // `ip netns exec` and nsenter say so in their own words.
    const missing =
      /exec of "[^"]+" failed: No such file|failed to execute .*: (No such file|Permission denied)/;
    return missing.test(result.stderr) ? undefined : result;
  } catch {
    return undefined;
  }
}
