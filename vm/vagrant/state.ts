/** The VM that Vagrant keeps for this checkout: whether, and how it is. */

import { run } from "../../lib/cli/command.ts";
import { Problem } from "../../lib/cli/problem.ts";
import { isInstalled, ROOT } from "../path.ts";
import { t } from "../../lib/cli/translate.ts";

/** A VM that Vagrant has made; it may have been halted since. */
export interface Vm {
  /** Its name in the Vagrantfile. */
  name: string;
  /** What runs it: `virtualbox`, `libvirt` … */
  provider: string;
  /** What the provider calls it. Another VM has another one. */
  id: string;
}

/**
 * The VM of this checkout. Vagrant notes its id in a file below `.vagrant` for
 * as long as there is one: looking there costs nothing, asking Vagrant a second.
 */
export function findVm(): Vm | undefined {
  const folder = Deno.env.get("VAGRANT_DOTFILE_PATH") ?? ".vagrant";
  const machines = `${isAbsolute(folder) ? "" : ROOT}${folder}/machines`;
  for (const name of entries(machines)) {
    for (const provider of entries(`${machines}/${name}`)) {
      const id = read(`${machines}/${name}/${provider}/id`);
      if (id) return { name, provider, id };
    }
  }
}

function isAbsolute(path: string): boolean {
  return /^([/\\]|[A-Za-z]:)/.test(path);
}

function entries(folder: string): string[] {
  try {
    return [...Deno.readDirSync(folder)].map(({ name }) => name).sort();
  } catch {
    return [];
  }
}

function read(file: string): string {
  try {
    return Deno.readTextFileSync(file).trim();
  } catch {
    return "";
  }
}

/** What to say where a VM is asked for and none has been made. */
export function noVm(why = t`There is no VM in this checkout.`): Problem {
  return new Problem(
    why,
    isInstalled("vagrant") ? t`Make one: vagrant up` : INSTALL,
  );
}

const INSTALL =
  t`Install Vagrant (https://developer.hashicorp.com/vagrant/install) and a\n
    provider such as VirtualBox. Then: vagrant up`;

const OR_SANDBOX = t`Or use the sandbox: --on sandbox`;

/** Throws unless Vagrant can be asked about the VM. */
export function checkVagrant(): void {
  if (isInstalled("vagrant")) return;
  throw new Problem(
    t`There is a VM in this checkout, but no Vagrant on the PATH to reach it with.`,
    `${INSTALL}\n${OR_SANDBOX}`,
  );
}

/** Why the VM does not answer, asked of Vagrant, and what to type. */
export async function whyNot(words: string): Promise<Problem> {
  const status = ["vagrant", "status", "--machine-readable"];
  const { stdout, stderr } = await run(status);
  return stateProblem(stateOf(stdout), words || stderr.trim());
}

/** The state in the words of `vagrant status --machine-readable`. */
export function stateOf(status: string): string {
  return status.match(/^\d+,[^,]*,state,(.*?)\r?$/m)?.[1] ?? "unknown";
}

/** What a VM in this state lacks, one sentence, and what to type. */
export function stateProblem(state: string, words: string): Problem {
  switch (state) {
    case "not_created":
      return new Problem(
        t`The VM of this checkout is gone: it was destroyed behind Vagrant's back.`,
        t`Make a new one: vagrant up\n${OR_SANDBOX}`,
      );
    case "running":
      return /Permission denied/.test(words) ? notProvisioned() : new Problem(
        t`The VM runs, but cannot be reached: ${words}.`,
        t`If it is still starting, wait for it. Else start it anew: vagrant reload`,
      );
    case "unknown":
      return new Problem(
        t`Cannot tell how the VM of this checkout is: ${words}.`,
        t`See what Vagrant says of it: vagrant status`,
      );
    default:
      return new Problem(
        t`The VM of this checkout does not run (Vagrant says: ${state}).`,
        t`Start it: vagrant up\n${OR_SANDBOX}`,
      );
  }
}

/** A VM that lacks what vm/provision.sh gives it. */
export function notProvisioned(): Problem {
  return new Problem(
    t`The VM runs, but has not been prepared for the lab.`,
    t`Prepare it: vagrant provision`,
  );
}
