import { expect, test } from 'vitest';
import { createEngine } from '../../../shared/src/engine/create-engine';
import { rules } from '../../../shared/src/families/generated/index';
import { plainContext } from '../../../tools/lint-context';

const engine = createEngine(rules.filter(({ id }) => id === 'workflow/persisted-credentials'));
const path = '.github/workflows/build.yml';

const job = (given: string): string =>
  'on: push\npermissions:\n  contents: read\njobs:\n  build:\n    runs-on: ubuntu-24.04\n    steps:\n' +
  `      - uses: actions/checkout@v5\n${given}      - uses: example/release@v2\n`;

test.each([
  ['nothing', '', true],
  ['the token of the job', '        with:\n          token: ${{ github.token }}\n', true],
  ['the same by its secret', '        with:\n          token: ${{ secrets.GITHUB_TOKEN }}\n', true],
  ['a token of its own', '        with:\n          token: ${{ secrets.RELEASE_TOKEN }}\n', false],
  ['a key of its own', '        with:\n          ssh-key: ${{ secrets.DEPLOY_KEY }}\n', false],
])('a checkout that is given %s', (_what, given, forgets) => {
  const { text } = engine.open({ path, text: job(given) }).harden(plainContext());
  expect(text.includes('persist-credentials: false')).toBe(forgets);
});
