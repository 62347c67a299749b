/**
 * Files that hold what an output is to be, byte for byte.
 *
 * Made anew with: UPDATE_GOLDEN=1 deno task test tests/draw/task_test.ts
 * Look at what `git diff` shows before you commit it.
 */

import { assertEquals } from "@std/assert";

const FOLDER = new URL("./golden/", import.meta.url);

/** Holds a text against its file, or writes it there. */
export function assertGolden(text: string, file: string): void {
  const url = new URL(file, FOLDER);
  if (Deno.env.get("UPDATE_GOLDEN")) {
    Deno.mkdirSync(new URL("./", url), { recursive: true });
    Deno.writeTextFileSync(url, text);
  }
  assertEquals(text, Deno.readTextFileSync(url), `tests/draw/golden/${file}`);
}
