/**
 * Prints a value in full, one entry a line and with sorted keys, so that two
 * prints can be compared line by line.
 */
export function inspect(value: unknown): string {
  return Deno.inspect(value, {
    compact: false,
    depth: Infinity,
    getters: true,
    iterableLimit: Infinity,
    sorted: true,
    strAbbreviateSize: Infinity,
    trailingComma: true,
  });
}
