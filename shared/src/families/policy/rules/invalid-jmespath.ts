import { defineRule, type Report } from '../../../rule/define-rule';
import type { Range } from '../../../text/range';
import { suggest } from '../../../text/suggest';
import { setValue } from '../../../yaml/operations';
import { placeInScalar } from '../model/cel/place';
import { jmesPathFunctions } from '../model/jmespath-functions';
import { parseJmesPath, variablesIn } from '../model/jmespath';
import { flagAt, has, type TextSpot } from '../model/spots';
import { textsWithVariables } from '../model/variables';
import type { RuleView } from '../model/types';

type OwnReport = Report<'syntax' | 'end' | 'open' | 'function' | 'background', 'foreground'>;

function checkExpression(expression: string, place: (range: Range) => Range, report: OwnReport): void {
  const { problem, calls } = parseJmesPath(expression);
  if (problem) report(place(problem.range), problem.found === '' ? 'end' : 'syntax', { found: problem.found });
  for (const { name, range } of calls) {
    const near = jmesPathFunctions.has(name) ? null : suggest(name, jmesPathFunctions);
    if (near !== null) report(place(range), 'function', { found: name, near });
  }
}

/** How many variables of one text are read: the place of each mistake is found by a walk through the text. */
const mostRead = 100;

/** What only a request knows: nobody asks for what is scanned in the background. */
const ofRequest = /^\s*(?:request\.(?:userInfo|roles|clusterRoles)\b|serviceAccount(?:Name|Namespace)\b)/;

function checkText({ policy }: RuleView, spot: TextSpot, isExpression: boolean, report: OwnReport): void {
  const { variables, open } = variablesIn(spot.text);
  const at = (start: number) => (range: Range) =>
    placeInScalar(policy.document, spot.node, { start: start + range.start, end: start + range.end });
  if (open !== null) report(at(open)({ start: 0, end: 2 }), 'open');
  const { spec } = policy;
  const isScanned = policy.complete && !flagAt(spec, 'background', false) && !flagAt(spec, 'background', true);
  for (const { text, range } of variables.slice(0, mostRead)) {
    checkExpression(text, at(range.start), report);
    if (!ofRequest.test(text) || !spec || !(isScanned || flagAt(spec, 'background', true))) continue;
    const fix = report.fix('foreground', () => [setValue([...spec.path, 'background'], false, has(spec, 'background') ? undefined : null)]);
    const word = text.trim();
    const start = text.indexOf(word);
    report(at(range.start)({ start, end: start + word.length }), 'background', { found: word }, fix);
  }
  if (isExpression && open === null) {
    const masked = variables.reduce(
      (text, { range }) => text.slice(0, range.start - 2) + 'x'.repeat(range.end - range.start + 4) + text.slice(range.end + 2),
      spot.text,
    );
    checkExpression(masked, at(0), report);
  }
}

export const rule = defineRule({
  id: 'policy/invalid-jmespath',
  title: 'JMESPath that does not parse',
  severity: 'error',
  category: 'correctness',
  profile: 'baseline',
  references: { links: ['https://kyverno.io/docs/policy-types/cluster-policy/jmespath/'] },
  messages: {
    syntax: { text: '{object} is refused: "{found}" cannot stand here' },
    end: { text: '{object} is refused: the expression ends in the middle' },
    open: { text: 'The variable is not closed: Kyverno takes it for text', severity: 'warning', profile: 'recommended' },
    function: { text: '{object} is refused: there is no function {found}, is it {near}?' },
    background: { text: '{object} is refused: {found} is not known in background scans' },
  },
  fixes: { foreground: { title: 'Do not scan what is there already', class: 'review' } },
  on: {
    rule(rule, report) {
      for (const { spot, isExpression } of textsWithVariables(rule)) checkText(rule, spot, isExpression, report);
    },
  },
});
