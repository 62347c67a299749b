/** The colours and lines of the SVG figures, light and dark. */

/** The colours of one scheme. */
interface Scheme {
  paper: string;
  ink: string;
  soft: string;
  room: string;
  pc: string;
  switch: string;
  net: string;
  ghost: string;
  up: string;
  down: string;
  fresh: string;
}

const LIGHT: Scheme = {
  paper: "#ffffff",
  ink: "#1f2933",
  soft: "#52606d",
  room: "#e8f1fb",
  pc: "#f6f7f9",
  switch: "#fdf3dc",
  net: "#e6f5ec",
  ghost: "#7b8794",
  up: "#1b7f4d",
  down: "#b4380b",
  fresh: "#6d28d9",
};

const DARK: Scheme = {
  paper: "#10151c",
  ink: "#e6ebf1",
  soft: "#aab5c2",
  room: "#16283c",
  pc: "#19202a",
  switch: "#332a14",
  net: "#13301f",
  ghost: "#8794a3",
  up: "#4ccb8b",
  down: "#ff9466",
  fresh: "#c4a1ff",
};

/** What differs between light and dark. */
function colours(c: Scheme): string {
  return `.paper{fill:${c.paper}}
text{fill:${c.ink}}
.soft{fill:${c.soft}}.over{stroke:${c.paper}}
.box{stroke:${c.soft}}
.room{fill:${c.room}}.pc{fill:${c.pc}}.switch{fill:${c.switch}}.net{fill:${c.net}}
.cable{stroke:${c.ink}}.bay{stroke:${c.soft}}.bay.ghost{stroke:${c.ghost}}
.socket{fill:${c.up};stroke:${c.up}}
.box.down,.cable.down,.cross{stroke:${c.down}}
.socket.down{fill:${c.paper};stroke:${c.down}}
.box.ghost,.cable.ghost{stroke:${c.ghost}}
.socket.ghost{fill:${c.paper};stroke:${c.ghost}}
.box.new,.cable.new,.socket.new{stroke:${c.fresh}}
.up.socket.new{fill:${c.fresh}}
text.ghost,tspan.ghost{fill:${c.ghost}}
text.down,tspan.down{fill:${c.down}}
text.new,tspan.new{fill:${c.fresh}}`;
}

/** The style sheet. Shapes, dashes and words say all that the colours say. */
export const STYLE: string = `
text{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;white-space:pre}
.title,.name,text.new,tspan.new{font-weight:700}
.over{paint-order:stroke;stroke-width:3;stroke-opacity:.8}
.box{stroke-width:1.5}
.cable{fill:none;stroke-width:3}.thick{stroke-width:6}
.bay{fill:none;stroke-width:1.5;opacity:.6}
.cross{fill:none;stroke-width:3}
.socket{stroke-width:2}
.box.ghost{fill:none;stroke-dasharray:6 5}
.cable.ghost{stroke-width:2;stroke-dasharray:6 5}
.socket.ghost{stroke-width:1.5;stroke-dasharray:3 3}
.box.new{stroke-width:3.5}.cable.new{stroke-width:5}.thick.new{stroke-width:7}.thick.ghost{stroke-width:4}
${colours(LIGHT)}
@media (prefers-color-scheme:dark){
${colours(DARK)}
}
`;
