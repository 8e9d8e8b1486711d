import type { Engine } from '../../../shared/src/engine/engine';
import { incompleteResult } from '../../../shared/src/engine/incomplete';
import type { HardenResult, InputFile, LintResult } from '../../../shared/src/engine/types';
import { emptyFacts } from '../../../shared/src/families/kubernetes/facts/facts';
import type { Refusal } from '../../../shared/src/protocol/messages';
import { baseName, kindOfName } from '../../../shared/src/source/names';
import type { Watch } from './watch';

/** An engine whose work is watched. A text that brought an earlier attempt down is not tried again: it gets one error, and nothing else. */
export function watchEngine(engine: Engine, watch: Watch): Engine {
  return {
    rules: engine.rules,
    lint: (file, context) =>
      watch.run(
        file,
        () => engine.lint(file, context),
        refusal => refusedResult(file, refusal),
      ),
    renderFix: (file, finding, fix) =>
      watch.run(
        file,
        () => engine.renderFix(file, finding, fix),
        () => ({ ok: false, reason: 'incomplete' }),
      ),
    applyFixes: (file, context, select) =>
      watch.run(
        file,
        () => engine.applyFixes(file, context, select),
        refusal => nothingDone(file, refusal),
      ),
    harden: (file, context, options) =>
      watch.run(
        file,
        () => engine.harden(file, context, options),
        refusal => nothingDone(file, refusal),
      ),
    snippets: file =>
      watch.run(
        file,
        () => engine.snippets(file),
        () => [],
      ),
    facts: file =>
      watch.run(
        file,
        () => engine.facts(file),
        () => emptyFacts,
      ),
  };
}

function refusedResult({ path }: InputFile, { reason, limit }: Refusal): LintResult {
  // nobody looks into the text to say what it is: that may be what hangs
  const family = kindOfName(baseName(path)).kind === 'dockerfile' ? 'dockerfile' : 'kubernetes';
  return incompleteResult(
    path,
    family,
    reason === 'timeout' ? { id: 'timeout', seconds: limit / 1000 } : { id: 'memory', megabytes: Math.round(limit / (1 << 20)) },
  );
}

function nothingDone(file: InputFile, refusal: Refusal): HardenResult {
  const left = refusedResult(file, refusal).findings.map(finding => ({ finding, reason: 'incomplete' as const }));
  return { text: file.text, groups: [], applied: [], left, passes: 0, log: [], snippets: [] };
}
