import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { writtenBy } from '../unit/program/image-writes';

// Programs are read while somebody types: with characters left out, put in twice or in the wrong place, each gives an answer.

const root = join(import.meta.dirname, '../evidence');
const cases = JSON.parse(readFileSync(join(root, 'programs.json'), 'utf8')) as readonly {
  readonly name: string;
  readonly files: readonly string[];
}[];
const programs = cases.flatMap(({ name, files }) =>
  files.flatMap(file =>
    /\.(?:py|[cm]?[jt]s)$/.test(file) ? [[file, readFileSync(join(root, 'programs', name, file), 'utf8')] as const] : [],
  ),
);
const pieces = '{ } ( ) [ ] , : = " ` for in => class def ... * . if else ? import from @ lambda async await'.split(' ');

/** Numbers that are the same each time. */
function createRandom(seed: number): (below: number) => number {
  let state = seed;
  return below => (state = (state * 1_103_515_245 + 12_345) % 2_147_483_648) % below;
}

test('each program that somebody is changing gives an answer', () => {
  const random = createRandom(7);
  for (let round = 0; round < 8; round++)
    for (const [file, whole] of programs) {
      let text = whole;
      for (let change = 0; change <= random(3); change++) {
        const at = random(text.length);
        text = text.slice(0, at) + (random(2) === 0 ? ` ${pieces[random(pieces.length)]!} ` : '') + text.slice(at + random(20));
      }
      expect(writtenBy(file.slice(file.lastIndexOf('/') + 1), text.split('\n')), text).toBeInstanceOf(Array);
    }
});
