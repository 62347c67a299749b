/** Asks a web server once, waits three seconds for its answer, and prints it. */

const PATIENCE_MS = 3000;

try {
  const signal = AbortSignal.timeout(PATIENCE_MS);
  const response = await fetch(Deno.args[0], { signal });
  console.log((await response.text()).trim());
} catch (error) {
  console.error(
    error instanceof DOMException
      ? `timed out after ${PATIENCE_MS} ms`
      : kernelsWords(error as Error),
  );
  Deno.exit(1);
}

/** Of "fetch failed: … connect error: Connection refused", the last part. */
function kernelsWords({ message, cause }: Error): string {
  const words = cause instanceof Error ? cause.message : message;
  return words.replace(/^.*: (?=[^:]*$)/, "");
}
