/**
 * The kinds of things that the stages make on a machine, and what to know of
 * each: how to see that its name is free, how to know it again, and how to
 * take it away. All else that the stages do happens inside these.
 */

import type { Fact } from "../../lib/course/stage.ts";
import * as forwarding from "./forwarding.ts";
import * as links from "./links.ts";
import * as netns from "./netns.ts";
import type { Left, Type } from "./removal.ts";
import * as rule from "./rule.ts";

/** How to know a thing again. */
export type Note =
  | netns.NetnsNote
  | links.LinksNote
  | forwarding.ForwardingNote
  | rule.RuleNote;

/** Whether this is a note, as one of ours was written. */
export function isNote(it: unknown): it is Note {
  // deno-lint-ignore no-explicit-any
  const note = it as Record<string, any> | null;
  const texts = (...keys: string[]) =>
    keys.every((key) => typeof note?.[key] === "string");
  const numbers = (...keys: string[]) =>
    keys.every((key) => typeof note?.[key] === "number");
  const lists = (...keys: string[]) =>
    keys.every((key) => Array.isArray(note?.[key]));
  switch (note?.what) {
    case "netns":
      return texts("name");
    case "links":
      return lists("names") && texts("kind") && numbers("above");
    case "forwarding":
      return texts("redirects") && lists("forwarded");
    case "rule":
      return texts("table", "rule") && numbers("others");
  }
  return false;
}

/** The name of the thing that a note is about. */
export function keyOf(note: Note): string {
  switch (note.what) {
    case "netns":
      return `netns ${note.name}`;
    case "links":
      return `links ${note.names.join(" ")}`;
    case "forwarding":
      return "forwarding";
    case "rule":
      return `rule ${note.table} ${note.rule}`;
  }
}

/** The name of the thing that a fact is about; undefined if it makes none. */
export function keyOfFact(fact: Fact): string | undefined {
  if ("netns" in fact) return `netns ${fact.netns}`;
  if ("kind" in fact) return `links ${fact.link}`;
  if ("peer" in fact) return `links ${fact.link} ${fact.peer}`;
  if ("forwarding" in fact) return "forwarding";
  if ("rule" in fact) return `rule ${fact.table} ${fact.rule}`;
}

/**
 * Before the step that makes this fact true: throws a `Problem` unless all its
 * names are free, and returns the note to begin with.
 */
export async function reserve(fact: Fact): Promise<Note | undefined> {
  if ("netns" in fact) return netns.reserve(fact.netns);
  if ("kind" in fact) return await links.reserve([fact.link], fact.kind);
  if ("peer" in fact) {
    return await links.reserve([fact.link, fact.peer], "veth");
  }
  if ("forwarding" in fact) return await forwarding.reserve();
  if ("rule" in fact) return await rule.reserve(fact.table, fact.rule);
}

/**
 * After the step, or after a command that was killed in it: if the thing is
 * there, marks it and returns the note to know it by; else undefined.
 */
export async function confirm(note: Note): Promise<Note | undefined> {
  switch (note.what) {
    case "netns":
      return await netns.confirm(note);
    case "links":
      return await links.confirm(note);
    case "forwarding":
      return await forwarding.confirm(note);
    case "rule":
      return await rule.confirm(note);
  }
}

/**
 * Whether a known thing is still the same. A switch and a rule always are: who
 * turned or added them first has to take them back.
 */
export async function isThere(note: Note): Promise<boolean> {
  if (note.what === "netns") return netns.isThat(note);
  if (note.what === "links") return await links.isThere(note);
  return true;
}

/** Throws a `Problem` if taking the thing back would take others' with it. */
export async function checkRemovable(note: Note): Promise<void> {
  if (note.what === "netns") await netns.checkRemovable(note.name);
}

/**
 * Takes the thing away if it is still ours, and looks whether it is gone;
 * returns what was left.
 */
export async function remove(note: Note, type: Type): Promise<Left[]> {
  switch (note.what) {
    case "netns":
      return await netns.remove(note, type);
    case "links":
      return await links.remove(note, type);
    case "forwarding":
      return await forwarding.remove(note, type);
    case "rule":
      return await rule.remove(note, type);
  }
}
