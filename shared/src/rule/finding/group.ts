/** Rules of one kind: where several of them find something at one token, people are shown one entry. What is counted, suppressed and kept stays one for each rule. */
export interface FindingGroup {
  /** `family/noun`: the key of its words. */
  readonly id: string;
  /** What an entry says. `{list}` is what its findings come to; other places are filled from their data, which all of them have. */
  readonly text: string;
  /** The rules, the hardest first, each with what it finds in a few words that fit into the list. */
  readonly rules: Readonly<Record<string, string>>;
}
