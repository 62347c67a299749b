/** The engines whose words we understand. Podman took Docker's over. */
export type Engine = "docker" | "podman";

/**
 * The engines whose client may be asked without a trace: Docker's always,
 * Podman's only where it was used before, since it makes its folder as soon as
 * it is asked anything.
 */
export function enginesToAsk(): Engine[] {
  try {
    Deno.statSync("/var/lib/containers");
    return ["docker", "podman"];
  } catch {
    return ["docker"];
  }
}
