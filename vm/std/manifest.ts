/**
 * Recomputes the manifests of the stand-in registry: for every package folder
 * `@scope/name` its `meta.json`, and for every version in it the sizes and
 * checksums in `VERSION_meta.json`. What a package exports is written there by
 * hand and kept.
 *
 *     deno run --allow-read --allow-write=vm/std vm/std/manifest.ts [--check]
 *
 * With `--check` nothing is written: prints the manifests that differ from the
 * files and exits 1 if there is one.
 *
 * @module
 */

const REGISTRY = new URL("./", import.meta.url);

/** The manifests as they should be: the text of each file by its path. */
export async function manifests(): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for (const scope of await folders("")) {
    for (const name of await folders(`${scope}/`)) {
      const versions = await folders(`${scope}/${name}/`);
      for (const version of versions) {
        const path = `${scope}/${name}/${version}`;
        const { exports } = JSON.parse(await read(`${path}_meta.json`));
        found.set(
          `${path}_meta.json`,
          text({ manifest: await contents(path), exports }),
        );
      }
      found.set(
        `${scope}/${name}/meta.json`,
        text({
          scope: scope.slice(1),
          name,
          latest: versions.at(-1),
          versions: Object.fromEntries(versions.map((v) => [v, {}])),
        }),
      );
    }
  }
  return found;
}

/** The paths of the manifests whose file says something else. */
export async function outdated(): Promise<string[]> {
  const paths: string[] = [];
  for (const [path, should] of await manifests()) {
    if (await read(path).catch(() => "") !== should) paths.push(path);
  }
  return paths;
}

/** The size and checksum of every file of a version. */
async function contents(version: string): Promise<Record<string, unknown>> {
  const files: Record<string, unknown> = {};
  for (const name of await list(version, (entry) => entry.isFile)) {
    const bytes = await Deno.readFile(new URL(`${version}/${name}`, REGISTRY));
    const digest = await crypto.subtle.digest("SHA-256", bytes);
    const checksum = `sha256-${new Uint8Array(digest).toHex()}`;
    files[`/${name}`] = { size: bytes.length, checksum };
  }
  return files;
}

function folders(path: string): Promise<string[]> {
  return list(path, (entry) => entry.isDirectory);
}

async function list(
  path: string,
  wanted: (entry: Deno.DirEntry) => boolean,
): Promise<string[]> {
  const entries = await Array.fromAsync(Deno.readDir(new URL(path, REGISTRY)));
  return entries.filter(wanted).map((entry) => entry.name).sort();
}

function read(path: string): Promise<string> {
  return Deno.readTextFile(new URL(path, REGISTRY));
}

function text(manifest: unknown): string {
  return JSON.stringify(manifest, null, 2) + "\n";
}

/** Runs the script; returns its exit code. */
async function main(args: string[]): Promise<number> {
  const check = args[0] === "--check";
  if (args.length > Number(check)) {
    console.error(
      `Could not read the arguments: ${args.join(" ")}\n` +
        "Type `manifest.ts`, or `manifest.ts --check` to write nothing.",
    );
    return 2;
  }
  try {
    const all = await manifests();
    const paths = await outdated();
    for (const path of paths) {
      if (check) {
        console.error(`${path} does not match the files: run manifest.ts.`);
      } else {
        await Deno.writeTextFile(new URL(path, REGISTRY), all.get(path)!);
        console.log(`Wrote ${path}.`);
      }
    }
    return check && paths.length ? 1 : 0;
  } catch (error) {
    console.error(
      `Could not recompute the manifests: ${(error as Error).message}\n` +
        "See README.md beside this script for the files that it needs.",
    );
    return 3;
  }
}

if (import.meta.main) Deno.exit(await main(Deno.args));
