/** One of them. */
export type Layer = (typeof LAYERS)[number];
/** The layers that a packet passes, in the order in which they are told. */
export const LAYERS = [
  "environment",
  "link",
  "address",
  "route",
  "forwarding",
  "firewall",
  "nat",
  "service",
  "internet",
] as const;
