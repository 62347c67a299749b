/** The machine that a task runs on, as the entry tells it. */
export interface Machine {
  /** `none`: no machine is needed, or none is there. */
  kind: "sandbox" | "vm" | "here" | "none";
  /** Which of several: a sandbox has a name. */
  name: string;
  /** The sandbox's holder, as the host sees it. */
  pid: number | null;
  /** Made for this very command. */
  isNew: boolean;
}
