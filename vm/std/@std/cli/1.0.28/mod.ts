/**
 * The part of `@std/cli` that this project uses: reading command line
 * arguments.
 *
 * A stand-in, see `vm/std/README.md`.
 *
 * @module
 */
export * from "./parse_args.ts";
