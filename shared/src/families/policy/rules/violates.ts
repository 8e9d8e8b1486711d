import { borrows, defineRule, excepted, type Attachment, type RuleContext } from '../../../rule/define-rule';
import { policyException } from '../../../rule/finding/violation';
import { removeNode, setValue } from '../../../syntax/yaml/operations';
import { tooDeep, tooMuch } from '../../../syntax/yaml/data';
import { mayChange } from '../../../syntax/yaml/certainty';
import { rangeOfField } from '../../../syntax/yaml/field-range';
import { nodeAt } from '../../../syntax/yaml/lookup';
import { checkText, judge, type Policy } from '../judge/policies';
import { missingFor, policiesFor } from '../judge/workspace';
import { changesNamed, concern } from '../judge/changed';
import { changeFor, triesOn } from '../judge/remedy';
import { subjectOf } from '../judge/subject-of';

/** What a policy says is one line. */
const line = (text: string): string => text.replace(/\s+/g, ' ').trim().replace(/\.$/, '');

const messages = { deny: 'refused', warn: 'warned', audit: 'audited' } as const;

/** Steps for all policies and all objects of a file: twenty-five checks at the bound of one. */
const mostOfFile = 5_000_000;

/** What is known of the policies in one file. */
interface Spent {
  readonly allowance: { left: number };
  /** Those of which is said that they are asked no more. */
  readonly stopped: Set<Policy>;
}

/** A file has one context for a rule without options. */
const spent = new WeakMap<RuleContext, Spent>();

function spentIn(context: RuleContext): Spent {
  let found = spent.get(context);
  if (!found) spent.set(context, (found = { allowance: { left: mostOfFile }, stopped: new Set() }));
  return found;
}

const isBound = (reason: string | null | undefined): reason is string => reason === tooMuch || reason === tooDeep;

export const rule = defineRule({
  id: 'policy/violates',
  title: 'Object that violates a policy in the workspace',
  severity: 'error',
  category: 'correctness',
  profile: 'baseline',
  isOfRepository: true,
  references: {
    nist800190: ['3.3.5', '4.3.5'],
    cwe: ['CWE-693'],
    links: [
      'https://kyverno.io/docs/policy-types/cluster-policy/validate/',
      'https://kubernetes.io/docs/reference/access-authn-authz/validating-admission-policy/',
    ],
  },
  messages: {
    refused: { text: '{object} is rejected by {policy}: {said}' },
    failed: { text: '{object} is rejected by {policy}, which cannot be evaluated for it: {said}' },
    warned: { text: '{object} violates {policy}, which warns: {said}', severity: 'warning' },
    audited: { text: '{object} violates {policy}, which only reports the violation: {said}', severity: 'info' },
    unjudged: { text: 'Objects here are not checked against {object} until they reach the cluster: {missing}', severity: 'hint' },
    costly: { text: '{object} and the objects after it are not checked against {policy}: {missing}', severity: 'info' },
    policy: { text: 'The policy' },
  },
  fixes: {
    set: { title: 'Set {key} as {policy} requires', class: 'attended' },
    together: { title: 'Satisfy {policy} by applying the fixes of other rules', class: 'attended' },
    remove: { title: 'Remove {key}, which {policy} does not allow', class: 'attended' },
  },
  on: {
    admitted(view, report, context) {
      const { workspace, path } = context;
      const policies = policiesFor(workspace.policyTexts(), path);
      if (policies.length === 0) return;
      const { allowance, stopped } = spentIn(context);
      const subject = subjectOf(view, path, workspace, allowance);
      const tries = triesOn(subject, view.path);
      for (const outcome of policies.flatMap(policy => (stopped.has(policy) ? [] : judge(policy, subject)))) {
        const { fact } = outcome.policy;
        const name = `${fact.of} "${fact.name}"`;
        if (outcome.is === 'unknown' && isBound(outcome.reason) && outcome.excepted === undefined && !stopped.has(outcome.policy)) {
          stopped.add(outcome.policy);
          report(
            view.reportRange,
            'costly',
            { policy: name, missing: outcome.reason },
            report.related(fact.range, 'policy', {}, fact.path),
          );
        }
        const isError = outcome.is === 'error' && outcome.blocks === true && outcome.action === 'deny';
        if (outcome.is !== 'fail' && !isError) continue;
        const field = [...view.path, ...outcome.path];
        if (outcome.path.length > 0 && mayChange(nodeAt(view.document, field))) continue;
        const extras = { data: { policy: name, key: String(outcome.path.at(-1) ?? '') }, careful: true as const };
        const wanted = (): Attachment | null => {
          const change = changeFor(outcome, subject);
          if (!change) return null;
          const place = [...view.path, ...change.path];
          const { value } = change;
          return value === undefined
            ? report.fix('remove', () => [removeNode(place)], extras)
            : report.fix('set', () => [setValue(place, value)], extras);
        };
        const said = line(outcome.message) || `rule "${outcome.rule ?? ''}"`;
        report(
          rangeOfField(view, outcome.path),
          isError ? 'failed' : messages[outcome.action],
          // a rule may be broken in several places, one after the other
          { policy: name, said, at: outcome.path.join('/') },
          borrows(
            {
              concerns: operations => concern(operations, field),
              names: operations => changesNamed(operations, checkText(outcome.policy)),
              satisfies: fixes => tries(outcome, fixes),
            },
            report.fix('together', () => [], extras),
            wanted,
          ),
          report.related(fact.range, 'policy', {}, fact.path),
          outcome.excepted !== undefined && excepted(policyException(outcome.excepted)),
        );
      }
    },
    policy(policy, report, { workspace, path }) {
      const missing = workspace.complete && workspace.workloads().length > 0 ? missingFor(policy, path, workspace) : [];
      if (missing.length > 0) report(policy.reportRange, 'unjudged', { missing: missing.join(', ') });
    },
  },
});
