import { describe, expect, test } from 'vitest';
import { createGate } from '../../shared/src/output/report/gate';
import { noise } from '../support/secrets';
import { expectProportional, type Make } from './growth';
import { patience } from '../support/growth';

/** Texts that are all credentials, or all but: reading them, looking for what was found, and masking takes time in proportion. */
const hostile: Readonly<Record<string, Make>> = {
  names: n => 'token '.repeat(n),
  'names without an end': n => 'token'.repeat(n),
  'names in names': n => 'token='.repeat(n),
  'names in quotes': n => "token='".repeat(n),
  'names in open quotes': n => 'token="a\n'.repeat(n),
  'names in escaped quotes': n => 'token=\\"'.repeat(n),
  'lines that go on': n => `token="${'a\\\n'.repeat(n)}`,
  options: n => '--password '.repeat(n),
  'options in a list': n => '- --password\n'.repeat(n),
  'options in one list': n => `args: [${'"--password", '.repeat(n)}`,
  'names of variables': n => '- name: TOKEN\n'.repeat(n),
  'names of variables in flow style': n => '{name: TOKEN, '.repeat(n),
  'block scalars': n => 'token: |\n'.repeat(n),
  'one block scalar': n => `token: |\n${'  a\n'.repeat(n)}`,
  programs: n => 'mysql '.repeat(n),
  'programs and options': n => 'curl -u a:b '.repeat(n),
  'programs with pipes': n => 'echo a | chpasswd '.repeat(n),
  'here-documents': n => 'chpasswd <<A\n'.repeat(n),
  'a program with breaks': n => `mysql ${'\\\n'.repeat(n)}`,
  Secrets: n => 'kind: Secret\ndata:\n---\n'.repeat(n),
  'a Secret with maps in maps': n => `kind: Secret\n${'data: {'.repeat(n)}`,
  'a Secret with many keys': n => `kind: Secret\ndata:\n${Array.from({ length: n }, (_, i) => `  k${i}: ${noise(12, undefined, i)}\n`).join('')}`,
  'secrets that start alike': n => Array.from({ length: n }, (_, i) => `TOKEN=abcdefgh${i}\n`).join(''),
  'secrets that are the same': n => 'TOKEN=abcdefgh9\n'.repeat(n),
  'plain words': n => Array.from({ length: n }, (_, i) => `TOKEN=${noise(9, 'abcdefgh', i)}\n`).join(''),
  'logins without a scheme': n => ':abcdef@'.repeat(n),
  'logins with a long host': n => `:abcdef@${'a.'.repeat(n)}`,
  bearers: n => 'bearer '.repeat(n),
  'percents and slashes': n => `token=${'%2f\\/'.repeat(n)}`,
}; // prettier-ignore

describe('texts full of what looks like credentials', () => {
  test.each(Object.keys(hostile))(
    '%s',
    name => {
      const mask = (text: string): [] => {
        const gate = createGate({ text, findings: [] });
        expect(gate.mask(text.slice(0, 1000)).length).toBeLessThan(2001);
        expect(gate.places()).toBeDefined();
        return [];
      };
      expectProportional(name, hostile[name]!, mask, 100_000);
    },
    patience,
  );
});
