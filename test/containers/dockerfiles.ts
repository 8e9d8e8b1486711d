import { cpSync, mkdirSync, readFileSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { build, prefix, run, scratch } from './engine';
import { isOfficial, makeImages } from './images';

const folder = join(__dirname, 'dockerfiles');
const cli = join(__dirname, '../../dist/cli.js');

/** Those of the check in .ci/run: fixes install, switch users, and find a command in an odd place. */
const inCi: readonly string[] = ['node-alpine-plain', 'node-alpine-install-as-user', 'node-entrypoint-last'];

/** The names of the Dockerfiles of `dockerfiles/`. */
const names = readdirSync(folder).flatMap(file => (file.endsWith('.Dockerfile') ? basename(file, '.Dockerfile') : []));

/** The Dockerfiles that some words name, as `dockerfiles` or `dockerfiles/NAME`. */
export function wantedDockerfiles(words: readonly string[], ci: boolean): readonly string[] {
  if (words.length === 0) return ci ? inCi : names;
  return names.filter(name => words.includes('dockerfiles') || words.includes(`dockerfiles/${name}`));
}

/** Whether a word names Dockerfiles. */
export const isOfDockerfiles = (word: string): boolean => word === 'dockerfiles' || names.some(name => word === `dockerfiles/${name}`);

const folderOf = (name: string): string => join(scratch, 'dockerfiles', name);

/** The images that a Dockerfile starts from, stages and `scratch` left out. */
function imagesIn(text: string): readonly string[] {
  const defaults = new Map([...text.matchAll(/^ARG (\w+)=(\S+)/gim)].map(match => [match[1]!, match[2]!]));
  const stages = new Set(['scratch', ...[...text.matchAll(/^FROM .* AS (\S+)/gim)].map(match => match[1]!)]);
  return [...text.matchAll(/^FROM (\S+)/gim)]
    .map(match => match[1]!.replace(/\$\{(\w+)\}/g, (_, name: string) => defaults.get(name) ?? ''))
    .filter(image => !stages.has(image));
}

/**
 * Hardens Dockerfiles with every fix accepted and builds what comes of it. Gives a line for each that fails; those whose images are not made here,
 * and those with here-documents, which buildah cannot read, are left to the parsers (test/unit/fix-dockerfile/all-accepted.test.ts).
 */
export function buildDockerfiles(wanted: readonly string[]): { readonly built: number; readonly failures: readonly string[] } {
  const failures: string[] = [];
  let built = 0;
  const attempt = (name: string, work: () => void): void => {
    try {
      work();
    } catch (error) {
      failures.push(`${name}: ${(error as Error).message}`);
      console.log(failures.at(-1));
    }
  };
  const hardened = new Map<string, readonly string[]>();
  for (const name of wanted)
    attempt(name, () => {
      const copy = folderOf(name);
      mkdirSync(copy, { recursive: true });
      cpSync(folder, copy, { recursive: true });
      const { code, err } = run(process.execPath, [cli, 'harden', '--write', '--accept', 'all', `${name}.Dockerfile`], { cwd: copy });
      if (code !== 0) throw new Error(`harden fails: ${err.trim().split('\n').at(-1)}`);
      const text = readFileSync(join(copy, `${name}.Dockerfile`), 'utf8');
      const images = imagesIn(text);
      if (images.every(isOfficial) && !/^(?:RUN|COPY) .*<</m.test(text)) hardened.set(name, images);
      else console.log(`${name}: not built: its images are not made here, or it has a here-document`);
    });
  makeImages([...hardened.values()].flat());
  for (const name of hardened.keys())
    attempt(name, () => {
      build(folderOf(name), `localhost/${prefix}/dockerfile-${name}`, ['--file', join(folderOf(name), `${name}.Dockerfile`)]);
      built++;
      console.log(`${name}: builds with every fix accepted`);
    });
  return { built, failures };
}
