import type { Range } from '../../../text/range';
import type { YamlProblem } from '../../../yaml/types';
import { defineRule, noFix } from '../../../rule/define-rule';

/** What the parser of Kubernetes takes although YAML forbids it: flow collections and quoted text that are less indented than their key. */
const tolerated = /^Flow (?:map|sequence|collection)|^Missing closing ['"]quote/;

const messageOf: Readonly<Record<string, 'tab' | 'character' | 'alias' | 'twice'>> = {
  TAB_AS_INDENT: 'tab',
  BAD_SCALAR_START: 'character',
  UNKNOWN_ALIAS: 'alias',
  DUPLICATE_KEY: 'twice',
};

/** The place of a problem, or of the word behind it where it is reported at blanks and comments. */
function placeOf(text: string, { start, end }: Range): Range {
  let at = start;
  while (at < text.length && ' \t\r\n#'.includes(text.charAt(at))) {
    const feed = text.charAt(at) === '#' ? text.indexOf('\n', at) : at;
    at = feed < 0 ? text.length : feed + 1;
  }
  if (at < end || at === text.length)
    return { start: Math.min(at, Math.max(text.length - 1, 0)), end: Math.min(Math.max(at + 1, firstLineEnd(text, at, end)), text.length) };
  let stop = at;
  while (stop < text.length && !' \t\r\n'.includes(text.charAt(stop))) stop++;
  return { start: at, end: stop };
}

function firstLineEnd(text: string, at: number, end: number): number {
  const feed = text.indexOf('\n', at);
  return feed < 0 ? end : Math.min(feed - (text[feed - 1] === '\r' ? 1 : 0), end);
}

export const rule = defineRule({
  id: 'kubernetes/invalid-yaml',
  title: 'YAML that Kubernetes cannot read',
  severity: 'error',
  category: 'correctness',
  profile: 'baseline',
  references: { cwe: ['CWE-710'] },
  messages: {
    structure: { text: 'Kubernetes cannot read this document: the indentation or a sign here is wrong' },
    tab: { text: 'Kubernetes cannot read this document: a tab does not indent YAML' },
    character: { text: 'Kubernetes cannot read this document: "{character}" starts no value without quotes' },
    alias: { text: 'Kubernetes cannot read this document: no anchor of this name precedes the alias' },
    twice: { text: 'Key "{key}" occurs twice in its map: strict validation refuses that, and else the last one wins', severity: 'warning' },
  },
  on: {
    document({ document }, report) {
      const { text, problems, templated } = document;
      // of a template nobody reads more than what comes out of it
      if (problems.length === 0 || templated || text.includes('{%') || problems.some(({ message }) => tolerated.test(message))) return;
      const tell = ({ range, code }: YamlProblem): void => {
        const place = placeOf(text, range);
        const word = text.slice(place.start, place.end);
        report(place, messageOf[code] ?? 'structure', { character: word.charAt(0), key: word }, noFix('manual'));
      };
      const broken = problems.find(({ code }) => code !== 'DUPLICATE_KEY');
      // what follows the first error is guessed
      if (broken) return tell(broken);
      problems.forEach(tell);
    },
  },
});
