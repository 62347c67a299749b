/** The lines of what `iptables-save` prints. */

/**
 * One line a rule. Anybody may put a line break into a rule's comment, and
 * iptables prints it as it is: what follows is no rule of its own.
 */
export function ruleLines(saved: string): string[] {
  return saved.match(/(?:(?<= )"(?:[^"\\]|\\.)*"(?= |$)|[^\n])+/gm) ?? [];
}
