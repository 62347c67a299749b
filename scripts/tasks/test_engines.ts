/** `deno task test:engines`: what takes programs beyond those of a lab. */

import type { Task } from "../../lib/task/task.ts";
import { run } from "./run.ts";
import { runTests, withSameHost } from "./run_tests.ts";
import { t } from "../../lib/cli/translate.ts";

/** The task. */
export const task: Task = {
  name: "test:engines",
  about:
    t`Runs the tests with real engines and other large programs: Docker, Podman,\n
    the CNI plugins, libvirt, Graphviz, and Chromium, which looks at pictures.\n
    What is not installed is left out, with the reason.`,
  usage: "[-- OPTIONS OF deno test]",
  words: 0,
  where: "host",
  options: {},
  main: ({ rest }) => withSameHost(() => runTests(...rest, "tests/engines")),
};

run(import.meta, task);
