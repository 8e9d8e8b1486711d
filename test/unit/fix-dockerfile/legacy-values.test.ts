import { describe, expect, test } from 'vitest';
import { createEngine } from '../../../shared/src/engine/create-engine';
import { parseDockerfile } from '../../../shared/src/families/dockerfile/model/parse';
import type { Finding } from '../../../shared/src/rule/finding/types';
import { rule as maintainer } from '../../../shared/src/families/dockerfile/rules/deprecated-maintainer';
import { rule as legacy } from '../../../shared/src/families/dockerfile/rules/legacy-key-value';
import { applyEdits } from '../../../shared/src/base/text/edits';
import { plainContext } from '../../../tools/lint-context';
import { askBuildkit, hasBuildkit, noBuildkit, refusalsOf, type OracleFile } from '../../support/buildkit';
import { fc } from '../../support/property';

if (!hasBuildkit) console.log(noBuildkit('what BuildKit reads of old forms before and after their fix'));

const engine = createEngine([legacy, maintainer]);

/** A file with the fix of each finding applied, one file for each. */
function fixed(text: string): readonly { readonly finding: Finding; readonly text: string }[] {
  const opened = engine.open({ path: 'Dockerfile', text });
  return opened.lint(plainContext()).findings.flatMap(finding =>
    finding.fixes.slice(0, 1).flatMap(fix => {
      const rendered = opened.render(finding, fix);
      return rendered.ok ? [{ finding, text: applyEdits(text, rendered.edits) }] : [];
    }),
  );
}

/** What the pairs of a file say, as our own model reads them; `null` where a variable is not known or a word is malformed. */
function valuesOf(text: string): readonly (string | null)[] {
  const { instructions } = parseDockerfile(text);
  return instructions.flatMap(i => i.pairs.flatMap(({ name, value }) => [name, value && i.file.expand(value, i)]));
}

/** One instruction of the old forms: blanks, quotes, escapes, variables, continuations and comments wherever they can stand. */
const line = (escape: string): fc.Arbitrary<string> => {
  const word = fc.constantFrom(
    ...['b', 'c=d', '=', '= b', '=b', '"x y"', "'x y'", '"a$V"', "'$V'", '$V', '${V}x', '${U:-u v}', '$$', '5$', '""', "''", "it's"],
    ...[
      `a${escape} b`,
      `${escape}"q${escape}"`,
      `${escape}$V`,
      `${escape}${escape}`,
      'C:\\Files\\x',
      '#no',
      'é',
      '<a@example.com>',
      '"a" "b"',
    ],
  );
  const gap = fc.constantFrom(' ', '  ', '\t', ` ${escape}\n  `, `${escape}\n `, ` ${escape}\n# why\n  `);
  const keyword = fc.constantFrom('ENV A', 'LABEL a.b', 'ENV "A"', 'env A', 'MAINTAINER', 'LABEL "a.b"', 'ONBUILD ENV A');
  return fc
    .tuple(keyword, fc.array(fc.tuple(gap, word), { minLength: 1, maxLength: 4 }))
    .map(([first, rest]) => `${first}${rest.map(([blank, text]) => `${blank}${text}`).join('')}`);
};

const files = fc
  .constantFrom('\\', '`')
  .chain(escape => line(escape).map(text => `${escape === '`' ? '# escape=`\n' : ''}FROM a\nENV V="v w"\n${text}\nRUN x\n`));

describe('a fix of an old form', () => {
  /** Files before and after a fix. */
  const kept: [string, string][] = [];
  const closed: [string, string][] = [];
  test('keeps the values, as our own model reads them, but for an equals sign that became part of one', () => {
    fc.assert(
      fc.property(files, text => {
        for (const { finding, text: after } of fixed(text)) {
          (finding.messageId === 'spaced' ? closed : kept).push([text, after]);
          expect(finding.fixes[0]!.class).toBe(
            finding.messageId === 'spaced' ? 'review' : finding.severity === 'warning' ? 'attended' : 'safe',
          );
          if (finding.messageId === 'legacy') expect({ after, values: valuesOf(after) }).toEqual({ after, values: valuesOf(text) });
        }
      }),
      { numRuns: 4000 },
    );
    expect(kept.length).toBeGreaterThan(1000);
    expect(closed.length).toBeGreaterThan(100);
  });

  const valuesIn = ({ nodes }: OracleFile): readonly string[] => (nodes ?? []).flatMap(node => node.values ?? []);

  test.skipIf(!hasBuildkit)('keeps the values, as BuildKit reads them', () => {
    const before = askBuildkit(kept.map(([text]) => text));
    const after = askBuildkit(kept.map(([, text]) => text));
    let taken = 0;
    kept.forEach(([text, changed], i) => {
      // an escape at the end of a line may make an instruction of the next one
      if (refusalsOf(before[i]!).length > 0) return;
      expect({ changed, refused: refusalsOf(after[i]!) }).toEqual({ changed, refused: [] });
      taken++;
      const was = valuesIn(before[i]!);
      // of a name that stands in quotes as a whole the quotes go
      const author = was[2]?.replace(/^"([^"\\`$]*)"$|^'([^'"\\`$]*)'$/, '$1$2') ?? '';
      const expected = /^MAINTAINER/m.test(text) ? [...was.slice(0, 2), 'org.opencontainers.image.authors', author] : was;
      expect({ text, changed, values: valuesIn(after[i]!) }).toEqual({ text, changed, values: expected });
    });
    expect(taken).toBeGreaterThan(1000);
  });

  test.skipIf(!hasBuildkit)('leaves nothing that BuildKit refuses, nor an equals sign in front of a value', () => {
    const before = askBuildkit(closed.map(([text]) => text));
    askBuildkit(closed.map(([, text]) => text)).forEach((file, i) => {
      if (refusalsOf(before[i]!).length > 0) return;
      const [text, changed] = closed[i]!;
      expect({ text, changed, refused: refusalsOf(file) }).toEqual({ text, changed, refused: [] });
      expect({ text, changed, values: valuesIn(file).filter(value => value.startsWith('=')) }).toEqual({ text, changed, values: [] });
    });
  });
});
