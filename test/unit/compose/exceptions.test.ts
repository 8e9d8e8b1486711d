import { describe, expect, test } from 'vitest';
import type { ConfigException } from '../../../shared/src/engine/config/types';
import { createEngine } from '../../../shared/src/engine/create-engine';
import { rules } from '../../../shared/src/families/generated/index';
import { plainContext } from '../../../tools/lint-context';

const engine = createEngine(rules);

const text = `x-common: &common
  restart: always
services:
  web:
    <<: *common
    image: example.com/acme/web:1.4
    ports: ["127.0.0.1:8080:80"]
    depends_on: [nobody]
  db:
    image: example.com/acme/db:1.4
    ports: ["127.0.0.1:8080:80"]
    read-only: true
    container_name: a b
`;

/** The services of which a rule says something that counts, with an exception in force. */
function reported(rule: string, exception: Omit<ConfigException, 'rule'>): readonly (string | null)[] {
  const context = plainContext();
  return engine
    .open({ path: 'shop/compose.yaml', text })
    .lint({ ...context, config: { ...context.config, exceptions: [{ rule, ...exception }] } })
    .findings.filter(finding => finding.rule === rule && finding.suppression === null)
    .map(({ object }) => object?.name ?? null);
}

describe('exceptions for a service of a Compose file', () => {
  test.each<[string, Omit<ConfigException, 'rule'>, (string | null)[]]>([
    ['by its name', { name: 'web' }, ['db']],
    ['by a glob', { name: '{web,db}' }, []],
    ['by its kind', { kind: 'service' }, []],
    ['by kind, name and file', { kind: 'service', name: 'd*', path: 'shop/**' }, ['web']],
    ['of another name', { name: 'we' }, ['web', 'db']],
    ['of another kind', { kind: 'Service' }, ['web', 'db']],
    ['of another file', { name: 'web', path: 'other/**' }, ['web', 'db']],
    ['that is over', { name: 'web', until: '2000-01-01' }, ['web', 'db']],
  ])('%s', (_, exception, expected) => {
    expect(reported('compose/privilege-escalation', exception)).toEqual(expected);
  });

  // such a rule looks at all services together: the one counts in which the token stands
  test.each([
    ['compose/dangling-reference', 'web'],
    ['compose/duplicate-name-or-port', 'db'],
    ['compose/unknown-field', 'db'],
  ])('%s, which sees the whole file', (rule, name) => {
    expect(new Set(reported(rule, { name: 'other' }))).toEqual(new Set([name]));
    expect(reported(rule, { kind: 'service', name })).toEqual([]);
  });
});
