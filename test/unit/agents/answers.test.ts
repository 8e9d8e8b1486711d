import { applyPatch } from 'diff';
import { parse } from 'yaml';
import { describe, expect, test, vi } from 'vitest';
import { maxAnswerBytes } from '../../../server/src/agents/answer';
import type { ToolName } from '../../../server/src/agents/tools';
import { call, type MemoryFiles } from '../../support/agent-host';

const digest = `sha256:${'a'.repeat(64)}`;

const deployment = `apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
        - name: app
          image: ghcr.io/acme/web:1.2.3 # the shop
          securityContext:
            privileged: true
`;

const files = (): Record<string, string> => ({
  Dockerfile: 'FROM node:20.11.1\nADD a.txt /x/\n',
  'web.yaml': deployment,
  'fine.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n',
});

const host = (more: Partial<MemoryFiles> = {}): MemoryFiles => ({ files: files(), ...more });

interface Listed {
  readonly severity: string;
  readonly path: string;
  readonly line: number;
  readonly rule: string;
}

async function ask<T>(name: ToolName, args: object, from: MemoryFiles = host()): Promise<T> {
  const { structured, isError, text } = await call(name, args, from);
  expect(isError, text).toBe(false);
  // a client may show either
  expect(parse(text)).toEqual(structured);
  expect(Buffer.byteLength(text)).toBeLessThanOrEqual(maxAnswerBytes);
  expect(Buffer.byteLength(JSON.stringify(structured))).toBeLessThanOrEqual(maxAnswerBytes);
  return structured as T;
}

describe('lint', () => {
  test('worst first over all files, lines from 1, counts of all', async () => {
    const answer = await ask<{ counts: Record<string, number>; findings: Listed[] }>('lint_container_config', {
      paths: ['fine.yaml', 'Dockerfile', 'web.yaml'],
    });
    const order = ['error', 'warning', 'info', 'hint'];
    const ranks = answer.findings.map(({ severity }) => order.indexOf(severity));
    expect(ranks).toEqual([...ranks].sort((a, b) => a - b));
    expect(answer.findings[0]).toMatchObject({ path: 'web.yaml', rule: 'kubernetes/privileged', line: 13, column: 25 });
    expect(answer.counts).toMatchObject({ files: 3, error: 1 });
    for (const [at, severity] of order.entries()) expect(answer.counts[severity]).toBe(ranks.filter(rank => rank === at).length);
  });

  test('minSeverity lists less and counts the same', async () => {
    const all = await ask<{ counts: object; findings: Listed[] }>('lint_container_config', { paths: ['web.yaml'] });
    const some = await ask<{ counts: object; findings: Listed[] }>('lint_container_config', { paths: ['web.yaml'], minSeverity: 'error' });
    expect(some.counts).toEqual(all.counts);
    expect(some.findings).toEqual(all.findings.filter(({ severity }) => severity === 'error'));
  });

  test('what is suppressed is counted, and not what the comment says', async () => {
    const text = deployment.replace('privileged: true', 'privileged: true # bulkhead-ignore kubernetes/privileged -- because I say so');
    const answer = await ask<{ suppressed: object; findings: Listed[] }>('lint_container_config', { filename: 'web.yaml', text });
    expect(answer.suppressed).toEqual({ count: 1, since: 'not known', recent: [] });
    expect(answer.findings.some(({ rule }) => rule === 'kubernetes/privileged')).toBe(false);
    expect(JSON.stringify(answer)).not.toContain('because');
  });

  test('of thousands of findings the worst, as many as fit, and how many there are beside', async () => {
    const containers = Array.from(
      { length: 400 },
      (_, i) => `        - {name: c${i}, image: "nginx:1", securityContext: {privileged: ${i % 2 === 1}}}\n`,
    );
    const text = deployment.replace(/ {8}- name: app[^]*$/, containers.join(''));
    const answer = await ask<{ counts: Record<string, number>; findings: Listed[]; omitted: number }>('lint_container_config', {
      filename: 'web.yaml',
      text,
    });
    expect(answer.findings.length).toBeGreaterThan(50);
    expect(answer.findings.every(({ severity }) => severity === 'error')).toBe(true);
    const { files: _, ...bySeverity } = answer.counts;
    expect(answer.findings.length + answer.omitted).toBe(Object.values(bySeverity).reduce((sum, count) => sum + count, 0));
  });

  test('what takes too long is stopped, and that is said', async () => {
    let now = 0;
    const clock = vi.spyOn(Date, 'now').mockImplementation(() => (now += 8000));
    try {
      const answer = await ask<{ counts: object; notChecked: object[] }>('lint_container_config', { paths: Array(9).fill('fine.yaml') });
      expect(answer.counts).toMatchObject({ files: 2 });
      expect(answer.notChecked).toEqual([{ path: '.', reason: 'stopped after 20 s: name fewer files' }]);
    } finally {
      clock.mockRestore();
    }
  });

  test('of many paths that cannot be read, how many there are', async () => {
    const answer = await ask<{ notChecked: object[] }>('lint_container_config', {
      paths: Array.from({ length: 2000 }, (_, i) => `gone/${i}`),
    });
    expect(answer.notChecked[0]).toEqual({ path: 'gone/0', reason: 'does not exist' });
    expect(answer.notChecked.at(-1)).toEqual({ path: '.', reason: `${2001 - answer.notChecked.length} more are not checked` });
  });

  test.each([
    ['harden, where it has edits', { paths: ['Dockerfile'] }, { tool: 'harden_container_config', arguments: { path: 'Dockerfile' } }],
    ['nothing, where nothing was found', { paths: ['fine.yaml'] }, null],
    [
      'the page, where only a person can fix it',
      { filename: 'Dockerfile', text: 'FROM node:latest\nRUN curl http://x | sh\n' },
      { tool: 'explain_container_rule' },
    ],
    [
      'the same text, where no file has it',
      { filename: 'Dockerfile', text: files()['Dockerfile']! },
      { arguments: { filename: 'Dockerfile' } },
    ],
  ])('says what to call next: %s', async (_, args, expected) => {
    const { next } = await ask<{ next: object | null }>('lint_container_config', args);
    if (expected === null) expect(next).toBeNull();
    else expect(next).toMatchObject(expected);
  });
});

describe('harden', () => {
  test('gives the change as a diff without what stands around it, and what it assumes', async () => {
    const answer = await ask<{ applied: object[]; diff: string }>('harden_container_config', { path: 'Dockerfile' });
    expect(answer).toMatchObject({ changed: true, written: false, diffNote: null });
    expect(answer.diff).toBe('--- a/Dockerfile\n+++ b/Dockerfile\n@@ -2,1 +2,1 @@\n-ADD a.txt /x/\n+COPY a.txt /x/');
    expect(answer.applied).toEqual([expect.objectContaining({ rule: 'dockerfile/add-for-copy', class: 'safe', assumes: [] })]);
  });

  test('writes on request where it may; a second time nothing changes', async () => {
    const from = host({ write: true });
    expect(await ask('harden_container_config', { path: 'Dockerfile' }, from)).toMatchObject({
      written: false,
      next: { tool: 'harden_container_config', arguments: { path: 'Dockerfile', write: true } },
    });
    expect(from.files['Dockerfile']).toBe(files()['Dockerfile']);
    expect(await ask('harden_container_config', { path: 'Dockerfile', write: true }, from)).toMatchObject({ written: true });
    expect(from.files['Dockerfile']).toBe('FROM node:20.11.1\nCOPY a.txt /x/\n');
    expect(await ask('harden_container_config', { path: 'Dockerfile', write: true }, from)).toMatchObject({
      changed: false,
      written: false,
      diff: '',
    });
  });

  test('what is left to a person stays, with the reason, worst first', async () => {
    const answer = await ask<{ left: (Listed & { reasonId: string })[]; applied: { class: string }[] }>('harden_container_config', {
      path: 'web.yaml',
    });
    expect(answer.left[0]).toMatchObject({ rule: 'kubernetes/privileged', severity: 'error', line: 13, reasonId: 'attended' });
    expect(answer.applied.every(({ class: kind }) => kind === 'safe' || kind === 'review')).toBe(true);
  });

  test.each([
    ['safe edits only', { path: 'web.yaml', safeOnly: true }, []],
    ['one rule', { path: 'web.yaml', rules: ['kubernetes/service-account-token'] }, ['kubernetes/service-account-token']],
    ['one rule, as another tool calls it', { path: 'web.yaml', rules: ['KSV-0036'] }, ['kubernetes/service-account-token']],
  ])('%s', async (_, args, expected) => {
    const answer = await ask<{ applied: { rule: string }[] }>('harden_container_config', args);
    expect(answer.applied.map(({ rule }) => rule)).toEqual(expected);
  });

  test.each([
    ['a word', 'FROM node:20.11.1\nADD a.txt /x/\nRUN id\n'],
    ['several places', 'FROM node:20.11.1\nADD a.txt /x/\nRUN id\nADD b.txt /x/\nADD c.txt /x/\n'],
    ['lines more', deployment.replace(' # the shop', '')],
    ['a line with a blank at its end', 'FROM debian:13.1\nRUN apt-get update && apt-get install -y zip \n'],
    ['no line break at the end', 'FROM node:20.11.1\nADD a.txt /x/'],
  ])('where nothing is left out of it, the diff makes the change: %s', async (_, text) => {
    const filename = text.startsWith('FROM') ? 'Dockerfile' : 'web.yaml';
    const from = host({ files: { [filename]: text }, write: true });
    const answer = await ask<{ diff: string; diffNote: string | null }>('harden_container_config', { path: filename, write: true }, from);
    expect(answer.diffNote).toBeNull();
    expect(applyPatch(text, `${answer.diff}\n`)).toBe(from.files[filename]);
    expect(from.files[filename]).not.toBe(text);
  });

  test('of CRLF the diff has the lines, and the file keeps its breaks', async () => {
    const from = host({ write: true });
    from.files['Dockerfile'] = from.files['Dockerfile']!.replaceAll('\n', '\r\n');
    const answer = await ask<{ diff: string }>('harden_container_config', { path: 'Dockerfile', write: true }, from);
    expect(answer.diff).not.toContain('\r');
    expect(from.files['Dockerfile']).toBe('FROM node:20.11.1\r\nCOPY a.txt /x/\r\n');
  });
});

describe('pin', () => {
  const network = { 'ghcr.io/acme/web:1.2.3': digest };
  test('gives digests of registries, and says what they did not tell', async () => {
    const answer = await ask<{ images: object[]; diff: string; diffNote: string }>(
      'pin_container_images',
      { path: 'web.yaml' },
      host({ network }),
    );
    expect(answer.images).toEqual([expect.objectContaining({ image: 'ghcr.io/acme/web:1.2.3', line: 11, state: 'pin', digest })]);
    expect(answer.diff).toContain(`+          image: ghcr.io/acme/web:1.2.3@${digest} #…`);
    expect(answer.diffNote).toContain('keep them');
    expect(await ask('pin_container_images', { path: 'web.yaml' }, host({ network: {} }))).toMatchObject({
      changed: false,
      images: [{ state: 'failed', reasonId: 'not-found', reason: 'not found' }],
    });
  });

  test('writes on request where it may', async () => {
    const from = host({ network, write: true });
    expect(await ask('pin_container_images', { path: 'web.yaml', write: true }, from)).toMatchObject({ written: true });
    expect(from.files['web.yaml']).toBe(deployment.replace('1.2.3 #', `1.2.3@${digest} #`));
  });
});

describe('explain', () => {
  test.each([
    ['dockerfile/latest-tag', 'dockerfile/latest-tag'],
    ['DL3007', 'dockerfile/latest-tag'],
    ['CIS 5.2.2', 'kubernetes/privileged'],
  ])('%s', async (name, rule) => {
    const answer = await ask<{ rule: string; facts: string[] }>('explain_container_rule', { rule: name });
    expect(answer.rule).toBe(rule);
    // how to silence it is for people
    expect(JSON.stringify(answer)).not.toContain('bulkhead-ignore');
  });
});

describe('what is wrong with a call is said in a sentence, as an answer', () => {
  test.each<[ToolName, unknown, RegExp]>([
    ['lint_container_config', {}, /needs either paths, or text and filename/],
    ['lint_container_config', { paths: ['a'], text: 'b', filename: 'c' }, /needs either/],
    ['lint_container_config', { text: 'b' }, /text needs filename/],
    ['lint_container_config', { filename: 'b', paths: ['a'] }, /text needs filename/],
    ['lint_container_config', { paths: [] }, /paths is empty/],
    ['lint_container_config', { paths: 'Dockerfile' }, /paths must be a list of strings/],
    ['lint_container_config', { paths: [1] }, /paths must be a list of strings/],
    ['lint_container_config', { path: 'Dockerfile' }, /unknown argument "path", did you mean paths\?/],
    ['lint_container_config', { paths: ['a'], minSeverity: 'fatal' }, /minSeverity must be one of hint, info, warning, error/],
    ['lint_container_config', { paths: ['a'], config: 'x.yaml' }, /unknown argument "config"/],
    ['lint_container_config', [], /must be an object/],
    ['lint_container_config', 'Dockerfile', /must be an object/],
    ['lint_container_config', { paths: ['a'], ['__proto__x']: 1 }, /unknown argument/],
    ['harden_container_config', { path: 'Dockerfile', accept: ['all'] }, /unknown argument "accept"/],
    ['harden_container_config', { path: 'Dockerfile', write: 'yes' }, /write must be a boolean/],
    ['harden_container_config', { path: 'Dockerfile', write: true }, /writing is not allowed here/],
    ['harden_container_config', { path: 'gone' }, /gone: does not exist/],
    [
      'harden_container_config',
      { path: 'Dockerfile', rules: ['kubernetes/privilegd'] },
      /unknown rule "kubernetes\/privilegd"; did you mean kubernetes\/privileged\?/,
    ],
    ['pin_container_images', { path: 'Dockerfile' }, /the network is not allowed here/],
    ['explain_container_rule', {}, /needs rule/],
    ['explain_container_rule', { rule: 'DL300x' }, /unknown rule "DL300x"; did you mean/],
  ])('%s %j', async (name, args, expected) => {
    const { text, isError, structured } = await call(name, args, host());
    expect(text).toMatch(expected);
    expect(text.length).toBeLessThanOrEqual(200);
    expect({ isError, structured }).toEqual({ isError: true, structured: null });
  });

  test('a text cannot be written', async () => {
    const args = { filename: 'Dockerfile', text: 'FROM a\n', write: true };
    expect((await call('harden_container_config', args, host({ write: true }))).text).toBe('write needs path: a text is in no file');
  });
});
