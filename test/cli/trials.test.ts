import { chmodSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { commitTrials, saveTrials } from '../../server/src/cli/trial-evidence';
import { createReading } from '../../server/src/cli/reading';
import { createEngine } from '../../shared/src/engine/create-engine';
import { rules } from '../../shared/src/families/generated/index';
import type { TrialFacts } from '../../shared/src/knowledge/trials';
import type { NamedTrial } from '../../shared/src/services/prove/evidence-file';
import { plainTrial } from '../../tools/rules/case-trials';
import { plainContext } from '../../tools/lint-context';
import { bulkhead, folder, homeOf, today, type Folder, type Ran } from './cli';

const compose = `services:
  api:
    image: example.com/acme/api:1.4
    command: [serve]
`;

const perfect: TrialFacts = {
  ...plainTrial,
  user: { uid: 1000, gid: 1000 },
  readOnly: true,
  folders: [{ path: '/tmp', kind: 'memory' }],
  capabilities: [],
  noNewPrivileges: true,
};

const pinned = compose.replace('api:1.4', `api:1.4@${perfect.digest}`);

function trialOf(text: string, facts: TrialFacts = perfect): NamedTrial {
  const [place] = createEngine(rules).open({ path: 'compose.yaml', text }).trials(plainContext());
  return { name: place!.name, about: place!.about, facts };
}

const inputIn = ({ path }: Folder): { readonly absolute: string; readonly base: string; readonly path: string } => ({
  absolute: join(path, 'compose.yaml'),
  base: path,
  path: 'compose.yaml',
});

/** Keeps a trial as `bulkhead prove` does, in a home of the user; gives whether it was kept. */
function keep(checked: Folder, trial: NamedTrial, home = homeOf(checked).path, guarded: readonly string[] = [checked.path]): boolean {
  const before = process.env['XDG_CACHE_HOME'];
  process.env['XDG_CACHE_HOME'] = home;
  try {
    return saveTrials(inputIn(checked), [trial], guarded);
  } finally {
    if (before === undefined) delete process.env['XDG_CACHE_HOME'];
    else process.env['XDG_CACHE_HOME'] = before;
  }
}

const commit = (checked: Folder, trial: NamedTrial): unknown =>
  commitTrials(inputIn(checked), [trial], { guarded: [checked.path], reading: createReading(false, path => path) });

const run = (checked: Folder, args: readonly string[]): Ran =>
  bulkhead([...args, ...today], { cwd: checked.path, env: { XDG_CACHE_HOME: homeOf(checked).path } });

/** Whether harden takes away what the trial did without. */
const hardens = ({ stdout }: Ran): boolean => /\+ +read_only: true/.test(stdout) && /\+ +user: "1000:1000"/.test(stdout);

describe('a trial of this user', () => {
  test('is taken by itself, and counts for what harden writes', () => {
    const checked = folder({ 'compose.yaml': compose });
    expect(hardens(run(checked, ['harden']))).toBe(false);
    expect(keep(checked, trialOf(compose))).toBe(true);
    const { stderr } = run(checked, ['harden', '--write']);
    expect(stderr).not.toMatch(/compose\/(?:root-user|writable-root-filesystem|capabilities-not-dropped|privilege-escalation)/);
    const written = checked.read('compose.yaml');
    expect(written).toMatch(/read_only: true/);
    const again = run(checked, ['harden', '--write']);
    expect(again.stderr).not.toMatch(/no longer counts/);
    expect(checked.read('compose.yaml')).toBe(written);
  });

  test('that no longer counts is said once, with what has changed', () => {
    const checked = folder({ 'compose.yaml': compose.replace('[serve]', '[serve, --debug]') });
    keep(checked, trialOf(compose));
    const ran = run(checked, ['harden']);
    expect(hardens(ran)).toBe(false);
    expect(ran.stderr.match(/.*no longer valid.*/g)).toEqual([
      'bulkhead: compose.yaml: the trial run of api on 2026-11-20 is no longer valid: its command has changed',
    ]);
  });

  test('is of one file: another of the same folder with a service of that name has none', () => {
    const checked = folder({ 'compose.yaml': compose, 'other/compose.yaml': compose });
    keep(checked, trialOf(compose));
    const fixes = (path: string): number => {
      const { stdout } = run(checked, ['lint', '--format', 'json', '--fail-on', 'never', path]);
      return stdout.match(/"class": ?"review"/g)?.length ?? 0;
    };
    // twice: the second time from what the first one kept
    for (let time = 0; time < 2; time++) expect(fixes('compose.yaml')).toBeGreaterThan(fixes('other/compose.yaml'));
    const { stdout } = run(checked, ['harden']);
    expect(stdout.match(/^\+ +read_only: true/gm)).toHaveLength(1);
  });

  test('changes what lint gives, although an earlier run has kept its results', () => {
    const checked = folder({ 'compose.yaml': compose });
    const lint = (): string => run(checked, ['lint', '--format', 'json', '--fail-on', 'never']).stdout.replace(/"durationMs": ?\d+/, '');
    const before = lint();
    expect(lint()).toBe(before);
    keep(checked, trialOf(compose));
    expect(lint()).not.toBe(before);
    expect(lint()).toContain('a trial run on 2026-11-20 showed that the container starts and responds');
  });

  test.skipIf(process.platform === 'win32')('is not read from a folder that others may write to, or that lies in what is checked', () => {
    const open = folder({ 'compose.yaml': compose });
    expect(keep(open, trialOf(compose))).toBe(true);
    chmodSync(join(homeOf(open).path, 'bulkhead/trials'), 0o777);
    expect(hardens(run(open, ['harden']))).toBe(false);

    const within = folder({ 'compose.yaml': compose });
    const home = join(within.path, 'cache');
    mkdirSync(home);
    expect(keep(within, trialOf(compose), home, [])).toBe(true);
    expect(keep(within, trialOf(compose), home)).toBe(false);
    expect(hardens(bulkhead(['harden', ...today], { cwd: within.path, env: { XDG_CACHE_HOME: home } }))).toBe(false);
  });
});

describe('a trial that came with the repository', () => {
  const committed = (text: string, trial = trialOf(text)): Folder => {
    const checked = folder({ 'compose.yaml': text });
    expect(commit(checked, trial)).toBeNull();
    return checked;
  };

  test('counts only where it is trusted, and of the very digest', () => {
    const checked = committed(pinned);
    expect(hardens(run(checked, ['harden']))).toBe(false);
    expect(run(checked, ['harden']).stderr).not.toMatch(/trial/);
    expect(hardens(run(checked, ['harden', '--trust-evidence']))).toBe(true);
    const tagged = run(committed(compose), ['harden', '--trust-evidence']);
    expect(hardens(tagged)).toBe(false);
    expect(tagged.stderr).toMatch(/is no longer valid: its digest has changed, or is not known/);
  });

  test('hides no finding, whatever it claims', () => {
    const found = (checked: Folder, ...args: readonly string[]): readonly string[] =>
      run(checked, ['lint', '--format', 'concise', '--profile', 'strict', ...args]).stdout.match(/^compose\.yaml:.*$/gm) ?? [];
    const forged = { ...perfect, capabilities: ['CHOWN', 'NET_RAW'], init: true, needs: ['user', 'files', 'pids'] as const };
    for (const facts of [perfect, forged]) {
      const checked = committed(pinned, trialOf(pinned, facts));
      expect(found(checked).length).toBeGreaterThan(5);
      expect(found(checked, '--trust-evidence')).toEqual(found(checked));
    }
  });

  test('is one warning where it is wrong', () => {
    const checked = committed(pinned);
    const path = '.bulkhead/evidence/compose.yaml.json';
    checked.write(path, checked.read(path).replace('"capabilities": []', '"capabilities": ["SYS_ADMIN"]'));
    const ran = run(checked, ['harden', '--trust-evidence']);
    expect(hardens(ran)).toBe(false);
    expect(ran.stdout).not.toContain('SYS_ADMIN');
    expect(ran.stderr.match(/.*evidence.*/g)).toEqual([
      `bulkhead: ${path}: trial 1 does not count: "capabilities" has one that no trial gives`,
    ]);
  });

  test('is written anew only where another was found', () => {
    const checked = committed(pinned);
    const path = '.bulkhead/evidence/compose.yaml.json';
    const before = checked.read(path);
    commit(checked, trialOf(pinned, { ...perfect, date: '2026-11-23' }));
    expect(checked.read(path)).toBe(before);
    commit(checked, trialOf(pinned, { ...perfect, readOnly: false, folders: [] }));
    expect(checked.read(path)).not.toBe(before);
  });
});
