/**
 * Any network of the machine in the terminal: its own namespace at the left
 * with the bridges in it, at the right what its cables lead to, and below what
 * is behind its uplink.
 */

import { Canvas } from "./canvas.ts";
import { boxLabels, groups } from "./graph.ts";
import { penOf, styleOf } from "./marks.ts";
import {
  boxOf,
  type Cable,
  type Figure,
  type Interface,
  MACHINE,
  type NamespaceBox,
  type Part,
} from "./model.ts";
import { blockOf, drawBlock, drawRuns, heightOf } from "./room_block.ts";
import { interfaceRuns, labelRun, type Run, wrapped } from "./runs.ts";
import { cableLine, frame } from "./strokes.ts";
import type { Words } from "./words.ts";
import { columns } from "../cli/width.ts";

/** Columns. */
const PC = 47;
const ROOM = { x: 49, width: 30 };
const BRIDGE = { x: 3, width: PC - 6 };
/** Where the way of a packet is that leaves. */
const WAY = 4;
/** Where what is done to it stands beside that, and how much room it has. */
const TEXTS = { x: WAY + 3, width: PC - WAY - 4 };
/** The most namespaces beside the machine for which this is no long list. */
const MOST = 12;

/** Whether a figure is small enough for boxes. */
export function fitsBoxes({ rooms, internet }: Figure): boolean {
  return rooms.some(({ id, state }) => id === MACHINE && state !== "ghost") &&
    rooms.filter(({ id }) => id !== MACHINE && id !== internet).length <= MOST;
}

/** Draws the machine and all rooms. */
export function boxLines(figure: Figure, words: Words): string[] {
  return new Drawing(figure, words).lines();
}

class Drawing {
  readonly #canvas = new Canvas();
  readonly #pc: NamespaceBox;
  readonly #internet?: NamespaceBox;
  /** Rooms that stand somewhere already. */
  readonly #placed = new Set<string>([MACHINE]);
  readonly #drawn = new Set<Cable>();
  /** The first free row in the machine, and the one beside it. */
  #row = 1;
  #beside = 0;

  constructor(readonly figure: Figure, readonly words: Words) {
    this.#pc = figure.rooms.find(({ id }) => id === MACHINE)!;
    this.#internet = figure.rooms.find(({ id }) => id === figure.internet);
    if (this.#internet) this.#placed.add(this.#internet.id);
  }

  lines(): string[] {
    const pc = this.#pc;
    const lo = pc.ifaces.filter(({ name }) => name === "lo");
    const ifaces = pc.ifaces.filter((link) => !lo.includes(link));
    const { bridges, others } = groups({ ...pc, ifaces });
    const uplink = others.find(({ id }) => id === this.figure.uplink);
    this.#findDrawn(bridges.flatMap(({ ports }) => ports), others);
    const noted = lo.filter(({ addresses }) => addresses.length > 0);
    for (const link of [...noted, ...others]) {
      if (link !== uplink) this.#interface(link, 3);
    }
    for (const { bridge, ports } of bridges) this.#bridge(bridge, ports);
    const bottom = this.#wayOut(uplink);
    const canvas = this.#canvas;
    // What is drawn already stays: cables cross the frame.
    const inner = canvas.copy();
    frame(canvas, [0, 0, PC, bottom + 1], pc, pc.name, 20);
    for (const link of lo.filter((it) => !noted.includes(it))) {
      const text = ` ${interfaceRuns(link, this.figure, this.words)[0].text} `;
      canvas.text(PC - columns(text) - 2, 0, text, styleOf(link));
    }
    canvas.paste(inner);
    let row = this.#uplink(uplink, bottom);
    row = Math.max(row, this.#beside);
    this.#rest(row);
    return canvas.lines();
  }

  /** Decides which cables are lines: one to each room that is not there yet. */
  #findDrawn(ports: Interface[], others: Interface[]) {
    const reached = new Set(this.#placed);
    for (const { id } of [...others, ...ports]) {
      if (id === this.figure.uplink) {
        const cable = this.#cableOf(id);
        if (cable && others.some((each) => each.id === id)) {
          this.#drawn.add(cable);
        }
        continue;
      }
      const cable = this.#cableOf(id);
      const room = cable && boxOf(farOf(cable, id));
      if (!cable || !room || reached.has(room)) continue;
      reached.add(room);
      this.#drawn.add(cable);
    }
  }

  #cableOf(id: string): Cable | undefined {
    return this.figure.cables.find(({ ends }) => ends.includes(id));
  }

  #runs(link: Interface): Run[] {
    const isDrawn = (cable: Cable) => this.#drawn.has(cable);
    return interfaceRuns(link, this.figure, this.words, isDrawn);
  }

  /** An interface in the machine, and the room that its cable leads to. */
  #interface(link: Interface, x: number) {
    const cable = this.#cableOf(link.id);
    const room = cable && this.#drawn.has(cable)
      ? this.figure.rooms.find(({ id }) => id === boxOf(farOf(cable, link.id)))
      : undefined;
    if (room) this.#row = Math.max(this.#row, this.#beside + 1);
    const [first, ...more] = wrapped(this.#runs(link), PC - 3 - x);
    const y = this.#row;
    const added = link.added ? 1 : 0;
    const end = drawRuns(this.#canvas, x - added, y, first);
    more.forEach((line, i) => drawRuns(this.#canvas, x + 2, y + 1 + i, line));
    this.#row += 1 + more.length;
    if (!room || !cable) return;
    const block = blockOf(
      room,
      this.figure,
      this.words,
      ROOM.width,
      cable,
    );
    drawBlock(this.#canvas, [ROOM.x, y - 1, ROOM.width], block);
    this.#beside = y - 1 + heightOf(block);
    this.#placed.add(room.id);
    const { across } = penOf(cable);
    const line = across.repeat(ROOM.x - end - 1);
    this.#canvas.text(end + 1, y, line, styleOf(cable));
    if (cable.state === "down") {
      this.#canvas.text(ROOM.x - 2, y, "╳", styleOf(cable));
    }
  }

  #bridge(bridge: Interface, ports: Interface[]) {
    const { x, width } = BRIDGE;
    const top = this.#row;
    this.#row += 1;
    wrapped(this.#runs(bridge), width - 8).forEach((line, i) => {
      const left = i > 0 ? 5 : bridge.added ? 2 : 3;
      drawRuns(this.#canvas, x + left, this.#row++, line);
    });
    for (const port of ports) this.#interface(port, x + 5);
    const inner = this.#canvas.copy();
    frame(this.#canvas, [x, top, width, this.#row - top + 1], bridge);
    this.#canvas.paste(inner);
    this.#row += 1;
  }

  /** What is done to a packet on its way out; returns the machine's last row. */
  #wayOut(uplink?: Interface): number {
    const labels = boxLabels(this.#pc);
    const { forwarding } = this.#pc;
    const isOn = forwarding?.state === "up";
    const way: Part = isOn ? forwarding : { state: "ghost", added: false };
    const from = this.#row;
    for (const label of labels) {
      const y = this.#row;
      const lines = wrapped([labelRun(label)], TEXTS.width);
      lines.forEach((line, i) =>
        drawRuns(this.#canvas, TEXTS.x - (label.added ? 2 : 0), y + i, line)
      );
      this.#row += lines.length;
    }
    if (!uplink) return this.#row;
    const to = this.#row - 1;
    this.#canvas.down(WAY, from, to, penOf(way), styleOf(way));
    let y = from;
    for (const label of labels) {
      if (label.state === "down") {
        this.#canvas.text(WAY, y, "╳", styleOf(label));
      }
      y += wrapped([labelRun(label)], TEXTS.width).length;
    }
    return this.#row;
  }

  /** The uplink in the machine's frame, and what is behind it. */
  #uplink(uplink: Interface | undefined, bottom: number): number {
    if (!uplink) return bottom + 1;
    const canvas = this.#canvas;
    const [first, ...more] = wrapped(this.#runs(uplink), PC - WAY - 3);
    const end = drawRuns(canvas, WAY - (uplink.added ? 1 : 0), bottom, [
      ...first,
    ]);
    canvas.text(end, bottom, " ");
    more.forEach((line, i) => drawRuns(canvas, WAY + 2, bottom + 1 + i, line));
    const cable = this.#cableOf(uplink.id);
    if (!cable || !this.#internet) return bottom + 1 + more.length;
    const top = bottom + 1 + Math.max(1, more.length);
    cableLine(canvas, WAY, [bottom + 1, top - 1], cable);
    const block = blockOf(
      { ...this.#internet, name: "" },
      this.figure,
      this.words,
      PC,
      cable,
    );
    const { id, name } = this.#internet;
    const title = id.startsWith("(")
      ? name
      : `${name} (${this.words.internet})`;
    const socket = block.hasSocket ? block.lines.shift() : undefined;
    block.lines.unshift([{ text: title, style: styleOf(this.#internet) }]);
    drawBlock(canvas, [0, top, PC], { ...block, hasSocket: false });
    if (socket) {
      canvas.text(drawRuns(canvas, WAY, top, socket), top, " ");
    }
    return top + heightOf(block);
  }

  /** Rooms that no cable of the machine leads to, two beside each other. */
  #rest(row: number) {
    const rooms = this.figure.rooms.filter(({ id }) => !this.#placed.has(id));
    const width = 38;
    let y = row;
    for (let i = 0; i < rooms.length; i += 2) {
      const blocks = rooms.slice(i, i + 2).map((box) =>
        blockOf(box, this.figure, this.words, width)
      );
      blocks.forEach((block, at) =>
        drawBlock(this.#canvas, [at * (width + 3), y, width], block)
      );
      y += Math.max(...blocks.map(heightOf));
    }
  }
}

function farOf({ ends }: Cable, id: string): string {
  return ends[0] === id ? ends[1] : ends[0];
}
