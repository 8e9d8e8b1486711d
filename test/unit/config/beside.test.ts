import { expect, test } from 'vitest';
import { createEngine } from '../../../shared/src/engine/create-engine';
import { effectiveConfig } from '../../../shared/src/engine/config/effective';
import { parseConfig } from '../../../shared/src/engine/config/parse';
import type { EffectiveConfig } from '../../../shared/src/engine/config/types';
import { rules } from '../../../shared/src/families/generated/index';
import { plainContext } from '../../../tools/lint-context';

const engine = createEngine(rules);

/** The severities of what a rule finds in a file, under the text of a configuration. */
function severities(path: string, text: string, rule: string, configuration: string): readonly string[] {
  const config = effectiveConfig(parseConfig(configuration, rules).config, path) as EffectiveConfig;
  const { findings } = engine.open({ path, text }).lint({ ...plainContext(), config });
  return findings.filter(finding => finding.rule === rule).map(({ severity }) => severity);
}

const service = (keys: string): string => `services:\n  web:\n    image: example.com/acme/app:1.4\n    ${keys}\n`;
const awaited = `${service('security_opt: [no-new-privileges]\n    depends_on: {init: {condition: service_completed_successfully}}')}  init:\n    image: example.com/acme/app:1.4\n`;
const sail = (keys: string): string =>
  `services:\n  laravel.test:\n    build: ./vendor/laravel/sail/runtimes/8.4\n    image: sail-8.4/app\n    user: sail\n  mysql:\n    image: mysql:8.4\n    ${keys}\n`;
const run = 'docker run --rm -u 0 example.com/acme/app:1.4\n';

test.each([
  ['a service', 'compose.yaml', service('user: root'), 'compose/root-user', 'warning', 'warning'],
  ['one that is never started again', 'compose.yaml', service('user: root\n    restart: "no"'), 'compose/root-user', 'info', 'warning'],
  [
    'one that publishes a port',
    'compose.yaml',
    service('user: root\n    restart: "no"\n    ports: ["80:80"]'),
    'compose/root-user',
    'warning',
    'warning',
  ],
  ['one whose command ends', 'compose.yaml', service('user: root\n    command: pg_dump app'), 'compose/root-user', 'info', 'warning'],
  ['one whose end others wait for', 'compose.yaml', awaited, 'compose/privilege-escalation', 'info', 'warning'],
  [
    'the host, opened to one that ends',
    'compose.yaml',
    service('privileged: true\n    restart: "no"'),
    'compose/privileged',
    'error',
    'error',
  ],
  ['a command that runs briefly', 'run.sh', run, 'run/root-user', 'info', 'warning'],
  ['a port of Laravel Sail', 'compose.yaml', sail('ports: ["3306:3306"]'), 'compose/published-on-all-interfaces', 'info', 'warning'],
  [
    'a password of Laravel Sail',
    'compose.yaml',
    sail('environment: {MYSQL_ROOT_PASSWORD: password}'),
    'compose/secret-in-environment',
    'info',
    'warning',
  ],
  ['the host, opened to Laravel Sail', 'compose.yaml', sail('privileged: true'), 'compose/privileged', 'error', 'error'],
])('%s', (_, path, text, rule, now, before) => {
  expect(severities(path, text, rule, '')).toEqual([now]);
  expect(severities(path, text, rule, 'rulesVersion: 0.1.0')).toEqual([before]);
  expect(severities(path, text, rule, `rules: {${rule}: error}`)).toEqual(['error']);
});

test('a profile that is configured holds in a file of development, too', () => {
  const found = (configuration: string) =>
    severities('compose.yaml', sail('ports: ["3306:3306"]'), 'compose/published-on-all-interfaces', configuration);
  expect(found('profile: recommended')).toEqual(['warning']);
});
