/** The annotation that suppresses rules for an object: `RULE, RULE@container`. */
export const ignoreAnnotation = 'bulkhead.dev/ignore';

const prefixes = [
  'ignore-check.kube-linter.io/',
  'kube-linter.io/',
  'kube-score/',
  'polaris.fairwinds.com/',
  'checkov.io/',
  'bridgecrew.io/',
];

/** Whether an annotation of this name may suppress rules, for us or for another tool. */
export function isIgnoreAnnotation(key: string): boolean {
  return key === ignoreAnnotation || prefixes.some(prefix => key.startsWith(prefix));
}
