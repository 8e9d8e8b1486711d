import { describe, expect, it } from 'vitest';
import { createEngine } from '../../../shared/src/engine/create-engine';
import { rules } from '../../../shared/src/families/generated/index';
import { plainContext } from '../../../tools/lint-context';

const engine = createEngine(rules);
const path = 'compose.yaml';
const service = `
    image: ghcr.io/acme/web:1.2.0
    ports: ["8080:80"]
    volumes: [/var/run/docker.sock:/var/run/docker.sock]
    environment:
      DEBUG: "1"
    cap_add: [SYS_ADMIN]
    network_mode: host
`;
const indented = (text: string, by: number): string => text.replace(/^(?=.)/gm, ' '.repeat(by));

/** What is found in a file, by rule and message, each once. */
function found(text: string): readonly string[] {
  const { findings } = engine.open({ path, text }).lint(plainContext('strict'));
  return [...new Set(findings.map(({ rule, messageId }) => `${rule} ${messageId}`))].sort();
}

const written = found(`services:\n  web:${service}`);

describe('a service that an alias or a merge key stands for has the findings of one that is written in its place', () => {
  it.each([
    ['an alias', `x-all:\n  web: &web${indented(service, 2)}services:\n  web: *web\n`],
    ['an alias of an extension', `x-web: &web${service}services:\n  web: *web\n`],
    ['a merge key of an extension', `x-web: &web${service}services:\n  web:\n    <<: *web\n`],
    ['of all services', `x-all: &all\n  web:${indented(service, 2)}services: *all\n`],
    ['merged services', `x-all: &all\n  web:${indented(service, 2)}services:\n  <<: *all\n`],
    ['merged in place', `services:\n  <<:\n    web:${indented(service, 4)}`],
    ['an alias of an alias', `x-a: &a${service}x-b: &b\n  <<: *a\nservices:\n  web: *b\n`],
  ])('%s', (_name, text) => expect(found(text)).toEqual(written));
});

it('and harden says of each that an anchor stands in its way', () => {
  const text = `x-all:\n  web: &web${indented(service, 2)}services:\n  web: *web\n  two: *web\n`;
  const { text: hardened, left } = engine.open({ path, text }).harden(plainContext());
  expect(hardened).toBe(text);
  const reasons = left.filter(({ finding }) => finding.rule === 'compose/privilege-escalation').map(({ reason }) => reason);
  expect(reasons).toEqual(['shared', 'shared']);
});

it('is one that can be converted', () => {
  const text = `x-web: &web${service}services:\n  web: *web\n`;
  expect(
    engine
      .open({ path, text })
      .convertibles()
      .map(({ name, range }) => [name, text.slice(range.start, range.end)]),
  ).toEqual([['web', 'web']]);
});
