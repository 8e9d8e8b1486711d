import { memoize } from '../../../base/text/memoize';
import type { RunModel } from './types';

/** Verbs that give an image of this machine a name. */
const naming: ReadonlySet<string> = new Set(['build', 'buildx', 'tag', 'commit', 'load', 'import', 'image', 'bake']);

/** A word with its variables in one way of writing. */
const written = (word: string): string => word.replace(/\$\{(\w{1,100})\}/g, '$$$1');

/** The references that a file gives to images that it makes, as they are written: what runs them pulls nothing. */
const namesIn = memoize(({ others, document, text }: RunModel): ReadonlySet<string> => {
  const names = new Set<string>();
  for (const { verb, shell } of others) {
    if (verb === null || !naming.has(verb)) continue;
    for (const arg of shell.args) {
      const word = written(arg.text ?? arg.raw.replaceAll('"', '')).replace(/^(?:--tag=|-t=?)/, '');
      if (!word.startsWith('-')) names.add(word);
    }
  }
  // the action that builds takes the names of an image as a line, or as one a line
  if (document)
    for (const { 1: value = '' } of text.matchAll(/^[ ]{0,60}(?:tags|load-image|image-name):[ ]{0,9}([^\n]{1,400})/gm))
      for (const word of value.split(/[\s,"']+/)) names.add(word);
  return names;
});

/** Whether a file makes the image of this reference itself; as it is written where a variable in it is not known. */
export function isBuiltHere(model: RunModel, image: string): boolean {
  const reference = written(image);
  // a tag that says so
  if (/:local$/.test(reference)) return true;
  const names = namesIn(model);
  return (
    names.has(reference) ||
    names.has(`${reference}:latest`) ||
    (reference.endsWith(':latest') && names.has(reference.slice(0, -':latest'.length)))
  );
}
