import { isObject, type Json } from '../../../syntax/jmespath/values';
import { and, type Reach } from '../model/reach';
import { judgeExpressions, variableTexts, type CelCheck } from './cel';
import { isConstrained } from './match';
import { misplaced, parametersFor, type Parameters } from './parameters';
import { dig, mapsIn, textIn, textsIn, type Subject } from './subject';
import type { Excepted, Outcome, PolicyAction } from './types';

type Data = ReadonlyMap<string, Json>;

/** What is done by a list of actions: the gravest of them. */
function actionOf(actions: readonly string[]): PolicyAction {
  return actions.length === 0 || actions.includes('Deny') ? 'deny' : actions.includes('Warn') ? 'warn' : 'audit';
}

const checks = new WeakMap<object, CelCheck>();

/** What a policy checks, read once. */
function checkOf(spec: Json | undefined): CelCheck {
  let known = spec !== undefined && isObject(spec) ? checks.get(spec) : readCheck(spec);
  if (!known) checks.set(spec as Data, (known = readCheck(spec)));
  return known;
}

function readCheck(spec: Json | undefined): CelCheck {
  return {
    conditions: mapsIn(dig(spec, 'matchConditions')),
    variables: variableTexts(dig(spec, 'variables')),
    validations: mapsIn(dig(spec, 'validations')),
    ignoresErrors: textIn(dig(spec, 'failurePolicy')) === 'Ignore',
  };
}

function outcomes(
  spec: Json | undefined,
  taken: Reach,
  action: PolicyAction,
  all: readonly Parameters[] | null,
  subject: Subject,
): readonly Outcome[] {
  if (taken === false) return [];
  const common = { rule: null, action, message: '' };
  if (taken === null) return [{ ...common, is: 'unknown', path: [], reason: null }];
  const check = checkOf(spec);
  // whatever the actions are
  if (!all) return [{ ...common, is: 'error', path: [], message: misplaced, action: 'deny', blocks: !check.ignoresErrors }];
  const found = all.map(parameters => ({ ...common, ...judgeExpressions(check, subject, parameters) }));
  // what several parameters refuse for one reason is said once
  const key = ({ is, message, path }: Outcome): string => [is, message, ...path].join('/');
  return [...new Map(found.map(each => [key(each), each])).values()];
}

/** What becomes of an object under a ValidatingAdmissionPolicy and each of its bindings. */
export function judgeAdmission(policy: Data, bindings: readonly Data[], subject: Subject): readonly Outcome[] {
  const spec = policy.get('spec');
  const local = isConstrained(dig(spec, 'matchConstraints'), subject);
  if (local === false) return [];
  return bindings.flatMap(binding => {
    const bound = binding.get('spec');
    const taken = and([local, isConstrained(dig(bound, 'matchResources'), subject)]);
    const all = taken === false ? [] : parametersFor(dig(spec, 'paramKind'), dig(bound, 'paramRef'), subject);
    return outcomes(spec, taken, actionOf(textsIn(dig(bound, 'validationActions'))), all, subject);
  });
}

const controllers = ['daemonsets', 'deployments', 'jobs', 'statefulsets', 'replicasets', 'replicationcontrollers', 'cronjobs'];
const kinds: Readonly<Record<string, string>> = {
  DaemonSet: 'daemonsets',
  Deployment: 'deployments',
  Job: 'jobs',
  StatefulSet: 'statefulsets',
  ReplicaSet: 'replicasets',
  CronJob: 'cronjobs',
};

const derivedKnown = new WeakMap<object, Map<string, Data | null>>();

/** The policy for objects of a kind that Kyverno derives from one for pods, made once; `null`: there is none. */
function derivedFor(spec: Json | undefined, { kind }: Subject): Data | null {
  if (spec === undefined || !isObject(spec) || !Object.hasOwn(kinds, kind)) return null;
  let known = derivedKnown.get(spec);
  if (!known) derivedKnown.set(spec, (known = new Map<string, Data | null>()));
  if (!known.has(kind)) known.set(kind, derived(spec, kind));
  return known.get(kind)!;
}

/** `CanAutoGen` and `Convert` of pkg/cel/autogen. */
function derived(spec: Json, kind: string): Data | null {
  const rules = mapsIn(dig(spec, 'matchConstraints', 'resourceRules'));
  const [only] = rules;
  const local = kinds[kind]!;
  if (rules.length !== 1 || textsIn(only!.get('resources')).join() !== 'pods') return null;
  if (dig(spec, 'matchConstraints', 'objectSelector') !== undefined || dig(spec, 'matchConstraints', 'namespaceSelector') !== undefined)
    return null;
  const wanted = dig(spec, 'autogen', 'podControllers', 'controllers');
  const list = wanted === undefined ? controllers : textsIn(wanted);
  if (!list.includes(local)) return null;
  const way = kind === 'CronJob' ? 'spec.jobTemplate.spec.template' : 'spec.template';
  const group = kind === 'Job' || kind === 'CronJob' ? 'batch' : 'apps';
  const rule: Data = new Map<string, Json>([...only!, ['apiGroups', [group]], ['apiVersions', ['v1']], ['resources', [local]]]);
  const shifted = (value: Json | undefined): Json =>
    mapsIn(value).map(
      entry =>
        new Map([...entry].map(([key, item]) => [key, typeof item === 'string' && /xpression$/.test(key) ? shift(item, way) : item])),
    );
  return new Map<string, Json>([
    ...(spec as Data),
    ['matchConstraints', new Map<string, Json>([['resourceRules', [rule]]])],
    ...['matchConditions', 'variables', 'validations'].map(key => [key, shifted(dig(spec, key))] as const),
  ]);
}

function shift(text: string, way: string): string {
  return text.replace(/\b(object|oldObject)\.(\?)?(spec|metadata)\b/g, (_, object: string, mark: string | undefined, field: string) =>
    mark
      ? `${object}.${way
          .split('.')
          .map(key => `?${key}`)
          .join('.')}.?${field}`
      : `${object}.${way}.${field}`,
  );
}

/** What becomes of an object under a ValidatingPolicy of Kyverno. */
export function judgeValidating(policy: Data, subject: Subject, exception: Excepted): readonly Outcome[] {
  const spec = policy.get('spec');
  if (textIn(dig(spec, 'evaluation', 'mode')) === 'JSON') return [];
  const action = actionOf(textsIn(dig(spec, 'validationActions')));
  const inside = textIn(policy.get('kind')) === 'NamespacedValidatingPolicy' ? textIn(dig(policy.get('metadata'), 'namespace')) : null;
  const isHere: Reach = inside === null ? true : subject.namespace === null ? null : subject.namespace === inside;
  const all = [spec, derivedFor(spec, subject)].flatMap(each => each ?? []);
  return all.flatMap(each => {
    const taken = and([isHere, isConstrained(dig(each, 'matchConstraints'), subject), exception.taken === null ? null : true]);
    const found = outcomes(each, taken, action, [null], subject);
    return exception.by === null ? found : found.map(outcome => ({ ...outcome, excepted: exception.by! }));
  });
}
