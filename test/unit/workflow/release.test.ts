import { describe, expect, it } from 'vitest';
import { defaultConfig } from '../../../shared/src/engine/config/effective';
import { createEngine } from '../../../shared/src/engine/create-engine';
import { rules } from '../../../shared/src/families/generated/index';
import { pinnedFile, planPins } from '../../../shared/src/services/pin/plan';
import { releaseWorkflow, type PipelineStart } from '../../../shared/src/output/protocol/starter';
import { githubPipeline } from '../../../shared/src/services/writers/github-pipeline';
import { plainContext } from '../../../tools/lint-context';

const engine = createEngine(rules);
const strict = { ...plainContext(), config: { ...defaultConfig, profile: 'strict' as const } };
const path = '.github/workflows/release.yml';

function findings(text: string): readonly string[] {
  return engine
    .open({ path, text })
    .lint(strict)
    .findings.map(({ rule, range }) => `${rule}: ${text.slice(range.start, range.end)}`);
}

/** What `pin` makes of it where each tag names its own version, whatever the commits are. */
function pinned(text: string): string {
  return planPins(pinnedFile(engine, engine.open({ path, text })), {
    lookup: reference => {
      const [, ref = ''] = reference.split('@');
      return { ok: true, value: { digest: 'a'.repeat(40), mediaType: '', at: 0, versions: [/^v/.test(ref) ? ref : 'v0.35.0'] } };
    },
  }).text;
}

describe('the release workflow that is written', () => {
  it.each<PipelineStart>([
    { context: '.', file: null },
    { context: 'services/web', file: 'services/web/Dockerfile.prod' },
    { context: 'my app', file: null },
  ])('is silent in the strict profile once it is pinned: %j', start => {
    const text = releaseWorkflow(start);
    expect(new Set(findings(text).map(finding => finding.replace(/:.*/, '')))).toEqual(new Set(['workflow/unpinned-action']));
    expect(findings(pinned(text))).toEqual([]);
    expect(engine.open({ path, text: pinned(text) }).harden(strict).text).toBe(pinned(text));
  });

  it('names the Dockerfile where it is another than the one in its folder', () => {
    expect(releaseWorkflow({ context: 'a', file: 'a/x.Dockerfile' }).match(/context: a\n {10}file: a\/x\.Dockerfile\n/g)).toHaveLength(2);
    expect(releaseWorkflow({ context: 'my app', file: null })).toContain('context: "my app"\n');
  });
});

/** A file that is written for a Dockerfile, beside others. */
const written = (name: string, dockerfile = 'Dockerfile', there: readonly string[] = []): string =>
  githubPipeline(dockerfile, file => there.includes(file))!.files.find(([file]) => file.endsWith(name))![1];

describe('the workflow that scans again', () => {
  it('is silent in the strict profile once it is pinned', () => {
    const rescanWorkflow = written('rescan.yml');
    expect(new Set(findings(rescanWorkflow).map(finding => finding.replace(/:.*/, '')))).toEqual(new Set(['workflow/unpinned-action']));
    expect(findings(pinned(rescanWorkflow))).toEqual([]);
  });
});

describe('the configuration of Dependabot', () => {
  it.each([
    ['.', false],
    ['services/my app', true],
  ] as const)('is silent, and has the ecosystems that are there: %s', (context, hasCompose) => {
    const text = written('dependabot.yml', `${context}/Dockerfile`.replace('./', ''), hasCompose ? ['compose.yml'] : []);
    const file = engine.open({ path: '.github/dependabot.yml', text });
    expect(file.source.family).toBe('workflow');
    expect(file.lint(strict).findings).toEqual([]);
    expect(text.includes('docker-compose')).toBe(hasCompose);
    expect(text).toContain(`directory: ${context === '.' ? '/' : '"/services/my app"'}\n`);
  });
});
