/**
 * Every budget of the engine. All are counted, none is a clock: the same text gives the same answer on every machine. What a budget leaves
 * out is said by a finding `bulkhead/incomplete`; docs/limits.md lists them for users.
 */
export const budgets = {
  /** UTF-16 units of a text, where no setting says otherwise: 4 MiB, twice the largest manifest that projects publish to be applied. */
  textLength: 1 << 22,
  /**
   * UTF-16 units that the aliases of a YAML document may stand for, aliases within aliases written out. Every walk that follows aliases and
   * merge keys is bounded by it, since `yaml/build.ts` gives the aliases beyond it no target. Of 1,000 real files the largest takes a fifth.
   */
  aliasedLength: 1 << 17,
  /** How deep the collections of a YAML document may nest. `yaml` composes recursively; 20,000 brackets would abort the process. */
  yamlDepth: 200,
  /** Objects, pods, containers, images, stages, instructions and commands that are checked in a file, each counted once. A container costs up to half a millisecond. */
  views: 5000,
  /** Findings that are shown of a file: the most severe ones. */
  findings: 10_000,
  /** Files that a Compose file includes, those that these include among them, each counted once: the largest projects have a few dozen. */
  includedFiles: 250,
  /** Values that the services of a Compose file take from others that they extend, each as often as it is taken. */
  inheritedValues: 50_000,
  /** Rules and ids that the directives of a file name, ours and those of other tools: those beyond do not hold, so that more is reported, not less. */
  directives: 5000,
  /** UTF-16 units that a finding quotes of one name or value: what is longer is cut. */
  quotedLength: 400,
  /**
   * UTF-16 units of text that harden reads again in search of the fixes that do not hold: bisection costs with the square of a file where many do not. It may
   * always read a file twelve times over; what is then not verified is left, with that reason.
   */
  verifiedLength: 1 << 21,
  /** What a finding counts for, in such units, where a text is read again: three lines may have as many as a page. */
  findingLength: 50,
  /**
   * UTF-16 units of text that are read again to find out which groups of harden need each other. Of groups that are not tried then, the later ones are said
   * to need the earlier ones of their document, and what was chosen is verified as ever.
   */
  plannedLength: 1 << 21,
  /**
   * UTF-16 units of a Dockerfile about which a second parser is asked when fixes are applied in bulk: half as much again as the largest of 400 real files. Its time
   * grows with the square of the flags of an instruction from 16,000 on. Beyond it the fixes are verified as ever, by our own parser alone.
   */
  secondOpinionLength: 1 << 16,
  /** UTF-16 units by which the variables of a makefile may lengthen its recipes: each may stand for a hundred times its name. */
  expandedLength: 1 << 17,
  /** Nodes of the YAML documents that are kept parsed. What is over it is parsed again when it is needed; nothing is left out. */
  cachedNodes: 250_000,
} as const;
