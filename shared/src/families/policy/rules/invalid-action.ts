import { defineRule, type Report } from '../../../rule/define-rule';
import { suggest } from '../../../base/text/suggest';
import { setValue, removeNode } from '../../../syntax/yaml/operations';
import { isLiteral, mapAt, mapsAt, textAt, textsAt, type TextSpot } from '../model/spots';
import { isVariable } from '../../../syntax/yaml/certainty';
import { rulesOf } from '../model/rules';
import type { PolicyView } from '../model/types';

type OwnReport = Report<'unknown' | 'spelled' | 'twice' | 'together', 'spell' | 'remove'>;

/** Words of other tools for the same. */
const same: Readonly<Record<string, string>> = { deny: 'Enforce', block: 'Enforce', warn: 'Audit', allow: 'Audit', report: 'Audit' };

function checkWord(spot: TextSpot | null, allowed: readonly string[], report: OwnReport): void {
  if (!spot || !isLiteral(spot) || isVariable(spot.text) || allowed.includes(spot.text)) return;
  const lower = spot.text.toLowerCase();
  const found =
    allowed.find(word => word.toLowerCase() === lower) ??
    allowed.find(word => Object.hasOwn(same, lower) && word === same[lower]) ??
    suggest(spot.text, allowed);
  const fix = found != null && report.fix('spell', () => [setValue(spot.path, found)], { data: { word: found } });
  report(
    spot.range,
    found === undefined || found === null ? 'unknown' : 'spelled',
    { word: spot.text, allowed: allowed.join(', '), found: found ?? '' },
    fix,
  );
}

const ruleActions = ['Audit', 'Enforce'];
const specActions = ['Audit', 'Enforce', 'audit', 'enforce'];
const listed = ['Deny', 'Warn', 'Audit'];

function checkKyverno(policy: PolicyView, report: OwnReport): void {
  checkWord(textAt(policy.spec, 'validationFailureAction'), specActions, report);
  for (const each of mapsAt(policy.spec, 'validationFailureActionOverrides')) checkWord(textAt(each, 'action'), specActions, report);
  for (const { at } of rulesOf(policy))
    for (const part of [mapAt(at, 'validate'), ...mapsAt(at, 'verifyImages')]) {
      checkWord(textAt(part, 'failureAction'), ruleActions, report);
      for (const each of mapsAt(part, 'failureActionOverrides')) checkWord(textAt(each, 'action'), ruleActions, report);
    }
}

function checkList(policy: PolicyView, report: OwnReport): void {
  const spots = textsAt(policy.spec, 'validationActions');
  spots.forEach((spot, i) => {
    checkWord(spot, listed, report);
    const fix = report.fix('remove', () => [removeNode(spot.path)], { data: { word: spot.text } });
    if (spots.findIndex(({ text }) => text === spot.text) < i) report(spot.range, 'twice', { word: spot.text }, fix);
    else if (policy.is === 'ValidatingAdmissionPolicyBinding' && spot.text === 'Warn' && spots.some(({ text }) => text === 'Deny'))
      report(spot.range, 'together', {}, fix);
  });
}

export const rule = defineRule({
  id: 'policy/invalid-action',
  title: 'Action value that does not exist or cannot be combined',
  severity: 'error',
  category: 'correctness',
  profile: 'baseline',
  references: {
    links: ['https://kubernetes.io/docs/reference/access-authn-authz/validating-admission-policy/#validation-actions'],
  },
  messages: {
    unknown: { text: '{object} is rejected: "{word}" is not an action; use one of {allowed}' },
    spelled: { text: '{object} is rejected: "{word}" is not an action, but {found} is' },
    twice: { text: '{object} is rejected: {word} is listed twice' },
    together: { text: '{object} is rejected: Warn and Deny cannot be combined, since both report the same violation' },
  },
  fixes: { spell: { title: 'Replace with {word}', class: 'review' }, remove: { title: 'Remove {word}', class: 'review' } },
  on: {
    policy(policy, report) {
      if (policy.is === 'ClusterPolicy') checkKyverno(policy, report);
      else if (policy.is === 'ClusterImagePolicy') {
        checkWord(textAt(policy.spec, 'mode'), ['enforce', 'warn'], report);
        for (const each of mapsAt(policy.spec, 'authorities')) checkWord(textAt(mapAt(each, 'static'), 'action'), ['pass', 'fail'], report);
      } else if (
        policy.is === 'ValidatingPolicy' ||
        policy.is === 'ImageValidatingPolicy' ||
        policy.is === 'ValidatingAdmissionPolicyBinding'
      )
        checkList(policy, report);
    },
  },
});
