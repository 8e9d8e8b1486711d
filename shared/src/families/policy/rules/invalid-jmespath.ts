import { defineRule, type Report } from '../../../rule/define-rule';
import type { Range } from '../../../base/text/range';
import { suggest } from '../../../base/text/suggest';
import { setValue } from '../../../syntax/yaml/operations';
import { placeInScalar } from '../../../syntax/cel/place';
import { jmesPathFunctions } from '../../../syntax/jmespath/names';
import { parseJmesPath, variablesIn } from '../../../syntax/jmespath/parse';
import { filtersOf } from '../model/matches';
import { flagAt, has, keyRange, type TextSpot } from '../model/spots';
import { sectionOf, textsWithVariables, undefinedName } from '../model/variables';
import type { PolicyView, RuleView } from '../model/types';

type OwnReport = Report<'syntax' | 'end' | 'open' | 'function' | 'background' | 'accounts' | 'place' | 'undefined', 'foreground'>;

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

/** Whether a policy looks at what is there already, which it does where nothing else is said; `null`: that is filled in later. */
function isScanned({ spec, complete }: PolicyView): boolean {
  return flagAt(spec, 'background', true) !== null || (complete && spec !== null && !has(spec, 'background'));
}

function foreground({ spec }: PolicyView, report: OwnReport): ReturnType<OwnReport['fix']> | false {
  return (
    spec !== null &&
    report.fix('foreground', () => [setValue([...spec.path, 'background'], false, has(spec, 'background') ? undefined : null)])
  );
}

function checkText(rule: RuleView, spot: TextSpot, isExpression: boolean, report: OwnReport): void {
  const { policy } = rule;
  const { variables, open } = variablesIn(spot.text);
  const at = (start: number) => (range: Range) =>
    placeInScalar(policy.document, spot.node, { start: start + range.start, end: start + range.end });
  if (open !== null) report(at(open)({ start: 0, end: 2 }), 'open');
  const section = variables.length > 0 ? sectionOf(rule, spot.path) : null;
  if (section !== null) return report(at(variables.at(-1)!.range.start - 2)({ start: 0, end: 2 }), 'place', { section });
  for (const { text, range } of variables.slice(0, mostRead)) {
    checkExpression(text, at(range.start), report);
    const word = text.trim();
    const start = text.indexOf(word);
    const place = (length: number): Range => at(range.start)({ start, end: start + length });
    if (ofRequest.test(text) && isScanned(policy)) report(place(word.length), 'background', { found: word }, foreground(policy, report));
    const name = undefinedName(rule, spot, word);
    if (name !== null) report(place(name.length), 'undefined', { found: name });
  }
  if (isExpression && open === null) {
    const masked = variables.reduce(
      (text, { range }) => text.slice(0, range.start - 2) + 'x'.repeat(range.end - range.start + 4) + text.slice(range.end + 2),
      spot.text,
    );
    checkExpression(masked, at(0), report);
  }
}

/** Whom a filter is about, which nobody knows of what is there already. */
const accounts = ['subjects', 'roles', 'clusterRoles'];

function checkAccounts(rule: RuleView, report: OwnReport): void {
  if (!isScanned(rule.policy)) return;
  for (const filter of [...filtersOf(rule, 'match'), ...filtersOf(rule, 'exclude')])
    for (const key of accounts) {
      const range = keyRange(filter, key);
      if (range) return report(range, 'accounts', { key }, foreground(rule.policy, report));
    }
}

export const rule = defineRule({
  id: 'policy/invalid-jmespath',
  title: 'JMESPath expression that does not parse',
  severity: 'error',
  category: 'correctness',
  profile: 'baseline',
  references: { links: ['https://kyverno.io/docs/policy-types/cluster-policy/jmespath/'] },
  messages: {
    syntax: { text: '{object} is rejected: "{found}" is not allowed here' },
    end: { text: '{object} is rejected: the expression is incomplete' },
    open: { text: 'The variable is not closed: Kyverno treats it as plain text', severity: 'warning', profile: 'recommended' },
    function: { text: '{object} is rejected: no function is called {found}; did you mean {near}?' },
    background: { text: '{object} is rejected: {found} is not available in background scans' },
    accounts: { text: '{object} is rejected: {key} are not available in background scans' },
    place: { text: '{object} is rejected: variables are not allowed in {section}' },
    undefined: { text: "{object} is rejected: {found} is not defined in the rule's context" },
  },
  fixes: { foreground: { title: 'Set background: false', class: 'review' } },
  on: {
    rule(rule, report) {
      checkAccounts(rule, report);
      for (const { spot, isExpression } of textsWithVariables(rule)) checkText(rule, spot, isExpression, report);
    },
  },
});
