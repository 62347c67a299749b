/** All causes that the doctor knows, as a Markdown table and one by one. */

import { didYouMean } from "../cli/nearest.ts";
import { EXIT, Problem } from "../cli/problem.ts";
import { explanation } from "./explain.ts";
import { type Code, TEXTS } from "./texts.ts";
import { LAYERS } from "./types.ts";

/** The codes, by layer. */
export function codes(): Code[] {
  return LAYERS.flatMap((layer) =>
    (Object.keys(TEXTS) as Code[]).filter((code) => TEXTS[code].layer === layer)
  );
}

/** A Markdown table of all codes: what one sees, and what is behind it. */
export function codeTable(): string {
  const rows = codes().map((code) => {
    const { layer, symptom } = TEXTS[code];
    return `| ${layer} | \`${code}\` | ${symptom} | ${explanation(code).why} |`;
  });
  return [
    "| Layer | Code | What one sees | What is behind it |",
    "| --- | --- | --- | --- |",
    ...rows,
  ].join("\n");
}

/** The lines of `--explain CODE`. */
export function explainCode(word: string): string[] {
  const code = codes().find((each) => each === word);
  if (!code) {
    throw new Problem(
      `Unknown code ${JSON.stringify(word)}.`,
      didYouMean(word, codes()),
      EXIT.usage,
    );
  }
  const { layer, symptom } = TEXTS[code];
  const { cause, why, change } = explanation(code);
  return [
    `${code} (layer: ${layer})`,
    `Seen as: ${symptom}.`,
    `Cause: ${cause}`,
    `Why: ${why}`,
    change
      ? `The fix: ${change}.`
      : "The fix is not on this machine, or not known.",
  ];
}
