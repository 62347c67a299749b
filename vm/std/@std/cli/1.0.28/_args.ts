/** Names of options: one, or a list. */
export type Names = string | readonly string[];

/** What the options of a command are. */
export interface ParseOptions {
  /** Put what follows `--` into `result["--"]` instead of `result._`. */
  "--"?: boolean;
  /** Other names of an option. All of them get the value. */
  alias?: Readonly<Record<string, Names>>;
  /** Options that take no value and are false when absent. */
  boolean?: boolean | Names;
  /** Options that are never read as numbers. `"_"` means the positionals. */
  string?: Names;
  /** Values of options that are absent. */
  default?: Readonly<Record<string, unknown>>;
  /** Options that may be repeated and give a list. */
  collect?: Names;
  /** Options that `--no-NAME` sets to false. */
  negatable?: Names;
  /** Take everything from the first positional on as positionals. */
  stopEarly?: boolean;
  /**
   * Called for what no option declares: the argument as typed, and for an
   * option its name and value. If it returns false the argument is left out.
   */
  unknown?: (arg: string, key?: string, value?: unknown) => unknown;
}

type Kind = "boolean" | "string" | "collect" | "negatable";
type OneOf<T> = T extends readonly string[] ? T[number] : T & string;

/** The names that the options list under a kind. */
type Listed<O, K extends Kind> = K extends keyof O ? OneOf<O[K]> : never;
type Aliases<O> = O extends { readonly alias: infer A } ? A : unknown;
type Defaults<O> = O extends { readonly default: infer D } ? D : unknown;

/** The name under which an option is declared, given it or an alias. */
type Declared<O, N> =
  | N
  | {
    [M in keyof Aliases<O>]: N extends OneOf<Aliases<O>[M]> ? M : never;
  }[keyof Aliases<O>];
type Is<O, N, K extends Kind> = [Declared<O, N> & Listed<O, K>] extends [never]
  ? false
  : true;

/** A name together with its aliases. */
type WithAliases<O, N> = N | OneOf<Aliases<O>[N & keyof Aliases<O>]>;

/** A literal's wider type: the default `5` of an option says number. */
type Widen<T> = T extends string ? string
  : T extends number ? number
  : T extends boolean ? boolean
  : T extends readonly (infer E)[] ? Widen<E>[]
  : T;
type DefaultOf<O, N> = Widen<Defaults<O>[Declared<O, N> & keyof Defaults<O>]>;

type Single<O, N> = Is<O, N, "boolean"> extends true ? boolean
  : Is<O, N, "string"> extends true ? string
  : unknown;
type Value<O, N> =
  | (Is<O, N, "collect"> extends true ? Single<O, N>[] : Single<O, N>)
  | (Is<O, N, "negatable"> extends true ? false : never)
  | DefaultOf<O, N>;

/** Options that always have a value, and those that may be undefined. */
type Present<O> = WithAliases<
  O,
  Listed<O, "boolean" | "collect"> | (keyof Defaults<O> & string)
>;
type Maybe<O> = Exclude<WithAliases<O, Listed<O, "string">>, Present<O> | "_">;

/**
 * Without declared names every value may be anything.
 *
 * @internal
 */
type Values<O> = string extends Listed<O, Kind> ? Untyped
  : [Listed<O, "boolean" | "string" | "collect">] extends [never] ? Untyped
  :
    & Record<string, unknown>
    & { [N in Present<O>]: Value<O, N> }
    & { [N in Maybe<O>]?: Value<O, N> };
// deno-lint-ignore no-explicit-any -- as `@std/cli` has it
type Untyped = Record<string, any>;

/** @internal */
interface Positionals<O> {
  /**
   * The arguments that belong to no option, in order; only strings where `"_"`
   * is a string option.
   */
  _: "_" extends Listed<O, "string">
    ? string extends Listed<O, "string"> ? (string | number)[] : string[]
    : (string | number)[];
}

/** @internal */
type DoubleDash<O> = O extends { readonly "--": true } ? { "--": string[] }
  : unknown;

/** What `parseArgs` returns for options of type `O`. */
export type Args<O = ParseOptions> = Values<O> & Positionals<O> & DoubleDash<O>;
