/** All rows of the matrix, in the order of the table. */

import { rows as crowd } from "./crowd.ts";
import { rows as fail } from "./fail.ts";
import { rows as kill } from "./kill.ts";
import type { Row } from "./row.ts";
import { rows as stateFiles } from "./state_files.ts";
import { rows as stdout } from "./stdout.ts";

/** The rows. */
export const rows: Row[] = [
  ...kill,
  ...fail,
  ...crowd,
  ...stateFiles,
  ...stdout,
];
