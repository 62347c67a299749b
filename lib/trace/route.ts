/** Which route the kernel takes. */

import type { NamespaceHandle } from "./namespaces.ts";
import { ask, type World } from "./world.ts";

/**
 * The entry of the table that answers these words of `ip route get`, see
 * ip-route(8); undefined if none does.
 */
export async function route(
  world: World,
  namespace: NamespaceHandle,
  words: string,
): Promise<string | undefined> {
  const { code, shows } = await ask(
    world,
    namespace,
    `ip route get fibmatch ${words}`,
  );
  return code === 0 ? shows.split("\n")[0] : undefined;
}
