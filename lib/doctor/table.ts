/** All causes that the doctor knows, as a Markdown table and one by one. */

import { didYouMean } from "../nearest.ts";
import { EXIT, Problem } from "../problem.ts";
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
    const { layer, symptom, why } = TEXTS[code];
    return `| ${layer} | \`${code}\` | ${symptom} | ${general(why)} |`;
  });
  return [
    "| Layer | Code | What one sees | What is behind it |",
    "| --- | --- | --- | --- |",
    ...rows,
  ].join("\n");
}

/** A sentence that names no particular case. */
function general(text: string): string {
  return text.replace(/\{(\w+)\}/g, (_, name) => NAMES[name] ?? "it");
}

const NAMES: Record<string, string> = {
  who: "the sender",
  dev: "the interface",
  address: "the address",
  via: "that address",
  from: "it",
  to: "the target",
  other: "the other",
  forget: "",
  router: "a router",
  reason: "Packets go to somebody who is no router, or to nobody.",
  seen: "The ping's own words are all there is.",
};

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
  const { layer, symptom, cause, why, change } = TEXTS[code];
  return [
    `${code} (layer: ${layer})`,
    `Seen as: ${symptom}.`,
    `Cause: ${general(cause)}`,
    `Why: ${general(why)}`,
    change
      ? `The fix: ${general(change)}.`
      : "The fix is not on this machine, or not known.",
  ];
}
