/** The engines whose words we understand. Podman took Docker's over. */
export type Engine = "docker" | "podman";

/** Podman makes its folder when it is first asked anything: so we look first. */
export function usedEngines(): Engine[] {
  try {
    Deno.statSync("/var/lib/containers");
    return ["docker", "podman"];
  } catch {
    return ["docker"];
  }
}
