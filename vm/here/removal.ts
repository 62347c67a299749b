/** Types a command line, shows it, and throws if it fails. */
export type Type = (line: string) => Promise<void>;
/** What was not taken away. */
export interface Left {
  /** What it is, and why it was left. */
  text: string;
  /** Whether it is the lab's, or may be: then the lab is not gone. */
  isOurs: boolean;
}
