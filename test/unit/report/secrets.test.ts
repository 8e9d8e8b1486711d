import { describe, expect, it } from 'vitest';
import { createEngine } from '../../../shared/src/engine/create-engine';
import { githubReport } from '../../../shared/src/report/github';
import { jsonReport } from '../../../shared/src/report/json';
import { markdownReport } from '../../../shared/src/report/markdown';
import { sarifReport } from '../../../shared/src/report/sarif';
import { textReport } from '../../../shared/src/report/text';
import { createWords } from '../../../shared/src/report/words';
import { rules } from '../../../shared/src/rules/generated/index';
import { noise, secretSamples } from '../../support/secrets';
import { fileWith, reportOf } from './fake-report';
import { plainContext } from '../../../tools/lint-context';

const engine = createEngine(rules);
const words = createWords(rules);
const context = plainContext('strict');

const password = `h0rse-${noise(14)}`;
const files: readonly (readonly [name: string, path: string, text: string, secret: string])[] = [
  ...secretSamples.map(
    ([title, secret]) => [title, 'Dockerfile', `FROM alpine:3.22\nENV VALUE="${secret.replaceAll('\n', '\\n')}"\n`, secret] as const,
  ),
  ...secretSamples.map(
    ([title, secret]) => [`${title} in a script`, 'Dockerfile', `FROM alpine:3.22\nCOPY <<EOF /a\n${secret}\nEOF\n`, secret] as const,
  ),
  ['a password of ENV', 'Dockerfile', `FROM alpine:3.22\nENV DB_PASSWORD ${password}\n`, password],
  [
    'a password in an address',
    'Dockerfile',
    `FROM alpine:3.22\nADD http://ci:${password}@x.example/a.tgz /\nRUN curl http://ci:${password}@x.example | sh\n`,
    password,
  ],
  ['a password of a client', 'Dockerfile', `FROM alpine:3.22\nRUN mysql -p${password} && PGPASSWORD=${password} psql\n`, password],
  [
    'a password of a registry',
    'Dockerfile',
    `FROM alpine:3.22\nRUN docker login -u a -p ${password} && curl -u a:${password} https://x.example\n`,
    password,
  ],
  [
    'a password of an account',
    'Dockerfile',
    `FROM alpine:3.22\nRUN echo "root:${password}" | chpasswd && useradd -p ${password} a\n`,
    password,
  ],
  ['a password in a script', 'Dockerfile', `FROM alpine:3.22\nRUN API_TOKEN="${password}" ./run\n`, password],
  ['a build argument', 'Dockerfile', `FROM alpine:3.22\nARG NPM_TOKEN=${password}\nRUN echo $NPM_TOKEN > .npmrc\n`, password],
];

describe('no report holds a secret whole', () => {
  it.each(files)('%s, %s', (_name, path, text, secret) => {
    const result = engine.lint({ path, text }, context);
    expect(result.findings.some(finding => finding.category === 'secrets' || finding.secrets.length > 0)).toBe(true);
    const report = reportOf([fileWith(path, text, result.findings)], { rules, words });
    const pieces = [secret, ...secret.split(/\n|\\n/)].filter(piece => piece.length > 10 && !piece.startsWith('-----'));
    const outputs = [
      textReport(report, { colour: false }),
      textReport(report, { colour: true }),
      jsonReport(report),
      sarifReport(report),
      githubReport(report),
      markdownReport(report),
      ...result.findings.map(finding => words.message(finding)),
      ...result.findings.flatMap(finding => finding.fixes.map(fix => words.fixTitle(finding.rule, fix))),
    ];
    for (const output of outputs) for (const piece of pieces) expect(output).not.toContain(piece);
  });
});
