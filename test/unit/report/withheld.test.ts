import { describe, expect, test } from 'vitest';
import { createEngine } from '../../../shared/src/engine/create-engine';
import { rules } from '../../../shared/src/families/generated/index';
import { pinnedFile, planPins } from '../../../shared/src/services/pin/plan';
import { hardenJson } from '../../../shared/src/output/report/harden';
import { pinJson, pinNotes } from '../../../shared/src/services/pin/report';
import { reportFixes, type ReportedFile } from '../../../shared/src/output/report/types';
import { createWords } from '../../../shared/src/output/report/words';
import { plainContext } from '../../../tools/lint-context';
import { reportOf } from './fake-report';
import { jsonReport, sarifReport } from '../../support/reports';

const engine = createEngine(rules);
const words = createWords(rules);
const context = plainContext('strict');
const secret = 'hunter2-hunter2';
// what would be exec form writes the password anew
const text = `FROM alpine:3.22\nUSER 1000\nCMD ['mysql', '--password', '${secret}']\n`;
const path = 'Dockerfile';

/** Every object that a JSON value holds. */
function* objectsIn(value: unknown): Generator<Record<string, unknown>, void, void> {
  if (typeof value !== 'object' || value === null) return;
  if (!Array.isArray(value)) yield value as Record<string, unknown>;
  for (const member of Object.values(value)) yield* objectsIn(member);
}

describe('an edit that would carry a credential', () => {
  const opened = engine.open({ path, text });
  const result = opened.lint(context);
  const file: ReportedFile = { path, text, result, fixes: reportFixes(opened, result.findings, words), related: () => null };
  const report = reportOf([file], { rules: [], words });

  test('is there, for the editor', () => {
    const edits = result.findings.flatMap(file.fixes).flatMap(fix => fix.edits);
    expect(edits.some(edit => edit.newText.includes(secret))).toBe(true);
  });

  test('is withheld from JSON, and the fix says so; other fixes keep their edits', () => {
    const fixes = [...objectsIn(JSON.parse(jsonReport(report)))].filter(({ class: fixClass }) => fixClass !== undefined);
    const withheld = fixes.filter(fix => 'withheld' in fix);
    expect(withheld.length).toBeGreaterThan(0);
    for (const fix of withheld) expect(fix).toMatchObject({ withheld: 'secret', changes: [] });
    expect(JSON.stringify(fixes)).not.toContain(secret);
  });

  test('is withheld from SARIF, and named in the properties of its result', () => {
    const log = sarifReport(report);
    expect(log).not.toContain(secret);
    const [fix] = [...objectsIn(JSON.parse(log))].flatMap(({ withheldFixes }) => (withheldFixes as unknown[] | undefined) ?? []);
    expect(fix).toMatchObject({ reason: 'secret', id: expect.any(String) as string, title: expect.stringContaining('********') as string });
  });

  test('is withheld from the JSON of harden, with all edits of the file: some alone would be another change', () => {
    const hardened = opened.harden(context);
    const files = [{ path, text, family: result.family, result: hardened, written: false, inputs: new Map(), created: [] }];
    const json = hardenJson({ ...report, files });
    expect(json).not.toContain(secret);
    const carries = hardened.edits.some(({ newText }) => newText.includes(secret));
    const [reported] = (JSON.parse(json) as { files: { withheld?: string; changes: unknown[] }[] }).files;
    expect(reported!.withheld).toBe(carries ? 'secret' : undefined);
    expect(carries).toBe(true);
  });
});

test('pin tells of no login in a reference', () => {
  const image = `registry.example.com:5000/app:${secret}`;
  const own = `FROM ${image}\nENV TOKEN=${secret}\n`;
  const opened = engine.open({ path, text: own });
  const plan = planPins(pinnedFile(engine, opened), {
    lookup: () => undefined,
    versionTag: () => null,
    dates: () => null,
    suppressed: () => false,
  });
  const files = [{ path, text: own, plan, written: false, inputs: new Map() }];
  expect(pinJson({ version: '1', durationMs: 1, files })).not.toContain(secret);
  expect(pinNotes(files).join('\n')).not.toContain(secret);
});
