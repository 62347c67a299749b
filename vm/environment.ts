/** What of the caller's environment we go by, and what stays behind. */

/**
 * Takes out of the environment what was meant for the caller's own programs and
 * would change ours. Deno starts nothing that is on a list (`--allow-run=ip`)
 * while a variable of the dynamic linker is set, and CUDA, conda and HPC modules
 * set some for good. Iptables looks for its extensions where it is told to.
 *
 * Once, at the entry: whatever is started later inherits what is left.
 */
export function leaveBehind(): void {
  for (const name of names()) {
    if (/^\s*(LD_|DYLD_)/.test(name) || OTHERS.includes(name)) {
      Deno.env.delete(name);
    }
  }
  // Deno itself, and whatever else we start, knows no dumb terminals.
  if (Deno.env.get("TERM") === "dumb") Deno.env.set("NO_COLOR", "1");
}

const OTHERS = [
  ...["XTABLES_LIBDIR", "IPTABLES_LIB_DIR", "IP6TABLES_LIB_DIR"],
  // In vendor/ the packages lie under the name of their own registry.
  "JSR_URL",
];

/** Known to ld.so(8): for when the names cannot be listed. */
const USUAL = [
  ...["LD_LIBRARY_PATH", "LD_PRELOAD", "LD_BIND_NOW", "LD_AUDIT", "LD_DEBUG"],
  ...["LD_DEBUG_OUTPUT", "LD_BIND_NOT", "LD_DYNAMIC_WEAK", "LD_HWCAP_MASK"],
  ...["LD_ORIGIN_PATH", "LD_PROFILE", "LD_PROFILE_OUTPUT", "LD_RUN_PATH"],
  ...["LD_SHOW_AUXV", "LD_USE_LOAD_BIAS", "LD_VERBOSE", "LD_WARN"],
];

/** Deno lists no variables where a single one of them is not UTF-8. */
function names(): string[] {
  try {
    return Object.keys(Deno.env.toObject());
  } catch {
    return [...USUAL, ...OTHERS];
  }
}
