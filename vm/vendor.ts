/**
 * The folder `vendor/`, from which Deno takes the packages @std/assert and
 * @std/cli (`"vendor": true` in deno.json): the real ones where their registry
 * answers, else their stand-in, vm/std. Made by whatever task comes first.
 *
 * `vendor` is a link to a folder that was filled before anybody saw it: Deno
 * never finds half of a package. One fills at a time, the others wait for him;
 * what somebody who was killed has left is removed by the next one, or by
 * `down`.
 */

import config from "../deno.json" with { type: "json" };
import { Problem } from "../lib/cli/problem.ts";
import { tell } from "../lib/cli/terminal.ts";
import { t } from "../lib/cli/translate.ts";
import { giveToOwner } from "./owner.ts";
import { denoItself, ROOT } from "./path.ts";
import { exists } from "../lib/cli/files.ts";

const VENDOR = `${ROOT}vendor`;

/** What the name of a folder of ours begins with. */
const OWN = ".vendor-";

/** The modules that this project imports. */
const MODULES = ["@std/assert", "@std/cli/parse-args"];

/** The stand-in: laid out as the registry has its packages. */
const STAND_IN = `${ROOT}vm/std/@std`;

/** How long the registry may take: nobody waits longer for a dead network. */
const PATIENCE_MS = 3000;

/** How long a stand-in does before the registry is asked again. */
const DOES_FOR_MS = 3600_000;

/** What is in a folder, written beside its packages when it is whole. */
interface Contents {
  /** Where it is from. */
  source: "registry" | "stand-in";
  /** What must not have changed since. */
  stamp: string;
  /** Its files, from the folder on, each with its size in bytes. */
  files: [path: string, size: number][];
}

/**
 * Sees to it that `vendor/` holds the packages. Says so where they are the
 * stand-in. Throws a {@linkcode Problem} if they are not there and nothing can
 * be written.
 */
export async function fillVendor(): Promise<void> {
  if (isGood(wholeContents())) return;
  using _lock = lock();
  // Perhaps whom we waited for has done it.
  const now = wholeContents();
  if (isGood(now)) return;
  try {
    removeLeftovers();
    if (await fill("registry", fetchPackages)) return;
    if (now) return touch();
    tell(
      t`The @std packages cannot be fetched from here: using their stand-in, vm/std.`,
    );
    await fill("stand-in", copyStandIn);
  } catch (error) {
    if (now) return; // As good as before.
    if (!(error instanceof Error)) throw error;
    throw new Problem(
      t`Cannot put the @std packages into ${VENDOR}: ${error.message}.`,
      t`Type the same once as somebody who may write there: they stay.`,
    );
  } finally {
    removeLeftovers();
  }
}

/** Removes what somebody began to fill who was killed. */
export function removeHalfFilled(): void {
  using _lock = lock();
  removeLeftovers();
}

/** Waits until nobody else fills: at most for as long as one may take. */
function lock(): Disposable {
  const file = Deno.openSync(`${ROOT}deno.json`);
  file.lockSync(true);
  return { [Symbol.dispose]: () => file.close() };
}

/** All folders of ours but the one that is in use. Under the lock only. */
function removeLeftovers(): void {
  const current = linkTarget()?.split("/")[0];
  for (const { name } of Deno.readDirSync(ROOT)) {
    if (!name.startsWith(OWN) || name === current) continue;
    try {
      Deno.removeSync(ROOT + name, { recursive: true });
    } catch {
      // Not ours to remove: root's, perhaps.
    }
  }
}

function isGood(contents: ReturnType<typeof wholeContents>): boolean {
  if (!contents) return false;
  if (contents === "of Deno's own making") return true;
  return contents.source === "registry" || age() < DOES_FOR_MS;
}

/** What `vendor/` holds; undefined if it is not there, or damaged, or old. */
function wholeContents(): Contents | "of Deno's own making" | undefined {
  if (linkTarget() === undefined) {
    // No link of ours: Deno made it itself, or nobody did.
    return exists(`${VENDOR}/jsr.io`) ? "of Deno's own making" : undefined;
  }
  try {
    const contents: Contents = JSON.parse(
      Deno.readTextFileSync(`${VENDOR}/contents.json`),
    );
    if (contents.stamp !== stampOf(contents.source)) return undefined;
    const isWhole = contents.files.every(([path, size]) =>
      Deno.statSync(`${VENDOR}/${path}`).size === size
    );
    return isWhole ? contents : undefined;
  } catch {
    return undefined;
  }
}

/** Changes with the versions in deno.json, and with the stand-in. */
function stampOf(source: Contents["source"]): string {
  const pins = Object.values(config.imports);
  if (source === "registry") return pins.join(" ");
  const manifests = pins.map((pin) => {
    const [, name, version] = /^jsr:@std\/(\w+)@(.*)$/.exec(pin)!;
    return Deno.readTextFileSync(`${STAND_IN}/${name}/${version}_meta.json`);
  });
  return [...pins, ...manifests].join(" ");
}

/** Makes a folder, has it filled, and lets `vendor` lead there. */
async function fill(
  source: Contents["source"],
  put: (folder: string) => Promise<boolean>,
): Promise<boolean> {
  const folder = Deno.makeTempDirSync({ dir: ROOT, prefix: OWN });
  const packages = `${folder}/vendor`;
  if (!await put(folder)) return false;
  const files = filesIn(packages, "");
  const contents: Contents = { source, stamp: stampOf(source), files };
  const list = JSON.stringify(contents);
  Deno.writeTextFileSync(`${packages}/contents.json`, list);
  Deno.chmodSync(folder, 0o755);
  giveAway(folder);
  lead(folder.slice(folder.lastIndexOf("/") + 1));
  return true;
}

/** Lets `vendor` lead to another folder, at once. */
function lead(name: string): void {
  const link = `${ROOT}${name}/link`;
  Deno.symlinkSync(`${name}/vendor`, link, { type: "dir" });
  Deno.renameSync(link, VENDOR);
}

/** Has Deno fetch the packages into `folder`/vendor, if it can in time. */
async function fetchPackages(folder: string): Promise<boolean> {
  const { imports } = config;
  Deno.writeTextFileSync(
    `${folder}/deno.json`,
    JSON.stringify({ vendor: true, lock: false, imports }),
  );
  const script = MODULES.map((name) => `import "${name}";\n`).join("");
  Deno.writeTextFileSync(`${folder}/modules.ts`, script);
  const [program, ...args] = denoItself();
  const child = new Deno.Command(program, {
    args: [...args, "cache", "--quiet", "modules.ts"],
    cwd: folder,
    stdin: "null",
    stdout: "null",
    stderr: "null",
  }).spawn();
  const impatience = setTimeout(() => child.kill(), PATIENCE_MS);
  const { success } = await child.status;
  clearTimeout(impatience);
  return success && exists(`${folder}/vendor/jsr.io`);
}

function copyStandIn(folder: string): Promise<boolean> {
  for (const [path] of filesIn(STAND_IN, "")) {
    const copy = `${folder}/vendor/jsr.io/@std/${path}`;
    Deno.mkdirSync(copy.replace(/\/[^/]*$/, ""), { recursive: true });
    Deno.copyFileSync(`${STAND_IN}/${path}`, copy);
  }
  return Promise.resolve(true);
}

/** All files in a folder and in those in it, with their sizes. */
function filesIn(root: string, folder: string): Contents["files"] {
  return [...Deno.readDirSync(`${root}/${folder}`)].flatMap((entry) => {
    const path = folder + entry.name;
    return entry.isDirectory
      ? filesIn(root, `${path}/`)
      : [[path, Deno.statSync(`${root}/${path}`).size]];
  });
}

/** Where the link `vendor` leads; undefined if it is none of ours. */
function linkTarget(): string | undefined {
  try {
    const target = Deno.readLinkSync(VENDOR);
    return target.startsWith(OWN) ? target : undefined;
  } catch {
    return undefined;
  }
}

/** How long ago the registry was asked, in milliseconds. */
function age(): number {
  const { mtime } = Deno.statSync(`${VENDOR}/contents.json`);
  return Date.now() - (mtime?.getTime() ?? 0);
}

function touch(): void {
  const now = new Date();
  Deno.utimeSync(`${VENDOR}/contents.json`, now, now);
}

/** What root makes in somebody's checkout is his, whole. */
function giveAway(folder: string): void {
  giveToOwner(folder);
  for (const { name, isDirectory } of Deno.readDirSync(folder)) {
    if (isDirectory) giveAway(`${folder}/${name}`);
    else giveToOwner(`${folder}/${name}`);
  }
}
