/**
 * The VM as a machine: every task that needs one runs inside it, over ssh. On
 * the host's side nothing but `ssh`, `tar` and `vagrant` is started, so that
 * the host may be Linux, macOS or Windows.
 */

import { quotedLine } from "../../lib/cli/shell.ts";
import type { MachinePlace } from "../machine_place.ts";
import { ROOT } from "../path.ts";
import { isPrepared, prepare } from "./prepare.ts";
import { callCommand, isOpen, type Streams, type Way, wayInto } from "./ssh.ts";
import type { Vm } from "./state.ts";
import { checkoutFiles, hasFiles, THERE } from "./sync.ts";

/**
 * Goes to the VM: connects, and brings changed files there. Throws a Problem
 * with what to type where the VM is halted, gone or not prepared.
 */
export async function openVm(vm: Vm): Promise<MachinePlace> {
  // Where Vagrant looks for its Vagrantfile, and ssh for its files.
  Deno.chdir(ROOT);
  const [way, files] = await Promise.all([wayInto(vm), checkoutFiles()]);
  // A look inside costs as much as the call itself. Where all was well a
  // moment ago, the call looks for itself.
  if (!isPrepared(way, files) || !await isOpen(way)) await prepare(way, files);
  return {
    ...vmPlace(way, files.stamp, ourStreams()),
    async isUndone(code) {
      if (code === OUTDATED) return await prepare(way, files);
      // ssh's own code, or the program's: a VM that answers had a program.
      if (code === 255) await prepare(way, files);
      return false;
    },
  };
}

function ourStreams(): Streams {
  const input = Deno.stdin.isTerminal();
  const output = Deno.stdout.isTerminal() && Deno.stderr.isTerminal();
  if (!input) return "ours";
  // In a pipeline the keys are for its last program: `… | less`.
  return output ? "terminal" : "output";
}

/** What a call says that found other files than ours, and did nothing. */
const OUTDATED = 201;

/** The command lines that lead into a VM with files of this stamp. */
export function vmPlace(
  way: Way,
  stamp: string,
  streams: Streams,
): MachinePlace {
  // Tells apart all that a call has started, by its environment.
  const call = crypto.randomUUID();
  return {
    machine: { kind: "vm", name: way.host, pid: null, isNew: false },
    root: `${THERE}/`,
    deno: "deno",
    command: (argv, env) =>
      callCommand(
        way,
        streams,
        [
          `{ cd ${THERE} && ${hasFiles(stamp)}; } || exit ${OUTDATED}`,
          `export ${
            quotedLine(
              assignments({
                ...env,
                LAB_CALL_ID: call,
                DENO_NO_UPDATE_CHECK: "1",
              }),
            )
          }`,
          // Not `exec`: ssh cannot tell by which signal a program ended.
          `trap : INT; ${quotedLine(argv)}; exit $?`,
        ].join("\n"),
      ),
    // At a terminal the key itself gets there.
    interrupt: streams === "terminal"
      ? undefined
      : callCommand(way, "output", stopLine(call)),
  };
}

/** What Ctrl-C does at a terminal: tells all of them. */
function stopLine(call: string): string {
  return `kill -INT $(grep -l LAB_CALL_ID=${call} /proc/[0-9]*/environ` +
    ` 2>/dev/null | cut -d/ -f3)`;
}

/** Variables that mean something in the VM as well. */
const FORWARDED = /^(LAB_(?!ON$|BOX|MACHINE$)\w+|NO_COLOR|FORCE_COLOR)$/;

/** The environment of a call: what is given, and what of the user's counts. */
function assignments(env: Record<string, string>): string[] {
  const ours = Object.entries(Deno.env.toObject())
    .filter(([name]) => FORWARDED.test(name));
  return Object.entries({ ...Object.fromEntries(ours), ...env })
    .map(([name, value]) => `${name}=${value}`);
}
