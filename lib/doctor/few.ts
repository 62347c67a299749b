/** Lists that may be long, told in short. */

import { t } from "../cli/translate.ts";

/** The first of many, and how many more there are. */
export function few(all: readonly string[], between: string): string {
  if (all.length <= FEW) return all.join(between);
  const first = all.slice(0, FEW - 2).join(between);
  return t`${first}${between}and ${all.length - FEW + 2} more`;
}

const FEW = 8;
