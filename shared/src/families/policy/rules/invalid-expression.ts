import { defineRule } from '../../../rule/define-rule';
import type { Range } from '../../../base/text/range';
import { editText } from '../../../syntax/yaml/operations';
import type { YamlDocument } from '../../../syntax/yaml/types';
import { foreign, parseCel } from '../../../syntax/cel/parse';
import { placeInScalar } from '../../../syntax/cel/place';
import { celNodes } from '../../../syntax/cel/walk';
import { parsed } from '../model/expressions';
import type { TextSpot } from '../model/spots';

/** How many variables of one expression are reported. */
const mostSaid = 20;

/** The operators of other languages in an expression, each with what it is here; none where something else is wrong with it, too. */
function mended(text: string): readonly { readonly range: Range; readonly text: string }[] {
  const edits: { range: Range; text: string }[] = [];
  for (let [now, shift] = [text, 0]; edits.length < mostSaid;) {
    const { tree, problem } = parseCel(now);
    if (tree) return edits;
    if (!problem || problem.instead === null) return [];
    const { start, end } = problem.range;
    edits.push({ range: { start: start + shift, end: end + shift }, text: problem.instead });
    now = now.slice(0, start) + problem.instead + now.slice(end);
    shift += end - start - problem.instead.length;
  }
  return [];
}

/** The bracket that is missing at the end of an expression, where nothing else is wrong with it. */
function closing(
  document: YamlDocument,
  { text, node }: TextSpot,
  bracket: string,
): { readonly range: Range; readonly text: string } | null {
  const trimmed = text.trimEnd();
  if (!parseCel(trimmed + bracket).tree) return null;
  const { start, end } = placeInScalar(document, node, { start: trimmed.length - 1, end: trimmed.length });
  return end - start === 1 ? { range: { start, end }, text: document.text.slice(start, end) + bracket } : null;
}

export const rule = defineRule({
  id: 'policy/invalid-expression',
  title: 'CEL expression that does not parse',
  severity: 'error',
  category: 'correctness',
  profile: 'baseline',
  references: { links: ['https://kubernetes.io/docs/reference/using-api/cel/'] },
  messages: {
    empty: { text: '{object} is rejected: the expression is empty' },
    unexpected: { text: '{object} is rejected: "{found}" is not allowed here' },
    end: { text: '{object} is rejected: the expression is incomplete' },
    text: { text: '{object} is rejected: the string is not closed or has an invalid escape' },
    close: { text: '{object} is rejected: this bracket has no matching "{found}"' },
    operator: { text: '{object} is rejected: "{found}" is not an operator; use {instead}' },
    reserved: { text: '{object} is rejected: "{found}" is a reserved word' },
    macro: { text: '{object} is rejected: {found}() takes different arguments' },
    unknown: { text: '{object} is rejected: no variable is called "{name}"' },
    later: { text: '{object} is rejected: the variable "{name}" is declared further down' },
  },
  fixes: {
    operator: { title: 'Replace with {instead}', class: 'review' },
    close: { title: 'Add the missing {found} at the end', class: 'review' },
  },
  on: {
    expression(expression, report) {
      const { spot, policy, declares } = expression;
      const { tree, problem } = parsed(expression);
      const place = (range: { start: number; end: number }): { start: number; end: number } =>
        placeInScalar(policy.document, spot.node, range);
      if (problem) {
        const { id, found, instead } = problem;
        const range = place(problem.range);
        const edits = instead === null ? [] : mended(spot.text).map(each => ({ range: place(each.range), text: each.text }));
        const isExact = edits.every(({ range: { start, end } }) => Object.hasOwn(foreign, policy.document.text.slice(start, end)));
        const fix =
          edits.length > 0 && isExact && report.fix('operator', () => [editText(spot.path, edits)], { data: { instead: instead! } });
        const closed = id === 'close' ? closing(policy.document, spot, found) : null;
        const close = closed && report.fix('close', () => [editText(spot.path, [closed])], { data: { found } });
        report(range, id === 'unexpected' && found === '' ? 'end' : id, { found, instead: instead ?? '' }, fix, close);
      }
      const said = new Set<string>();
      for (const node of tree && declares ? celNodes(tree) : []) {
        if (node.is !== 'select' || node.of.is !== 'name' || node.of.name !== 'variables' || node.optional) continue;
        const declared = declares!(node.name);
        // each name once, and not more than anybody would mend: a place is found by a walk through the text
        if (declared === true || said.has(node.name) || said.size >= mostSaid) continue;
        said.add(node.name);
        report(place(node.nameRange), declared === undefined ? 'unknown' : 'later', { name: node.name });
      }
    },
  },
});
