import type { Effort } from '../../../base/text/automaton';
import type { ImageReference } from '../../../syntax/image/reference';
import { parseImageReference } from '../../../syntax/image/reference';
import { certain, isArray, isObject, JmesError, type Json } from '../../../syntax/jmespath/values';
import { unfilled } from '../../../syntax/yaml/data';
import type { AdmittedView } from '../../../rule/admitted';
import { isPlaceholder } from '../../../rule/checks/image/invalid-reference';
import type { CelValue } from '../../../syntax/cel/values';

/** An object that policies are asked about. */
export interface Subject {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  /** `null`: it is filled in later. */
  readonly name: string | null;
  /** `''`: of an object that is in none; `null`: it may be any. */
  readonly namespace: string | null;
  /** The labels of its namespace; `null`: is not known them. */
  readonly namespaceLabels: ReadonlyMap<string, string> | null;
  /** The object with the fields that the API server fills in: as JSON, and as expressions see it. */
  readonly json: ReadonlyMap<string, Json>;
  readonly cel: CelValue;
  /** What its pods violate of the Pod Security Standards, with ways from its root; absent: that is not known. */
  readonly podSecurity?: AdmittedView['podSecurity'] | undefined;
  /** Objects of a kind (as `ObjectFact.kind`) that policies may take as their parameters; absent: none are known. */
  readonly parameters?: (kind: string) => readonly ParameterObject[];
  /** The steps that are left for all checks of its file; absent: each check has but its own bound. */
  readonly allowance?: Effort;
}

/** An object that a policy may take as its parameters. */
export interface ParameterObject {
  readonly name: string;
  /** `null`: it may be in any, or is in none. */
  readonly namespace: string | null;
  /** As expressions see it; `null`: several are as likely. */
  readonly value: ReadonlyMap<string, Json> | null;
}

/** Something in data at the end of a way of keys. */
export function dig(value: Json | undefined, ...keys: readonly string[]): Json | undefined {
  return keys.reduce<Json | undefined>((at, key) => (at !== undefined && isObject(at) ? at.get(key) : undefined), value);
}

/** The maps of a list in data. */
export function mapsIn(value: Json | undefined): readonly ReadonlyMap<string, Json>[] {
  return (value !== undefined && isArray(value) ? value : []).filter(isObject) as readonly ReadonlyMap<string, Json>[];
}

/** The texts of a list in data. */
export function textsIn(value: Json | undefined): readonly string[] {
  return (value !== undefined && isArray(value) ? value : []).flatMap(item =>
    item === null || typeof item === 'object' ? [] : [String(item)],
  );
}

/** A text in data; `null`: there is none. */
export function textIn(value: Json | undefined): string | null {
  return value === undefined || value === null || typeof value === 'object' ? null : String(value);
}

const podPaths: Readonly<Record<string, readonly string[]>> = {
  Pod: ['spec'],
  CronJob: ['spec', 'jobTemplate', 'spec', 'template', 'spec'],
};

/** The images of an object's containers, as Kyverno hands them to policies; `null`: it has none. Throws `JmesError` where one is invalid, or has a container without a name: a rule that asks for any fails. */
export function imagesOf({ kind, json }: Pick<Subject, 'kind' | 'json'>): Json {
  const pod = dig(json, ...(podPaths[kind] ?? ['spec', 'template', 'spec']));
  const found = new Map<string, Json>();
  for (const list of ['initContainers', 'containers', 'ephemeralContainers']) {
    const local = new Map<string, Json>();
    for (const container of mapsIn(dig(pod, list))) {
      const [name, image] = [certain(container.get('name') ?? null), container.get('image')];
      if (typeof name !== 'string') throw new JmesError('a container has no name');
      const info = image === unfilled ? unfilled : typeof image === 'string' ? infoOf(image) : null;
      if (info !== null) local.set(name, info);
    }
    if (local.size > 0) found.set(list, local);
  }
  return found.size > 0 ? found : null;
}

/** What an image tells; `null`: there is none. */
function infoOf(image: string): Json {
  if (image.trim() === '') return null;
  const parsed = parseImageReference(image);
  if (parsed.invalid === null) return imageInfo(parsed);
  // Kyverno takes an id for the name of an image
  if (parsed.invalid === 'image-id' || isPlaceholder(image.slice(parsed.range.start, parsed.range.end))) return unfilled;
  throw new JmesError(`invalid image '${image}'`);
}

function imageInfo({ registry, repository, tag, digest }: ImageReference): Json {
  const host = registry ?? 'docker.io';
  const version = tag ?? (digest === null ? 'latest' : null);
  const name = `${host}/${repository}`;
  const reference = digest === null ? `${name}:${version}` : `${name}${tag === null ? '' : `:${tag}`}@${digest}`;
  return new Map<string, Json>([
    ['registry', host],
    ['name', repository.split('/').at(-1)!],
    ['path', repository],
    ...(version === null ? [] : [['tag', version] as const]),
    ...(digest === null ? [] : [['digest', digest] as const]),
    ['reference', reference],
    ['referenceWithTag', `${name}:${version ?? ''}`],
  ]);
}
