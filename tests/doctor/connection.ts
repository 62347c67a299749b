/** Runs inside a sandbox: a TCP connection from `outside` to the PC. */

/** An open one. */
export interface Connection extends AsyncDisposable {
  /** Sends a line, and says whether it was echoed within so many milliseconds. */
  carries(line: string, ms: number): Promise<boolean>;
}

/** Opens one: the PC echoes all that it is sent. */
export async function openConnection(): Promise<Connection> {
  const listener = Deno.listen({ hostname: "203.0.113.2", port: 7007 });
  const client = new Deno.Command("ip", {
    args: [
      ..."netns exec outside".split(" "),
      Deno.execPath(),
      ..."run --quiet --no-prompt --allow-net=203.0.113.2".split(" "),
      new URL("say_lines.ts", import.meta.url).pathname,
      "203.0.113.2",
      "7007",
    ],
    stdin: "piped",
    stdout: "piped",
  }).spawn();
  const server = await Promise.race([
    listener.accept(),
    client.status.then(() => Promise.reject(new Error("No connection"))),
  ]);
  const end = new AbortController();
  const echoing = server.readable.pipeTo(server.writable, end)
    .catch(() => {});
  const writer = client.stdin.getWriter();
  const reader = client.stdout.pipeThrough(new TextDecoderStream()).getReader();
  let heard = "";
  const hear = (async () => {
    for (
      let { value } = await reader.read();
      value;
      { value } = await reader.read()
    ) {
      heard += value;
    }
  })();
  return {
    async carries(line, ms) {
      const sent = `${line}\n`;
      await writer.write(new TextEncoder().encode(sent));
      const deadline = Date.now() + ms;
      while (Date.now() < deadline) {
        if (heard.endsWith(sent)) return true;
        await new Promise((wake) => setTimeout(wake, 10));
      }
      return false;
    },
    async [Symbol.asyncDispose]() {
      client.kill();
      await client.status;
      await hear;
      // It would wait for a client whose last word is dropped.
      end.abort();
      await echoing;
      listener.close();
    },
  };
}
