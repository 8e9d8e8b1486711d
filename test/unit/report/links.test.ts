import { describe, expect, test } from 'vitest';
import { escape } from '../../../shared/src/output/report/markdown';
import { trusted } from '../../../shared/src/output/report/masked-text';
import { markdownReport, sarifReport } from '../../support/reports';
import { fileWith, findingAt, reportOf } from './fake-report';

/** What a report says of a text that quotes something. */
const reportWith = (quoted: string) =>
  reportOf([fileWith('Dockerfile', 'FROM x\n', [findingAt('FROM x\n', 'x', { rule: 'dockerfile/root-user', messageId: 'unset', data: { stage: quoted } })])]); // prettier-ignore

describe('Markdown reports make no links and call nobody', () => {
  test.each([
    ['see @octocat and "@org/team".', 'see `@octocat` and "`@org/team`".'],
    ['https://x.example/a, http://y.example', '`https://x.example/a`, `http://y.example`'],
    ['(www.x.example) WWW.Y.example', '(`www.x.example`) `WWW.Y.example`'],
    ['mail a.b+c@x.example', 'mail `a.b+c@x.example`'],
    ['#12 GH-12 o/r#12 !12 %12', '`#12` `GH-12` `o/r#12` `!12` `%12`'],
    ['at deadbeef1 or 0123456789abcdef0123456789abcdef01234567', 'at `deadbeef1` or `0123456789abcdef0123456789abcdef01234567`'],
    ['nginx@sha256:0123', '`nginx@sha256:0123`'],
    ['a`@x`b', '`` a`@x`b ``'],
    ['a|@x', '`a\\|@x`'],
    ['# *a* [b](c) <d> & ~e~', '\\# \\*a\\* \\[b\\](c) &lt;d&gt; &amp; \\~e\\~'],
    ['port 8080 of C# is 50% of web-1', 'port 8080 of C\\# is 50% of web-1'],
  ])('%j', (text, expected) => {
    expect(escape(trusted(text))).toBe(expected);
  });

  test('in a report', () => {
    const report = markdownReport(reportWith('@octocat www.x.example'));
    expect(report).toContain('`@octocat` `www.x.example`');
  });
});

describe('SARIF messages have no embedded links', () => {
  /** As viewers look for links; they know nothing of escapes. */
  const viewer = /\[([^\]]*)\]\(([^)]+)\)/;
  /** As 3.11.6 of the standard has it: text in which brackets and backslashes are escaped, between brackets that are not. */
  const standard = /(?:^|[^\\])(?:\\\\)*\[(?:[^\\[\]]|\\[\\[\]])*\]\([^)]*\)/;
  const messageOf = (quoted: string): string => {
    const log = JSON.parse(sarifReport(reportWith(quoted))) as { runs: { results: { message: { text: string } }[] }[] };
    return log.runs[0]!.results[0]!.message.text;
  };

  test.each(['[x](command:y)', 'a [b] [c\\](1)', '\\[x](1)', '\\\\[x](1)', '[[x]](https://x.example)', '[](1)', '[x\\]](1)'])(
    '%j',
    quoted => {
      const text = messageOf(quoted);
      expect(text).not.toMatch(viewer);
      expect(text).not.toMatch(standard);
      expect(
        text
          .replace(/\\(?=[\\[\]])/g, '')
          .replaceAll('] (', '](')
          .replaceAll('\\', ''),
      ).toContain(quoted.replaceAll('\\', ''));
    },
  );

  test('other brackets stay as they are', () => {
    expect(messageOf('["CMD", "a"] C:\\x (y)')).toContain('["CMD", "a"] C:\\x (y)');
  });
});
