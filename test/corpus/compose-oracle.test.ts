import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { convertCommands } from '../../shared/src/services/convert/convert';
import { createEngine } from '../../shared/src/engine/create-engine';
import { rules } from '../../shared/src/families/generated/index';
import { applyEdits } from '../../shared/src/base/text/edits';
import { createWorkspaceIndex } from '../../shared/src/workspace/workspace-index';
import { corpusFiles, corpusRows, hasCorpus, noCorpus } from '../../tools/corpus-folder';
import { plainContext } from '../../tools/lint-context';
import { conversion } from '../support/convert';

// What is written into Compose files, held against Docker's own loader: what it took before it takes afterwards, whatever is loaded with it.

const oracle = process.env['BULKHEAD_COMPOSE_ORACLE'];
const isReady = hasCorpus && oracle !== undefined;
if (!hasCorpus) console.log(noCorpus);
if (!oracle) console.log('BULKHEAD_COMPOSE_ORACLE is not set: what is written is not held against the loader of Docker Compose');

const engine = createEngine(rules);
const strict = plainContext('strict');

type Files = Readonly<Record<string, string>>;
type Project = string | { readonly files: Files; readonly load: readonly string[] };

/** What the loader says of projects; empty where it takes one. */
function verdicts(projects: readonly Project[]): readonly string[] {
  const each = [...new Map(projects.map(project => [JSON.stringify(project), project]))];
  const input = JSON.stringify(each.map(([, project]) => project));
  const { stdout, status } = spawnSync(oracle!, { input, encoding: 'utf8', maxBuffer: 1 << 28 });
  expect(status).toBe(0);
  const said = new Map((JSON.parse(stdout) as readonly { readonly error: string }[]).map(({ error }, at) => [each[at]![0], error]));
  return projects.map(project => said.get(JSON.stringify(project))!);
}

/** What nobody can answer here: a variable in place of a secret that has to be set, a file that is not there, a name to be filled in. */
const open = /required variable|label file .* not found|undefined volume <[^>]*>/;

/** Of texts by name those that the loader took before (`least` of them, as a share) and refuses now. */
function newlyRefused(
  changes: readonly { readonly name: string; readonly before: Project; readonly after: Project }[],
  least = 0.6,
): readonly string[] {
  const before = verdicts(changes.map(change => change.before));
  const after = verdicts(changes.map(change => change.after));
  expect(before.filter(error => error === '').length).toBeGreaterThan(least * changes.length);
  return changes.flatMap(({ name }, at) =>
    before[at] === '' && after[at] !== '' && !open.test(after[at]!) ? [`${name}: ${after[at]}`] : [],
  );
}

const files = isReady ? corpusFiles('compose').filter(({ path }) => /\.ya?ml$/.test(path)) : [];

describe.skipIf(!isReady)('the loader of Docker Compose takes', { timeout: 900_000 }, () => {
  it('what harden makes of real files', () => {
    const changes = files.map(({ path, text }) => ({
      name: path,
      before: text,
      after: engine.open({ path, text }).harden(plainContext()).text,
    }));
    expect(newlyRefused(changes)).toEqual([]);
  });

  it('what every single fix makes of them', () => {
    const changes = files.flatMap(({ path, text }) => {
      const opened = engine.open({ path, text });
      const { findings } = opened.lint(strict);
      const rendered = opened.renderAll(findings);
      return findings.flatMap(finding =>
        (rendered.get(finding) ?? []).flatMap((fix, at) =>
          fix.ok ? [{ name: `${path} ${finding.rule} ${finding.fixes[at]!.id}`, before: text, after: applyEdits(text, fix.edits) }] : [],
        ),
      );
    });
    expect(changes.length).toBeGreaterThan(2000);
    expect(newlyRefused(changes)).toEqual([]);
  });

  it('what commands are turned into', () => {
    const rows = ['composerize', 'docker-cli'].flatMap(name =>
      corpusRows<{ readonly id: string; readonly command: string }>(`corpus/docker-run/${name}.jsonl`),
    );
    const made = rows.flatMap(({ id, command }) => {
      const converted = convertCommands(command, 'compose', conversion);
      return converted.ok ? [{ name: id, before: converted.before, after: converted.text }] : [];
    });
    expect(made.length).toBeGreaterThan(200);
    const said = verdicts(made.map(({ before }) => before));
    expect(made.flatMap(({ name }, at) => (said[at] === '' || open.test(said[at]!) ? [] : [`${name}: ${said[at]}`]))).toEqual([]);
    expect(newlyRefused(made)).toEqual([]);
  });

  /** What may be laid over a service, each a part of hardening that harden would write too. */
  const laid = [
    'security_opt: ["no-new-privileges:true"]',
    'tmpfs: [/tmp]',
    'cap_drop: [ALL]',
    'pids_limit: 100',
    'read_only: true',
    'deploy: {resources: {limits: {memory: 512M}}}',
    'volumes: ["/tmp"]',
    'mem_limit: 1g',
  ];

  const serviceNames = (path: string, text: string): readonly string[] =>
    engine
      .open({ path, text })
      .convertibles()
      .map(({ name }) => name);

  /** All files of a project hardened, one after the other, each with what the others are by then. */
  const hardenedAll = (project: Files): Files => {
    const now: Record<string, string> = { ...project };
    const facts = createWorkspaceIndex({ complete: true });
    for (const [path, text] of Object.entries(now)) facts.update(path, engine.open({ path, text }).facts());
    for (const path of Object.keys(now)) {
      const opened = engine.open({ path, text: now[path]! });
      now[path] = opened.harden({ ...plainContext(), workspace: facts.index }).text;
      facts.update(path, engine.open({ path, text: now[path] }).facts());
    }
    return now;
  };

  const together = (name: string, project: Files, load: readonly string[]) => ({
    name,
    before: { files: project, load },
    after: { files: hardenedAll(project), load },
  });

  it('what harden makes of files that are laid over one another', () => {
    const changes = files.flatMap(({ path, text }, index) => {
      const names = serviceNames(path, text);
      if (names.length === 0) return [];
      const services = names.map((name, at) => `  ${JSON.stringify(name)}:\n    ${laid[(index + at) % laid.length]}\n`);
      const project = { 'compose.yaml': text, 'compose.override.yaml': `services:\n${services.join('')}` };
      return [together(path, project, ['compose.yaml', 'compose.override.yaml'])];
    });
    expect(newlyRefused(changes)).toEqual([]);
  });

  it('what harden makes of services and their bases in another file', () => {
    const changes = files.flatMap(({ path, text }, index) => {
      const names = serviceNames(path, text).slice(0, 8);
      if (names.length === 0) return [];
      const services = names.map(
        (name, at) =>
          `  heir${at}:\n    extends: {file: ../base.yml, service: ${JSON.stringify(name)}}\n    ${laid[(index + at) % laid.length]}\n`,
      );
      return [together(path, { 'base.yml': text, 'app/compose.yaml': `services:\n${services.join('')}` }, ['app/compose.yaml'])];
    });
    // a network or another service that it names is in the other file alone
    expect(newlyRefused(changes, 0.25)).toEqual([]);
  });
});
