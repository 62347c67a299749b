/** Where programs are, for those whose PATH leaves out the system's own. */

const SYSTEM = ["/usr/local/sbin", "/usr/sbin", "/sbin"];

/**
 * Appends the folders of the system's programs to the PATH: on Debian an
 * ordinary user's does not name them, yet iptables and sysctl are there.
 */
export function fixPath(): void {
  if (Deno.build.os !== "linux") return;
  const folders = (Deno.env.get("PATH") ?? "/usr/bin:/bin").split(":");
  const missing = SYSTEM.filter((folder) => !folders.includes(folder));
  Deno.env.set("PATH", [...folders, ...missing].join(":"));
}

/** Whether a program of this name is on the PATH. */
export function isInstalled(program: string): boolean {
  return (Deno.env.get("PATH") ?? "").split(":").some((folder) => {
    try {
      return Deno.statSync(`${folder}/${program}`).isFile;
    } catch {
      return false;
    }
  });
}
