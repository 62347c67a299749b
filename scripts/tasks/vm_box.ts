/** `deno task vm:box`: a Vagrant box where no registry of boxes is in reach. */

import type { Task } from "../../lib/task/task.ts";
import { run } from "./run.ts";
import { launch } from "../../vm/launch.ts";
import { findMachine } from "../../vm/find_machine.ts";
import { ROOT } from "../../vm/path.ts";
import { t } from "../../lib/cli/translate.ts";

/** The task. */
export const task: Task = {
  name: "vm:box",
  about: t`Makes a Vagrant box for libvirt out of Debian packages, with all\n
    that a lab takes, and adds it to Vagrant. Takes about a minute, and only\n
    if something has changed since. Then: LAB_BOX=docker0-by-hand vagrant up`,
  usage: "[OPTIONS]",
  words: 0,
  where: "host",
  needs: ["--allow-run=bash"],
  options: {
    deno: { value: "FILE", about: t`the Deno to put into it, else this one` },
    output: { value: "FILE", about: t`else .lab/box/docker0-by-hand.box` },
    box: { value: "NAME", about: t`how Vagrant is to call it` },
    "no-add": { about: t`make the file, and do not tell Vagrant` },
  },
  async main({ flags }) {
    const options = ["deno", "output", "box"].flatMap((name) =>
      flags[name] ? [`--${name}`, flags[name] as string] : []
    );
    if (flags["no-add"]) options.push("--no-add");
    const host = await findMachine("host");
    return await launch(host, ["bash", `${ROOT}vm/box/build.sh`, ...options]);
  },
};

run(import.meta, task);
