/** Where the documentation lives. The one place that knows the address; rule pages are `<base>/rules/<id>`. */
export const docsBase = 'https://bulkhead.dev/docs';

/** Address of the page of a rule, or of an engine finding (`bulkhead/...`). Takes a rule id such as `kubernetes/privileged`. */
export function ruleAddress(rule: string): string {
  return `${docsBase}/rules/${rule}`;
}
