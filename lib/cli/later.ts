/** Modules that only some tasks take, loaded only there. */

/**
 * The address of a module for `import()`, beside the module that asks. Deno
 * reads ahead whatever is imported by a plain text, also what may never be
 * loaded, and each module costs a fraction of a millisecond at every start.
 *
 *     const { diagnose }: typeof import("../doctor/diagnose.ts") = await import(
 *       later("../doctor/diagnose.ts", import.meta)
 *     );
 */
export function later(path: string, { url }: ImportMeta): string {
  return new URL(path, url).href;
}
