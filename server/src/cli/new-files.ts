import { join, dirname } from 'node:path';
import { masked, type MaskedText, plain, printable, trusted } from '../../../shared/src/early';
import type { HardenedFile } from '../../../shared/src/formats';
import { type Accepted, isTaken, maskAlone } from '../../../shared/src/index';
import { createFile } from '../host/node/output-file';
import type { Input } from './inputs';
import type { Run } from './run';

/** What harden made of an input. */
export interface Made {
  readonly input: Input;
  readonly file: HardenedFile;
}

/**
 * Gives each file the new ones that its accepted fixes ask for, and takes their findings off what is left. Several inputs of a folder that ask for the same
 * file (a `.dockerignore`) get one with the lines that all of them agree on: what one of them wants to keep out, another may need.
 */
export function withNewFiles(run: Run, made: readonly Made[], accept: Accepted): readonly Made[] {
  const asked = new Map<string, string[]>();
  const wanted = made.map(({ input, file }) =>
    file.result.left.flatMap(({ finding }) => {
      const fix = finding.fixes.find(({ elsewhere }) => elsewhere?.create);
      const path = fix && isTaken(finding, fix, accept) ? run.facts.creatable(input, fix.elsewhere!.path) : null;
      if (!fix || path === null) return [];
      asked.set(path, [...(asked.get(path) ?? []), fix.elsewhere!.newText]);
      return [{ finding, path }];
    }),
  );
  const given = new Set<string>();
  return made.map(({ input, file }, index) => {
    const own = wanted[index]!;
    const paths = [...new Set(own.map(({ path }) => path))].filter(path => !given.has(path));
    for (const path of paths) given.add(path);
    const created = paths.map(path => ({ path, text: commonLines(asked.get(path)!), written: false }));
    const left = file.result.left.filter(({ finding }) => !own.some(one => one.finding === finding));
    return { input, file: { ...file, result: { ...file.result, left }, created } };
  });
}

function commonLines([first = '', ...others]: readonly string[]): string {
  const lists = others.map(text => text.split('\n'));
  return first
    .split('\n')
    .filter(line => lists.every(list => list.includes(line)))
    .join('\n');
}

/** Writes the new files of an input, beside it; what has come in the meantime stays as it is. */
export function writeNewFiles({ input, file }: Made, trouble: MaskedText[]): HardenedFile {
  const created = file.created.map(one => {
    const name = one.path.slice(one.path.lastIndexOf('/') + 1);
    const written = createFile(join(dirname(input.absolute), name), [input.root], one.text);
    if (written.ok && written.value) return { ...one, written: true };
    trouble.push(masked`${trusted(one.path)}: not written: ${maskAlone(written.ok ? 'it already exists' : written.message)}`);
    return one;
  });
  return { ...file, created };
}

/** A line for each file that was written. */
export function newFilesText({ created }: HardenedFile): MaskedText {
  return created.reduce((text, { path, written }) => (written ? masked`${text}${printable(trusted(path))}: written\n` : text), plain(''));
}
