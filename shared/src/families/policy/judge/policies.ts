import { keeping } from '../../../base/text/automaton';
import { dataOf, NotKnown } from '../../../syntax/yaml/data';
import { parseDocument } from '../../../syntax/yaml/parse';
import { isObject, jsonText, type Json } from '../../../syntax/jmespath/values';
import { isPolicyText, type PolicyTextFact } from '../../../workspace/admission-facts';
import { and, or, type Reach } from '../model/reach';
import { judgeAdmission, judgeValidating } from './admission';
import { judgeKyverno } from './kyverno';
import { isTaken } from './match';
import { conditionsHold } from './conditions';
import { createContext } from './context';
import { dig, mapsIn, textIn, textsIn, type Subject } from './subject';
import { createBudget, matchesGlob, type Excepted, type Outcome } from './types';

type Data = ReadonlyMap<string, Json>;

/** A policy that is judged by, with what belongs to it. */
export interface Policy {
  readonly fact: PolicyTextFact;
  /** `null`: it is too long, or does not parse. */
  readonly data: Data | null;
  readonly bindings: readonly Data[];
  readonly exceptions: readonly Data[];
}

/** What becomes of an object under a policy. */
export interface Judged extends Outcome {
  readonly policy: Policy;
}

/** Data of a text, kept as long as it is the same: policies are few, and objects many. */
const dataIn = keeping((text: string): Json => {
  const document = parseDocument(text);
  return dataOf(document, document.root, [], { whole: false, literal: true });
});

function readData({ text, at }: PolicyTextFact): Data | null {
  const found =
    text === null
      ? undefined
      : at.reduce<Json | undefined>(
          (value, step) => (Array.isArray(value) ? (value as readonly Json[])[Number(step)] : dig(value, String(step))),
          dataIn(text),
        );
  return found !== undefined && isObject(found) ? (found as Data) : null;
}

/** Policies from the texts of a workspace. */
export function readPolicies(facts: readonly PolicyTextFact[]): readonly Policy[] {
  const all = facts.map(fact => ({ fact, data: readData(fact) }));
  const ofKind = (kind: string): readonly Data[] => all.flatMap(({ fact, data }) => (fact.of === kind && data ? [data] : []));
  const bindings = ofKind('ValidatingAdmissionPolicyBinding');
  const exceptions = ofKind('PolicyException');
  return all.flatMap(({ fact, data }): readonly Policy[] => {
    if (!isPolicyText(fact)) return [];
    const local =
      fact.of === 'ValidatingAdmissionPolicy' ? bindings.filter(binding => textIn(dig(binding, 'spec', 'policyName')) === fact.name) : [];
    return [{ fact, data, bindings: local, exceptions }];
  });
}

const checkTexts = new WeakMap<Data, string>();

/** What a policy checks, without what it takes, as text. */
export function checkText({ data }: Policy): string {
  if (!data) return '';
  let text = checkTexts.get(data);
  if (text === undefined) {
    const spec = data.get('spec');
    const checks = [...mapsIn(dig(spec, 'rules')).map(rule => rule.get('validate')), dig(spec, 'validations'), dig(spec, 'variables')];
    checkTexts.set(data, (text = jsonText(checks.map(each => each ?? null))));
  }
  return text;
}

/** What exceptions of Kyverno say of an object under a rule of a policy: whether one leaves it alone, and its name. */
function exceptionFor({ fact, data, exceptions }: Policy, rule: string | null, subject: Subject): Excepted {
  if (exceptions.length === 0) return { taken: false, by: null };
  const namespace = data ? textIn(dig(data, 'metadata', 'namespace')) : null;
  const name = fact.of === 'Policy' && namespace !== null ? `${namespace}/${fact.name}` : fact.name;
  const speaking = exceptions.filter(exception =>
    rule === null
      ? mapsIn(dig(exception, 'spec', 'policyRefs')).some(ref => textIn(ref.get('name')) === fact.name)
      : mapsIn(dig(exception, 'spec', 'exceptions')).some(
          each => textIn(each.get('policyName')) === name && textsIn(each.get('ruleNames')).some(one => matchesGlob(one, rule)),
        ),
  );
  const reaches = speaking.map((exception): Reach => {
    // what else it asks is not worked out
    if (rule === null) return mapsIn(dig(exception, 'spec', 'matchConditions')).length > 0 ? null : true;
    const conditions = dig(exception, 'spec', 'conditions');
    // it excludes checks of the standards, and lets nothing else through
    if (dig(exception, 'spec', 'podSecurity') !== undefined) return null;
    return and([isTaken(dig(exception, 'spec', 'match'), subject, false), conditions === undefined ? true : holds(conditions, subject)]);
  });
  const by = speaking[reaches.indexOf(true)];
  return { taken: or(reaches), by: by ? (textIn(dig(by, 'metadata', 'name')) ?? '') : null };
}

function holds(conditions: Json, { json }: Subject): Reach {
  try {
    const request = new Map<string, Json>([
      ['object', json],
      ['operation', 'CREATE'],
    ]);
    return conditionsHold(conditions, createContext(new Map<string, Json>([['request', request]]), createBudget())).holds;
  } catch (error) {
    if (error instanceof NotKnown) return null;
    return false;
  }
}

/** What becomes of an object under a policy: an outcome for each of its rules that is asked. */
export function judge(policy: Policy, subject: Subject): readonly Judged[] {
  const unknown = (reason: string | null): readonly Judged[] => [
    { policy, is: 'unknown', rule: null, message: '', path: [], reason, action: 'audit' },
  ];
  const { data } = policy;
  if (!data) return unknown('it is too long');
  try {
    return outcomesOf(policy, data, subject).map(outcome => ({ ...outcome, policy }));
  } catch (error) {
    // whether it is taken at all cannot be worked out
    if (error instanceof NotKnown) return unknown(error.reason);
    throw error;
  }
}

function outcomesOf(policy: Policy, data: Data, subject: Subject): readonly Outcome[] {
  const { fact, bindings } = policy;
  return fact.of === 'ValidatingAdmissionPolicy'
    ? judgeAdmission(data, bindings, subject)
    : fact.of.endsWith('ValidatingPolicy')
      ? judgeValidating(data, subject, exceptionFor(policy, null, subject))
      : judgeKyverno({ data, namespace: fact.of === 'Policy' ? textIn(dig(data, 'metadata', 'namespace')) : null }, subject, rule =>
          exceptionFor(policy, rule, subject),
        );
}
