/** Figures that Graphviz lays out, whose package comes from npm. */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { figure } from "../../lib/draw/figure.ts";
import { GRAPHVIZ } from "../../lib/draw/graphviz.ts";
import { allInterfaces } from "../../lib/draw/model.ts";
import { toSvg } from "../../lib/draw/svg.ts";
import { stages } from "../../scripts/mod.ts";
import { otherNetwork } from "../draw/other_network.ts";
import { throwaway } from "../throwaway.ts";
import { whyNoPackage } from "./browser.ts";

const noGraphviz = await whyNoPackage(GRAPHVIZ);

Deno.test({
  name: `draw: shows another bridge with three namespaces as SVG${
    noGraphviz && ` (${noGraphviz})`
  }`,
  ignore: noGraphviz !== "",
  async fn() {
    await using lab = await throwaway();
    const drawn = figure(await otherNetwork(lab));
    const svg = await toSvg(drawn, { title: "Another network" });
    for (const { name, addresses } of allInterfaces(drawn)) {
      assert(new RegExp(`> *${name}</tspan>`).test(svg), name);
      for (const { text } of addresses) assertStringIncludes(svg, text);
    }
    assertEquals(svg.match(/class="cable/g)?.length, drawn.cables.length);
    assertStringIncludes(svg, "MASQUERADE 10.1.0.0/24");
  },
});

Deno.test({
  name: `toDot: writes what Graphviz reads${noGraphviz && ` (${noGraphviz})`}`,
  ignore: noGraphviz !== "",
  async fn() {
    const viz = await (await import(GRAPHVIZ)).instance();
    for (const folder of [...stages.map(({ name }) => name), "other"]) {
      const file = new URL(
        `../draw/golden/${folder}/graphviz.dot`,
        import.meta.url,
      );
      const svg = viz.renderString(Deno.readTextFileSync(file), {
        format: "svg",
      });
      assertStringIncludes(svg, "eth0", folder);
    }
  },
});
