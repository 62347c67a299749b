/** Addresses that mean something only at home. */

/**
 * Whether nobody on the internet can answer an address: private networks by
 * {@link https://www.rfc-editor.org/rfc/rfc1918 RFC 1918}, shared ones by
 * {@link https://www.rfc-editor.org/rfc/rfc6598 RFC 6598}, link-local ones.
 */
export function isPrivate(address: string): boolean {
  const [a, b] = address.split(".").map(Number);
  return a === 10 || (a === 172 && b >= 16 && b < 32) ||
    (a === 192 && b === 168) || (a === 100 && b >= 64 && b < 128) ||
    (a === 169 && b === 254) || a === 127;
}
