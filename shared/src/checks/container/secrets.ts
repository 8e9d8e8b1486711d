import type { ContainerOptions, ListField, Setting } from '../../container/types';
import { range, type Range } from '../../text/range';
import { findNamedSecret, findSecretValue, isSecretLiteral, secretValueKind } from '../../knowledge/secrets';

/** A secret that stands among the options of a container. */
export interface ContainerSecret {
  readonly field: ListField;
  /** What names it: the variable, the option. */
  readonly name: string;
  /** What it looks like: `GitHub token`; `secret` where only its name says so. */
  readonly kind: string;
  /** Whether everybody tries it first: `changeme`. */
  readonly weak: boolean;
  readonly range: Range;
  readonly setting: Setting<unknown>;
}

/** Options of programs that take a password. */
const options = /^--?(?:requirepass|masterauth|password|passwd|pass|token|auth-token|secret|secret-key|api-key|rootpass|admin-password)$/i;

/** The secrets that are written in the options of a container: variables, labels, what stands behind the image. */
export function findContainerSecrets(container: ContainerOptions): readonly ContainerSecret[] {
  const found: ContainerSecret[] = [];
  for (const field of ['env', 'labels'] as const) {
    for (const setting of container.list(field).items) {
      const pair = setting.value;
      if (pair?.value == null || /_FILE$|^\/run\/secrets\//.test(pair.name) || pair.value.startsWith('/run/secrets/')) continue;
      const secret = field === 'labels' ? findSecretValue(pair.value) : findNamedSecret(pair.name, pair.value);
      if (!secret) continue;
      const weak = secretValueKind(pair.value) === 'default';
      found.push({ field, name: pair.name, kind: secret.title, weak, range: pair.valueRange, setting });
    }
  }
  for (const field of ['args', 'entrypoint'] as const) {
    const { items } = container.list(field);
    for (const [i, setting] of items.entries()) {
      const { text } = setting;
      if (text === null) continue;
      const before = items[i - 1]?.text ?? '';
      const equals = /^(--?[\w-]{2,40})=(.+)$/.exec(text);
      const name = options.test(before) ? before : equals && options.test(equals[1]!) ? equals[1]! : null;
      const value = name === null ? null : equals && name === equals[1] ? equals[2]! : text;
      const shaped = findSecretValue(text);
      if (value !== null && isSecretLiteral(value)) {
        const from = setting.range.end - value.length;
        const isWhole = setting.range.end - setting.range.start === text.length;
        const weak = secretValueKind(value) === 'default';
        found.push({ field, name: name!, kind: 'secret', weak, range: isWhole ? range(from, setting.range.end) : setting.range, setting });
      } else if (shaped) found.push({ field, name: 'an argument', kind: shaped.title, weak: false, range: setting.range, setting });
    }
  }
  return found;
}
