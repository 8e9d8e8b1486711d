import {
  emptyFacts,
  type Engine,
  familyByName,
  type HardenResult,
  incompleteResult,
  type InputFile,
  type LintResult,
  type OpenedFile,
} from '../../../shared/src/index';
import type { Refusal } from '../../../shared/src/output/protocol/messages';
import type { Watch } from './watch';

/** An engine whose work is watched. A text that brought an earlier attempt down is not tried again: it gets one error, and nothing else. */
export function watchEngine(engine: Engine, watch: Watch): Engine {
  const open = (file: InputFile): OpenedFile =>
    watch.run(
      file,
      () => watchFile(engine.open(file), watch),
      refusal => refusedFile(file, refusal),
    );
  return { rules: engine.rules, families: engine.families, open };
}

/** An opened file each of whose answers is watched: most of the work is done when somebody asks. */
function watchFile(opened: OpenedFile, watch: Watch): OpenedFile {
  const { file, source } = opened;
  const ask = <T>(question: (of: OpenedFile) => T): T =>
    watch.run(
      file,
      () => question(opened),
      refusal => question(refusedFile(file, refusal)),
    );
  return {
    file,
    source,
    sourceIn: context => ask(of => of.sourceIn(context)),
    isChecked: context => ask(of => of.isChecked(context)),
    lint: context => ask(of => of.lint(context)),
    render: (finding, fix) => ask(of => of.render(finding, fix)),
    renderAll: findings => ask(of => of.renderAll(findings)),
    applyFixes: (context, select) => ask(of => of.applyFixes(context, select)),
    isGenerated: context => ask(of => of.isGenerated(context)),
    harden: (context, options) => ask(of => of.harden(context, options)),
    plan: context => ask(of => of.plan(context)),
    asked: context => ask(of => of.asked(context)),
    applyGroups: (context, plan, ids) => ask(of => of.applyGroups(context, plan, ids)),
    snippets: () => ask(of => of.snippets()),
    facts: () => ask(of => of.facts()),
    factsIn: wanted => ask(of => of.factsIn(wanted)),
    images: () => ask(of => of.images()),
    coverage: context => ask(of => of.coverage(context)),
    convertibles: () => ask(of => of.convertibles()),
    outline: () => ask(of => of.outline()),
    choices: (context, offset) => ask(of => of.choices(context, offset)),
    links: context => ask(of => of.links(context)),
    network: () => ask(of => of.network()),
    users: context => ask(of => of.users(context)),
    trials: context => ask(of => of.trials(context)),
    stories: context => ask(of => of.stories(context)),
    effective: context => ask(of => of.effective(context)),
    forget: () => opened.forget(),
    suppress: (range, rules, scope, reason) => ask(of => of.suppress(range, rules, scope, reason)),
  };
}

/** What is said of a text that is not tried again. */
function refusedFile(file: InputFile, refusal: Refusal): OpenedFile {
  const result = refusedResult(file, refusal);
  const left = result.findings.map(finding => ({ finding, reason: 'incomplete' as const }));
  const nothingDone: HardenResult = { text: file.text, edits: [], applied: [], left, passes: 0, log: [], snippets: [] };
  const source = { family: result.family, dialect: { templated: false, fragment: false }, reason: result.limited ?? '' };
  return {
    file,
    source,
    sourceIn: () => source,
    isChecked: () => true,
    lint: () => result,
    render: () => ({ ok: false, reason: 'incomplete' }),
    renderAll: () => new Map(),
    applyFixes: () => nothingDone,
    isGenerated: () => false,
    harden: () => nothingDone,
    plan: () => ({ groups: [], left, stays: new Map(), reveals: new Set() }),
    asked: () => [],
    applyGroups: () => ({ text: file.text, edits: [], groups: [], left }),
    snippets: () => [],
    facts: () => emptyFacts,
    factsIn: () => emptyFacts,
    images: () => [],
    coverage: () => [],
    convertibles: () => [],
    outline: () => [],
    choices: () => [],
    links: () => [],
    network: () => [],
    users: () => [],
    trials: () => [],
    stories: () => [],
    effective: () => [],
    forget: () => {},
    suppress: () => null,
  };
}

function refusedResult({ path }: InputFile, { reason, limit }: Refusal): LintResult {
  // nobody looks into the text to say what it is: that may be what hangs
  const family = familyByName(path);
  return incompleteResult(
    path,
    family,
    reason === 'timeout' ? { id: 'timeout', seconds: limit / 1000 } : { id: 'memory', megabytes: Math.round(limit / (1 << 20)) },
  );
}
