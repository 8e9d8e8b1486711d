import type { Range } from '../../../base/text/range';
import type { YamlDocument, YamlNode, YamlProblem } from '../../../syntax/yaml/types';
import { firstUnclosed } from '../../../syntax/yaml/closing';
import { problemPlace } from '../../../syntax/yaml/problem-place';
import { defineRule, noFix } from '../../../rule/define-rule';

const messageOf: Readonly<Record<string, 'tab' | 'character' | 'alias' | 'twice'>> = {
  TAB_AS_INDENT: 'tab',
  BAD_SCALAR_START: 'character',
  UNKNOWN_ALIAS: 'alias',
  DUPLICATE_KEY: 'twice',
};

/** The tab that indents a comment outside of brackets, which that parser takes for a token of its own. */
function tabbedComment({ text, comments, root }: YamlDocument): Range | null {
  for (const { range } of comments) {
    const line = text.lastIndexOf('\n', range.start) + 1;
    if (text[line] === '\t' && /^[ \t]*$/.test(text.slice(line, range.start)) && !isInFlow(root, line))
      return { start: line, end: line + 1 };
  }
  return null;
}

/** The first alias before an offset that is a key with the colon right after it, as Kubernetes' parser (libyaml's grammar) reads it, and YAML 1.2 does not. */
function gluedAlias(text: string, before: number): Range | null {
  const [, indent = '', name = ''] =
    /^([ -]{0,200})(\*[\w-]{1,100}:)(?:[ \t]{1,100}#.*|[ \t\r]{0,100})$/m.exec(text.slice(0, before)) ?? [];
  if (name === '') return null;
  const start = text.indexOf(`${indent}${name}`) + indent.length;
  return { start, end: start + name.length };
}

function isInFlow(node: YamlNode | null, offset: number): boolean {
  if (!node || node.kind === 'scalar' || node.kind === 'alias' || offset < node.range.start || node.range.end <= offset) return false;
  if (node.flow) return true;
  return node.kind === 'map' ? node.entries.some(({ value }) => isInFlow(value, offset)) : node.items.some(item => isInFlow(item, offset));
}

export const rule = defineRule({
  id: 'kubernetes/invalid-yaml',
  title: 'YAML that Kubernetes cannot read',
  severity: 'error',
  category: 'correctness',
  profile: 'baseline',
  references: { cwe: ['CWE-710'] },
  messages: {
    structure: { text: 'Kubernetes cannot read this document: the indentation or a character here is wrong' },
    tab: { text: 'Kubernetes cannot read this document: YAML cannot be indented with tabs' },
    character: { text: 'Kubernetes cannot read this document: an unquoted value cannot start with "{character}"' },
    alias: { text: 'Kubernetes cannot read this document: no anchor with this name precedes the alias' },
    open: { text: 'Kubernetes cannot read this document: the quote or bracket opened here is never closed' },
    glued: {
      text: 'YAML 1.2 parsers treat the colon as part of the alias name and cannot read this document: put a space before the colon',
      severity: 'hint',
    },
    twice: {
      text: 'Key "{key}" occurs twice in its map: strict validation rejects this; otherwise, the last one wins',
      severity: 'warning',
    },
  },
  on: {
    document({ document }, report) {
      const { text, problems, templated } = document;
      // of a template nobody reads more than what comes out of it
      if (templated || text.includes('{%')) return;
      const tab = problems.length === 0 && text.includes('\n\t') ? tabbedComment(document) : null;
      if (tab) return report(tab, 'tab', {}, noFix('manual'));
      if (problems.length === 0) return;
      const tell = ({ range, code }: YamlProblem): void => {
        const place = problemPlace(text, range);
        const word = text.slice(place.start, place.end);
        report(place, messageOf[code] ?? 'structure', { character: word.charAt(0), key: word }, noFix('manual'));
      };
      const broken = problems.find(({ code }) => code !== 'DUPLICATE_KEY');
      const unclosed = firstUnclosed(document);
      // what follows the first error is guessed; so is what our parser alone objects to
      if (unclosed && broken === unclosed.problem) {
        const { start } = unclosed;
        return start === null ? undefined : report({ start, end: start + 1 }, 'open', {}, noFix('manual'));
      }
      const glued = broken && gluedAlias(text, broken.range.start);
      if (glued) return report(glued, 'glued', {}, noFix('manual'));
      if (broken) return tell(broken);
      problems.forEach(tell);
    },
  },
});
