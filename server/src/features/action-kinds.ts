/** The kinds of actions that the server gives. */
export const actionKinds = {
  fix: 'quickfix',
  suppress: 'quickfix.bulkhead.suppress',
  suppressLine: 'quickfix.bulkhead.suppress.line',
  suppressFile: 'quickfix.bulkhead.suppress.file',
  documentation: 'quickfix.bulkhead.documentation',
  fixAll: 'source.fixAll.bulkhead',
  harden: 'source.harden.bulkhead',
  convert: 'refactor.rewrite.bulkhead.convert',
  policy: 'refactor.rewrite.bulkhead.policy',
  pipeline: 'refactor.rewrite.bulkhead.pipeline',
} as const;

/** Whether a client that asks for `only` wants actions of `kind`: a prefix by segments. */
export function isAskedFor(kind: string, only: readonly string[] | undefined): boolean {
  return only === undefined || only.some(wanted => wanted === '' || kind === wanted || kind.startsWith(`${wanted}.`));
}
