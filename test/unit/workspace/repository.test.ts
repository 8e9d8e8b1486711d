import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it, test } from 'vitest';
import { readOwner } from '../../../server/src/host/node/repository';
import { runNow } from '../../../server/src/host/node/steps';
import { createEngine } from '../../../shared/src/engine/create-engine';
import { rules } from '../../../shared/src/families/generated/index';
import { originIn, ownerIn } from '../../../shared/src/workspace/repository';
import { plainContext } from '../../../tools/lint-context';

const top = mkdtempSync(join(tmpdir(), 'repository-'));
afterAll(() => rmSync(top, { recursive: true }));

describe('the owner of a repository', () => {
  it.each([
    ['https://forge.example.com/acme/web.git', 'acme'],
    ['https://x:y@forge.example.com/acme/web/', 'acme'],
    ['ssh://git@forge.example.com:22/acme/web', 'acme'],
    ['git@forge.example.com:acme/web.git', 'acme'],
    ['acme/web', 'acme'],
    ['https://forge.example.com/group/acme/web', null],
    ['/srv/git/web.git', null],
    ['../web', null],
    ['', null],
  ])('%s: %s', (address, owner) => expect(ownerIn(address)).toBe(owner));

  test('is that of the remote origin', () => {
    const remote = (name: string, owner: string): string => `[remote "${name}"]\n\turl = git@forge.example.com:${owner}/web.git\n`;
    expect(ownerIn(originIn(remote('fork', 'bob') + remote('origin', 'acme') + '[branch "main"]\n')!)).toBe('acme');
    expect(originIn(remote('fork', 'bob') + '[remote "origin"]\n\tfetch = x\n[core]\n\turl = y\n')).toBeNull();
  });

  test('is read from a repository, and from a worktree that is linked to it', () => {
    const write = (path: string, text: string): void => {
      mkdirSync(join(top, path, '..'), { recursive: true });
      writeFileSync(join(top, path), text);
    };
    write('main/.git/config', '[remote "origin"]\n\turl = https://forge.example.com/acme/web\n');
    write('main/.git/worktrees/other/HEAD', 'ref: refs/heads/x\n');
    write('main/.git/worktrees/other/commondir', '../..\n');
    write('other/.git', 'gitdir: ../main/.git/worktrees/other\n');
    write('bare/.git/HEAD', 'ref: refs/heads/x\n');
    write('broken/.git', 'gitdir: ../nowhere\n');
    expect(['main', 'other', 'bare', 'broken', 'none'].map(name => runNow(readOwner(join(top, name))))).toEqual([
      'acme',
      'acme',
      null,
      null,
      null,
    ]);
  });
});

describe('a workflow', () => {
  const text = 'on: push\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    steps: [{uses: acme/scan@main}]\n';
  const weights = (path: string, folder: string | null): readonly string[] => {
    const repository = folder === null ? null : { folder, owner: null };
    const { findings } = createEngine(rules)
      .open({ path, text })
      .lint({ ...plainContext(), repository });
    return [...new Set(findings.map(({ severity }) => severity))].sort();
  };

  it.each([
    ['.github/workflows/a.yml', '', ['error', 'warning']],
    ['.github/workflows/a.yml', 'demos/web/', ['hint']],
    ['workflows/a.yml', '.github/', ['error', 'warning']],
    ['deprecated/workflows/a.yml', '', ['hint']],
    ['deprecated/workflows/a.yml', null, ['error', 'warning']],
    ['.github/workflows/old/a.yml', '', ['hint']],
  ])('%s in the folder %j of a repository', (path, folder, expected) => expect(weights(path, folder)).toEqual(expected));

  test('is checked anew where the repository is another', () => {
    const engine = createEngine(rules);
    const opened = engine.open({ path: '.github/workflows/a.yml', text });
    const context = { ...plainContext(), repository: { folder: '', owner: null } };
    const { isFresh } = opened.lint(context);
    expect(isFresh({ ...context, repository: { folder: '', owner: null } })).toBe(true);
    expect(isFresh({ ...context, repository: { folder: 'a/', owner: null } })).toBe(false);
    expect(
      opened.lint({ ...context, repository: { folder: '', owner: 'acme' } }).findings.find(f => f.messageId === 'branch')?.severity,
    ).toBe('warning');
  });
});
