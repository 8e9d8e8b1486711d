import type { ContainerOptions, ListField, NamedValue, Setting } from '../../container/types';
import { range, shift, type Range } from '../../../base/text/range';
import { obviousValues } from '../../../knowledge/secrets/obvious';
import { findNamedSecret, findSecretValue, isSecretLiteral, isSecretName, secretValueKind } from '../../../knowledge/secrets/detect';

/** A secret that stands among the options of a container. */
export interface ContainerSecret {
  /** What names it: the variable, the label, the option; `null`: it is part of a word of a command. */
  readonly name: string | null;
  /** What it looks like: `GitHub token`; `null` where only its name says so. */
  readonly kind: string | null;
  /** Whether everybody tries it first: `changeme`. */
  readonly weak: boolean;
  /** Whether the container itself tells it: as its user, its database, its name or that of its image. */
  readonly guessable?: boolean;
  readonly range: Range;
  readonly setting: Setting<unknown>;
}

/** Options of programs that take a password. */
const options = /^--?(?:requirepass|masterauth|password|passwd|pass|token|auth-token|secret|secret-key|api-key|rootpass|admin-password)$/i;

/** The secret in a pair of a name and its value; `null`: none, or it names the file that holds it. */
export function secretInPair(setting: Setting<NamedValue>): ContainerSecret | null {
  const pair = setting.value;
  if (!pair?.value || setting.inherited || /_FILE$/i.test(pair.name) || pair.value.startsWith('/run/secrets/')) return null;
  const { name, value, valueRange } = pair;
  const found = findNamedSecret(name, value);
  const isDefault = isSecretName(name) && secretValueKind(value) === 'default';
  if (!found && !isDefault) return null;
  const isExact = valueRange.end - valueRange.start === value.length;
  const place = found && isExact ? range(valueRange.start + found.range.start, valueRange.start + found.range.end) : valueRange;
  const text = found ? value.slice(found.range.start, found.range.end) : value;
  const shaped = findSecretValue(value);
  const weak = isDefault || secretValueKind(text) === 'default';
  return { name, kind: shaped?.title ?? null, weak, guessable: shaped?.guessable === true, range: place, setting };
}

/** The secrets in the words of a command: behind an option that takes one, or by their form. */
function secretsInWords(words: readonly Setting<string>[]): readonly ContainerSecret[] {
  return words.flatMap((setting, i): readonly ContainerSecret[] => {
    const { text, inherited, range: place } = setting;
    if (text === null || inherited) return [];
    const before = words[i - 1]?.text ?? '';
    const equals = /^(--?[\w-]{2,40})=(.+)$/.exec(text);
    const name = options.test(before) ? before : equals && options.test(equals[1]!) ? equals[1]! : null;
    const value = equals && name === equals[1] ? equals[2]! : text;
    if (name !== null && isSecretLiteral(value)) {
      const isExact = place.end - place.start === text.length;
      const own = isExact ? range(place.end - value.length, place.end) : place;
      return [{ name, kind: null, weak: secretValueKind(value) === 'default', range: own, setting }];
    }
    const shaped = findSecretValue(text);
    if (!shaped) return [];
    // a word as it is, or between quotes
    const margin = (place.end - place.start - text.length) / 2;
    const own = margin === 0 || margin === 1 ? shift(shaped.range, place.start + margin) : place;
    return [{ name: null, kind: shaped.title, weak: false, range: own, setting }];
  });
}

/** What everybody tries first of a container. */
function obviousOf(container: ContainerOptions): (value: string) => boolean {
  const variables = container.list('env').items.flatMap(({ value: pair }) => pair ?? []);
  return obviousValues(container.name, container.image?.text ?? null, variables);
}

/** The secrets that are written in the options of a container: variables, labels, what it starts. Of a place that holds several the first. */
export function findContainerSecrets(container: ContainerOptions): readonly ContainerSecret[] {
  let obvious: ((value: string) => boolean) | null = null;
  const isObvious = (value: string): boolean => (obvious ??= obviousOf(container))(value);
  const pairs = (['env', 'labels'] as const).flatMap(field =>
    container.list(field).items.flatMap(item => {
      const secret = secretInPair(item);
      return secret ? { ...secret, guessable: secret.kind === null ? isObvious(item.value!.value!) : secret.guessable === true } : [];
    }),
  );
  const fields: readonly Extract<ListField, 'entrypoint' | 'args'>[] = ['entrypoint', 'args'];
  const words = fields.flatMap(field => secretsInWords(container.list(field).items));
  const test = container.get('healthTest');
  const checked = test?.value && !test.inherited ? findSecretValue(test.value) : null;
  const check: readonly ContainerSecret[] = checked
    ? [{ name: null, kind: checked.title, weak: false, range: test!.range, setting: test! }]
    : [];
  const seen = new Set<number>();
  return [...pairs, ...words, ...check].filter(({ range: { start } }) => !seen.has(start) && seen.add(start));
}
