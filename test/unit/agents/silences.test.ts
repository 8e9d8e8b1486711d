import { describe, expect, it, test } from 'vitest';
import { call } from '../../support/agent-host';

const rule = 'dockerfile/sudo';
const plain = 'FROM node:20.11.1\nRUN sudo true\nUSER 1000\n';
const ignored = plain.replace('RUN', `# bulkhead-ignore ${rule}\nRUN`);
const off = (...rules: string[]): string => `rules:\n${rules.map(id => `  ${id}: off\n`).join('')}`;

type Suppressed = { readonly count: number; readonly since: string; readonly recent: readonly { line: number | null; what: string }[] };

async function suppressed(files: Record<string, string>, earlier?: Record<string, string>): Promise<Suppressed> {
  const { structured, text } = await call('lint_container_config', { paths: ['Dockerfile'] }, { files, ...(earlier && { earlier }) });
  const { suppressed: found } = structured as { readonly suppressed: Suppressed };
  // text and structure say the same
  expect(text).toContain(`suppressed: ${JSON.stringify(found)}`);
  return found;
}

describe('lint says what was silenced since the work began', () => {
  test.each<[what: string, files: Record<string, string>, earlier: Record<string, string>, recent: Suppressed['recent']]>([
    ['nothing', { Dockerfile: ignored }, { Dockerfile: ignored }, []],
    ['a comment, at its line', { Dockerfile: ignored }, { Dockerfile: plain }, [{ line: 2, what: `1 finding (${rule}) by a new comment` }]],
    [
      'a comment of another tool',
      { Dockerfile: plain.replace('RUN', '# hadolint ignore=DL3004\nRUN') },
      { Dockerfile: plain },
      [{ line: 2, what: `1 finding (${rule}) by a new comment of hadolint` }],
    ],
    [
      'a rule that is off',
      { Dockerfile: plain, '.bulkhead.yaml': off(rule) },
      { Dockerfile: plain },
      [{ line: null, what: `1 finding (${rule}) since the rule is off` }],
    ],
    [
      'the whole file, though nothing of it is linted any more',
      { Dockerfile: plain, '.bulkhead.yaml': "exclude: ['Dock*']\nprofile: baseline\n" },
      { Dockerfile: plain, '.bulkhead.yaml': 'profile: baseline\n' },
      [{ line: null, what: expect.stringMatching(/^\d+ findings? \(dockerfile\/.* since the configuration excludes the file$/) as string }],
    ],
  ])('%s', async (_what, files, earlier, recent) => {
    const found = await suppressed(files, earlier);
    expect(found.since).toBe('HEAD');
    expect(found.recent).toEqual(recent.map(one => ({ path: 'Dockerfile', ...one })));
  });

  it('counts what is suppressed, new or not', async () => {
    expect((await suppressed({ Dockerfile: ignored }, { Dockerfile: ignored })).count).toBe(1);
  });

  it('says so where nothing is known of that', async () => {
    expect(await suppressed({ Dockerfile: ignored })).toEqual({ count: 1, since: 'not known', recent: [] });
  });

  it('names three rules of a comment, and counts the rest', async () => {
    const text = 'FROM ubuntu:latest\nADD https://example.com/a.tgz /a\nRUN sudo chmod 777 /a\n';
    const { structured } = await call('lint_container_config', { paths: ['Dockerfile'] }, { files: { Dockerfile: text } });
    const { findings } = structured as { readonly findings: readonly { readonly rule: string }[] };
    const rules = [...new Set(findings.map(finding => finding.rule))];
    expect(rules.length).toBeGreaterThan(4);
    const { recent } = await suppressed({ Dockerfile: `# bulkhead-ignore-file ${rules.join(', ')}\n${text}` }, { Dockerfile: text });
    expect(recent).toHaveLength(1);
    expect(recent[0]!.line).toBe(1);
    const named = `\\((?:dockerfile/[\\w-]+, ){2}dockerfile/[\\w-]+ and ${rules.length - 3} more rules\\)`;
    expect(recent[0]!.what).toMatch(new RegExp(`^${findings.length} findings ${named} by a new comment$`));
  });
});
