import { masked, type MaskedText, trusted } from '../../../shared/src/early';
import { maskAlone } from '../../../shared/src/index';
import { neverCancelled } from '../../../shared/src/base/ports/cancellation';
import { imagesIn, readArchiveAt } from '../host/node/archives';
import { inspectImages } from '../host/node/engines';
import { type AskEngines, createLocalImages, type FoundHere, type LocalImages } from '../lookups/local-images';
import { shownPath } from './inputs';
import type { Output } from './output';
import { createRunning } from './running';

/** Reads archives that the command line names, and says what is wrong with them. */
export function readArchives(paths: readonly string[], guarded: readonly string[], trouble: MaskedText[]): LocalImages {
  const local = createLocalImages();
  for (const path of paths) for (const { names, found } of archiveAt(path, null, guarded, trouble).images) local.add(names, found);
  return local;
}

/** Asks the engines of this machine; `guarded`: folders that may be anybody's. */
export function engineAsker(
  guarded: readonly string[],
  output: Pick<Output, 'note'>,
): (names: readonly string[]) => ReturnType<AskEngines> {
  return names =>
    inspectImages(names, { env: process.env, outside: guarded, cancellation: neverCancelled, running: createRunning() }, line =>
      output.note(masked`bulkhead: ${maskAlone(line)}`),
    );
}

/** The images of an archive, as a report has them. */
export function archiveAt(
  path: string,
  platform: string | null,
  guarded: readonly string[],
  trouble: MaskedText[],
): { readonly images: readonly FoundHere[] } {
  const shown = shownPath(path);
  const read = readArchiveAt(path, platform, guarded);
  if (!read.ok) {
    trouble.push(masked`${trusted(shown)}: ${maskAlone(read.message)}`);
    return { images: [] };
  }
  for (const { names, problem } of read.value.problems)
    trouble.push(masked`${trusted(shown)}: ${maskAlone([...names, problem].join(': '))}`);
  return { images: imagesIn(read.value, shown) };
}
