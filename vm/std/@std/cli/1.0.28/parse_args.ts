/**
 * Reads command line arguments.
 *
 * A stand-in, see `vm/std/README.md`. A name with a dot, `--a.b=1`, gives a
 * nested object as in `@std/cli`, but the types do not follow it.
 *
 * @module
 */
import type { Args, Names, ParseOptions } from "./_args.ts";
import { find, put } from "./_nested.ts";

export type { Args, Names, ParseOptions };

/**
 * Splits arguments into options and positionals (`_`).
 *
 * `--name value`, `--name=value`, `-n value`, `-n=value`, `-n5` and `-abc` are
 * options. What looks like a number becomes one, except for a string option.
 * Absent, a boolean option is false and a string option undefined. What
 * follows `--` is taken as it is.
 */
export function parseArgs<const O extends ParseOptions>(
  args: readonly string[],
  options?: O,
): Args<O>;
export function parseArgs(
  args: readonly string[],
  options: ParseOptions = {},
): Args {
  const aliases = aliasesOf(options);
  const withAliases = (name: string) => [name, ...aliases.get(name) ?? []];
  const named = (names: Names = []) =>
    new Set([names].flat().flatMap(withAliases));

  const allBoolean = options.boolean === true;
  const booleans = named(
    typeof options.boolean === "boolean" ? [] : options.boolean,
  );
  const strings = named(options.string);
  const collects = named(options.collect);
  const negatables = named(options.negatable);
  const declared = new Set(
    [...booleans, ...strings, ...collects, ...aliases.keys()],
  );
  const result: Args = { _: [] };

  /** Gives a value to an option and its aliases. */
  function assign(name: string, value: unknown) {
    for (const key of withAliases(name)) put(result, key, value);
  }

  /** Asks `unknown` about an option that `arg` sets but nothing declares. */
  function accepts(arg: string, name: string, value: unknown) {
    return !options.unknown || declared.has(name) ||
      (allBoolean && /^--[^=]+$/.test(arg)) ||
      options.unknown(arg, name, value) !== false;
  }

  /** Sets an option to what `arg` says, or adds it to the option's list. */
  function set(arg: string, name: string, value: string | boolean) {
    if (!accepts(arg, name, value)) return;
    const read = strings.has(name) ? value : numberOr(value);
    const old = find(result, name)?.value;
    const list = [...Array.isArray(old) ? old : [], read];
    assign(name, collects.has(name) ? list : read);
  }

  /** Sets an option written without a value. */
  function setBare(arg: string, name: string) {
    set(arg, name, strings.has(name) ? "" : true);
  }

  /** Sets an option that `next` may belong to; returns whether it does. */
  function setWith(arg: string, name: string, next: string, isValue: boolean) {
    const noValue = booleans.has(name) || (allBoolean && arg.startsWith("--"));
    if (next && isValue && !noValue) set(arg, name, next);
    else if (next === "true") set(arg, name, true);
    else if (next === "false") set(arg, name, false);
    else {
      setBare(arg, name);
      return false;
    }
    return true;
  }

  /** Reads `--name`, `--name=value`, `--no-name`; returns if `next` is used. */
  function long(arg: string, next: string): boolean {
    const [, full, value] = /^--([^][^=]*)(?:=([^]*))?$/.exec(arg)!;
    const name = full.replace(/^no-(?=.)/, "");
    const negated = name !== full && negatables.has(name);
    if (value !== undefined) {
      // As `@std/cli` has it, `--no-name=value` is the same as `--name=value`.
      set(arg, name, booleans.has(name) ? value !== "false" : value);
    } else if (negated) {
      if (accepts(arg, name, false)) assign(name, false);
    } else {
      return setWith(arg, full, next, !next.startsWith("-"));
    }
    return false;
  }

  /** Reads `-abc`, `-a5`, `-a=value`; returns whether `next` is used. */
  function short(arg: string, next: string): boolean {
    for (let i = 1; i < arg.length - 1; i++) {
      const value = valueInShort(arg[i], arg.slice(i + 1));
      if (value !== undefined) {
        set(arg, arg[i], value);
        return false;
      }
      setBare(arg, arg[i]);
    }
    return setWith(arg, arg.at(-1)!, next, !/^--?[^-]/.test(next));
  }

  const end = args.includes("--") ? args.indexOf("--") : args.length;
  const rest = args.slice(end + 1);
  for (let i = 0; i < end; i++) {
    const arg = args[i];
    const next = i + 1 < end ? args[i + 1] : "";
    if (arg.startsWith("--")) {
      if (long(arg, next)) i++;
    } else if (/^-[^-]/.test(arg)) {
      if (short(arg, next)) i++;
    } else {
      if (!options.unknown || options.unknown(arg) !== false) {
        result._.push(strings.has("_") ? arg : numberOr(arg));
      }
      if (options.stopEarly) {
        result._.push(...args.slice(i + 1, end));
        break;
      }
    }
  }

  const fallBack = (name: string, value: unknown) => {
    if (!find(result, name)) assign(name, value);
  };
  for (const [name, value] of Object.entries(options.default ?? {})) {
    fallBack(name, value);
  }
  for (const name of collects) {
    if (booleans.has(name) || strings.has(name)) fallBack(name, []);
  }
  for (const name of booleans) fallBack(name, false);
  if (options["--"]) result["--"] = rest;
  else result._.push(...rest);
  return result;
}

/** For every name its other names. */
function aliasesOf({ alias = {} }: ParseOptions): Map<string, string[]> {
  const others = new Map<string, string[]>();
  for (const [name, names] of Object.entries(alias)) {
    const all = [name, ...[names].flat()];
    for (const one of all) others.set(one, all.filter((n) => n !== one));
  }
  return others;
}

/**
 * The value that the rest of a bundle such as `-n5` gives to one of its
 * letters: `after` the letter comes `=`, a number or a sign and more.
 */
function valueInShort(letter: string, after: string): string | undefined {
  if (after === "=") return "";
  if (/[A-Za-z]/.test(letter)) {
    const assigned = /=(.+)/.exec(after);
    if (assigned) return assigned[1];
    if (/\d\.?$/.test(after)) return after;
  }
  return /^(-$|\W.)/s.test(after) ? after : undefined;
}

function numberOr<T extends string | boolean>(value: T): T | number {
  const number = typeof value === "string" && value.trim()
    ? Number(value)
    : NaN;
  return Number.isFinite(number) ? number : value;
}
