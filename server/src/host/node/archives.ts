import { closeSync, constants, existsSync, fstatSync, openSync, readSync, realpathSync, statSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { type ArchivedImages, createTarReader, Malformed, readArchive } from '../../../../shared/src/index';
import { liesIn } from '../../../../shared/host/node/folders';
import { claimed, type FoundHere, type OpenArchive } from '../../lookups/local-images';
import { attempt, decodeText } from './files';
import { readRegular } from './reader';
import { runNow } from './steps';
import { pathOf } from './workspace-files';

/** An archive or a layout that was read. */
export interface ReadArchive extends ArchivedImages {
  /** Whether it lies in a folder that is checked, so that it may have come with the repository. */
  readonly isInside: boolean;
}

/** A longer text of an archive is not read: the longest that leads to an image is a configuration. */
const longestText = 4 << 20;
/** More bytes of texts are not kept, and more files are not looked at. */
const mostBytes = 64 << 20;
const mostFiles = 100_000;

/** The files of an image that are read: nothing else has a place in one. */
const wanted = /^(?:index\.json|manifest\.json|[0-9a-f]{64}\.json|blobs\/sha256\/[0-9a-f]{64})$/;

/** Whether a path is that of an OCI layout or of an archive of an image. */
export function isArchivePath(path: string): boolean {
  const stat = attempt(path, () => statSync(path));
  if (!stat.ok) return false;
  return stat.value.isDirectory() ? existsSync(join(path, 'oci-layout')) : /\.(?:tar|tgz|oci|tar\.[a-z0-9]{2,4})$/.test(path);
}

/** Reads an archive of `docker save` or an OCI layout, as a folder or a tar archive; why it cannot be, as the end of a sentence about it. Writes nothing. */
export function readArchiveAt(
  path: string,
  platform: string | null,
  guarded: readonly string[],
): { readonly ok: true; readonly value: ReadArchive } | { readonly ok: false; readonly message: string } {
  const absolute = resolve(path);
  const texts = attempt(absolute, () => (statSync(absolute).isDirectory() ? layoutTexts(absolute) : tarTexts(absolute)));
  if (!texts.ok) return texts;
  const read = readArchive(texts.value, platform);
  if (!read.ok) return { ok: false, message: read.problem };
  return {
    ok: true,
    value: { ...read.value, isInside: guarded.some(folder => liesIn(absolute, folder) || liesIn(realpathSync(absolute), folder)) },
  };
}

/** What an archive says of its images; what lies in a folder that is checked may have come with it, so that it is a claim. `by`: what the archive is called. */
export function imagesIn({ images, isInside }: ReadArchive, by: string): readonly FoundHere[] {
  return images.map(({ names, facts, claims }) => {
    const found = { facts, claims, at: null, chain: null, by };
    return { names, found: isInside ? claimed(found) : found };
  });
}

/** Reads an archive for a language server. */
export const openArchive: OpenArchive = (uri, folders) => {
  const path = pathOf(uri);
  if (path === null) return { ok: false, message: 'it is not a file on this machine' };
  const read = readArchiveAt(
    path,
    null,
    folders.flatMap(folder => pathOf(folder) ?? []),
  );
  const [problem] = read.ok ? read.value.problems : [];
  if (!read.ok) return read;
  if (problem && read.value.images.length === 0) return { ok: false, message: [...problem.names, problem.problem].join(': ') };
  return { ok: true, images: imagesIn(read.value, basename(path)) };
};

/** The texts of a layout; no link in it is followed out of it. */
function layoutTexts(folder: string): (name: string) => string | null {
  return name => {
    if (!wanted.test(name)) return null;
    const read = runNow(readRegular(join(folder, name), { root: folder, maxBytes: longestText }));
    const text = read.ok ? decodeText(read.value) : null;
    return text?.ok === true ? text.value : null;
  };
}

const block = 512;
const zeros = new Uint8Array(1 << 20);

/** The texts of a tar archive: what is not a text is passed over without being read. Throws an error whose message says what is wrong. */
function tarTexts(path: string): (name: string) => string | null {
  const texts = new Map<string, string>();
  // a pipe would hold the program up
  const file = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  try {
    const stat = fstatSync(file);
    if (!stat.isFile()) throw new Malformed('is not a regular file');
    let [kept, files, skip] = [0, 0, 0];
    const reader = createTarReader({
      entry: ({ path: name, kind, size }) => {
        if (++files > mostFiles) throw new Malformed(`has more than ${mostFiles} files`);
        if (kind === 'file' && wanted.test(name)) {
          if (texts.has(name)) throw new Malformed(`has ${name} twice`);
          if (size <= longestText) return size;
        }
        skip = Math.ceil(size / block) * block;
        return 0;
      },
      content: ({ path: name }, bytes) => {
        // layers are blobs, too
        if (bytes[0] !== 0x7b && bytes[0] !== 0x5b) return;
        kept += bytes.length;
        if (kept > mostBytes) throw new Malformed('has too many texts');
        const text = decodeText(bytes);
        if (text.ok) texts.set(name, text.value);
      },
    });
    const chunk = new Uint8Array(block);
    for (let at = 0; at < stat.size;) {
      const count = readSync(file, chunk, 0, block, at);
      if (count === 0) break;
      if (at === 0 && chunk[0] === 0x1f && chunk[1] === 0x8b) throw new Malformed('is compressed: decompress it first');
      at += count;
      reader.push(chunk.subarray(0, count));
      at += skip;
      if (at > stat.size) throw new Malformed('ends in the middle of a file');
      for (; skip > 0; skip -= Math.min(skip, zeros.length)) reader.push(zeros.subarray(0, Math.min(skip, zeros.length)));
    }
    reader.end();
  } finally {
    closeSync(file);
  }
  return name => texts.get(name) ?? null;
}
