import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createEngine } from '../../../shared/src/engine/create-engine';
import { readWithSecondParser } from '../../../shared/src/families/dockerfile/fix/second-parser';
import { rules } from '../../../shared/src/families/generated/index';
import { newFindings } from '../../../tools/accuracy/new-findings';
import { plainContext } from '../../../tools/lint-context';
import { root } from '../../../tools/rules/files';
import { askBuildkit, hasBuildkit, noBuildkit, refusalsOf } from '../../support/buildkit';
import { seeded, tryChoices, type Tried } from '../../support/groups';

// `npm run containers -- dockerfiles` builds the same files for real.

const folder = join(root, 'test/containers/dockerfiles');
const files = readdirSync(folder)
  .filter(name => name.endsWith('.Dockerfile'))
  .map(path => ({ path, text: readFileSync(join(folder, path), 'utf8') }));
const windows = files.slice(-3).map(({ path, text }) => ({ path: `CRLF.${path}`, text: text.replace(/\n/g, '\r\n') }));
const engine = createEngine(rules);
const context = plainContext();
if (!hasBuildkit) console.log(noBuildkit('what BuildKit says of Dockerfiles with every fix accepted'));

/** A Dockerfile with every fix that harden may take. */
const accepted = (file: (typeof files)[number]): string => engine.open(file).harden(context, { accept: 'all' }).text;

describe('with every fix accepted', () => {
  test('forty files and more, of ten bases, change', () => {
    const bases = new Set(files.flatMap(({ text }) => [...text.matchAll(/^FROM (?:\S+\/)?([a-z-]+)[:\s]/gim)].map(match => match[1])));
    expect(files.filter(file => accepted(file) !== file.text).length).toBeGreaterThanOrEqual(40);
    expect(bases.size).toBeGreaterThanOrEqual(10);
  });

  test.each([...files, ...windows])(
    '$path has nothing that was not reported before, no install without root, and a second time nothing changes',
    file => {
      const text = accepted(file);
      const before = engine.open(file).lint(context).findings;
      const after = engine.open({ ...file, text }).lint(context).findings;
      expect(newFindings(before, after)).toEqual([]);
      expect(after.filter(({ rule }) => rule === 'dockerfile/install-without-root')).toEqual([]);
      expect(accepted({ ...file, text })).toBe(text);
      expect(readWithSecondParser(text)).not.toBeNull();
    },
  );

  test.skipIf(!hasBuildkit)('each is taken by BuildKit, as before', () => {
    for (const text of [files.map(file => file.text), files.map(accepted)])
      expect(askBuildkit(text).map((file, i) => [files[i]!.path, ...refusalsOf(file)])).toEqual(files.map(({ path }) => [path]));
  });

  test('every group alone, and random sets of them, leave a file that is no worse', () => {
    const tried: Tried = { files: 0, groups: 0, choices: 0, wrong: [] };
    const random = seeded(28);
    for (const file of files) tryChoices(engine, context, file, 3, random, tried);
    // what takes the place of its shell has the duties of process 1 itself
    const known = 'node-alpine-shell.Dockerfile: dockerfile/missing-init: new: dockerfile/missing-init signal stage  0 ';
    expect(tried.wrong.filter(line => line !== known)).toEqual([]);
    expect(tried.choices).toBeGreaterThan(300);
  }, 300_000);
});
