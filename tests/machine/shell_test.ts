/** `shell` as somebody sees it who sits at a terminal. */

import { assertEquals, assertMatch } from "@std/assert";
import { fixPath, isInstalled } from "../../vm/path.ts";
import { ROOT, type Throwaway, throwaway } from "../throwaway.ts";

fixPath();

/** What of this is not here, if anything is. */
const missing = (...programs: string[]) => {
  const left = programs.filter((program) => !isInstalled(program));
  return left.length > 0 ? ` (left out: no ${left.join(", ")})` : "";
};

/**
 * Types `shell …` at a terminal, waits for the prompt, and types a line. Says
 * what the screen has shown by then, and the exit code at its end.
 */
async function sit(
  pc: Throwaway,
  shell: string,
  word: string,
  prompt: string,
  line: string,
): Promise<string> {
  const task = [Deno.execPath(), "task", "--quiet", "--config"]
    .concat(`${ROOT}deno.json`, "shell", word || []).map((each) => `'${each}'`);
  const { stdout } = await pc.exec([
    ...["env", "--unset=LAB_MACHINE", "--unset=LAB_ON", "TERM=dumb"],
    // Each of them would set another prompt.
    ...["HOME=/run/home", "ENV=/run/home/.bashrc", "PROMPT_COMMAND=PS1=mine"],
    ...[`SHELL=${shell}`, `prompt=${prompt}`, `line=${line}`],
    ...["sh", "-c", SIT, task.join(" ")],
  ]);
  return stdout.replaceAll("\r", "");
}

const SIT = `mkdir -p /run/home; cd /run/home; rm -f screen
for file in .bashrc .zshrc .zshenv .mkshrc; do echo 'PS1="mine "' >$file; done
tries=600
{
  until grep -qs "$prompt" screen || [ "$((tries -= 1))" = 0 ]; do
    sleep 0.1
  done
  echo "$line"
} | SHELL=/bin/sh script -qfec "SHELL=$SHELL exec $0" screen >/dev/null
echo "ended with $?" >>screen
cat screen`;

for (const shell of ["sh", "dash", "bash", "zsh", "fish", "mksh", "nushell"]) {
  // One that nobody has or that is not known is another one.
  const left = missing("script", ...(shell === "nushell" ? [] : [shell]));
  Deno.test({
    name: `shell: says where one is, in ${shell}${left}`,
    ignore: left !== "",
    async fn() {
      await using pc = await throwaway();
      await pc.type("stage:netns --quiet");
      const places = [["ns1", "ns1 # "], ["", "pc # "]];
      for (const [word, prompt] of places.slice(0, shell === "sh" ? 2 : 1)) {
        const screen = await sit(
          pc,
          shell,
          word,
          prompt,
          'sh -c "ip -brief link; echo PS1=\\$PS1-"; exit 7',
        );
        assertEquals(screen.match(/mine |error/), null, screen);
        assertMatch(screen, word ? /^lo /m : /^eth0@/m);
        // A shell that one starts from there is as it would be anywhere.
        assertMatch(screen, /^PS1=(# )?-$/m);
        assertMatch(screen, /-\n(exit\n)?\n?(Script done.*\n)?ended with 7\n$/);
      }
    },
  });
}

Deno.test("shell: knows every namespace, whatever it is called, and says which there are", async () => {
  await using pc = await throwaway();
  await pc.type("stage:netns --quiet");
  const odd = "-a b;$(x)%é";
  await pc.type("exec -- true");
  const shell = ["env", "--unset=LAB_MACHINE", "SHELL=sh", Deno.execPath()]
    .concat("task", "--quiet", "--config", `${ROOT}deno.json`);
  await pc.exec([...shell, "exec", "--", "ip", "netns", "add", odd]);
  for (const name of ["ns1", "ns2", "outside", odd, "pc"]) {
    const all = await pc.exec(
      [...shell, "shell", ...(name.startsWith("-") ? ["--", name] : [name])],
      "ip netns identify\nexit 7\n",
    );
    const where = name === "pc" ? "" : name;
    assertEquals(all, { code: 7, stdout: `${where}\n`, stderr: "" }, name);
  }
  const nowhere = await pc.exec([...shell, "shell", "ns3"], "");
  assertEquals(nowhere, {
    code: 3,
    stdout: "",
    stderr:
      `There is no namespace "ns3" in this machine. It has "-a b;$(x)%é", ` +
      `"ns1", "ns2", "outside".\nDid you mean "ns1"?\n`,
  });
});
