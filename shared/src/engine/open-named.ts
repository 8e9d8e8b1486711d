import type { OpenedFile } from './engine';
import type { LintContext } from './types';

/**
 * A file of no family that other files may name as one's: what depends on them is asked of `named` where they do, of `plain` where they do not.
 * Its facts are those of `named` either way, since the index does not ask itself; so is what is only asked about findings.
 */
export function openNamed(plain: OpenedFile, named: OpenedFile, isNamed: (context: LintContext) => boolean): OpenedFile {
  const as = (context: LintContext): OpenedFile => (isNamed(context) ? named : plain);
  return {
    ...plain,
    sourceIn: context => as(context).sourceIn(context),
    isChecked: context => as(context).isChecked(context),
    lint: context => {
      const { isFresh, ...result } = as(context).lint(context);
      const before = isNamed(context);
      return { ...result, isFresh: now => isNamed(now) === before && isFresh(now) };
    },
    applyFixes: (context, select) => as(context).applyFixes(context, select),
    harden: (context, options) => as(context).harden(context, options),
    plan: context => as(context).plan(context),
    applyGroups: (context, plan, ids) => as(context).applyGroups(context, plan, ids),
    users: context => as(context).users(context),
    render: (finding, fix) => named.render(finding, fix),
    renderAll: findings => named.renderAll(findings),
    suppress: (...of) => named.suppress(...of),
    facts: () => named.facts(),
    factsIn: wanted => named.factsIn(wanted),
    forget: () => {
      plain.forget();
      named.forget();
    },
  };
}
