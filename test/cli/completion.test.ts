import { spawnSync } from 'node:child_process';
import { beforeAll, describe, expect, test } from 'vitest';
import { bulkhead, folder } from './cli';

/** `bulkhead completion`: scripts for shells, made from the table of options. */

const { path: cwd, write } = folder();
const script = (shell: string): string => bulkhead(['completion', shell], { cwd }).stdout;
const has = (program: string): boolean => spawnSync(program, ['-c', 'true']).status === 0;

/** What bash offers for the last of some words. */
function offered(words: readonly string[]): readonly string[] {
  const list = words.map(word => `'${word}'`).join(' ');
  const { stdout, stderr } = spawnSync(
    'bash',
    ['-c', `source ./bulkhead.bash; COMP_WORDS=(${list}); COMP_CWORD=${words.length - 1}; _bulkhead; printf '%s\\n' "\${COMPREPLY[@]}"`],
    { encoding: 'utf8', cwd },
  );
  expect(stderr).toBe('');
  return stdout.split('\n').filter(word => word !== '');
}

describe.skipIf(!has('bash'))('in bash', () => {
  beforeAll(() => void write('bulkhead.bash', script('bash')));
  test.each<[string, readonly string[], readonly string[]]>([
    ['commands', ['bulkhead', 'li'], ['lint']],
    ['options', ['bulkhead', 'lint', '--changed'], ['--changed-since']],
    ['values of an option', ['bulkhead', 'lint', '--fail-on', 'wa'], ['warning']],
    ['the same behind =', ['bulkhead', 'lint', '--fail-on', '=', 'wa'], ['warning']],
    ['rules', ['bulkhead', 'explain', 'kubernetes/host-pi'], ['kubernetes/host-pid']],
    ['shells', ['bulkhead', 'completion', 'f'], ['fish']],
    ['agents of a hook', ['bulkhead', 'hook', 'cla'], ['claude']],
    ['commands behind help', ['bulkhead', 'help', 'ver'], ['verify']],
  ])('%s', (_name, words, expected) => expect(offered(words)).toEqual(expected));

  test('files where a file goes', () => {
    const made = folder({ 'Dockerfile.web': '' });
    expect(offered(['bulkhead', 'lint', `${made.path}/Dock`])).toEqual([`${made.path}/Dockerfile.web`]);
  });
});

test.each(['bash', 'zsh', 'fish'])('the script for %s has every command and option', shell => {
  const text = script(shell);
  for (const word of ['lint', 'harden', 'report', 'changed-since', 'kubernetes/host-pid', 'sarif']) expect(text).toContain(word);
  if (has(shell)) expect(spawnSync(shell, ['-n', write(shell, text)], { encoding: 'utf8' })).toMatchObject({ status: 0, stderr: '' });
});

test('another shell', () => {
  expect(bulkhead(['completion', 'bsh'], { cwd })).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('did you mean bash?') as string,
  });
});
