import { describe, expect, it } from 'vitest';
import { interpreterOf } from '../../../shared/src/syntax/shell/interpreter';
import { mappedSlice } from '../../../shared/src/syntax/shell/mapped-text';
import { findFlag, flagValue, packageManagerCall } from '../../../shared/src/syntax/shell/package-manager';
import { parseScript } from '../../../shared/src/syntax/shell/script';
import type { ShellCommand } from '../../../shared/src/syntax/shell/types';

function last(text: string): ShellCommand {
  return parseScript(mappedSlice(text, 0), interpreterOf(['sh'])).commands.at(-1)!;
}

/** Manager, verb, action, flags, packages. */
const cases: [string, [string, string, string, string, string] | null][] = [
  ['apt-get update', ['apt-get', 'update', 'refresh', '', '']],
  [
    'apt-get -qq -o Dpkg::Use-Pty=0 install -y --no-install-recommends curl=7.* $X',
    ['apt-get', 'install', 'install', '-qq -o -y --no-install-recommends', 'curl=7.* $X'],
  ],
  ['sudo /usr/bin/apt install -t stable foo', ['apt-get', 'install', 'install', '-t', 'foo']],
  ['apk add --no-cache --virtual .build-deps gcc', ['apk', 'add', 'install', '--no-cache --virtual', 'gcc']],
  ['apk --no-cache add gcc', ['apk', 'add', 'install', '--no-cache', 'gcc']],
  ['dnf module install -y nodejs:20', ['dnf', 'module install', 'install', '-y', 'nodejs:20']],
  ['yum clean all', ['yum', 'clean', 'clean', '', 'all']],
  ['microdnf install --nodocs x', ['microdnf', 'install', 'install', '--nodocs', 'x']],
  ['zypper -n in x', ['zypper', 'in', 'install', '-n', 'x']],
  ['pacman -Syu --noconfirm x', ['pacman', '-Syu', 'install', '-Syu --noconfirm', 'x']],
  ['pacman -Scc', ['pacman', '-Scc', 'clean', '-Scc', '']],
  ['pip install -r requirements.txt x', ['pip', 'install', 'install', '-r', 'x']],
  ['pip3.11 install x', ['pip', 'install', 'install', '', 'x']],
  ['python3 -m pip install --upgrade pip', ['pip', 'install', 'install', '--upgrade', 'pip']],
  ['python3 -m venv x', null],
  ['uv pip install x', ['uv', 'pip install', 'install', '', 'x']],
  ['uv sync --frozen', ['uv', 'sync', 'install', '--frozen', '']],
  ['npm ci --only=production', ['npm', 'ci', 'install', '--only=production', '']],
  ['npm run build', ['npm', 'run', 'run', '', 'build']],
  ['npm --prefix web install', ['npm', 'install', 'install', '--prefix', '']],
  ['yarn', ['yarn', '', 'install', '', '']],
  ['yarn --frozen-lockfile', ['yarn', '', 'install', '--frozen-lockfile', '']],
  ['yarn build', ['yarn', 'build', 'run', '', '']],
  ['yarn workspaces focus --production', ['yarn', 'workspaces focus', 'install', '--production', '']],
  ['pnpm i -P', ['pnpm', 'i', 'install', '-P', '']],
  ['go mod download', ['go', 'mod download', 'install', '', '']],
  ['go mod tidy', ['go', 'mod', 'other', '', 'tidy']],
  ['composer install --no-dev', ['composer', 'install', 'install', '--no-dev', '']],
  ['bundle install -j 4', ['bundle', 'install', 'install', '-j', '']],
  ['curl x', null],
  ['$PM install x', null],
];

describe('packageManagerCall', () => {
  it.each(cases)('%s', (text, expected) => {
    const call = packageManagerCall(last(text));
    const raws = (words: readonly { raw: string }[]): string => words.map(word => word.raw).join(' ');
    expect(call && [call.manager, call.verb, call.action, raws(call.flags), raws(call.packages)]).toEqual(expected);
  });

  const flags: [string, string[], string | undefined][] = [
    ['x -y', ['-y'], '-y'],
    ['x -qqy', ['-y', '--yes'], '-qqy'],
    ['x --yes', ['-y', '--yes'], '--yes'],
    ['x --opt=1', ['--opt'], '--opt=1'],
    ['x --yesno -1', ['-y', '--yes'], undefined],
    ['x -fsSLk', ['-k'], '-fsSLk'],
  ];
  it.each(flags)('findFlag %s', (text, names, expected) => {
    expect(findFlag(last(text).args, names)?.raw).toBe(expected);
  });

  it('gives the value of a flag', () => {
    expect(flagValue(last('x --omit=dev').args, ['--omit'])).toBe('dev');
    expect(flagValue(last('x -o out y').args, ['-o'])).toBe('out');
    expect(flagValue(last('x').args, ['-o'])).toBeNull();
  });
});
