/** A sheet of characters to draw on, for the terminal. */

import type { Style } from "../cli/terminal.ts";
import { isWide } from "../cli/width.ts";

/** The characters that a line is drawn with. */
export interface Pen {
  /** The one that goes across. */
  readonly across: string;
  /** The one that goes down. */
  readonly down: string;
  /** The corners: upper left, upper right, lower left, lower right. */
  readonly corners: string;
}

/** For what is there. */
export const THIN: Pen = { across: "─", down: "│", corners: "┌┐└┘" };
/** For what is new. */
export const THICK: Pen = { across: "━", down: "┃", corners: "┏┓┗┛" };
/** For what is not there. */
export const DASHED: Pen = { across: "╌", down: "╎", corners: "┌┐└┘" };

const PLAIN: Style = (text) => text;

/** A sheet of characters, each with a style. Row 0 is at the top. */
export class Canvas {
  readonly #rows: { letter: string; style: Style }[][] = [];

  /** Writes a text from a place to the right. */
  text(x: number, y: number, text: string, style: Style = PLAIN): void {
    for (const letter of text) {
      this.#set(x++, y, letter, style);
      // A wide letter covers the cell to its right as well.
      if (isWide(letter)) this.#set(x++, y, "", style);
    }
  }

  /** Draws a line down, both rows included. */
  down(x: number, from: number, to: number, pen: Pen, style?: Style): void {
    for (let y = from; y <= to; y++) this.text(x, y, pen.down, style);
  }

  /** Draws a frame of this outer size. */
  box(
    x: number,
    y: number,
    width: number,
    height: number,
    { across, down, corners }: Pen,
    style?: Style,
  ): void {
    const line = across.repeat(width - 2);
    this.text(x, y, corners[0] + line + corners[1], style);
    for (let row = y + 1; row < y + height - 1; row++) {
      this.text(x, row, down, style);
      this.text(x + width - 1, row, down, style);
    }
    this.text(x, y + height - 1, corners[2] + line + corners[3], style);
  }

  /** What is on it now. */
  copy(): Canvas {
    const copy = new Canvas();
    copy.paste(this);
    return copy;
  }

  /** Lays another sheet above this one; only what is drawn there covers. */
  paste(other: Canvas): void {
    other.#rows.forEach((row, y) =>
      row.forEach(({ letter, style }, x) => this.#set(x, y, letter, style))
    );
  }

  /** The lines of text, without spaces at their ends. */
  lines(): string[] {
    return Array.from(this.#rows, (row = []) => {
      const cells = Array.from(row, (cell) => cell ?? SPACE);
      while (cells.at(-1)?.letter === " ") cells.pop();
      let line = "";
      for (let i = 0; i < cells.length;) {
        const { style } = cells[i];
        let run = "";
        while (cells[i]?.style === style) run += cells[i++].letter;
        line += style(run);
      }
      return line;
    });
  }

  #set(x: number, y: number, letter: string, style: Style) {
    const row = this.#rows[y] ??= [];
    // Of a wide letter that is half covered, nothing is left.
    if (letter && row[x]?.letter === "") row[x - 1] = SPACE;
    if (row[x + 1]?.letter === "") row[x + 1] = SPACE;
    row[x] = { letter, style };
  }
}

const SPACE = { letter: " ", style: PLAIN };
