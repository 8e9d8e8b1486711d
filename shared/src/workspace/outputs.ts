import { range } from '../base/text/range';
import { folderOf, joinPath } from './paths';
import type { OutputFact } from './unkeyed-facts';

/** A redirection that makes a file anew, of a name that is one of ours. */
const redirection = /(?:^|[^<>=&\d-])>[ \t]{0,9}["']?(\.{0,2}[\w-][\w./-]{0,200}|\.{1,2}\/[\w./-]{1,200})(?=["'\s;)&|]|$)/gm;

/** Of a file that is ours. */
const named = /(?:\.ya?ml|(?:^|[./])[Dd]ockerfile)$/;

/** More files of a script are not looked at. */
const most = 100;

/**
 * The files that commands of a script, a make file or a workflow write: what is edited there is gone with their next run.
 * @param options.base where the text begins in its file
 * @param options.folders where the commands may run
 */
export function outputFacts(
  text: string,
  path: string,
  { base = 0, folders = [folderOf(path), ''] }: { readonly base?: number; readonly folders?: readonly string[] } = {},
): readonly OutputFact[] {
  if (!text.includes('>')) return [];
  const found: OutputFact[] = [];
  for (const { index, 0: written, 1: name } of text.matchAll(redirection)) {
    if (!named.test(name!)) continue;
    // commands may have gone to a folder below: what is above that is there, too
    const below = name!.replace(/^(?:\.\.\/)+/, '');
    const files = [...folders.map(folder => joinPath(folder, name!)), ...(below === name ? [] : [below])];
    const place = { path, range: range(base + index, base + index + written.length) };
    if (found.length < most) found.push({ type: 'output', ...place, files: [...new Set(files.filter(file => file !== null))] });
  }
  return found;
}
