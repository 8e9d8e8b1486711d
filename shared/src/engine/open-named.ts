import type { OpenedFile } from './engine';
import type { LintContext } from './types';

/** What a file may be, opened as that. */
export interface NamedFile {
  readonly opened: OpenedFile;
  /** Whether other files name it as such. */
  readonly isNamed: (context: LintContext) => boolean;
}

/**
 * A file of no family that other files may name as one's: what depends on them is asked of the first that they do, of `plain` where they do not.
 * Its facts are those of all that it may be, since the index does not ask itself; what is only asked about findings is asked of who was asked for them last.
 */
export function openNamed(plain: OpenedFile, named: readonly NamedFile[]): OpenedFile {
  const all = [plain, ...named.map(({ opened }) => opened)];
  let last = named[0]!.opened;
  const as = (context: LintContext): OpenedFile => {
    const found = named.find(({ isNamed }) => isNamed(context))?.opened ?? plain;
    if (found !== plain) last = found;
    return found;
  };
  return {
    ...plain,
    sourceIn: context => as(context).sourceIn(context),
    isChecked: context => as(context).isChecked(context),
    lint: context => {
      const own = as(context);
      const { isFresh, ...result } = own.lint(context);
      return { ...result, isFresh: now => as(now) === own && isFresh(now) };
    },
    applyFixes: (context, select) => as(context).applyFixes(context, select),
    harden: (context, options) => as(context).harden(context, options),
    plan: context => as(context).plan(context),
    asked: context => as(context).asked(context),
    applyGroups: (context, plan, ids) => as(context).applyGroups(context, plan, ids),
    links: context => as(context).links(context),
    users: context => as(context).users(context),
    stories: context => as(context).stories(context),
    trials: context => as(context).trials(context),
    render: (finding, fix) => last.render(finding, fix),
    renderAll: findings => last.renderAll(findings),
    suppress: (...of) => last.suppress(...of),
    facts: () => all.flatMap(opened => opened.facts()),
    factsIn: wanted => all.flatMap(opened => opened.factsIn(wanted)),
    forget: () => {
      for (const opened of all) opened.forget();
    },
  };
}
