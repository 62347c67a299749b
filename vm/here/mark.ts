/**
 * The mark of what the lab makes, by which it is known even where nothing else
 * is known of the lab. It is an alias, as anybody may give one; so it names the
 * very thing that it was given to. Copied to another one it proves nothing.
 */

/** What all marks begin with. */
export const MARK = "docker0-by-hand";

/** The mark of a link, which has this index. */
export function linkMark(index: number): string {
  return `${MARK}:${index}`;
}

/** The mark of a namespace, which has this inode. Its lo bears it. */
export function netnsMark(inode: number): string {
  return `${MARK}:net:${inode}`;
}
