import { readFileSync, readdirSync } from 'node:fs';
import { fc } from '../support/property';
import { describe, expect, test } from 'vitest';
import { createEngine } from '../../shared/src/engine/create-engine';
import { applyEdits, haveConflict } from '../../shared/src/base/text/edits';
import { parseDockerfile } from '../../shared/src/families/dockerfile/model/parse';
import { parseStream } from '../../shared/src/syntax/yaml/parse';
import { rules } from '../../shared/src/families/generated/index';
import { fileText, parsePage } from '../../tools/rules/page';
import { root, ruleFile } from '../../tools/rules/files';
import { plainContext } from '../../tools/lint-context';

const engine = createEngine(rules);
const context = plainContext('strict');

interface Fixture {
  readonly path: string;
  readonly text: string;
}

/** Every file that the rule pages and the examples hold. */
const fixtures: readonly Fixture[] = [
  ...rules.flatMap(rule =>
    parsePage(readFileSync(ruleFile(rule.id, '.md'), 'utf8')).cases.flatMap(c =>
      c.blocks.map(block => ({
        path: block.setup.file ?? (rule.family === 'dockerfile' ? 'Dockerfile' : 'manifest.yaml'),
        text: fileText(block),
      })),
    ),
  ),
  ...readdirSync(`${root}examples`, { recursive: true, encoding: 'utf8' })
    .filter(path => /(Dockerfile|\.yaml)$/.test(path))
    .map(path => ({ path, text: readFileSync(`${root}examples/${path}`, 'utf8') })),
].filter(f => f.path !== '.bulkhead.yaml');

const problemsOf = ({ path, text }: Fixture): number =>
  /\.ya?ml$/.test(path)
    ? parseStream(text, new Map()).reduce((sum, c) => sum + c.document.problems.length, 0)
    : parseDockerfile(text).problems.length;

/** A Kubernetes or Dockerfile fixture, with the line breaks and the ending that a file may have. */
const anyFixture = fc
  .tuple(fc.constantFrom(...fixtures), fc.boolean(), fc.constantFrom('', '\ufeff'), fc.boolean())
  .map(([{ path, text }, crlf, bom, chop]) => {
    const body = (chop ? text.replace(/\r?\n$/, '') : text).replace(/^\ufeff/, '');
    return { path, text: bom + (crlf ? body.replace(/\r?\n/g, '\r\n') : body) };
  });

function expectSound(file: Fixture): void {
  const { findings } = engine.open(file).lint(context);
  expect(findings.filter(f => f.rule === 'bulkhead/internal-error')).toEqual([]);
  for (const { range } of findings) {
    expect(range.start).toBeGreaterThanOrEqual(0);
    expect(range.end).toBeGreaterThanOrEqual(range.start);
    expect(range.end).toBeLessThanOrEqual(file.text.length);
  }
}

describe('properties of the engine', () => {
  test('a text cut anywhere gives findings within it, never an exception', () => {
    fc.assert(
      fc.property(anyFixture, fc.double({ min: 0, max: 1, noNaN: true }), (file, at) => {
        expectSound({ ...file, text: file.text.slice(0, Math.floor(file.text.length * at)) });
      }),
      { numRuns: 1500 },
    );
  }, 120_000);

  test('a text with a stretch replaced by noise gives findings within it, never an exception, and hardens to something no worse', () => {
    const noise = fc.oneof(
      fc.string({ maxLength: 6 }),
      fc.constantFrom('\t', '{{ .x }}', ': ', '- ', '"', '\\\n', '<<EOF\n', '&a ', '*a', '\u0000', '\ud800', '[', '{'),
    );
    fc.assert(
      fc.property(anyFixture, fc.nat(), fc.nat(8), noise, (file, seed, length, text) => {
        const at = file.text.length === 0 ? 0 : seed % file.text.length;
        const mutant = { ...file, text: file.text.slice(0, at) + text + file.text.slice(at + length) };
        expectSound(mutant);
        const hardened = { ...mutant, text: engine.open(mutant).harden(context).text };
        expect(problemsOf(hardened)).toBeLessThanOrEqual(problemsOf(mutant));
      }),
      { numRuns: 800 },
    );
  }, 120_000);

  test('after any edits the findings are those of an engine that has seen nothing else', () => {
    const manifests = fixtures.filter(({ path, text }) => path.endsWith('.yaml') && text.length < 3000);
    const edit = fc.record({
      at: fc.nat(),
      length: fc.nat(30),
      text: fc.constantFrom('', ' ', '\n', '---\n', '# x\n', 'a', 'true', '  ', '#'),
    });
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...manifests), { minLength: 1, maxLength: 4 }),
        fc.array(edit, { maxLength: 5 }),
        (parts, edits) => {
          const file = { path: 'all.yaml', text: parts.map(({ text }) => text).join('---\n') };
          engine.open(file).lint(context);
          for (const { at, length, text } of edits) {
            const start = file.text.length === 0 ? 0 : at % file.text.length;
            file.text = file.text.slice(0, start) + text + file.text.slice(start + length);
            const found = engine.open({ ...file }).lint(context).findings;
            expect(JSON.stringify(found)).toBe(
              JSON.stringify(
                createEngine(rules)
                  .open({ ...file })
                  .lint(context).findings,
              ),
            );
          }
        },
      ),
      { numRuns: 100 },
    );
  }, 120_000);

  test('hardening twice changes nothing', () => {
    fc.assert(
      fc.property(anyFixture, file => {
        const once = engine.open(file).harden(context).text;
        expect(engine.open({ ...file, text: once }).harden(context).text).toBe(once);
      }),
      { numRuns: 600 },
    );
  }, 120_000);

  test('any groups of a plan make up a text that parses and has no more defects than before', () => {
    const defects = (file: (typeof fixtures)[number]): number =>
      engine
        .open(file)
        .lint(context)
        .findings.filter(f => f.category === 'correctness').length;
    fc.assert(
      fc.property(anyFixture, fc.infiniteStream(fc.boolean()), (file, choose) => {
        const opened = engine.open(file);
        const plan = opened.plan(context);
        const some = plan.groups.filter(() => choose.next().value as boolean).map(({ id }) => id);
        const { text, edits } = opened.applyGroups(context, plan, some);
        expect(haveConflict(edits)).toBe(false);
        expect(applyEdits(file.text, edits)).toBe(text);
        expect(problemsOf({ ...file, text })).toBeLessThanOrEqual(problemsOf(file));
        expect(defects({ ...file, text })).toBeLessThanOrEqual(defects(file));
      }),
      { numRuns: 400 },
    );
  }, 120_000);

  test('each single fix keeps the text parsable and takes its finding away', () => {
    fc.assert(
      fc.property(fc.constantFrom(...fixtures), fixture => {
        for (const finding of engine.open(fixture).lint(context).findings) {
          for (const fix of finding.fixes) {
            const rendered = engine.open(fixture).render(finding, fix);
            if (!rendered.ok) continue;
            expect(haveConflict(rendered.edits)).toBe(false);
            const fixed = { ...fixture, text: applyEdits(fixture.text, rendered.edits) };
            expect(problemsOf(fixed), `${finding.rule} ${fix.id}`).toBeLessThanOrEqual(problemsOf(fixture));
          }
        }
      }),
      { numRuns: 400 },
    );
  }, 120_000);
});
