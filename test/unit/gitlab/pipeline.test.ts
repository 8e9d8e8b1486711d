import { describe, expect, it } from 'vitest';
import { createEngine } from '../../../shared/src/engine/create-engine';
import { rules } from '../../../shared/src/families/generated/index';
import type { PipelineStart } from '../../../shared/src/output/protocol/starter';
import { pinnedFile, planPins } from '../../../shared/src/services/pin/plan';
import { gitlabPipeline, gitlabPipelinePath as path } from '../../../shared/src/services/writers/gitlab-pipeline';
import { plainContext } from '../../../tools/lint-context';

const engine = createEngine(rules);
const strict = plainContext('strict');

/** What `pin` makes of it, whatever the digests are. */
function pinned(text: string): string {
  return planPins(pinnedFile(engine, engine.open({ path, text })), {
    lookup: () => ({ ok: true, value: { digest: `sha256:${'a'.repeat(64)}`, mediaType: '', at: 0 } }),
  }).text;
}

describe('the pipeline of GitLab that is written', () => {
  it.each<PipelineStart>([
    { context: '.', file: null },
    { context: 'services/web', file: 'services/web/Dockerfile.prod' },
    { context: 'my app', file: null },
  ])('is silent in the strict profile once it is pinned: %j', start => {
    const text = gitlabPipeline(start);
    const found = engine.open({ path, text }).lint(strict).findings;
    expect(new Set(found.map(({ rule, messageId }) => `${rule}/${messageId}`))).toEqual(new Set(['workflow/unpinned-image/tag']));
    const opened = engine.open({ path, text: pinned(text) });
    expect(opened.lint(strict).findings).toEqual([]);
    expect(opened.harden(strict).text).toBe(pinned(text));
  });

  it.each<[start: PipelineStart, words: string]>([
    [{ context: '.', file: null }, '--local context=. --local dockerfile=. --output'],
    [{ context: 'a', file: 'a/x.Dockerfile' }, '--local context=a --local dockerfile=a --opt filename=x.Dockerfile --output'],
    [{ context: 'my app', file: null }, "--local context='my app' --local dockerfile='my app' --output"],
  ])('names the folder and the Dockerfile as words of a shell: %j', (start, words) => expect(gitlabPipeline(start)).toContain(words));
});
