import { describe, expect, it } from 'vitest';
import { rules } from '../../shared/src/families/generated/index';

/** A fix that adds something names it first: a row of the checklist is cut in a narrow view, and the name is what tells rows apart. */
const adds: readonly (readonly [rule: string, first: RegExp])[] = [
  ['dockerfile/missing-healthcheck', /^HEALTHCHECK: /],
  ['compose/missing-healthcheck', /^(?:healthcheck: |Use the image's health check)/],
  ['kubernetes/missing-liveness-probe', /^livenessProbe: /],
  ['kubernetes/missing-readiness-probe', /^readinessProbe: /],
];

describe('titles of fixes', () => {
  it.each(adds)('%s: each begins with what is added', (id, first) => {
    const titles = Object.values(rules.find(rule => rule.id === id)!.fixes).map(({ title }) => title);
    expect(titles.length).toBeGreaterThan(0);
    for (const title of titles) expect(title).toMatch(first);
  });

  it('name what they change, in words that a row can be cut in', () => {
    const vague = /^(?:Ask (?:for|port)|Call it|Leave digests|Give it|Take \{field\})/;
    const found = rules.flatMap(({ id, fixes }) =>
      Object.values(fixes).flatMap(({ title }) => (vague.test(title) ? [`${id}: ${title}`] : [])),
    );
    expect(found).toEqual([]);
  });
});
