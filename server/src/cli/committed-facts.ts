import { dirname } from 'node:path';
import { masked, type MaskedText, plain, trusted } from '../../../shared/src/early';
import { type CommittedImage, plural, printCommitted, readCommitted, type ReportedImage } from '../../../shared/src/formats';
import { createGate, createSieve, maskAlone } from '../../../shared/src/index';
import { endpointOf } from '../../../shared/src/services/registry/names';
import { createFolder } from '../host/node/output-file';
import { readIfThere, writeAnew } from './baseline';
import { shownPath } from './inputs';
import type { Output } from './output';
import type { Reading } from './reading';

/** An image about which something was found. */
export type FoundReference = Pick<ReportedImage, 'reference'> & { readonly found: NonNullable<ReportedImage['found']> };

/** What a run has for the committed file, or holds against it. */
export interface CommittedRun {
  /** Absolute: below the folder that paths of the working directory are relative to. */
  readonly path: string;
  /** Whether only some images were asked for, so that the others of the file stay. */
  readonly isPart: boolean;
  readonly found: readonly FoundReference[];
  /** The references about which nothing was found: what the file has of them stays. */
  readonly failed: readonly string[];
}

/** An image as a committed file calls it: without its digest; `null`: no registry can be asked about it. */
function nameOf(reference: string): string | null {
  const endpoint = endpointOf(reference);
  if (!endpoint.ok) return null;
  const { registry, repository, tag } = endpoint.value;
  return `${registry}/${repository}${tag === null ? '' : `:${tag}`}`;
}

const keyOf = ({ reference, digest }: Pick<CommittedImage, 'reference' | 'digest'>): string => `${reference}@${digest}`;

/** What was found, each image once: files may spell one in several ways. */
function foundIn({ found }: CommittedRun): ReadonlyMap<string, CommittedImage> {
  const images = found.flatMap(({ reference, found: { facts, chain } }): CommittedImage[] => {
    const name = nameOf(reference);
    return name === null || chain === null
      ? []
      : [{ reference: name, digest: facts.digest, chain, ...(facts.files && { files: facts.files }) }];
  });
  return new Map(images.map(image => [keyOf(image), image]));
}

/** What stays of a committed file, whatever was found. */
function staying({ isPart, found, failed }: CommittedRun, images: readonly CommittedImage[]): readonly CommittedImage[] {
  const lost = new Set(failed.map(nameOf));
  const named = new Set(found.map(({ reference }) => nameOf(reference)));
  return images.filter(({ reference }) => lost.has(reference) || (isPart && !named.has(reference)));
}

/** An image without what looks like a credential; `null`: that cannot be parted from the rest. */
function withoutCredentials({ files, ...rest }: CommittedImage): CommittedImage | null {
  const { chain } = rest;
  // of files only names are kept, but anybody chooses those
  const image = files && createSieve(chain.configuration).json(files) !== null ? { ...rest, files } : rest;
  if (createSieve(chain.configuration).json(chain) !== null) return image;
  const { mask } = createGate({ text: chain.configuration, findings: [] });
  const configuration = JSON.stringify(JSON.parse(chain.configuration), (_, value: unknown) =>
    typeof value === 'string' ? mask(value) : value,
  );
  const safe = { ...image, chain: { ...chain, configuration }, isMasked: true };
  return createSieve(chain.configuration).json(safe.chain) === null ? null : safe;
}

/** Writes the committed file. Where a configuration holds what looks like a credential, it is masked: what it says is a claim then. */
export function writeFacts(run: CommittedRun, guarded: readonly string[], reading: Reading, output: Output, trouble: MaskedText[]): void {
  const shown = trusted(shownPath(run.path));
  const old = readIfThere(run.path, reading);
  const before = new Map((old === null ? [] : readCommitted(old).images).map(image => [keyOf(image), image]));
  const found = [...foundIn(run).values()].flatMap((image): CommittedImage[] => {
    const files = image.files ?? before.get(keyOf(image))?.files;
    const safe = withoutCredentials({ ...image, ...(files && { files }) });
    if (!safe || safe.isMasked === true) {
      const how = safe ? plain('masked when written, so its facts count as claimed, not as verified') : plain('left out');
      output.say(masked`bulkhead: ${maskAlone(image.reference)}: ${how}: its configuration contains what looks like a credential`);
    }
    return safe ? [safe] : [];
  });
  const stays = staying(run, [...before.values()]);
  const images = [...new Map([...stays, ...found].map(image => [keyOf(image), image])).values()];
  const folder = createFolder(dirname(run.path), guarded);
  const written = folder.ok ? writeAnew(run.path, guarded, old, printCommitted(images)) : folder;
  if (written.ok) output.say(masked`bulkhead: ${shown}: ${plural(images.length, 'image')} written`);
  else trouble.push(masked`${shown}: not written: ${maskAlone(written.message)}`);
}

/** Says where the committed file differs from what registries have now; gives whether it does. */
export function sayDifferences(run: CommittedRun, reading: Reading, output: Output, trouble: MaskedText[]): boolean {
  const shown = trusted(shownPath(run.path));
  const text = reading.sideText(run.path);
  if (!text.ok) {
    trouble.push(masked`${shown}: ${maskAlone(text.message)}`);
    return true;
  }
  const { images, problems } = readCommitted(text.value);
  const [now, stays] = [foundIn(run), new Set(staying(run, images).map(keyOf))];
  const there = new Set(images.map(keyOf));
  const gone = [...there].filter(key => !now.has(key) && !stays.has(key));
  const lines = [
    ...problems.map(problem => maskAlone(problem)),
    ...[...now.keys()].filter(key => !there.has(key)).map(key => masked`${maskAlone(key)} is missing`),
    ...gone.map(key => masked`${maskAlone(key)} is not named in the input, or its tag has moved`),
  ];
  for (const line of lines) output.say(masked`bulkhead: ${shown}: ${line}`);
  return lines.length > 0;
}
