/** Tests of the SVG pictures: as XML, and as a browser shows them. */

import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { run } from "../../lib/cli/command.ts";
import { figure } from "../../lib/draw/figure.ts";
import { GRAPHVIZ } from "../../lib/draw/graphviz.ts";
import { toSvg } from "../../lib/draw/svg.ts";
import { stageTitle } from "../../lib/draw/title.ts";
import { ENGLISH, type Words } from "../../lib/draw/words.ts";
import type { Snapshot } from "../../lib/net/snapshot.ts";
import { stages } from "../../scripts/mod.ts";
import { isInstalled } from "../../vm/path.ts";
import { stageSnapshots } from "../../scripts/tasks/stage_snapshots.ts";
import {
  measure,
  type Measured,
  type Shown,
  whyNoBrowser,
  whyNoJapanese,
  whyNoPackage,
} from "./browser.ts";
import { JAPANESE } from "../draw/japanese.ts";
import { otherNetwork } from "../draw/other_network.ts";
import { throwaway } from "../throwaway.ts";

const noBrowser = await whyNoBrowser();
const noJapanese = noBrowser || await whyNoJapanese();
const noGraphviz = noBrowser || await whyNoPackage(GRAPHVIZ);
const noParser = isInstalled("xmllint")
  ? ""
  : "xmllint is not installed: apt-get install libxml2-utils";

/** One sandbox, taken through the nine stages, is enough for all of them. */
let taken: Promise<Snapshot[]> | undefined;

/** Every stage in both pictures. */
async function pictures(words: Words): Promise<Shown[]> {
  const snapshots = await (taken ??= stageSnapshots("nat"));
  const all = stages.flatMap((stage, i) => {
    const drawn = figure(snapshots[i], { added: stage.facts, words });
    const title = words === ENGLISH
      ? stageTitle(stage, stages)
      : "九つのうち第三段階 <3> & ケーブルを三本、まだ何処にも挿していない";
    return [false, true].map(async (physical) => ({
      name: `${words.up}: ${stage.name}${physical ? ", physical" : ""}`,
      svg: await toSvg(drawn, { title, physical, words }),
    }));
  });
  return await Promise.all(all);
}

async function otherPicture(): Promise<Shown> {
  await using lab = await throwaway();
  const drawn = figure(await otherNetwork(lab));
  const svg = await toSvg(drawn, { title: "Another network" });
  return { name: "another network", svg };
}

/** The browser is slow to start: it looks at all pictures at once. */
let opened: Promise<Measured[]> | undefined;

async function lookAtAll(): Promise<Measured[]> {
  const english = await pictures(ENGLISH);
  const japanese = noJapanese ? [] : await pictures(JAPANESE);
  const other = noGraphviz ? [] : [await otherPicture()];
  return await measure([...english, ...japanese, ...other]);
}

/** Holds what the browser found against what is asked of a picture. */
async function assertLegible(group: string, count: number) {
  const measured = (await (opened ??= lookAtAll()))
    .filter(({ name }) => name.startsWith(group));
  assertEquals(measured.length, 2 * count, "pictures, light and dark");
  for (const { name, scheme, texts, faults } of measured) {
    assert(texts > 10, `${name} has ${texts} texts`);
    assertEquals(faults, [], `${name}, ${scheme}`);
  }
  for (let i = 0; i < measured.length; i += 2) {
    assertNotEquals(measured[i].paper, measured[i + 1].paper, "paper");
  }
}

function ignored(reason: string, name: string, fn: () => Promise<void>) {
  Deno.test({
    name: reason ? `${name} (${reason})` : name,
    ignore: reason !== "",
    fn,
  });
}

ignored(noParser, "toSvg: writes XML", async () => {
  const all = [...await pictures(ENGLISH), ...await pictures(JAPANESE)];
  const ends = await Promise.all(
    all.map(({ svg }) => run(["xmllint", "--noout", "-"], svg)),
  );
  for (const { code, stderr } of ends) assertEquals([code, stderr], [0, ""]);
});

ignored(
  noBrowser,
  "toSvg: no text overlaps another or leaves its box, light and dark",
  () => assertLegible(`${ENGLISH.up}: `, 2 * stages.length),
);

ignored(
  noJapanese,
  "toSvg: no text overlaps another or leaves its box in Japanese",
  () => assertLegible(`${JAPANESE.up}: `, 2 * stages.length),
);

ignored(
  noGraphviz,
  "toSvg: no text overlaps another or leaves its box in another network",
  () => assertLegible("another network", 1),
);
