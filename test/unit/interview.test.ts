import { mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync, existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { commands } from '../../server/src/cli/commands';
import { interview } from '../../server/src/cli/interview';
import type { Output } from '../../server/src/cli/output';
import { readArguments } from '../../server/src/cli/usage';

/** `harden --interactive` with a person who answers by a list. */
let folder = '';

beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'bulkhead-interview-')));
  writeFileSync(join(folder, 'compose.yaml'), 'services:\n  web:\n    image: registry.example.com/acme/shop:1\n');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function run(
  answers: readonly (string | null)[],
): Promise<{ readonly said: string; readonly asked: string[]; readonly code: number }> {
  const lines: string[] = [];
  const asked: string[] = [];
  const output: Output = {
    print: text => void lines.push(text),
    say: line => void lines.push(line),
    note: line => void lines.push(line),
    progress: () => {},
    colour: false,
    terminal: true,
    errorColour: false,
  };
  const left = [...answers];
  const ask = (question: string): Promise<string | null> => {
    asked.push(question);
    return Promise.resolve(left.length > 0 ? left.shift()! : null);
  };
  const args = readArguments(
    commands.find(({ name }) => name === 'harden')!,
    ['--interactive', '--no-cache', join(folder, 'compose.yaml'), '--config', join(folder, '.bulkhead.yaml')].slice(
      0,
      existsSync(join(folder, '.bulkhead.yaml')) ? 5 : 3,
    ),
  );
  const attempt = {
    watch: { refusal: () => null, run: <T>(_file: unknown, work: () => T): T => work() },
    standardInput: () => ({ ok: false as const, message: '' }),
    expect: () => {},
    isClean: true,
    running: { add: () => {}, remove: () => {} },
  };
  const code = await interview(args, output, attempt as never, ask);
  return { said: lines.join('\n'), asked, code };
}

const file = (): string => readFileSync(join(folder, 'compose.yaml'), 'utf8');

test('nothing is written where the terminal is gone, or the first answer is q', async () => {
  const before = file();
  expect((await run([null])).code).toBe(0);
  expect((await run(['q'])).said).toContain('0 files changed');
  expect(file()).toBe(before);
});

test('a is yes to everything: each change is shown, and the file is written once', async () => {
  const { said, code, asked } = await run(['a']);
  expect(code).toBe(0);
  expect(asked).toHaveLength(1);
  expect(said).toContain('+++ b/');
  expect(said).toContain('answer yes if: ');
  expect(file()).toContain('cap_drop');
  expect(file()).toContain('read_only: true');
});

test('? explains, and what is no answer is asked again', async () => {
  const { said, asked } = await run(['?', 'maybe', 'q']);
  expect(asked).toHaveLength(3);
  expect(said).toContain('l  later: ask again in 30 days');
});

test('y after y fixes what a does', async () => {
  await run(Array.from({ length: 40 }, () => 'y'));
  expect(file()).toContain('cap_drop');
});
