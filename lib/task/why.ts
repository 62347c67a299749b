/** Why a verdict differs from what was promised: the doctor is asked. */

import type { Wish } from "../doctor/diagnose.ts";
import type { Diagnosis } from "../doctor/diagnosis.ts";
import { later } from "../cli/later.ts";
import type { Report } from "../lab/report.ts";
import type { Stage } from "../course/stage.ts";

/** The doctor's diagnosis, where an answer differs from its promise. */
export async function whyDiffers(
  { reach }: Report,
  stages: readonly Stage[],
): Promise<Diagnosis | undefined> {
  if (!reach.some(({ asExpected }) => asExpected === false)) return undefined;
  // The verdict stands, also where nobody can say why.
  return await askDoctor(stages).catch(() => undefined);
}

/**
 * The doctor's diagnosis of the lab, or of what else he is asked. He is loaded
 * only where he is needed.
 */
export async function askDoctor(
  stages: readonly Stage[],
  wish: Wish = {},
): Promise<Diagnosis> {
  const { diagnose }: typeof import("../doctor/diagnose.ts") = await import(
    later("../doctor/diagnose.ts", import.meta)
  );
  return await diagnose({ ...wish, stages });
}

/** The root cause in a few lines; none if there is nothing to tell. */
export async function causeLines(
  diagnosis: Diagnosis | undefined,
): Promise<string[]> {
  if (!diagnosis) return [];
  const { briefLines }: typeof import("../doctor/diagnosis_text.ts") =
    await import(
      later("../doctor/diagnosis_text.ts", import.meta)
    );
  return briefLines(diagnosis);
}
