/**
 * Where the @std packages come from: the real ones wherever they are cached or
 * can be fetched, else the stand-in in the folder std/.
 */

import { tell } from "../lib/cli/terminal.ts";
import { denoItself } from "./path.ts";
import config from "../deno.json" with { type: "json" };
import { giveToOwner } from "./owner.ts";
import { STATE } from "./path.ts";
import { t } from "../lib/cli/translate.ts";

const STAND_IN = new URL("./std/", import.meta.url).href;
const MEMO = `${STATE}/std`;
const PATIENCE_MS = 5000;

/** What to add to the environment of a Deno that will load @std. */
export async function stdEnv(): Promise<Record<string, string>> {
  if (Deno.env.has("JSR_URL")) return {};
  return (await usesStandIn()) ? { JSR_URL: STAND_IN } : {};
}

/**
 * Asked once, then remembered in a file, so that no command waits for a dead
 * network. Removing the file asks again, and so does a change of the pins.
 */
async function usesStandIn(): Promise<boolean> {
  const packages = Object.values(config.imports);
  const memory = `${packages.join(" ")} for ${Deno.env.get("HOME") ?? ""}: `;
  try {
    const remembered = Deno.readTextFileSync(MEMO);
    if (remembered.startsWith(memory)) return remembered.endsWith("stand-in\n");
  } catch {
    // Not asked yet.
  }
  const real = await canFetch(packages);
  if (!real) {
    tell(
      t`The @std packages cannot be fetched from here: using their stand-in, vm/std.`,
    );
  }
  try {
    Deno.mkdirSync(STATE, { recursive: true, mode: 0o755 });
    giveToOwner(STATE);
    Deno.writeTextFileSync(MEMO, `${memory}${real ? "real" : "stand-in"}\n`);
    giveToOwner(MEMO);
  } catch {
    // A checkout that cannot be written to: asked again next time.
  }
  return !real;
}

/** Whether Deno has the packages or can get them, within a few seconds. */
async function canFetch(packages: string[]): Promise<boolean> {
  const [program, ...args] = denoItself();
  const child = new Deno.Command(program, {
    args: [...args, "cache", "--quiet", ...packages],
    stdin: "null",
    stdout: "null",
    stderr: "null",
  }).spawn();
  const impatience = setTimeout(() => child.kill(), PATIENCE_MS);
  const { success } = await child.status;
  clearTimeout(impatience);
  return success;
}
