/** Which words of the command line are ours, and not another command's. */

let isCommand = false;

/**
 * Told by the entry where the first word that is no option begins a command,
 * as of `exec ip -json addr`.
 */
export function restIsCommand(): void {
  isCommand = true;
}

/**
 * The words of the command line that are a task's own: those before `--`, or
 * before the command that follows.
 */
export function ownArgs(
  args: readonly string[] = Deno.args,
  rest = isCommand,
): string[] {
  const end = rest ? beginOfCommand(args) : args.indexOf("--");
  return end < 0 ? [...args] : args.slice(0, end);
}

/** Where the command begins, or the `--` before it; -1 if there is none. */
function beginOfCommand(args: readonly string[]): number {
  for (let i = 0; i < args.length; i++) {
    if (args[i] === "--" || !args[i].startsWith("-")) return i;
    // Its value is the next word.
    if (args[i] === "--on" || args[i] === "--name") i++;
  }
  return -1;
}
