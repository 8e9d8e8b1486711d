import { maskCredentials } from '../../knowledge/secrets/mask';
import type { MessageData } from '../../base/terms/types';
import { hashesOf } from '../../base/text/text-key';

/** Some 56 bits of a string as 14 hexadecimal digits: enough to tell findings of one repository apart. */
function hash(text: string): string {
  const [a, b] = hashesOf(text);
  return (b >>> 0).toString(16).padStart(8, '0') + (a >>> 0).toString(16).padStart(8, '0').slice(0, 6);
}

/**
 * What identifies a finding among those of its file: no line numbers, so that edits elsewhere do not change it, and no credentials, which could be guessed
 * from a fingerprint.
 * @param scope a name for the finding's surroundings that survives such edits; see `Part.scopeOf`
 */
export function findingKey(rule: string, messageId: string, data: MessageData, scope: string): string {
  let key = `${rule}\n${messageId}\n${scope}`;
  for (const name of Object.keys(data).sort()) key += `\n${name}=${withoutSecrets(data[name]!)}`;
  return key;
}

function withoutSecrets(value: string | number): string | number {
  return typeof value === 'string' && value.length > 6 && /[\s=:"']/.test(value) ? maskCredentials(value) : value;
}

/** Gives fingerprints to the findings of one file. Equal keys are told apart by their order: `count` says how many came before. */
export function createFingerprints(path: string): {
  readonly count: (key: string) => number;
  readonly hash: (key: string, count: number) => string;
} {
  const seen = new Map<string, number>();
  return {
    count: key => {
      const count = seen.get(key) ?? 0;
      seen.set(key, count + 1);
      return count;
    },
    hash: (key, count) => hash(`${path}\n${key}\n${count}`),
  };
}
