import { fc } from '../../support/property';
import { describe, expect, it } from 'vitest';
import { parseDockerfile } from '../../../shared/src/families/dockerfile/model/parse';
import { runCommands, scriptsOf } from '../../../shared/src/families/dockerfile/model/scripts';
import { interpreterOf, shebangOf } from '../../../shared/src/syntax/shell/interpreter';
import { mappedSlice } from '../../../shared/src/syntax/shell/mapped-text';
import { hasErrexit, hasPipefail } from '../../../shared/src/syntax/shell/options';
import { parseScript } from '../../../shared/src/syntax/shell/script';
import type { ShellScript } from '../../../shared/src/syntax/shell/types';

const sh = interpreterOf(['/bin/sh', '-c']);

function script(text: string): ShellScript {
  return parseScript(mappedSlice(text, 0), sh);
}

/** Commands in short: what stands before, the static words (`?` for others), what stands behind. */
function commands(text: string): string[] {
  return script(text).commands.map(c =>
    [c.before ?? '', [c.name ?? '?', ...c.args.map(arg => arg.text ?? '?')].join(' '), c.after ?? ''].join('~'),
  );
}

const cases: [string, string[]][] = [
  ['', []],
  ['a b "c d" e\\ f \'g\'', ['~a b c d e f g~']],
  ['a && b || c; d & e\nf', ['~a~&&', '&&~b~||', '||~c~;', ';~d~&', '&~e~newline', 'newline~f~']],
  ['a | b |& c', ['~a~|', '|~b~|', '|~c~']],
  ['/usr/bin/apt-get update', ['~apt-get update~']],
  ['$X a', ['~? a~']],
  ['a $X "$Y" ${Z} $(b) /var/*', ['~a ? ? ? ? /var/*~', '~b~']],
  ['(a; b) && { c; }', ['~a~;', ';~b~', '~c~']],
  [
    'if a; then b; else c; fi; for i in 1; do d; done; while e; do f; done; case x in y) g;; esac',
    ['~a~', '~b~', '~c~', '~d~', '~e~', '~f~', '~g~'],
  ],
  ['f() { a; }; ! b', ['~a~', ';~b~']],
  ['a "$(b | c)" `d`', ['~a ? ?~', '~b~|', '|~c~', '~d~']],
  ['bash <(curl x)', ['~bash ?~', '~curl x~']],
  ['A=1 B=2 c', ['~c~']],
  ['A=1', ['~?~']],
  ['export A=1', ['~export~']],
  ['sudo -E -u root apt-get install x', ['~sudo -E -u root apt-get install x~', '~apt-get install x~']],
  ['env -i A=1 sudo apt x', ['~env -i A=1 sudo apt x~', '~sudo apt x~', '~apt x~']],
  ['timeout -k 5 60 curl x', ['~timeout -k 5 60 curl x~', '~curl x~']],
  [
    'exec a; command b; time c; nice -n 5 d; command -v e',
    ['~exec a~;', '~a~;', ';~command b~;', ';~b~;', ';~c~;', ';~nice -n 5 d~;', ';~d~;', ';~command -v e~'],
  ],
  ['xargs -n 1 rm', ['~xargs -n 1 rm~', '~rm~']],
  ["sh -c 'a | b' && c", ['~sh -c a | b~&&', '~a~|', '|~b~', '&&~c~']],
  ['bash -euo pipefail -c "a \\"b c\\""', ['~bash -euo pipefail -c a "b c"~', '~a b c~']],
  ['sh -c "$(curl x)"', ['~sh -c ?~', '~?~', '~curl x~']],
  ["eval 'a b'", ['~eval a b~', '~a b~']],
  ['su - app -c "a b"', ['~su - app -c a b~', '~a b~']],
  ['bash <<E\na\nb\nE', ['~bash~', '~a~newline', 'newline~b~']],
  ['cat <<E\na\nE\nb', ['~cat~newline', 'newline~b~']],
  ['a # b && c', ['~a~']],
  ['a &&', ['~a~']],
];

describe('parseScript', () => {
  it.each(cases)('%j', (text, expected) => {
    expect(commands(text)).toEqual(expected);
  });

  it('keeps the places of words, through quotes within quotes', () => {
    const text = `sudo sh -c 'curl -k "http://x" | tar x' && A=1 rm -rf "$HOME"/x > /dev/null 2>&1`;
    const cut = (place: { start: number; end: number }): string => text.slice(place.start, place.end);
    const parsed = script(text);
    const curl = parsed.commands.find(command => command.name === 'curl')!;
    expect(curl.args.map(arg => cut(arg.range))).toEqual(['-k', '"http://x"']);
    expect([cut(curl.range), curl.script.owner?.name, curl.script.owner?.outer?.name]).toEqual(['curl -k "http://x"', 'sh', 'sudo']);
    const rm = parsed.commands.find(command => command.name === 'rm')!;
    expect(rm.assignments.map(a => [a.name, a.value?.text, cut(a.range)])).toEqual([['A', '1', 'A=1']]);
    expect(rm.redirections.map(r => [r.operator, r.descriptor, r.target?.text, cut(r.range)])).toEqual([
      ['>', null, '/dev/null', '> /dev/null'],
      ['>&', 2, '1', '2>&1'],
    ]);
    expect(rm.args[1]!.variables.map(v => [v.name, cut(v.range)])).toEqual([['HOME', '$HOME']]);
    expect([rm.args[1]!.text, rm.args[1]!.raw]).toEqual([null, '"$HOME"/x']);
    expect(parsed.complete).toBe(true);
  });

  it('shows lists and pipelines', () => {
    const parsed = script('a | b && (c; d) || ! e');
    expect(parsed.list.pipelines.map(p => [p.members.length, p.negated, p.after])).toEqual([[2, false, '&&'], [1, false, '||'], [1, true, null]]); // prettier-ignore
    expect(parsed.list.pipelines[1]!.members[0]!.command).toBeNull();
    expect(parsed.list.pipelines[1]!.members[0]!.commands.map(c => c.name)).toEqual(['c', 'd']);
    expect(parsed.pipelines.map(p => p.list.kind)).toEqual(['script', 'script', 'subshell', 'subshell', 'script']);
  });

  it('keeps every range in the text and every static word true to it', () => {
    const piece = fc.constantFrom(
      'a',
      'apt-get',
      '-y',
      '&&',
      '||',
      ';',
      '|',
      '"',
      "'",
      '\\',
      '$',
      '$(',
      ')',
      '`',
      '{',
      '}',
      '<<E',
      '\n',
      ' ',
      '#',
      '\r\n',
      'sh -c',
      'sudo',
      '=',
      '>',
      'if',
      'fi',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), pieces => {
        const text = pieces.join(' ');
        for (const command of script(text).commands) {
          for (const place of [command.range, ...command.args.map(arg => arg.range)]) {
            expect(place.start >= 0 && place.start <= place.end && place.end <= text.length).toBe(true);
          }
          for (const arg of command.args) if (/^[a-z-]+$/.test(arg.raw)) expect(arg.text).toBe(arg.raw);
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe('scripts of instructions', () => {
  const names = (text: string): (string | null)[] => {
    const model = parseDockerfile(text);
    return runCommands(model.instructions.find(instruction => instruction.keyword === 'RUN')!).map(({ command }) => command.name);
  };
  const runs: [string, string, (string | null)[]][] = [
    ['shell form', 'FROM a\nRUN x && \\\n # c\n y', ['x', 'y']],
    ['exec form', 'FROM a\nRUN ["apt-get", "update"]', ['apt-get']],
    ['exec form of a shell', 'FROM a\nRUN ["bash", "-c", "x | y"]', ['bash', 'x', 'y']],
    ['heredoc', 'FROM a\nRUN <<E\nx\ny\nE', ['x', 'y']],
    ['heredoc with flags', 'FROM a\nRUN --mount=type=cache,target=/x <<E\nx\nE', ['x']],
    ['heredoc with a shell shebang', 'FROM a\nRUN <<E\n#!/usr/bin/env -S bash -e\nx\nE', ['x']],
    ['heredoc with another shebang', 'FROM a\nRUN <<E\n#!/usr/bin/env python3\nimport x\nE', []],
    ['heredoc as input of a shell', 'FROM a\nRUN bash -e <<E\nx\nE', ['bash', 'x']],
    ['heredoc as input of something else', 'FROM a\nRUN python3 <<E\nimport x\nE', ['python3']],
    ['heredoc as input, and more', 'FROM a\nRUN cat <<E > /f && y\nx\nE', ['cat', 'y']],
    ['PowerShell', 'FROM a\nSHELL ["pwsh", "-c"]\nRUN x', []],
    ['cmd by default on Windows', 'FROM mcr.microsoft.com/windows/servercore:1\nRUN x', []],
    ['SHELL of a base stage', 'FROM a AS b\nSHELL ["pwsh", "-c"]\nFROM b\nRUN x', []],
    ['CRLF', 'FROM a\r\nRUN x && \\\r\n  y\r\n', ['x', 'y']],
    ['CRLF heredoc', 'FROM a\r\nRUN <<E\r\nx\r\ny z\r\nE\r\n', ['x', 'y']],
  ];
  it.each(runs)('%s', (_, text, expected) => {
    expect(names(text)).toEqual(expected);
  });

  it('places words of a JSON string', () => {
    const text = 'FROM a\nRUN ["sh", "-c", "curl -k \\"http://x\\" | sh"]';
    const model = parseDockerfile(text);
    const curl = runCommands(model.instructions[1]!).find(({ command }) => command.name === 'curl')!.command;
    expect(text.slice(curl.args[0]!.range.start, curl.args[0]!.range.end)).toBe('-k');
    expect(curl.args[1]!.text).toBe('http://x');
  });

  const pipefail: [string, string, boolean[]][] = [
    ['no', 'FROM a\nRUN x | y', [false]],
    ['SHELL', 'FROM a\nSHELL ["/bin/bash", "-o", "pipefail", "-c"]\nRUN x | y', [true]],
    ['SHELL with a cluster', 'FROM a\nSHELL ["/bin/bash", "-euxo", "pipefail", "-c"]\nRUN x | y', [true]],
    ['set before', 'FROM a\nRUN set -o pipefail && x | y', [true]],
    ['set with a cluster', 'FROM a\nRUN set -eux -o pipefail; x | y', [true]],
    ['set behind', 'FROM a\nRUN x | y && set -o pipefail', [false]],
    ['switched off', 'FROM a\nRUN set -o pipefail; set +o pipefail; x | y', [false]],
    ['bash -c', 'FROM a\nRUN bash -o pipefail -c "x | y"; x | z', [true, false]],
    ['heredoc', 'FROM a\nRUN <<E\n#!/bin/bash -eo pipefail\nx | y\nE', [true]],
    ['fed to bash', 'FROM a\nRUN bash -euo pipefail <<E\nx | y\nE', [true]],
    ['exec form', 'FROM a\nRUN ["bash", "-o", "pipefail", "-c", "x | y"]', [true]],
  ];
  it.each(pipefail)('pipefail: %s', (_, text, expected) => {
    const model = parseDockerfile(text);
    const run = model.instructions.find(instruction => instruction.keyword === 'RUN')!;
    const piped = scriptsOf(run).flatMap(s => s.pipelines.filter(p => p.members.length > 1));
    expect(piped.map(hasPipefail)).toEqual(expected);
  });

  it('knows set -e', () => {
    const parsed = script('a; set -e; b');
    expect(parsed.commands.map(command => hasErrexit(parsed, command.range.start))).toEqual([false, false, true]);
    expect(hasErrexit(parseScript(mappedSlice('a', 0), interpreterOf(['bash', '-ec'])), 0)).toBe(true);
  });
});

describe('interpreters', () => {
  const words: [string[], string, string][] = [
    [['/bin/sh', '-c'], 'sh', 'posix'],
    [['/usr/bin/env', '-S', 'bash'], 'bash', 'posix'],
    [['C:\\Windows\\PowerShell.EXE', '-Command'], 'powershell', 'powershell'],
    [['cmd', '/S', '/C'], 'cmd', 'cmd'],
    [['busybox', 'sh'], 'sh', 'posix'],
    [['python3'], 'python3', 'other'],
    [[], '', 'other'],
  ];
  it.each(words)('%j', (list, name, dialect) => {
    expect(interpreterOf(list)).toMatchObject({ name, dialect });
  });
  it('reads shebangs', () => {
    expect(shebangOf('#! /bin/bash -e\nx')).toMatchObject({ name: 'bash', args: ['-e'] });
    expect(shebangOf('x')).toBeNull();
  });
});
