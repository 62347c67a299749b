/**
 * Every sentence for people passes here, so that it stays readable where it is
 * said, can be collected by a parser, and can be said in another language.
 *
 *     say(t`There is no namespace ${name}. Did you mean ${other}?`);
 *
 * What `--json` prints, the kernel's words and command lines are not passed
 * here: they are the same in every language.
 */

/** Sentences in another language, by their English {@linkcode messageOf}. */
export type Catalogue = Readonly<Record<string, string>>;

let catalogue: Catalogue = {};

/** From now on sentences that this catalogue has are said in its words. */
export function speak(words: Catalogue): void {
  catalogue = words;
}

/**
 * Template tag: the sentence in the language that is spoken, with its values
 * in their places; in English where the catalogue has none.
 *
 * A sentence may go on in the next line of the source: a line break there,
 * with the spaces around it, is one space. `\n` is a real line break, and may
 * stand at a line's end.
 */
export function t(
  template: TemplateStringsArray,
  ...values: readonly unknown[]
): string {
  const english = messageOf(template);
  const said = catalogue[english] ?? english;
  // What a value holds is never taken for a placeholder.
  return said.replace(
    /%(\d+)/g,
    (hole, i) => i <= values.length ? String(values[i - 1]) : hole,
  );
}

const messages = new WeakMap<TemplateStringsArray, string>();

/**
 * The key of a sentence in a catalogue: its English text, where `%1` stands
 * for the first value, `%2` for the second and so on, as in gettext's
 * `qt-format`.
 */
export function messageOf(template: TemplateStringsArray): string {
  const known = messages.get(template);
  if (known !== undefined) return known;
  const message = template.raw.map(cook)
    .reduce((text, part, i) => `${text}%${i}${part}`);
  messages.set(template, message);
  return message;
}

const ESCAPES: Record<string, string> = { n: "\n", t: "\t" };

/** A part of a template as it is meant, of what the source has. */
function cook(raw: string): string {
  return raw.replace(/\\n\s*\n\s*/g, "\\n")
    .replace(/[ \t]*\n\s*/g, " ")
    .replace(
      /\\(?:x([0-9a-f]{2})|u\{?([0-9a-f]{4,6})\}?|([^]))/gi,
      (_, byte, unit, char) =>
        char === undefined
          ? String.fromCodePoint(parseInt(byte ?? unit, 16))
          : ESCAPES[char] ?? char,
    );
}
