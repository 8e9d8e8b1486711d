import { describe, expect, test } from 'vitest';
import { summaryOf } from '../../../shared/src/families/compose/model/summary';
import { composeOf } from '../../../shared/src/families/compose/model/project';
import { parseDocument } from '../../../shared/src/syntax/yaml/parse';
import { corpusFiles, hasCorpus, noCorpus } from '../../../tools/corpus-folder';

const summary = (text: string): string | null => summaryOf(parseDocument(text));

describe('what the index keeps of a Compose file', () => {
  test('decides how containers are shut off, whichever way it is written', () => {
    expect(
      summary(
        'x-a: &a\n  read_only: yes\nservices:\n  web:\n    <<: *a\n    user: "1000"\n    image: web:${TAG:-1}\n    ports: ["${P}:80", 22:22]\n    build: {context: ., args: [A=1]}\n    environment: {A: b}\n    command: [x]\n',
      ),
    ).toBe(
      '{"services": {"web": {"user": "1000", "image": "web:${TAG:-1}", "ports": ["${P}:80", "22:22"], "build": {"context": "."}, "read_only": true}}}',
    );
  });

  test('keeps what takes away from other files', () => {
    expect(summary('services:\n  web:\n    ports: !override [a]\n    user: !reset null\n    command: !reset null\n')).toBe(
      '{"services": {"web": {"ports": !override ["a"], "user": !reset null}}}',
    );
  });

  test('holds no passwords', () => {
    const secret = 's3cret-Pa55';
    const text = `name: shop
services:
  web:
    image: example.com/web:1
    environment: [PASSWORD=${secret}]
    command: --password ${secret}
    entrypoint: [sh, -c, ${secret}]
    labels: {a: ${secret}}
    annotations: {a: ${secret}}
    build: {context: ., args: {A: ${secret}}, labels: {A: ${secret}}, dockerfile_inline: "ENV A=${secret}"}
    logging: {driver: splunk, options: {splunk-token: ${secret}}}
    healthcheck: {test: [CMD, x, ${secret}]}
    deploy: {labels: {a: ${secret}}}
    post_start: [{command: ${secret}}]
    x-note: ${secret}
volumes:
  data: {driver_opts: {type: cifs, o: "password=${secret}"}}
configs:
  a: {content: ${secret}}
x-note: ${secret}
`;
    expect(summary(text)).not.toContain(secret);
  });

  test('is nothing for a file that is too long', () => {
    expect(
      summary(`services:\n  web:\n    image: a\n    volumes:\n${'      - /a:/bbbbbbbbbbbbbbbbbbbbbbbbbbbb\n'.repeat(10_000)}`),
    ).toBeNull();
  });

  test.runIf(hasCorpus)('is a summary of itself, and has what real files say', () => {
    for (const { path, text } of corpusFiles('compose')) {
      const document = parseDocument(text);
      if (document.templated || document.problems.length > 0) continue;
      const kept = summaryOf(document)!;
      expect(summary(kept), path).toBe(kept);
      const dialect = { templated: false, fragment: false };
      const say = (from: string): readonly unknown[] =>
        composeOf(parseDocument(from), path, dialect).services.map(service => [
          service.name,
          service.image?.text,
          ...(['user', 'readOnly', 'pids', 'memory', 'privileged'] as const).map(field => service.get(field)?.value),
          ...(['capDrop', 'capAdd', 'securityOpt', 'tmpfs'] as const).map(field => service.list(field).items.map(({ value }) => value)),
          service.list('mounts').items.map(({ value }) => [value?.kind, value?.source, value?.target, value?.readOnly]),
        ]);
      expect(say(kept), path).toEqual(say(text));
    }
  });
  test.runIf(!hasCorpus)(noCorpus, () => undefined);
});
