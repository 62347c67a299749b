/**
 * GitHub's release of Deno, for fresh machines where GitHub is out of reach.
 *
 *     deno run … github.ts ask            # exit code 0 if GitHub answers
 *     deno run … github.ts serve FOLDER   # with FOLDER's certificate.pem, key.pem
 *
 * It serves this very Deno, packed as GitHub packs it, at an address of the
 * loopback that nobody else uses, and makes FOLDER/serving when it listens.
 */

import { crc32 } from "node:zlib";

const ROOT = new URL("../../", import.meta.url);
const PATIENCE_MS = 10_000;

/** Whether the release can be fetched. */
async function answers(): Promise<boolean> {
  const path = `/denoland/deno/releases/download/v${Deno.version.deno}/`;
  try {
    const { ok } = await fetch(
      `https://github.com${path}deno-${Deno.build.target}.zip`,
      {
        method: "HEAD",
        signal: AbortSignal.timeout(PATIENCE_MS),
      },
    );
    return ok;
  } catch {
    return false;
  }
}

async function serve(folder: string) {
  const deno = await Deno.readFile(Deno.execPath());
  const digest = await crypto.subtle.digest("SHA-256", deno);
  const pinned = await Deno.readTextFile(new URL("vm/deno.sh", ROOT));
  if (!pinned.includes(new Uint8Array(digest).toHex())) {
    console.error(
      `fresh: This machine's Deno is not the one that ./lab fetches: ${Deno.execPath()}.\n` +
        "fresh: Remove it from the PATH, so that ./lab fetches its own.",
    );
    Deno.exit(3);
  }
  const zip = zipped("deno", deno);
  Deno.serve({
    hostname: "127.97.0.1",
    port: 443,
    cert: await Deno.readTextFile(`${folder}/certificate.pem`),
    key: await Deno.readTextFile(`${folder}/key.pem`),
    onListen: () => Deno.writeTextFileSync(`${folder}/serving`, ""),
  }, (request) => {
    const wanted = new URL(request.url).pathname.endsWith(".zip");
    return new Response(wanted ? zip : null, { status: wanted ? 200 : 404 });
  });
}

/** An archive of one file, stored as it is: see PKWARE's APPNOTE, 4.3. */
function zipped(name: string, content: Uint8Array<ArrayBuffer>): Blob {
  const u16 = (...values: number[]) =>
    values.flatMap((value) => [value & 255, value >> 8 & 255]);
  const u32 = (...values: number[]) =>
    values.flatMap((value) => u16(value & 65535, value >>> 16));
  const path = [...new TextEncoder().encode(name)];
  // Version, flags, method, time, date, checksum, sizes, lengths.
  const about = [
    ...u16(20, 0, 0, 0, 33),
    ...u32(crc32(content), content.length, content.length),
    ...u16(path.length, 0),
  ];
  const head = [...u32(0x04034b50), ...about, ...path];
  const list = [
    ...u32(0x02014b50),
    ...u16(0x031e), // Made on Unix: the file's mode is in the upper half below.
    ...about,
    ...u16(0, 0, 0),
    ...u32(0o100755 * 65536, 0),
    ...path,
  ];
  const end = [
    ...u32(0x06054b50),
    ...u16(0, 0, 1, 1),
    ...u32(list.length, head.length + content.length),
    ...u16(0),
  ];
  const bytes = (part: number[]) => new Uint8Array(part);
  return new Blob([bytes(head), content, bytes(list), bytes(end)]);
}

if (import.meta.main) {
  const [what, folder] = Deno.args;
  if (what === "serve") await serve(folder);
  else Deno.exit(await answers() ? 0 : 1);
}
