/** All causes that the doctor knows, as a Markdown table and one by one. */

import { didYouMean } from "../cli/nearest.ts";
import { EXIT, Problem } from "../cli/problem.ts";
import { EXAMPLES } from "./examples.ts";
import { explanation } from "./explain.ts";
import { type Code, TEXTS } from "./causes.ts";
import { LAYERS } from "./layer.ts";
import { t } from "../cli/translate.ts";

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
    t`| Layer | Code | What one sees | What is behind it |`,
    "| --- | --- | --- | --- |",
    ...rows,
  ].join("\n");
}

/** A section of Markdown for each code: what `--explain` says of it. */
export function codeSections(): string {
  return codes().map((code) => {
    const { symptom } = TEXTS[code];
    const { cause, why, change } = explanation(code);
    const { breaks, look } = EXAMPLES[code];
    const typed = [
      ...breaks.length ? [t`# One way to get it, in a lab at stage nat:`] : [],
      ...breaks,
      t`# To look with:`,
      ...look,
    ];
    return [
      `### ${code}`,
      t`Seen as: ${symptom}.`,
      `**${cause}** ${why}`,
      ...change ? [t`The fix: ${change}.`] : [],
      ["```sh", ...typed, "```"].join("\n"),
    ].join("\n\n");
  }).join("\n\n");
}

/** The lines of `--explain CODE`. */
export function explainCode(word: string): string[] {
  const code = codes().find((each) => each === word);
  if (!code) {
    throw new Problem(
      t`Unknown code ${JSON.stringify(word)}.`,
      didYouMean(word, codes()),
      EXIT.usage,
    );
  }
  const { layer, symptom } = TEXTS[code];
  const { cause, why, change } = explanation(code);
  const { breaks, look } = EXAMPLES[code];
  return [
    t`${code} (layer: ${layer})`,
    t`Seen as: ${symptom}.`,
    t`Cause: ${cause}`,
    t`Why: ${why}`,
    change
      ? t`The fix: ${change}.`
      : t`The fix is not on this machine, or not known.`,
    ...breaks.length ? [t`One way to get it, in a lab at stage nat:`] : [],
    ...breaks.map((line) => `$ ${line}`),
    t`To look with:`,
    ...look.map((line) => `$ ${line}`),
  ];
}
