/** A bare `./lab`: where you are, and what to type next, on one screen. */

import { adapt } from "../../lib/course/adapt.ts";
import { type Progress, progress } from "../../lib/course/facts.ts";
import { later } from "../../lib/cli/later.ts";
import { snapshotFor } from "../../lib/course/snapshot_for.ts";
import { EXIT } from "../../lib/cli/problem.ts";
import { notedSubnet } from "../../lib/lab/subnet_note.ts";
import { PRINTED_SUBNET } from "../../lib/course/subnet.ts";
import type { Machine } from "../../lib/lab/machine.ts";
import { afterAll, say } from "../../lib/cli/terminal.ts";
import { denoArgs } from "../../vm/deno_args.ts";
import { findMachine, NOWHERE } from "../../vm/find_machine.ts";
import { findOwner, runAsOwner } from "../../vm/owner.ts";
import { fixPath, pathOf } from "../../vm/path.ts";
import { findVm } from "../../vm/vagrant/state.ts";
import { stages } from "../mod.ts";
import { startLines, type Whereabouts } from "./start_lines.ts";

/** How long a machine may keep us waiting: it takes a tenth of a second. */
const PATIENCE_MS = 5000;

if (Deno.env.get("LAB_MACHINE")) {
  say(JSON.stringify(await lookAround()));
} else {
  const owner = findOwner();
  // Root in somebody else's checkout sees it as that somebody does.
  if (owner) {
    const args = denoArgs(NOWHERE.machine, pathOf(import.meta.url));
    Deno.exit(await runAsOwner(owner, [Deno.execPath(), ...args], {}));
  }
  const patience = new Promise<Whereabouts>((resolve) =>
    setTimeout(resolve, PATIENCE_MS, "unknown")
  );
  const where = await Promise.race([
    whereabouts().catch(() => "unknown" as const),
    patience,
  ]);
  startLines(stages, where).forEach((line) => say(line));
}
Deno.exit(afterAll(EXIT.ok));

/** On the host: asks the machine, if there is one, and makes none. */
async function whereabouts(): Promise<Whereabouts> {
  fixPath();
  const on = Deno.env.get("LAB_ON");
  // To go into a VM takes seconds.
  if (on === "vm" || (!on && findVm())) return "unknown";
  const place = await findMachine("machine if there");
  const { machine } = place;
  if (machine.kind === "none") return "nowhere";
  const script = pathOf(import.meta.url);
  const [program, ...args] = place.command(
    [place.deno, ...denoArgs(machine, script)],
    {},
  );
  const { stdout } = await new Deno.Command(program, {
    args,
    env: { LAB_MACHINE: JSON.stringify(machine) },
    stdin: "null",
    stderr: "null",
  }).output();
  return { machine, progress: JSON.parse(new TextDecoder().decode(stdout)) };
}

/** In the machine: how far the lab is. */
async function lookAround(): Promise<Progress> {
  const machine: Machine = JSON.parse(Deno.env.get("LAB_MACHINE")!);
  const snapshot = await snapshotFor(stages);
  let subnet = notedSubnet();
  if (!subnet && machine.kind === "here") {
    const { markedSubnet }: typeof import("../../vm/here/here.ts") =
      await import(later("../../vm/here/here.ts", import.meta));
    subnet = await markedSubnet();
  }
  return progress(
    adapt(stages, {
      uplink: snapshot.uplink,
      subnet: subnet ?? PRINTED_SUBNET,
    }),
    snapshot,
  );
}
