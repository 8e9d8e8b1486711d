import { NotKnown, placeOf } from '../../../syntax/yaml/data';
import { isArray, isObject, JmesError, NoExpression, NotFound, type Json } from '../../../syntax/jmespath/values';
import { and, not, type Reach } from '../model/reach';
import { judgeExpressions } from './cel';
import { conditionsHold } from './conditions';
import { createContext, type Context } from './context';
import { isTaken } from './match';
import { matchPattern } from './pattern';
import { judgePodSecurity } from './pod-security';
import { readPath } from './read-path';
import { dig, imagesOf, mapsIn, textIn, textsIn, type Subject } from './subject';
import { createBudget, withEffort, type Budget, type Excepted, type Outcome, type PolicyAction } from './types';

type Rule = ReadonlyMap<string, Json>;
type Found = Omit<Outcome, 'rule' | 'action' | 'message'> & { readonly message?: string };

/** A ClusterPolicy or Policy as data. */
export interface KyvernoPolicy {
  readonly data: ReadonlyMap<string, Json>;
  readonly namespace: string | null;
}

const controllers = ['DaemonSet', 'Deployment', 'Job', 'StatefulSet', 'ReplicaSet', 'ReplicationController', 'CronJob'];
const podKinds = new Set([...controllers, 'Pod']);
const isPod = (written: string): boolean => /^(?:(?:[^/]*\/)?[^/]*\/)?Pod(?:\/.*)?$/.test(written);

const filtersIn = (block: Json | undefined): readonly ReadonlyMap<string, Json>[] => {
  const listed = [...mapsIn(dig(block, 'any')), ...mapsIn(dig(block, 'all'))];
  return block !== undefined && isObject(block) ? [block as ReadonlyMap<string, Json>, ...listed] : listed;
};

/** Whether rules for controllers are derived from those for pods: `CanAutoGen` of pkg/autogen/v1. */
function mayDerive(rules: readonly Rule[]): boolean {
  let isNeeded = false;
  for (const rule of rules) {
    if (rule.has('generate') || typeof dig(rule, 'mutate', 'patchesJson6902') === 'string') return false;
    for (const filter of [...filtersIn(rule.get('match')), ...filtersIn(rule.get('exclude'))]) {
      const about = filter.get('resources');
      const kinds = textsIn(dig(about, 'kinds'));
      const narrows = ['name', 'names', 'selector', 'annotations'].some(key => dig(about, key) !== undefined);
      if (narrows || (kinds.length > 1 && kinds.some(isPod))) return false;
      isNeeded ||= kinds.some(kind => podKinds.has(kind));
    }
  }
  return isNeeded;
}

const places: Readonly<Record<string, readonly string[]>> = { CronJob: ['spec', 'jobTemplate', 'spec', 'template'] };
const templateOf = (kind: string): readonly string[] => places[kind] ?? ['spec', 'template'];

/** A rule for pods as one for a controller. */
function derived(rule: Rule, kind: string): Rule | null {
  const kindsOf = (block: 'match' | 'exclude'): readonly string[] =>
    filtersIn(rule.get(block)).flatMap(filter => textsIn(dig(filter, 'resources', 'kinds')));
  const excluded = kindsOf('exclude');
  if (!kindsOf('match').some(isPod) || (excluded.length > 0 && !excluded.some(isPod))) return null;
  const way = templateOf(kind);
  const isCel = dig(rule, 'validate', 'cel') !== undefined;
  const root = isCel ? '' : 'request.';
  const shift = (text: string): string =>
    ['object', 'oldObject'].reduce(
      (now, name) =>
        now
          .replaceAll(`${root}${name}.spec`, `${root}${name}.${way.join('.')}.spec`)
          .replaceAll(`${root}${name}.metadata`, `${root}${name}.${way.join('.')}.metadata`),
      text,
    );
  const moved = (value: Json): Json => {
    if (typeof value === 'string') return shift(value);
    if (isArray(value)) return value.map(moved);
    return isObject(value) ? new Map([...value].map(([key, item]) => [key, moved(item)])) : value;
  };
  const swap = (block: Json | undefined): Json | undefined => {
    if (block === undefined || !isObject(block)) return block;
    const replace = (filter: ReadonlyMap<unknown, Json>, always: boolean): Json => {
      const about = filter.get('resources');
      const kinds = textsIn(dig(about, 'kinds'));
      if (about === undefined || !isObject(about) || (!always && !kinds.some(isPod))) return filter as Json;
      return new Map<string, Json>([...(filter as Rule), ['resources', new Map<string, Json>([...(about as Rule), ['kinds', [kind]]])]]);
    };
    const key = mapsIn(block.get('any')).length > 0 ? 'any' : mapsIn(block.get('all')).length > 0 ? 'all' : null;
    if (key === null) return textsIn(dig(block, 'resources', 'kinds')).length > 0 ? replace(block, true) : block;
    return new Map<string, Json>([...(block as Rule), [key, mapsIn(block.get(key)).map(filter => replace(filter, kind === 'CronJob'))]]);
  };
  const made = new Map(moved(rule) as Rule);
  made.set('name', `${kind === 'CronJob' ? 'autogen-cronjob' : 'autogen'}-${textIn(rule.get('name')) ?? ''}`);
  for (const block of ['match', 'exclude'] as const) if (rule.has(block)) made.set(block, swap(rule.get(block))!);
  const wrap = (pattern: Json): Json => [...way].reverse().reduce<Json>((inner, key) => new Map([[key, inner]]), pattern);
  const validate = made.get('validate');
  if (validate !== undefined && isObject(validate)) {
    const wrapped = new Map(validate as Rule);
    if (wrapped.has('pattern')) wrapped.set('pattern', wrap(wrapped.get('pattern')!));
    const any = wrapped.get('anyPattern');
    if (any !== undefined && isArray(any)) wrapped.set('anyPattern', any.map(wrap));
    made.set('validate', wrapped);
  }
  return made;
}

/** The rules of a policy by kind: policies are few, and objects many. */
const rulesKnown = new WeakMap<KyvernoPolicy['data'], Map<string, readonly Rule[]>>();

/** The rules of a policy that may be asked about objects of a kind, those for controllers derived. */
function rulesFor({ data }: KyvernoPolicy, kind: string): readonly Rule[] {
  let known = rulesKnown.get(data);
  if (!known) rulesKnown.set(data, (known = new Map<string, readonly Rule[]>()));
  // a kind of which no rules are derived has the written ones
  const key = controllers.includes(kind) ? kind : '';
  let found = known.get(key);
  if (!found) known.set(key, (found = makeRules(data, kind)));
  return found;
}

function makeRules(data: KyvernoPolicy['data'], kind: string): readonly Rule[] {
  const rules = mapsIn(dig(data, 'spec', 'rules'));
  if (!controllers.includes(kind) || !mayDerive(rules)) return rules;
  const wanted = textIn(dig(data, 'metadata', 'annotations', 'pod-policies.kyverno.io/autogen-controllers'));
  if (wanted !== null && wanted !== 'all' && !wanted.split(',').includes(kind)) return rules;
  return [...rules, ...rules.flatMap(rule => derived(rule, kind) ?? [])];
}

function actionOf(rule: Rule, { data }: KyvernoPolicy): PolicyAction {
  const word = textIn(dig(rule, 'validate', 'failureAction')) ?? textIn(dig(data, 'spec', 'validationFailureAction')) ?? 'Audit';
  return /^enforce$/i.test(word) ? 'deny' : 'audit';
}

/** What becomes of an object under each rule of a policy of Kyverno that checks something and takes it. */
export function judgeKyverno(policy: KyvernoPolicy, subject: Subject, exceptionFor: (rule: string) => Excepted): readonly Outcome[] {
  const isHere: Reach = policy.namespace === null ? true : subject.namespace === null ? null : policy.namespace === subject.namespace;
  if (isHere === false) return [];
  return rulesFor(policy, subject.kind).flatMap((rule): readonly Outcome[] => {
    if (dig(rule, 'validate') === undefined) return [];
    const name = textIn(rule.get('name')) ?? '';
    const exception = exceptionFor(name);
    const taken = and([
      isHere,
      isTaken(rule.get('match'), subject, false),
      not(isTaken(rule.get('exclude'), subject, true)),
      exception.taken === null ? null : true,
    ]);
    if (taken === false) return [];
    const common = {
      rule: name,
      action: actionOf(rule, policy),
      message: textIn(dig(rule, 'validate', 'message')) ?? '',
      ...(exception.by !== null && { excepted: exception.by }),
    };
    if (taken === null) return [{ ...common, is: 'unknown', path: [], reason: null }];
    const found = judgeRule(rule, subject);
    const failsOpen = textIn(dig(policy.data, 'spec', 'failurePolicy')) === 'Ignore';
    return [{ ...common, ...found, ...(found.is === 'error' && { blocks: found.blocks === true && !failsOpen }) }];
  });
}

function judgeRule(rule: Rule, subject: Subject): Found {
  const validate = rule.get('validate') as Rule;
  const other = ['manifests', 'assert'].find(key => validate.has(key));
  if (other !== undefined) return { is: 'unknown', path: [], reason: other };
  if (validate.has('cel')) return judgeExpressions(cellOf(rule), subject);
  try {
    return withEffort(subject, effort => {
      const budget = createBudget(effort);
      const context = contextOf(subject, budget).with({}, rule.get('context'));
      return check({ rule, validate, subject, budget, preconditions: rule.get('preconditions') }, context) ?? { is: 'pass', path: [] };
    });
  } catch (error) {
    return failed(error);
  }
}

function cellOf(rule: Rule): Parameters<typeof judgeExpressions>[0] {
  const cel = dig(rule, 'validate', 'cel');
  return {
    conditions: mapsIn(rule.get('celPreconditions')),
    variables: mapsIn(dig(cel, 'variables')),
    validations: mapsIn(dig(cel, 'expressions')),
    parameters: dig(cel, 'paramRef') ?? null,
    ignoresErrors: false,
  };
}

function failed(error: unknown): Found {
  if (error instanceof NotKnown) return { is: 'unknown', path: [], reason: error.reason };
  if (error instanceof JmesError) return { is: 'error', path: [], message: error.message, blocks: !(error instanceof NoExpression) };
  throw error;
}

const imagesKnown = new WeakMap<Subject['json'], Json>();

/** The images of an object, worked out once for all policies. */
function imagesIn(subject: Subject): Json {
  let found = imagesKnown.get(subject.json);
  if (found === undefined) imagesKnown.set(subject.json, (found = imagesOf(subject)));
  return found;
}

function contextOf(subject: Subject, budget: Budget): Context {
  const { group, version, kind, name, namespace, json } = subject;
  const request = new Map<string, Json>([
    ['object', json],
    ['operation', 'CREATE'],
    ['name', name ?? ''],
    ['namespace', namespace ?? ''],
    [
      'kind',
      new Map<string, Json>([
        ['group', group],
        ['version', version],
        ['kind', kind],
      ]),
    ],
  ]);
  const images = imagesIn(subject);
  return createContext(new Map<string, Json>([['request', request], ...(images === null ? [] : [['images', images] as const])]), budget);
}

/** A check: of a rule, or of an element of its `foreach`. */
interface Check {
  readonly rule: Rule;
  readonly validate: ReadonlyMap<string, Json>;
  readonly subject: Subject;
  readonly budget: Budget;
  readonly preconditions: Json | undefined;
  /** The element of a `foreach` that a pattern is compared with. */
  readonly element?: Json;
}

/** What one check comes to; `null`: it has nothing to look at. */
function check(own: Check, context: Context): Found | null {
  const { validate, preconditions } = own;
  if (preconditions !== undefined && preconditions !== null) {
    const decided = conditionsHold(preconditions, context);
    if (!decided.holds) return { is: 'skip', path: [] };
  }
  if (validate.has('deny')) {
    const decided = conditionsHold(dig(validate, 'deny', 'conditions') ?? [], context);
    if (!decided.holds) return { is: 'pass', path: [] };
    const message = [textIn(dig(own.rule, 'validate', 'message')) ?? '', decided.message].filter(text => text !== '').join('; ');
    return { is: 'fail', path: readPath(decided.by, context), message: said(message, context) };
  }
  if (validate.has('pattern') || validate.has('anyPattern')) return checkPatterns(own, context);
  if (validate.has('podSecurity')) return judgePodSecurity(validate.get('podSecurity'), own.subject);
  return validate.has('foreach') ? checkEach(own, context) : null;
}

function said(message: string, context: Context): string {
  try {
    const filled = context.fill(message);
    return typeof filled === 'string' ? filled : message;
  } catch {
    return message;
  }
}

function checkPatterns({ rule, validate, subject, budget, element }: Check, context: Context): Found {
  const over = element ?? subject.json;
  const message = said(textIn(dig(rule, 'validate', 'message')) ?? '', context);
  const found = (mismatch: NonNullable<ReturnType<typeof matchPattern>>): Found => {
    if (mismatch.is === 'skip') return { is: 'skip', path: [] };
    const path = placeWithin(over, mismatch.path, element !== undefined);
    return {
      is: mismatch.isError ? 'error' : 'fail',
      path,
      message,
      ...(mismatch.wants !== undefined && { wants: mismatch.wants }),
      negated: mismatch.is === 'negated',
    };
  };
  if (validate.has('pattern')) {
    const mismatch = matchPattern(over, context.fill(validate.get('pattern')!), budget);
    return mismatch ? found(mismatch) : { is: 'pass', path: [] };
  }
  const ways = context.fill(validate.get('anyPattern')!);
  if (!isArray(ways)) return { is: 'error', path: [], message: 'anyPattern is not a list' };
  const mismatches = ways.map(way => matchPattern(over, way, budget));
  if (mismatches.includes(null)) return { is: 'pass', path: [] };
  const wrong = mismatches.filter(each => each!.is !== 'skip');
  if (wrong.length === 0) return { is: 'skip', path: [] };
  const best = wrong.reduce((deepest, each) => (each!.path.length > deepest!.path.length ? each : deepest))!;
  return { ...found({ ...best, isError: false }), is: 'fail' };
}

/** A path in an element of a `foreach` as one in the object. */
function placeWithin(over: Json, path: Outcome['path'], isElement: boolean): Outcome['path'] {
  if (!isElement) return path;
  const place = placeOf(over);
  return place ? [...place, ...path] : [];
}

function checkEach(own: Check, context: Context, nesting = 0): Found | null {
  let applied = 0;
  let failure: Found | null = null;
  for (const each of mapsIn(own.validate.get('foreach'))) {
    let items: Json;
    try {
      items = context.query(textIn(each.get('list')) ?? '');
    } catch (error) {
      if (error instanceof NotFound) continue;
      failure = failed(error);
      if (failure.is === 'unknown') return failure;
      continue;
    }
    for (const [index, element] of (isArray(items) ? items : [items]).entries()) {
      own.budget.spend(20);
      if (element === null) continue;
      const names: Record<string, Json> = {
        element,
        elementIndex: index,
        [`element${nesting}`]: element,
        [`elementIndex${nesting}`]: index,
      };
      const scoped = each.get('elementScope') ?? isObject(element);
      const { element: outer, ...rest } = own;
      const within = scoped === true ? { element } : outer === undefined ? {} : { element: outer };
      const inner: Check = { ...rest, validate: each, preconditions: each.get('preconditions'), ...within };
      const found = checkElement(inner, context.with(names, each.get('context')), nesting);
      if (!found || found.is === 'skip') continue;
      if (found.is !== 'pass') return found;
      applied++;
    }
  }
  return applied > 0 ? { is: 'pass', path: [] } : failure;
}

function checkElement(own: Check, context: Context, nesting: number): Found | null {
  try {
    if (own.preconditions !== undefined && own.preconditions !== null && !conditionsHold(own.preconditions, context).holds) return null;
  } catch (error) {
    // an element whose preconditions fail is passed over
    if (error instanceof JmesError) return null;
    throw error;
  }
  const rest = { ...own, preconditions: undefined };
  if (own.validate.has('foreach') && nesting < 5) return checkEach(rest, context, nesting + 1);
  try {
    return check(rest, context);
  } catch (error) {
    return failed(error);
  }
}
