import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import type * as Ast from 'dockerfile-ast';
import { describe, expect, it, test, vi } from 'vitest';
import { createEngine } from '../../../shared/src/engine/create-engine';
import { askSecondOpinion, countDisagreements } from '../../../shared/src/families/dockerfile/fix/second-opinion';
import { parseDockerfile } from '../../../shared/src/families/dockerfile/model/parse';
import { rules } from '../../../shared/src/families/generated/index';
import { budgets } from '../../../shared/src/base/limits/budgets';
import { defineRule } from '../../../shared/src/rule/define-rule';
import { plainContext } from '../../../tools/lint-context';
import { ruleFile, ruleIds } from '../../../tools/rules/files';
import { parsePage } from '../../../tools/rules/page';
import { expectLinear } from '../../support/growth';

const modules = createRequire(import.meta.url);
const isLoaded = (): boolean => modules.cache[modules.resolve('dockerfile-ast')] !== undefined;

/** An instruction that the two read differently: dockerfile-ast sees no heredoc behind a file descriptor. */
const doubtful = 'RUN cat 3<<E\nx\nE';

// first in this file: what is loaded stays loaded
test('linting and a single fix load no second parser, harden does', () => {
  const opened = createEngine(rules).open({ path: 'Dockerfile', text: 'FROM debian:13-slim\nMAINTAINER me\nRUN apt-get install curl\n' });
  const { findings } = opened.lint(plainContext());
  const rendered = findings.flatMap(finding => finding.fixes.map(fix => opened.render(finding, fix).ok));
  expect(rendered).toContain(true);
  expect(isLoaded()).toBe(false);
  expect(opened.harden(plainContext()).applied).not.toEqual([]);
  expect(isLoaded()).toBe(true);
});

describe('both parsers', () => {
  it.each([
    ['comments and directives', '# syntax=docker/dockerfile:1\n# escape=\\\n\n# c\nFROM a\n# d\nRUN b\n  # e\n'],
    ['a byte order mark', '\ufeffFROM a AS b\nUSER 1000\n'],
    ['no final line break', 'FROM a\nCMD ["x", "y"]'],
    ['line endings of Windows', 'FROM a\r\nRUN b \\\r\n  # c\r\n  && d\r\nUSER  1 \r\n'],
    ['another escape character', '# escape=`\nFROM a\nRUN dir C:\\ `\n  && x\nENV A=C:\\x B=c\n'],
    ['lower case', 'from a as b\nrun x\ncopy --from=b c d\n'],
    [
      'flags',
      'FROM --platform=linux/amd64 a\nRUN --mount=type=cache,target=/x --network=none y --z\nCOPY --from=b --chown=1:1 --link c d\n',
    ],
    ['exec forms', 'FROM a\nENTRYPOINT [ "x" , "y z" ]\nSHELL ["/bin/sh","-c"]\nVOLUME ["/a", "/b"]\nCOPY ["a b", "c"]\nRUN ["x"]\n'],
    ['pairs', `FROM a\nENV A=b C="d e" F='g h' \\\n  # x\n  I=j\\ k\nLABEL "a.b"="c" d=e\nARG X\nARG Y="z"\n`],
    ['heredocs', 'FROM a\nRUN <<E\nUSER x\nE\nCOPY <<-"A" <<B /c\n\tFROM\n\tA\n# b\nB\nUSER 1\n'],
    ['triggers', 'FROM a\nONBUILD COPY --chown=1 a b\nONBUILD ENV A="b c"\nONBUILD CMD ["x"]\n'],
    ['health checks', 'FROM a\nHEALTHCHECK --interval=1s CMD ["x", "y"]\nHEALTHCHECK NONE\n'],
    ['one argument with blanks', 'FROM a\nUSER  a  b\nWORKDIR /a b \nSTOPSIGNAL 9\nMAINTAINER a  <b>\n'],
    ['continuations', 'FROM \\\n  a \\\n  AS \\\n b\nRUN a\\\nb c \\  \n\n  d\n'],
  ])('agree on %s', (_, text) => expect(countDisagreements(parseDockerfile(text))).toBe(0));

  it.each([
    ['a heredoc behind a file descriptor', `FROM a\n${doubtful}\n`, 1],
    ['a bare -- behind flags', 'FROM a\nCOPY --link -- a b\n', 1],
    ['a flag of CMD', 'FROM a\nCMD --x ["a"]\n', 1],
    ['a heredoc without end', 'FROM a\nRUN <<E\nx\n', 1],
    ['escaped quotes of an old ENV', 'FROM a\nENV A b \\"c\\" d\n', 1],
    ['a continuation at the end', 'FROM a\nENV A=b \\\n', 1],
  ])('differ about %s', (_, text, count) => expect(countDisagreements(parseDockerfile(text))).toBe(count));

  it.each([
    ['\n', ''],
    ['\r\n', '\ufeff'],
  ])('agree on the pages of all rules, but for what those name that are about broken files (%j)', (eol, start) => {
    const texts = ruleIds()
      .filter(id => id.startsWith('dockerfile/'))
      .flatMap(id => {
        const { cases } = parsePage(readFileSync(ruleFile(id, '.md'), 'utf8'));
        // a fix with places to fill is a snippet, with signs of its own, and no file yet
        const blocks = cases
          .flatMap(one => one.blocks)
          .filter(({ setup, text }) => setup.language === 'dockerfile' && !/\$\{\d+\}/.test(text));
        return blocks.map(({ text }) => ({ id, model: parseDockerfile(start + text.replaceAll('\n', eol)) }));
      });
    expect(texts.length).toBeGreaterThan(800);
    const differing = texts.filter(({ model }) => countDisagreements(model) !== 0).map(({ id }) => id);
    expect([...new Set(differing)]).toEqual(['dockerfile/invalid-instruction', 'dockerfile/legacy-key-value']);
    expect(differing.length).toBeLessThan(8);
  });
});

describe('a second opinion', () => {
  const ask = (before: string, after: string, origins: readonly (number | null)[]): string | null =>
    askSecondOpinion(parseDockerfile(before), parseDockerfile(after), origins)?.reason ?? null;

  it.each([
    ['agrees', 'FROM a\nRUN b\n', 'FROM a\nRUN c\n', [0, 1], null],
    ['doubts a change', 'FROM a\nRUN b\n', `FROM a\n${doubtful}\n`, [0, 1], 'parsers-disagree'],
    ['doubts a new instruction', 'FROM a\n', `FROM a\n${doubtful}\n`, [0, null], 'parsers-disagree'],
    ['has none where it differed before', `FROM a\n${doubtful}\n`, `FROM a\nUSER 1\n${doubtful}\n`, [0, null, 1], null],
    [
      'has one beside what it differed about',
      `FROM a\n${doubtful}\nRUN b\n`,
      `FROM a\n${doubtful}\n${doubtful}\n`,
      [0, 1, 2],
      'parsers-disagree',
    ],
    [
      'has none of a text over its budget',
      'FROM a\n',
      `FROM a\n${doubtful}\n#${'x'.repeat(budgets.secondOpinionLength)}\n`,
      [0, null],
      null,
    ],
  ] as const)('%s', (_, before, after, origins, reason) => expect(ask(before, after, origins)).toBe(reason));

  it('says what it doubts', () => {
    const refusal = askSecondOpinion(parseDockerfile('FROM a\n'), parseDockerfile(`FROM a\n${doubtful}\n`), [0, null]);
    expect(refusal?.detail).toBe('dockerfile-ast reads instruction 1 (RUN) otherwise');
  });
});

/** Puts something before each `RUN a`, `RUN b` ...: for `a` what the parsers read differently. */
const insertion = defineRule({
  id: 'dockerfile/wants-more',
  title: 'Wants more',
  severity: 'warning',
  category: 'surface',
  profile: 'baseline',
  messages: { found: { text: '{name}' } },
  fixes: { more: { title: 'more', class: 'safe' } },
  on: {
    instruction({ keyword, index, argumentsRange, file }, report) {
      const name = file.text.slice(argumentsRange.start, argumentsRange.end);
      if (keyword !== 'RUN' || name.length > 1 || file.instructions[index - 1]?.keyword !== 'FROM') return;
      const text = name === 'a' ? doubtful : 'USER 1000';
      const fix = report.fix('more', () => [{ type: 'dockerfile.insert', at: 'before', instruction: index, text }]);
      report(argumentsRange, 'found', { name }, fix);
    },
  },
});

describe('a fix that the parsers read differently', () => {
  const text = 'FROM x AS y\nRUN a\nFROM x\nRUN b\n';
  const opened = createEngine([insertion]).open({ path: 'Dockerfile', text });

  it('is dropped in bulk, alone, and listed with the reason', () => {
    const hardened = opened.harden(plainContext());
    expect(hardened.text).toBe('FROM x AS y\nRUN a\nFROM x\nUSER 1000\nRUN b\n');
    expect(hardened.left.map(({ finding, reason }) => [finding.data['name'], reason])).toEqual([['a', 'parsers-disagree']]);
    const said = 'dockerfile/wants-more/found: parsers-disagree (dockerfile-ast reads instruction 1 (RUN) otherwise)';
    expect([...new Set(hardened.log)]).toEqual([said]);
  });

  it('is there for a person to take', () => {
    const [finding] = opened.lint(plainContext()).findings;
    expect(opened.render(finding!, finding!.fixes[0]!).ok).toBe(true);
  });
});

test('where dockerfile-ast gives up it agrees with nothing', () => {
  const { DockerfileParser } = modules('dockerfile-ast') as typeof Ast;
  const parse = vi.spyOn(DockerfileParser, 'parse').mockImplementation(text => {
    throw new Error(text);
  });
  try {
    const [before, after] = [parseDockerfile('FROM a\n'), parseDockerfile('FROM b\n')];
    expect([before, after].map(countDisagreements)).toEqual([1, 1]);
    expect(askSecondOpinion(before, after, [0])).toBe(null);
    expect(askSecondOpinion(before, after, [null])?.reason).toBe('parsers-disagree');
  } finally {
    parse.mockRestore();
  }
});

describe('what asking costs grows with the text', () => {
  it.each<[name: string, make: (n: number) => string, n: number]>([
    ['instructions', n => `FROM a\n${'RUN apt-get update && apt-get install -y curl\n'.repeat(n)}`, 1300],
    ['stages with comments', n => 'FROM a\n# b\n'.repeat(n), 5000],
    ['triggers in triggers', n => `FROM a\n${'ONBUILD '.repeat(n)}RUN x\n`, 7000],
    ['triggers', n => `FROM a\n${'ONBUILD RUN x\n'.repeat(n)}`, 4000],
    ['heredocs', n => `FROM a\n${'RUN <<E\nx\nE\n'.repeat(n)}`, 4000],
    ['flags', n => `FROM a\nCOPY ${'--a=b '.repeat(n)}x y\n`, 10_000],
    ['pairs', n => `FROM a\nENV ${'a="b c" '.repeat(n)}\n`, 6000],
  ])(
    '%s',
    (name, make, n) => {
      expect(make(n).length).toBeLessThan(budgets.secondOpinionLength);
      expectLinear(name, make, text => countDisagreements(parseDockerfile(text)), n);
    },
    120_000,
  );
});
