import { expect, test } from 'vitest';
import { createEngine } from '../../../shared/src/engine/create-engine';
import { rule } from '../../../shared/src/families/workflow/rules/scan-without-gate';
import { plainContext } from '../../../tools/lint-context';

const engine = createEngine([rule]);
const workflow = (inputs: string, upload: boolean): string =>
  `on: push\npermissions: {}\njobs:\n  scan:\n    runs-on: ubuntu-24.04\n    steps:\n      - uses: aquasecurity/trivy-action@57a97c7e7821a5776cebc9bb87c984fa69cba8f1\n        with:\n          image-ref: app:1\n${inputs}` +
  (upload
    ? '      - uses: github/codeql-action/upload-sarif@aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\n        with: { sarif_file: a.sarif }\n'
    : '');
const sarif = '          format: sarif\n          output: a.sarif\n';

test.each([
  ['a report of all severities for code scanning', sarif, true, false],
  ['a report for code scanning that is limited already', `${sarif}          limit-severities-for-sarif: true\n`, true, false],
  ['a report that nothing uploads', sarif, false, true],
])('harden makes a scan fail without hiding what is shown: %s', (_what, inputs, upload, gated) => {
  const text = workflow(inputs, upload);
  const hardened = engine.open({ path: '.github/workflows/a.yml', text }).harden(plainContext()).text;
  expect(hardened.includes('exit-code')).toBe(gated);
  if (!gated) expect(hardened).toBe(text);
});
