import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { headsOf } from '../../shared/src/workspace/source/head';
import { oddObjects, oddOthers, oddProjects, oddServices } from '../support/odd-spellings';

// What the table of odd spellings says of kubectl and of Docker's loader, asked of themselves.

const kubernetes = process.env['BULKHEAD_KUBERNETES_ORACLE'];
const compose = process.env['BULKHEAD_COMPOSE_ORACLE'];
if (!kubernetes) console.log('BULKHEAD_KUBERNETES_ORACLE is not set: odd spellings are not held against kubectl');
if (!compose) console.log('BULKHEAD_COMPOSE_ORACLE is not set: odd spellings are not held against the loader of Docker Compose');

function ask<T>(program: string, args: readonly string[], input: unknown): readonly T[] {
  return JSON.parse(execFileSync(program, args, { input: JSON.stringify(input), encoding: 'utf8', maxBuffer: 1 << 28 })) as readonly T[];
}

interface Stream {
  readonly objects: readonly { readonly kind: string; readonly privileged: boolean }[];
  readonly keys: readonly (readonly string[])[];
  readonly error: string;
}

describe.skipIf(!kubernetes)('kubectl', () => {
  it('runs what the table says', () => {
    const said = ask<Stream>(
      kubernetes!,
      ['apply'],
      oddObjects.map(({ text }) => text),
    );
    const runs = said.map(({ objects }, at) => [oddObjects[at]!.name, objects.some(({ privileged }) => privileged)]);
    expect(runs).toEqual(oddObjects.map(({ name, runs }) => [name, runs]));
  });

  it('reads the keys that we read', () => {
    const others = oddOthers.flatMap(([, text, family]) => (family === 'workflow' ? [] : text));
    const texts = [...oddObjects.map(({ text }) => text), ...others, ...oddServices.map(({ text }) => text)];
    const said = ask<Stream>(kubernetes!, ['apply'], texts);
    const wrong = texts.flatMap((text, at) => {
      const keys = [...headsOf(text)].map(({ head }) => [...new Set(head.keys)].sort()).filter(each => each.length > 0);
      const { keys: theirs, error } = said[at]!;
      // what kubectl does not read at all decides nothing
      return /YAML|yaml|separator/.test(error) || JSON.stringify(keys) === JSON.stringify(theirs) ? [] : [{ text, keys, theirs }];
    });
    expect(wrong).toEqual([]);
  });
});

describe.skipIf(!compose)("Docker's loader", () => {
  const privileged = (projects: readonly unknown[]): readonly boolean[] =>
    ask<{ readonly privileged: readonly string[] }>(compose!, [], projects).map(({ privileged }) => privileged.length > 0);

  it('runs what the table says', () => {
    const runs = privileged(oddServices.map(({ text }) => text)).map((is, at) => [oddServices[at]!.name, is]);
    expect(runs).toEqual(oddServices.map(({ name, runs }) => [name, runs]));
  });

  it('runs a privileged service of each project', () => {
    expect(privileged(Object.values(oddProjects)).every(is => is)).toBe(true);
  });
});
