/** The stages as one bash script, for those who want nothing but bash. */

import { readPage } from "./page.ts";
import type { Stage } from "./stage.ts";

/**
 * A script that runs the stages' commands, each under its comment, and stops
 * at the first that fails.
 *
 * @param source gives the source text of a stage by its name.
 */
export function toBash(
  stages: readonly Stage[],
  source: (name: string) => string,
): string {
  const chapters = stages.flatMap((stage, i) => [
    "",
    `# ${i + 1}. ${stage.name}: ${stage.idea}`,
    ...readPage(source(stage.name)).commands.flatMap(({ comment }, at) => [
      "",
      ...comment.map((remark) => `# ${remark}`),
      stage.commands[at],
    ]),
  ]);
  return [
    "#!/usr/bin/env bash",
    "# Docker's default network, made by hand. Run it as root on a Linux machine",
    "# that may be thrown away: it changes that machine's own network.",
    "# Where the uplink is not called eth0, write its name in the last line.",
    "set -euo pipefail",
    ...chapters,
  ].join("\n");
}
