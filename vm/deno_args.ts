/** What a script of ours may do where it runs, told to Deno as it is started. */

import type { Machine } from "../lib/lab/machine.ts";
import { isShared } from "./machine.ts";
import { STATE } from "./path.ts";

/** What the network is made with, and then what it is only looked at with. */
const TOOLS = "ip,bridge,sysctl,iptables,ping," +
  "iptables-save,iptables-nft-save,iptables-legacy-save,nft,conntrack,tc,cat," +
  "nsenter,iptables-nft,iptables-legacy";

/** What machines are made and entered with. */
const STARTERS = "unshare,nsenter,setpriv,kill,pgrep,cat,deno,ssh,tar,vagrant";

/** What it takes to know what is the lab's, see here/keeper.ts. */
const KEEPER_NEEDS = ["--allow-run=nft,readlink"];

/**
 * How Deno starts a script, and what that may touch: the network's tools in a
 * machine, the machines on the host.
 */
export function denoArgs(
  machine: Machine,
  script: string,
  needs: readonly string[] = [],
): string[] {
  const inMachine = machine.kind !== "none";
  const writes = inMachine
    ? ["/run/docker0-by-hand.lock", "/run/docker0-by-hand"]
    : [STATE];
  const runs = inMachine ? TOOLS : STARTERS;
  const more = isShared(machine) ? KEEPER_NEEDS : [];
  return [
    "run",
    "--quiet",
    "--no-prompt",
    "--allow-read",
    "--allow-env",
    // Deno parts its lists at commas, and knows no way to quote one.
    writes.some((path) => path.includes(","))
      ? "--allow-write"
      : `--allow-write=${writes}`,
    `--allow-run=${runs}`,
    // Whose files are ours.
    "--allow-sys=uid",
    ...more,
    ...needs,
    script,
  ];
}
