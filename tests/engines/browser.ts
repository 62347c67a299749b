/** The browser that pictures are looked at with, where there is one. */

import { run } from "../../lib/cli/command.ts";
import { fixPath, isInstalled } from "../../vm/path.ts";

/** The browser's driver. Deno would fetch it at every start if an import named it. */
export const PLAYWRIGHT = "npm:playwright-core@1.65.1";

/** The browser starts bare, and asks nothing of any network. */
export const CHROMIUM_FLAGS: string[] = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Where the browser is. The driver does not look on the PATH. */
export function chromiumPath(): string {
  const folders = Deno.env.get("PATH")!.split(":");
  return folders.map((folder) => `${folder}/chromium`).find((path) => {
    try {
      return Deno.statSync(path).isFile;
    } catch {
      return false;
    }
  })!;
}

/** A picture with what it is called. */
export interface Shown {
  /** For messages. */
  name: string;
  /** The file's text. */
  svg: string;
}

/** What the browser found, see measure_pictures.ts. */
export interface Measured {
  /** The picture's name. */
  name: string;
  /** `light` or `dark`. */
  scheme: string;
  /** How many texts it has. */
  texts: number;
  /** The colour of its paper. */
  paper: string;
  /** What is wrong with it. */
  faults: string[];
}

/** Why no picture can be looked at here; "" if it can. */
export async function whyNoBrowser(): Promise<string> {
  fixPath();
  if (!isInstalled("chromium")) {
    return "chromium is not installed: apt-get install chromium";
  }
  return await whyNoPackage(PLAYWRIGHT);
}

/** Why an npm package cannot be used here; "" if it can. */
export async function whyNoPackage(name: string): Promise<string> {
  const { code } = await run(
    ["timeout", "60", Deno.execPath(), "cache", "--quiet", name],
  );
  return code === 0 ? "" : `${name} cannot be fetched from here`;
}

/** Why Japanese cannot be measured here; "" if it can. */
export async function whyNoJapanese(): Promise<string> {
  if (!isInstalled("fc-list")) return "";
  const { stdout } = await run(["fc-list", ":lang=ja"]);
  return stdout ? "" : "no font has Japanese: apt-get install fonts-vlgothic";
}

/** Opens pictures in the browser, light and dark. */
export async function measure(pictures: Shown[]): Promise<Measured[]> {
  const script = new URL("./measure_pictures.ts", import.meta.url).pathname;
  const { code, stdout, stderr } = await run(
    [
      "timeout",
      "60",
      Deno.execPath(),
      "run",
      "--quiet",
      "--allow-all",
      script,
    ],
    JSON.stringify(pictures),
  );
  if (code !== 0) throw new Error(stderr);
  return JSON.parse(stdout);
}
