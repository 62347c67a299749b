/** Reading one of the kernel's settings. */

import { run, whyFailed } from "../../lib/cli/command.ts";
import { Problem } from "../../lib/cli/problem.ts";
import { t } from "../../lib/cli/translate.ts";

/**
 * A number among the kernel's settings; undefined where this kernel has none
 * of this name. Throws a {@linkcode Problem} if it cannot be read.
 */
export async function readSysctl(name: string): Promise<string | undefined> {
  const result = await run(["sysctl", "-n", name]);
  const value = result.stdout.trim();
  if (result.code === 0 && /^-?\d+$/.test(value)) return value;
  const words = result.code === 0
    ? t`it printed ${JSON.stringify(value)}, and no number`
    : whyFailed(result);
  if (/No such file or directory/.test(words)) return undefined;
  throw new Problem(`\`sysctl -n ${name}\`: ${words}.`);
}
