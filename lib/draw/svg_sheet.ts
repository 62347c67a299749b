/** A sheet to draw an SVG figure on. */

import { printable } from "../cli/printable.ts";
import type { Interface, Label, Part } from "./model.ts";
import { STYLE } from "./svg_style.ts";
import { columns } from "../cli/width.ts";

/** How wide a column of our monospaced fonts is at most, in ems. */
const EM = 0.625;
/** The size of text, in pixels. */
const SIZE = 14;

/** How a text is set. */
export interface TextStyle {
  /** Its CSS classes. */
  css?: string;
  /** Which of its points is at `x`. */
  anchor?: "start" | "middle" | "end";
  /** Its size in pixels. */
  size?: number;
  /** The width that it must not exceed: it is set smaller if need be. */
  max?: number;
}

/** A piece of a line of text. */
export interface Piece {
  /** The text. */
  text: string;
  /** Its CSS classes. */
  css: string;
}

/** A sheet; what is drawn later lies above. */
export class SvgSheet {
  readonly #marks: string[] = [];

  /** A rectangle with round corners. */
  box(
    [x, y, width, height]: [number, number, number, number],
    css: string,
    round = 8,
  ): void {
    this.#marks.push(
      `<rect class="${css}" x="${n(x)}" y="${n(y)}" width="${
        n(width)
      }" height="${n(height)}" rx="${round}"/>`,
    );
  }

  /** A path, as SVG's `d` has it. */
  path(d: string, css: string): void {
    this.#marks.push(`<path class="${css}" d="${d}"/>`);
  }

  /** A line of text on the baseline `y`. */
  text(
    x: number,
    y: number,
    text: string | readonly Piece[],
    { css = "", anchor = "start", size = SIZE, max = Infinity }: TextStyle = {},
  ): void {
    const pieces = typeof text === "string" ? [{ text, css: "" }] : text;
    const all = pieces.map(({ text }) => text).join("  ");
    if (all === "") return;
    const fitting = Math.min(size, max / (columns(all) * EM));
    const inner = pieces.map(({ text, css }, i) => {
      const gap = i > 0 ? "  " : "";
      return css
        ? `<tspan class="${css}">${gap}${escape(text)}</tspan>`
        : gap + escape(text);
    }).join("");
    this.#marks.push(
      `<text${css && ` class="${css}"`} x="${n(x)}" y="${n(y)}" font-size="${
        n(fitting)
      }"${
        anchor === "start" ? "" : ` text-anchor="${anchor}"`
      }>${inner}</text>`,
    );
  }

  /** Draws with the origin moved to another place. */
  inside([x, y]: [number, number], draw: () => void): void {
    this.#marks.push(`<g transform="translate(${n(x)} ${n(y)})">`);
    draw();
    this.#marks.push("</g>");
  }

  /** A cross on a line: nothing passes here. */
  cross(x: number, y: number): void {
    this.path(`M${n(x - 7)} ${n(y - 7)}l14 14m0-14l-14 14`, "cross");
  }

  /** The whole file. */
  toString(
    { width, height, title, description }: {
      width: number;
      height: number;
      title: string;
      description: string;
    },
  ): string {
    return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${n(width)} ${
      n(height)
    }" width="${n(width)}" height="${
      n(height)
    }" role="img" aria-labelledby="title desc">
<title id="title">${escape(title)}</title>
<desc id="desc">${escape(description)}</desc>
<style>${STYLE}</style>
<rect class="paper" width="100%" height="100%"/>
${this.#marks.join("\n")}
</svg>
`;
  }
}

/** How wide a text is at most, in pixels. */
export function textWidth(text: string, size = SIZE): number {
  return columns(text) * EM * size;
}

/** The CSS classes of a part. */
export function cssOf({ state, added }: Part, kind = ""): string {
  return [kind, state, added ? "new" : ""].filter(Boolean).join(" ");
}

/** An interface's name, and what is wrong with it. */
export function namePieces(link: Interface): Piece[] {
  return [
    { text: plus(link) + link.name, css: cssOf(link, "name") },
    ...link.note ? [{ text: link.note, css: "down" }] : [],
  ];
}

/** A label as a piece of a line. */
export function labelPiece(label: Label): Piece {
  return {
    text: plus(label) + label.text,
    css: label.dim ? "soft" : cssOf(label),
  };
}

/** What is new has a plus, for those who do not see the colour. */
function plus({ added }: Part): string {
  return added ? "+ " : "";
}

/** A number with one digit after the point at most. */
function n(value: number): string {
  return String(Math.round(value * 10) / 10);
}

/** The characters that XML keeps for itself. */
function escape(text: string): string {
  const names: Record<string, string> = { "&": "amp", "<": "lt", ">": "gt" };
  // XML has no way at all to say a control character.
  return printable(text).replace(/[&<>]/g, (letter) => `&${names[letter]};`);
}
