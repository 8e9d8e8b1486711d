/** A text that somebody could put into a repository to hang, kill or blind whoever checks it. Made, never stored. */
export interface HostileInput {
  /** Says the trick; unique. */
  readonly name: string;
  /** What the file is called: it decides what the engine takes the text for. */
  readonly path: string;
  readonly text: string;
}
