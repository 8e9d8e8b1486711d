import { isArray, isObject, type Json } from '../../../syntax/jmespath/values';
import { dig, mapsIn, textIn, textsIn } from './subject';

// The rules for controllers that Kyverno derives from those for pods: pkg/autogen/v1 of kyverno/kyverno 1.19.

type Rule = ReadonlyMap<string, Json>;

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

/** The rules of a policy for objects of a kind, those for controllers derived. */
export function rulesOf(data: ReadonlyMap<string, Json>, kind: string): readonly Rule[] {
  const rules = mapsIn(dig(data, 'spec', 'rules'));
  if (!controllers.includes(kind) || !mayDerive(rules)) return rules;
  const wanted = textIn(dig(data, 'metadata', 'annotations', 'pod-policies.kyverno.io/autogen-controllers'));
  if (wanted !== null && wanted !== 'all' && !wanted.split(',').includes(kind)) return rules;
  return [...rules, ...rules.flatMap(rule => derived(rule, kind) ?? [])];
}
