import { describe, expect, it, test } from 'vitest';
import { createEngine } from '../../../shared/src/engine/create-engine';
import { verifyCommandsEach } from '../../../shared/src/families/run/fix/verify-each';
import { readModel } from '../../../shared/src/families/run/model/read';
import { rules } from '../../../shared/src/families/generated/index';
import { plainContext } from '../../../tools/lint-context';
import { expectLinear, unseenPath } from '../../support/growth';

const engine = createEngine(rules);
const command = (n: number) =>
  `docker run -d --name w${n} -p ${5000 + n}:5432 \\\n  -v d${n}:/var/lib/postgresql/data --privileged postgres:16.4\n`;
const script = (count: number) => `#!/bin/sh\n${Array.from({ length: count }, (_, n) => command(n)).join('')}`;

test.each([
  ['a script', 'start.sh', script(4)],
  ['commands within each other', 'start.sh', 'docker run -d --env "A=$(docker run --privileged a:1 id)" --privileged b:2\n'],
  ['a Makefile', 'Makefile', 'up:\n\tdocker run -d --privileged a:1\n\tdocker run -d -v /:/host b:2\n'],
  [
    'a workflow',
    '.github/workflows/ci.yaml',
    'on: push\njobs:\n  a:\n    runs-on: x\n    steps:\n      - run: |\n          docker run --privileged a:1\n          docker run -p 80:80 b\n',
  ],
])('all fixes of %s together are those of each alone', (_, path, text) => {
  const opened = engine.open({ path, text });
  const { findings } = opened.lint(plainContext('strict'));
  const all = opened.renderAll(findings);
  let edits = 0;
  for (const finding of findings) {
    const alone = finding.fixes.map(fix => opened.render(finding, fix));
    expect(all.get(finding)).toEqual(alone);
    edits += alone.filter(({ ok }) => ok).length;
  }
  expect(edits).toBeGreaterThan(0);
});

describe('what is wrong is not proven by what is right beside it', () => {
  const text = script(3);
  const read = (changed: string) =>
    readModel({ path: 'a.sh', fileText: changed, base: 0, index: 0, document: null, memo: new Map() } as never);
  const model = read(text);
  const removal = (index: number, word: string, also = '') => {
    const start = text.indexOf(word, model.commands[index]!.verbRange.start);
    const range = { start, end: start + word.length };
    return { operations: [{ type: 'command.remove', range }] as const, edits: [{ range, newText: also }] };
  };

  it.each([
    ['a quote that is left open', "'"],
    ['another image', 'alpine #'],
    ['another option', '--pid=host --ipc=host'],
    ['the end of the command', '; docker run'],
  ])('%s', (_, also) => {
    const changes = [removal(0, '--privileged'), removal(1, '--privileged', also), removal(2, '--privileged')];
    expect([...verifyCommandsEach(model, changes, read)].sort()).toEqual([0, 2]);
  });
});

test('the cost of all fixes of a script grows with the script', () => {
  const run = (text: string) => {
    const opened = engine.open({ path: unseenPath('start.sh'), text });
    const { findings } = opened.lint(plainContext('recommended'));
    expect([...opened.renderAll(findings).values()].flat().filter(({ ok }) => ok).length).toBeGreaterThan(50);
  };
  expectLinear('fixes of commands', script, run, 200);
}, 60_000);
