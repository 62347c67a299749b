/** What stands for our characters where box drawing is double-width or missing. */
const ASCII: Record<string, string> = Object.fromEntries(
  ("─- │| ┌+ ┐+ └+ ┘+ ├+ ━= ┃# ┏# ┓# ┗# ┛# ╌. ╎: ●* ○o ·. ╳x ≡= ▪# …~ " +
    "✓v ✗x ╿|").split(" ").map(([ours, ascii]) => [ours, ascii]),
);

/** The same line with ASCII characters only, as far as we drew it, and as wide. */
export function toAscii(line: string): string {
  return line.replace(/[─-╿●○·≡▪…✓✗]/g, (letter) => ASCII[letter] ?? letter);
}
