import { describe, expect, it } from 'vitest';
import { createEngine } from '../../../shared/src/engine/create-engine';
import { createWords } from '../../../shared/src/output/report/words';
import { rules } from '../../../shared/src/families/generated/index';
import { piecesOf, secretFiles } from '../../support/secrets';
import { fileWith, reportOf } from './fake-report';
import { plainContext } from '../../../tools/lint-context';
import {
  conciseReport,
  githubReport,
  gitlabReport,
  jobSummaryReport,
  jsonReport,
  junitReport,
  markdownReport,
  rdjsonReport,
  sarifReport,
  textReport,
} from '../../support/reports';

const engine = createEngine(rules);
const words = createWords(rules);
const context = plainContext('strict');

describe('no report holds a secret whole', () => {
  it.each(secretFiles)('%s, %s', (_name, path, text, secret) => {
    const result = engine.open({ path, text }).lint(context);
    expect(result.findings.some(finding => finding.category === 'secrets' || finding.secrets.length > 0)).toBe(true);
    const report = reportOf([fileWith(path, text, result.findings)], { rules, words });
    const outputs = [
      textReport(report, { colour: false }),
      textReport(report, { colour: true }),
      jsonReport(report),
      sarifReport(report),
      conciseReport(report, { colour: false }),
      githubReport(report),
      gitlabReport(report),
      junitReport(report),
      rdjsonReport(report),
      jobSummaryReport(report),
      markdownReport(report),
      ...result.findings.map(finding => words.message(finding)),
      ...result.findings.flatMap(finding => finding.fixes.map(fix => words.fixTitle(finding.rule, fix))),
    ];
    for (const output of outputs) for (const piece of piecesOf(secret)) expect(output).not.toContain(piece);
  });
});
