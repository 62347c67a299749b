/**
 * Reads command line arguments.
 *
 * A stand-in, see `vm/std/README.md`.
 *
 * @module
 */

/** What the options of a command are. */
export interface ParseOptions<S extends string, B extends string> {
  /** Options that take a value. `"_"`: positionals are no numbers, either. */
  string?: readonly S[];
  /** Options that take none, and are false when absent. */
  boolean?: readonly B[];
  /** Another name of an option, by its name: both get the value. */
  alias?: Readonly<Record<string, string>>;
}

/** What was given: options by their names, and what is none in `_`. */
export type Args<S extends string, B extends string> =
  & { _: (string | number)[] }
  & { [N in Exclude<S, "_">]?: string }
  & { [N in B]: boolean }
  & Record<string, unknown>;

/**
 * Splits arguments into options and positionals (`_`): `--name value` and
 * `--name=value` for an option with a value, which is "" where there is none;
 * `--name` and `-n` for one without. The last one counts. What follows `--` is
 * taken as it is.
 */
export function parseArgs<
  const S extends string = never,
  const B extends string = never,
>(
  args: readonly string[],
  { string = [], boolean = [], alias = {} }: ParseOptions<S, B> = {},
): Args<S, B> {
  const valued: readonly string[] = string;
  const result: Record<string, unknown> = {};
  const words: string[] = [];
  const set = (name: string, value: unknown) => {
    const others = Object.entries(alias).find((pair) => pair.includes(name));
    for (const each of others ?? [name]) result[each] = value;
  };
  boolean.forEach((name) => set(name, false));
  const end = args.includes("--") ? args.indexOf("--") : args.length;
  for (let i = 0; i < end; i++) {
    const [, name, value] = /^--?([^-=][^=]*)(?:=([^]*))?$/.exec(args[i]) ?? [];
    if (name === undefined) words.push(args[i]);
    else if (value !== undefined) set(name, value);
    else if (!valued.includes(name)) set(name, true);
    else {
      const next = i + 1 < end ? args[i + 1] : "";
      const isValue = !next.startsWith("-");
      set(name, isValue ? next : "");
      if (isValue) i++;
    }
  }
  return { ...result, _: [...words, ...args.slice(end + 1)] } as Args<S, B>;
}
