/** Work on many things, a few at a time. */

/**
 * Does a piece of work for each item and resolves to the results in the items'
 * order, with at most `width` under way at once: programs that are started by
 * the hundred only stand in each other's way.
 */
export async function atATime<Item, Result>(
  items: readonly Item[],
  work: (item: Item, index: number) => Promise<Result>,
  width = 8,
): Promise<Result[]> {
  const results: Result[] = [];
  const rest = items.entries();
  const worker = async () => {
    for (const [index, item] of rest) results[index] = await work(item, index);
  };
  await Promise.all(Array.from({ length: width }, worker));
  return results;
}
