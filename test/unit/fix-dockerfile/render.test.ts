import { describe, expect, it } from 'vitest';
import { renderDockerfile } from '../../../shared/src/families/dockerfile/fix/render';
import { verifyDockerfile } from '../../../shared/src/families/dockerfile/fix/verify';
import type { DockerfileOperation } from '../../../shared/src/rule/fix/types';
import { parseDockerfile } from '../../../shared/src/families/dockerfile/model/parse';
import { applyEdits } from '../../../shared/src/base/text/edits';
import type { Range } from '../../../shared/src/base/text/range';

/** Operations in short: places are given by their text (the first occurrence). */
type Short =
  | ['before' | 'after', number, string]
  | ['drop', number]
  | ['replace', string, string]
  | ['words', string, string]
  | ['cut', string]
  | ['uncommand', string]
  | ['append', string, string]
  | ['comment', number, string];

function place(text: string, part: string): Range {
  const start = text.indexOf(part);
  if (start < 0) throw new Error(`no ${part}`);
  return { start, end: start + part.length };
}

function operation(text: string, short: Short): DockerfileOperation {
  switch (short[0]) {
    case 'before':
    case 'after':
      return { type: 'dockerfile.insert', at: short[0], instruction: short[1], text: short[2] };
    case 'drop':
      return { type: 'dockerfile.remove-instruction', instruction: short[1] };
    case 'replace':
      return { type: 'dockerfile.replace', range: place(text, short[1]), text: short[2] };
    case 'words':
      return { type: 'dockerfile.insert-words', offset: place(text, short[1]).end, text: short[2] };
    case 'cut':
      return { type: 'dockerfile.remove-words', range: place(text, short[1]) };
    case 'uncommand':
      return { type: 'dockerfile.remove-command', range: place(text, short[1]) };
    case 'append':
      return { type: 'dockerfile.append-command', range: place(text, short[1]), text: short[2] };
    case 'comment':
      return { type: 'dockerfile.move-trailing-comment', instruction: short[1], range: place(text, short[2]) };
  }
}

function render(text: string, shorts: readonly Short[]): string {
  const model = parseDockerfile(text);
  const operations = shorts.map(short => operation(text, short));
  const rendered = renderDockerfile(model, operations);
  if (!rendered.ok) return `refused: ${rendered.reason}: ${rendered.detail}`;
  const result = applyEdits(text, rendered.edits);
  const refusal = verifyDockerfile(model, parseDockerfile(result), operations, rendered.edits.map(edit => edit.range)); // prettier-ignore
  return refusal === null ? result : `unverified: ${refusal.detail}\n${result}`;
}

const cases: [string, string, Short[], string][] = [
  [
    'inserts before, above the comments of the instruction, which a blank line parts off',
    'FROM a\n\n# run\nCMD x\n',
    [['before', 1, 'USER 1']],
    'FROM a\n\nUSER 1\n\n# run\nCMD x\n',
  ],
  [
    'inserts before, above the comments of the instruction',
    'FROM a\n# run\nCMD x\n',
    [['before', 1, 'USER 1']],
    'FROM a\nUSER 1\n# run\nCMD x\n',
  ],
  [
    'inserts before, behind a comment that a blank line parts off',
    '# head\n\nFROM a\n',
    [['before', 0, 'ARG X']],
    '# head\n\nARG X\nFROM a\n',
  ],
  ['keeps directives on top', '# syntax=x\n# c\nFROM a\n', [['before', 0, 'ARG X']], '# syntax=x\nARG X\n# c\nFROM a\n'],
  ['inserts behind a heredoc', 'FROM a\nRUN <<E\nx\nE\nCMD y\n', [['after', 1, 'USER 1']], 'FROM a\nRUN <<E\nx\nE\nUSER 1\nCMD y\n'],
  ['inserts at an end without line break', 'FROM a', [['after', 0, 'USER 1']], 'FROM a\nUSER 1'],
  [
    'inserts with the line breaks of the file',
    'FROM a\r\nCMD x\r\n',
    [['before', 1, 'A b\nUSER 1'.replace('A b', 'ENV b=c')]],
    'FROM a\r\nENV b=c\r\nUSER 1\r\nCMD x\r\n',
  ],
  ['inserts behind a byte order mark', '\uFEFFFROM a\n', [['before', 0, 'ARG X']], '\uFEFFARG X\nFROM a\n'],
  [
    'does not continue an open instruction',
    'FROM a\nRUN x \\\n',
    [['after', 1, 'USER 1']],
    'refused: unverified: the instruction is continued to the end of the file',
  ],
  [
    'counts equal operations once',
    'FROM a\n',
    [
      ['after', 0, 'USER 1'],
      ['after', 0, 'USER 1'],
    ],
    'FROM a\nUSER 1\n',
  ],
  [
    'keeps the order of inserts',
    'FROM a\nCMD x\n',
    [
      ['before', 1, 'USER 2'],
      ['after', 0, 'USER 1'],
      ['before', 1, 'USER 3'],
    ],
    'FROM a\nUSER 1\nUSER 2\nUSER 3\nCMD x\n',
  ],
  ['removes an instruction', 'FROM a\nCMD x\nCMD y\n', [['drop', 1]], 'FROM a\nCMD y\n'],
  [
    'removes an instruction over several lines, its comments stay',
    'FROM a\n# c\nRUN x && \\\n  # inner\n  y\nCMD z\n',
    [['drop', 1]],
    'FROM a\n# c\n  # inner\nCMD z\n',
  ],
  ['removes the last instruction of a file without final line break', 'FROM a\nCMD x', [['drop', 1]], 'FROM a'],
  ['removes one of two blank lines that would meet', 'FROM a\n\nCMD x\n\nCMD y\n', [['drop', 1]], 'FROM a\n\nCMD y\n'],
  ['removes a heredoc with its instruction', 'FROM a\r\nRUN <<E\r\nx\r\nE\r\nCMD y\r\n', [['drop', 1]], 'FROM a\r\nCMD y\r\n'],
  ['replaces a word', 'FROM a\nADD x y\n', [['replace', 'ADD', 'COPY']], 'FROM a\nCOPY x y\n'],
  ['replaces in a directive', '# syntax=a/b\nFROM a\n', [['replace', 'a/b', 'c/d']], '# syntax=c/d\nFROM a\n'],
  [
    'refuses to replace over a comment',
    'FROM a\nRUN x \\\n# c\n y\n',
    [['replace', 'x \\\n# c\n y', 'z']],
    'refused: unverified: there is a comment within the text to replace',
  ],
  ['inserts words', 'FROM a\nRUN apt-get install \\\n  x\n', [['words', 'install', '-y']], 'FROM a\nRUN apt-get install -y \\\n  x\n'],
  ['inserts words at the end', 'FROM a\nEXPOSE 1', [['words', 'EXPOSE 1', '2']], 'FROM a\nEXPOSE 1 2'],
  ['removes a word', 'FROM a\nRUN curl -k x\n', [['cut', '-k']], 'FROM a\nRUN curl x\n'],
  ['removes the last word', 'FROM a\nEXPOSE 80 22\n', [['cut', '22']], 'FROM a\nEXPOSE 80\n'],
  ['removes a flag', 'FROM --platform=x a\n', [['cut', '--platform=x']], 'FROM a\n'],
  ['removes a word at a line start', 'FROM a\nRUN x \\\n  -k y \\\n  z\n', [['cut', '-k']], 'FROM a\nRUN x \\\n  y \\\n  z\n'],
  ['removes a word before a continuation', 'FROM a\nRUN x -k \\\n  y\n', [['cut', '-k']], 'FROM a\nRUN x \\\n  y\n'],
  ['removes a line with its only word', 'FROM a\nRUN x \\\n  -k \\\n  y\n', [['cut', '-k']], 'FROM a\nRUN x \\\n  y\n'],
  ['removes a last line with its only word', 'FROM a\nRUN x \\\n  y \\\n  -k\nCMD z\n', [['cut', '-k']], 'FROM a\nRUN x \\\n  y\nCMD z\n'],
  [
    'removes a last line with its only word, comments before it stay',
    'FROM a\nRUN x \\\n  # why\n  -k\nCMD z\n',
    [['cut', '-k']],
    'FROM a\nRUN x\n  # why\nCMD z\n',
  ],
  ['removes a last line under CRLF without final line break', 'FROM a\r\nRUN x \\\r\n  -k', [['cut', '-k']], 'FROM a\r\nRUN x'],
  [
    'removes two words of one line together',
    'FROM a\nRUN x \\\n  -k -l \\\n  y\n',
    [
      ['cut', '-k'],
      ['cut', '-l'],
    ],
    'FROM a\nRUN x \\\n  y\n',
  ],
  [
    'removes words over lines',
    'FROM a\nENV A=1 \\\n  B=2 \\\n  # c\n  C=3 \\\n  D=4\n',
    [['cut', 'B=2 \\\n  # c\n  C=3']],
    'FROM a\nENV A=1 \\\n  # c\n  D=4\n',
  ],
  [
    'removes the two last lines',
    'FROM a\nRUN x \\\n  -k \\\n  -l\n',
    [
      ['cut', '-k'],
      ['cut', '-l'],
    ],
    'FROM a\nRUN x\n',
  ],
  [
    'removes spacer lines with the last command',
    'FROM a\nRUN a1 && \\\n  \\\n  # why\n  b1\nCMD x',
    [['uncommand', 'b1']],
    'FROM a\nRUN a1\n  # why\nCMD x',
  ],
  [
    'does not continue an open instruction without line break',
    'FROM a\nRUN x \\',
    [['after', 1, 'USER 1']],
    'refused: unverified: the instruction is continued to the end of the file',
  ],
  [
    'inserts strings into an exec form',
    'FROM a\nRUN ["apt-get", "install", "x"]',
    [['words', '"install"', '-y -q']],
    'FROM a\nRUN ["apt-get", "install", "-y", "-q", "x"]',
  ],
  ['removes a string of an exec form', 'FROM a\nRUN ["curl", "-k", "x"]', [['cut', '"-k"']], 'FROM a\nRUN ["curl", "x"]'],
  ['removes the first string of an exec form', 'FROM a\nRUN ["sudo", "x"]', [['cut', '"sudo"']], 'FROM a\nRUN ["x"]'],
  ['removes a word within a string', 'FROM a\nRUN ["sh", "-c", "curl -k x"]', [['cut', '-k']], 'FROM a\nRUN ["sh", "-c", "curl x"]'],
  [
    'refuses to part a heredoc from its command',
    'FROM a\nRUN <<A cat > x && true\n1\nA\n',
    [['uncommand', '<<A cat > x']],
    'refused: unverified: a heredoc belongs to the command',
  ],
  [
    'removes words with the backtick as escape',
    '# escape=`\nFROM a\nRUN x `\n  -k `\n  y\n',
    [['cut', '-k']],
    '# escape=`\nFROM a\nRUN x `\n  y\n',
  ],
  [
    'removes words in a heredoc',
    'FROM a\nRUN <<E\ncurl -k x\n  wget \\\n    -q \\\n    y\nE\n',
    [
      ['cut', '-k'],
      ['cut', '-q'],
    ],
    'FROM a\nRUN <<E\ncurl x\n  wget \\\n    y\nE\n',
  ],
  [
    'removes a command in the middle',
    'FROM a\nRUN a1 && \\\n    b1 && \\\n    c1\n',
    [['uncommand', 'b1']],
    'FROM a\nRUN a1 && \\\n    c1\n',
  ],
  ['removes the last command', 'FROM a\nRUN a1 && \\\n    b1 && \\\n    c1\n', [['uncommand', 'c1']], 'FROM a\nRUN a1 && \\\n    b1\n'],
  ['removes the first command', 'FROM a\nRUN a1 && \\\n    b1 && \\\n    c1\n', [['uncommand', 'a1']], 'FROM a\nRUN b1 && \\\n    c1\n'],
  [
    'removes the first command, leading operators',
    'FROM a\nRUN a1 \\\n && b1 \\\n && c1\n',
    [['uncommand', 'a1']],
    'FROM a\nRUN b1 \\\n && c1\n',
  ],
  [
    'removes a command in the middle, leading operators',
    'FROM a\nRUN a1 \\\n && b1 \\\n && c1\n',
    [['uncommand', 'b1']],
    'FROM a\nRUN a1 \\\n && c1\n',
  ],
  [
    'removes the last command, leading operators',
    'FROM a\nRUN a1 \\\n && b1 \\\n && c1\nCMD x',
    [['uncommand', 'c1']],
    'FROM a\nRUN a1 \\\n && b1\nCMD x',
  ],
  ['removes a command of one line', 'FROM a\nRUN a1 && b1 && c1\n', [['uncommand', 'b1']], 'FROM a\nRUN a1 && c1\n'],
  ['removes a command of one line, semicolons', 'FROM a\nRUN a1; b1; c1\n', [['uncommand', 'b1']], 'FROM a\nRUN a1; c1\n'],
  [
    'removes the first command, a comment stays',
    'FROM a\nRUN a1 && \\\n    # why\n    b1\n',
    [['uncommand', 'a1']],
    'FROM a\nRUN \\\n    # why\n    b1\n',
  ],
  [
    'removes the last command, a comment stays',
    'FROM a\nRUN a1 && \\\n    # why\n    b1\n',
    [['uncommand', 'b1']],
    'FROM a\nRUN a1\n    # why\n',
  ],
  [
    'removes the instruction with its only command',
    'FROM a\nRUN apt-get upgrade -y\nCMD x\n',
    [['uncommand', 'apt-get upgrade -y']],
    'FROM a\nCMD x\n',
  ],
  [
    'refuses the only command of a block',
    'FROM a\nRUN (a1) && b\n',
    [['uncommand', 'a1']],
    'refused: unverified: the only command of its block',
  ],
  ['removes a line of a heredoc', 'FROM a\nRUN <<E\na1\nb1\nc1\nE\n', [['uncommand', 'b1']], 'FROM a\nRUN <<E\na1\nc1\nE\n'],
  [
    'removes two neighbouring commands',
    'FROM a\nRUN a1 && \\\n    b1 && \\\n    c1 && \\\n    d1\n',
    [
      ['uncommand', 'b1'],
      ['uncommand', 'c1'],
    ],
    'FROM a\nRUN a1 && \\\n    d1\n',
  ],
  ['appends a command on one line', 'FROM a\nRUN a1 && b1\n', [['append', 'b1', 'c1']], 'FROM a\nRUN a1 && b1 && c1\n'],
  [
    'appends behind a lone command',
    'FROM a\nRUN a1 \\\n   -x\n',
    [['append', 'a1 \\\n   -x', 'c1']],
    'FROM a\nRUN a1 \\\n   -x \\\n   && c1\n',
  ],
  [
    'appends with trailing operators',
    'FROM a\nRUN a1 && \\\n    b1\n',
    [['append', 'b1', 'c1']],
    'FROM a\nRUN a1 && \\\n    b1 && \\\n    c1\n',
  ],
  [
    'appends with leading operators',
    'FROM a\r\nRUN a1 \\\r\n && b1\r\n',
    [['append', 'b1', 'c1']],
    'FROM a\r\nRUN a1 \\\r\n && b1 \\\r\n && c1\r\n',
  ],
  [
    'appends behind the first of two',
    'FROM a\nRUN a1 && \\\n    b1\n',
    [['append', 'a1', 'c1']],
    'FROM a\nRUN a1 && \\\n    c1 && \\\n    b1\n',
  ],
  ['appends a line to a heredoc', 'FROM a\nRUN <<E\n  a1\n  b1\nE\n', [['append', 'b1', 'c1']], 'FROM a\nRUN <<E\n  a1\n  b1\n  c1\nE\n'],
  [
    'appends with the backtick as escape',
    '# escape=`\nFROM a\nRUN a1 && `\n    b1\n',
    [['append', 'b1', 'c1']],
    '# escape=`\nFROM a\nRUN a1 && `\n    b1 && `\n    c1\n',
  ],
  [
    'appends in an exec form',
    'FROM a\nRUN ["bash", "-c", "a1 && b1"]\n',
    [['append', 'b1', 'echo "x"']],
    'FROM a\nRUN ["bash", "-c", "a1 && b1 && echo \\"x\\""]\n',
  ],
  ['moves a trailing comment', 'FROM a\n  CMD ["x"]  # why\n', [['comment', 1, '# why']], 'FROM a\n  # why\n  CMD ["x"]\n'],
  [
    'moves a trailing comment of an instruction over several lines',
    'FROM a\nCMD ["x", \\\n  "y"] # why\n',
    [['comment', 1, '# why']],
    'FROM a\n# why\nCMD ["x", \\\n  "y"]\n',
  ],
  [
    'reports conflicts',
    'FROM a\nADD x y\n',
    [
      ['replace', 'ADD', 'COPY'],
      ['replace', 'ADD x', 'RUN'],
    ],
    'refused: conflict: two operations want the same text',
  ],
  [
    'leaves no instruction without a command',
    'FROM a\nRUN a1 && b1\n',
    [
      ['uncommand', 'a1'],
      ['uncommand', 'b1'],
    ],
    'refused: conflict: no command would be left',
  ],
  ['combines operations of several rules', 'FROM node\nRUN apt-get update && apt-get install curl\nCMD x\n', [['words', 'install', '-y'], ['words', 'install', '--no-install-recommends'], ['append', 'apt-get install curl', 'rm -rf /var/lib/apt/lists/*'], ['before', 2, 'USER 1']], 'FROM node\nRUN apt-get update && apt-get install -y --no-install-recommends curl && rm -rf /var/lib/apt/lists/*\nUSER 1\nCMD x\n'], // prettier-ignore
];

describe('renderDockerfile', () => {
  it.each(cases)('%s', (_, text, shorts, expected) => {
    expect(render(text, shorts)).toBe(expected);
  });
});

const tampered: [string, string, string, string][] = [
  ['a changed word', 'FROM a\nCMD x\n', 'FROM b\nCMD x\n', 'instruction 0 (FROM) changed outside the operations'],
  ['a lost instruction', 'FROM a\nCMD x\n', 'FROM a\n', '1 instructions instead of 2'],
  ['a lost comment', 'FROM a\n# c\nCMD x\n', 'FROM a\nCMD x\n', 'a comment was lost'],
  ['a new problem', 'FROM a\nCMD x\n', 'FROM a\nCMDD x\n', 'new problem: unknown-instruction'],
  ['a changed flag', 'FROM a\nCOPY --chown=1 x y\n', 'FROM a\nCOPY --chown=2 x y\n', 'instruction 1 (COPY) changed outside the operations'],
  ['a changed heredoc', 'FROM a\nRUN <<E\nx\nE\n', 'FROM a\nRUN <<E\ny\nE\n', 'instruction 1 (RUN) changed outside the operations'],
  ['a lost directive', '# escape=`\nFROM a\n', '# x=`\nFROM a\n', 'a parser directive changed'],
];

describe('verifyDockerfile', () => {
  it.each(tampered)('refuses %s', (_, before, after, detail) => {
    expect(verifyDockerfile(parseDockerfile(before), parseDockerfile(after), [], [])).toEqual({ reason: 'unverified', detail });
  });
});
