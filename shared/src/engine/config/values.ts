import type { RuleSetting } from './types';
import { severities, type OptionDefinition } from '../../base/terms/types';

/** What may stand for a severity: `off`, `on` (the rule's own severity, whatever the profile) or a severity. */
export const severityWords = ['off', 'on', ...severities] as const;

/** Reads a word for a severity. `null` where it is none. */
export function parseSeverity(word: string): { readonly severity: RuleSetting['severity'] } | null {
  if (word === 'off') return { severity: null };
  if (word === 'on') return { severity: word };
  const severity = severities.find(s => s === word);
  return severity ? { severity } : null;
}

/** The minor release of `1.25`, `v1.25` or `1.25.3`; `null` where it is none. */
export function parseKubernetesVersion(text: string): number | null {
  const match = /^v?1\.(\d{1,3})(?:\.\d{1,4})?$/.exec(text.trim());
  return match ? Number(match[1]) : null;
}

const hours = { h: 1, d: 24, w: 7 * 24 } as const;

/** The milliseconds of an age in hours, days or weeks, such as `7d`; `null` where the text is none. */
export function parseAge(text: string): number | null {
  const [, count, unit] = /^(\d{1,4})([hdw])$/.exec(text) ?? [];
  return count === undefined ? null : Number(count) * hours[unit as keyof typeof hours] * 3_600_000;
}

/** Whether a text is a date of the calendar, such as `2026-11-24`. */
export function isDate(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}

/** Whether a text is an amount as Kubernetes writes it: `64Mi`, `0.5`, `100m`. */
export function isQuantity(text: string): boolean {
  return /^\d{1,18}(?:\.\d{1,9})?(?:m|k|M|G|T|P|E|Ki|Mi|Gi|Ti|Pi|Ei)?$/.test(text) && !/^[0.]+[^\d.]*$/.test(text);
}

/** Why a value does not fit an option, as the rest of a sentence that starts with the option's name; `null` where it fits. */
export function optionProblem(definition: OptionDefinition, value: unknown): string | null {
  switch (definition.type) {
    case 'string':
      if (typeof value !== 'string') return 'must be a string';
      return definition.enum && !definition.enum.includes(value) ? `must be one of ${definition.enum.join(', ')}` : null;
    case 'number':
      if (typeof value !== 'number' || !Number.isFinite(value)) return 'must be a number';
      return definition.minimum !== undefined && value < definition.minimum ? `must be at least ${definition.minimum}` : null;
    case 'boolean':
      return typeof value === 'boolean' ? null : 'must be true or false';
    case 'strings':
      return Array.isArray(value) && value.every(item => typeof item === 'string') ? null : 'must be a list of strings';
  }
}
