import { describe, expect, it } from 'vitest';
import { convertService, servicesIn } from '../../../shared/src/services/convert/convert';
import { composeRoot, shapeOf } from '../../../shared/src/knowledge/compose-schema';
import { corpusFiles, corpusRows, hasCorpus, noCorpus } from '../../../tools/corpus-folder';
import { conversion, converted, convertedService } from '../../support/convert';

// Every key of a service, and every real service and command, as manifests.

if (!hasCorpus) console.log(noCorpus);

/** The keys that the schema of Compose has for a service. */
function serviceKeys(): readonly string[] {
  const services = shapeOf(composeRoot().fields!['services']!);
  return Object.keys(shapeOf((services.names ?? services.any)!).fields ?? {});
}

describe('nothing is lost in silence', () => {
  const values: Readonly<Record<string, string>> = {
    annotations: '{a: "b c"}',
    blkio_config: '{weight: 5}',
    build: '.',
    cgroup: 'host',
    container_name: 'other',
    credential_spec: '{file: x}',
    develop: '{watch: []}',
    logging: '{driver: x}',
    networks: '[n]',
    oom_kill_disable: 'true',
    post_start: '[{command: x}]',
    pre_start: '[{command: x, image: y}]',
    pre_stop: '[{command: x}]',
    provider: '{type: x}',
    stop_grace_period: '5s',
    storage_opt: '{a: b}',
    sysctls: '{a: b}',
    ulimits: '{nofile: 5}',
    use_api_socket: 'true',
    cap_add: '[A]',
    configs: '[c]',
    deploy: '{replicas: 2}',
    depends_on: '[b]',
    environment: '{A: b}',
    expose: '["81"]',
    extends: '{service: b}',
    extra_hosts: '["a:1.2.3.4"]',
    gpus: 'all',
    healthcheck: '{test: x}',
    init: 'true',
    ipc: 'host',
    labels: '{a: b}',
    network_mode: 'host',
    pid: 'host',
    platform: 'linux',
    ports: '["81"]',
    privileged: 'true',
    pull_policy: 'always',
    read_only: 'true',
    restart: 'on-failure',
    scale: '3',
    secrets: '[s]',
    stdin_open: 'true',
    tty: 'true',
    user: '"5"',
    volumes: '[/a]',
  };
  const lists = new Set(
    'cap_drop device_cgroup_rules devices dns_opt external_links group_add label_file links models profiles security_opt volumes_from'.split(
      ' ',
    ),
  );
  // what a base says is the service's own
  const keys = serviceKeys().filter(key => key !== 'extends');

  it('knows the keys of the schema', () => expect(keys.length).toBeGreaterThan(70));

  it.each(keys.map(key => [key] as const))('%s', key => {
    const value = values[key] ?? (lists.has(key) ? '["x:1"]' : '"5"');
    const base = 'services:\n  a:\n    image: example.com/a:1\n';
    const end = '  b: {image: y}\nsecrets: {s: {file: x}}\nnetworks: {n: {}}\nconfigs: {c: {file: x}}\n';
    const text = key === 'image' ? `services:\n  a:\n    image: other\n${end}` : `${base}    ${key}: ${value}\n${end}`;
    const made = convertService({ path: 'compose.yaml', text }, 'a', conversion);
    const without = convertedService(`${base}${end}`, 'a');
    if (!made.ok) throw new Error(made.message);
    expect(made.before !== without.before || made.notes.length > without.notes.length, made.before).toBe(true);
  });
});

describe.skipIf(!hasCorpus)('real commands and files', () => {
  /** Rules that say that the API server would refuse an object, or pass over part of it. */
  const invalidRules = [
    'duplicate-env',
    'invalid-port',
    'invalid-yaml',
    'misplaced-field',
    'missing-field',
    'missing-reference',
    'selector-mismatch',
  ].map(name => `kubernetes/${name}`);

  it('have rules for what the API server refuses', () => {
    const ids = conversion.engine.rules.map(({ id }) => id);
    expect(invalidRules.filter(id => !ids.includes(id))).toEqual([]);
  });

  it.each(['commands', 'files'] as const)('%s become objects that the API server takes', kind => {
    const quoted = (word: string): string => `'${word.replaceAll("'", `'\\''`)}'`;
    const all =
      kind === 'commands'
        ? corpusRows<{ id: string; argv: readonly string[]; expect: string }>('corpus/docker-run/docker-cli.jsonl')
            .filter(row => row.expect === 'ok' && !row.argv.includes(''))
            .map(({ id, argv }) => ({ id, made: converted(`docker run ${argv.map(quoted).join(' ')}`, 'kubernetes') }))
        : corpusFiles('compose').flatMap(file =>
            servicesIn(file)
              .slice(0, 3)
              .flatMap(name => {
                const made = convertService(file, name, conversion);
                return made.ok ? [{ id: `${file.path} ${name}`, made }] : [];
              }),
          );
    expect(all.length).toBeGreaterThan(200);
    const broken = all.flatMap(({ id, made }) =>
      made.hardened.left
        .filter(({ finding }) => invalidRules.includes(finding.rule))
        .map(({ finding }) => `${id}: ${conversion.words.message(finding)}`),
    );
    expect(broken).toEqual([]);
  });
});
