import { expect, test } from 'vitest';
import { createEngine } from '../../../shared/src/engine/create-engine';
import { rules } from '../../../shared/src/families/generated/index';
import { plainContext } from '../../../tools/lint-context';

const engine = createEngine(rules);
const rulesAt = (text: string) =>
  engine
    .open({ path: 'start.sh', text })
    .lint(plainContext('recommended'))
    .findings.map(({ rule }) => rule);

test.each([
  ['too long', `#!/bin/sh\n${'echo step\n'.repeat(7000)}docker run -d --privileged app:1.2\n`],
  ['too deep', `#!/bin/sh\n${'('.repeat(300)}docker run -d --privileged app:1.2${')'.repeat(300)}\n`],
])('a script that is %s to be parsed is said to be unchecked', (_, text) => {
  expect(rulesAt(text)).toEqual(['bulkhead/incomplete']);
});

test('nothing is said of one that names no engine', () => {
  expect(rulesAt(`#!/bin/sh\n${'echo step\n'.repeat(7000)}`)).toEqual([]);
});

test('nor of one that makes no container', () => {
  expect(rulesAt(`#!/bin/sh\n${'echo step\n'.repeat(7000)}docker pull app:1.2\ndocker save app:1.2\n`)).toEqual([]);
});

test('a byte order mark keeps no comment from the command below it', () => {
  const script = '\ufeffset -eu\n# bulkhead-ignore run/privileged -- a test\ndocker run --privileged app:1.2\n';
  const { findings } = engine.open({ path: 'start.sh', text: script }).lint(plainContext('recommended'));
  expect(findings.filter(({ rule }) => rule === 'run/privileged').map(({ suppression }) => suppression !== null)).toEqual([true]);
});
