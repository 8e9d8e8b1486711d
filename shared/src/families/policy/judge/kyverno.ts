import { NotKnown, placeOf } from '../../../syntax/yaml/data';
import { isArray, isObject, JmesError, NoExpression, NotFound, type Json } from '../../../syntax/jmespath/values';
import { and, not, type Reach } from '../model/reach';
import { rulesOf } from './autogen';
import { judgeExpressions, variableTexts, type CelCheck } from './cel';
import { conditionsHold } from './conditions';
import { createContext, type Context } from './context';
import { isTaken, mayTake } from './match';
import { misplaced, parametersFor } from './parameters';
import { matchPattern } from './pattern';
import { judgePodSecurity } from './pod-security';
import { readPath } from './read-path';
import { dig, imagesOf, mapsIn, textIn, type Subject } from './subject';
import { createBudget, withEffort, type Budget, type Excepted, type Outcome, type PolicyAction } from './types';

type Rule = ReadonlyMap<string, Json>;
type Found = Omit<Outcome, 'rule' | 'action' | 'message'> & { readonly message?: string };

/** A ClusterPolicy or Policy as data. */
export interface KyvernoPolicy {
  readonly data: ReadonlyMap<string, Json>;
  readonly namespace: string | null;
}

/** A rule that checks something, with what is the same for every object. */
interface Prepared {
  readonly name: string;
  readonly rule: Rule;
  readonly validate: Rule;
  readonly action: PolicyAction;
  readonly message: string;
  /** Whether an error of it keeps nothing out. */
  readonly failsOpen: boolean;
  /** Its expressions, where it has any. */
  readonly cel: CelCheck | null;
}

/** The rules of a policy by group, version and kind: policies are few, and objects many. */
const rulesKnown = new WeakMap<KyvernoPolicy['data'], Map<string, readonly Prepared[]>>();

/** Workspaces have no more kinds. */
const mostKinds = 500;

/** The rules of a policy that may take objects of a kind, those for controllers derived. */
function rulesFor({ data }: KyvernoPolicy, subject: Subject): readonly Prepared[] {
  let known = rulesKnown.get(data);
  if (!known) rulesKnown.set(data, (known = new Map<string, readonly Prepared[]>()));
  const key = `${subject.group}/${subject.version}/${subject.kind}`;
  let found = known.get(key);
  if (!found) {
    if (known.size > mostKinds) known.clear();
    found = rulesOf(data, subject.kind).flatMap(rule => (mayTake(rule.get('match'), subject) ? prepared(rule, data) : []));
    known.set(key, found);
  }
  return found;
}

function prepared(rule: Rule, data: KyvernoPolicy['data']): readonly Prepared[] {
  const validate = rule.get('validate');
  if (validate === undefined || !isObject(validate)) return [];
  const word = textIn(validate.get('failureAction')) ?? textIn(dig(data, 'spec', 'validationFailureAction')) ?? 'Audit';
  return [
    {
      name: textIn(rule.get('name')) ?? '',
      rule,
      validate: validate as Rule,
      action: /^enforce$/i.test(word) ? 'deny' : 'audit',
      message: textIn(validate.get('message')) ?? '',
      failsOpen: textIn(dig(data, 'spec', 'failurePolicy')) === 'Ignore',
      cel: validate.has('cel') ? celOf(rule) : null,
    },
  ];
}

/** What becomes of an object under each rule of a policy of Kyverno that checks something and takes it. */
export function judgeKyverno(policy: KyvernoPolicy, subject: Subject, exceptionFor: (rule: string) => Excepted): readonly Outcome[] {
  const isHere: Reach = policy.namespace === null ? true : subject.namespace === null ? null : policy.namespace === subject.namespace;
  if (isHere === false) return [];
  return rulesFor(policy, subject).flatMap((prepared): readonly Outcome[] => {
    const { name, rule, action, message, failsOpen } = prepared;
    const matched = and([isHere, isTaken(rule.get('match'), subject, false), not(isTaken(rule.get('exclude'), subject, true))]);
    if (matched === false) return [];
    const exception = exceptionFor(name);
    const common = { rule: name, action, message, ...(exception.by !== null && { excepted: exception.by }) };
    if (matched === null || exception.taken === null) return [{ ...common, is: 'unknown', path: [], reason: null }];
    const found = judgeRule(prepared, subject);
    return [{ ...common, ...found, ...(found.is === 'error' && { blocks: found.blocks === true && !failsOpen }) }];
  });
}

function judgeRule({ rule, validate, cel }: Prepared, subject: Subject): Found {
  const other = ['manifests', 'assert'].find(key => validate.has(key));
  if (other !== undefined) return { is: 'unknown', path: [], reason: other };
  if (cel) return judgeCel(cel, validate.get('cel'), subject);
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

/** What becomes of an object under expressions and all of their parameters: the first that it does not pass counts. */
function judgeCel(check: CelCheck, cel: Json | undefined, subject: Subject): Found {
  const all = parametersFor(dig(cel, 'paramKind'), dig(cel, 'paramRef'), subject);
  if (!all) return { is: 'error', path: [], message: misplaced, blocks: true };
  let found: Found = { is: 'pass', path: [] };
  for (const parameters of all) if (found.is === 'pass') found = judgeExpressions(check, subject, parameters);
  return found;
}

function celOf(rule: Rule): CelCheck {
  const cel = dig(rule, 'validate', 'cel');
  return {
    conditions: mapsIn(rule.get('celPreconditions')),
    variables: variableTexts(dig(cel, 'variables')),
    validations: mapsIn(dig(cel, 'expressions')),
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
  return createContext(new Map(), budget, [
    { name: 'request', value: () => requestOf(subject) },
    { name: 'images', value: () => imagesIn(subject) ?? undefined },
  ]);
}

function requestOf({ group, version, kind, name, namespace, json }: Subject): Json {
  const ofKind = new Map<string, Json>([
    ['group', group],
    ['version', version],
    ['kind', kind],
  ]);
  return new Map<string, Json>([
    ['object', json],
    ['operation', 'CREATE'],
    ['name', name ?? ''],
    ['namespace', namespace ?? ''],
    ['kind', ofKind],
  ]);
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
