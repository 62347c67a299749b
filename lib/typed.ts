/** How to name a task to the user: the way in which he called us. */

/**
 * `deno task …`, or `./lab …` for those who came by way of `./lab`, who may
 * have no Deno of their own.
 */
export function typed(words: string): string {
  return `${Deno.env.get("LAB_CALL") ?? "deno task"} ${words}`;
}
