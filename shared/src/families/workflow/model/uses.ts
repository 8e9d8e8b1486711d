import { range, type Range } from '../../../text/range';
import { textRange } from '../../../yaml/text-range';
import type { Path, YamlDocument, YamlScalar } from '../../../yaml/types';
import { stringOf } from '../../../yaml/values';

/** What stands behind `uses:`. */
export interface Uses {
  readonly node: YamlScalar;
  readonly path: Path;
  readonly text: string;
  /** The text, without the quotes of YAML. */
  readonly range: Range;
  /**
   * `repository`: `owner/repo[/path]@ref`; `local`: `./path`; `self`: `$/path`, the repository of the workflow itself; `docker`: `docker://image`; `invalid`: GitHub
   * takes none of it.
   */
  readonly kind: 'repository' | 'local' | 'self' | 'docker' | 'invalid';
  /** Of a repository, as written; empty for others. */
  readonly owner: string;
  readonly repository: string;
  /** Behind the repository's name, with the slash in front: `/upload-sarif`; of a local one its path; else empty. */
  readonly folder: string;
  /** `owner/repo[/path]` in lower case, by which facts go; empty for what is no repository's. */
  readonly name: string;
  /** Behind the `@`; empty for what has none. */
  readonly ref: string;
  readonly refRange: Range;
  /** Of `owner/repo[/path]`. */
  readonly nameRange: Range;
  /** Of the image, behind `docker://`; empty for others. */
  readonly image: string;
}

const ofRepository = /^([\w.-]{1,100})\/([\w.-]{1,200})((?:\/[^@\s]{0,500})?)@(\S{1,300})$/;

/** Reads the value of a `uses`; `null` where nothing is written there. */
export function readUses(document: YamlDocument, node: YamlScalar, path: Path): Uses | null {
  const text = (stringOf(node) ?? '').trim();
  if (text === '') return null;
  const place = textRange(document, node);
  const at = (start: number, end: number): Range => (place.exact ? range(place.range.start + start, place.range.start + end) : place.range);
  const common = {
    node,
    path,
    text,
    range: place.range,
    owner: '',
    repository: '',
    folder: '',
    name: '',
    ref: '',
    refRange: place.range,
    nameRange: place.range,
    image: '',
  };
  if (text.startsWith('docker://')) return { ...common, kind: 'docker', image: text.slice('docker://'.length) };
  if (text.startsWith('./') || text.startsWith('../') || text === '.') return { ...common, kind: 'local', folder: text };
  if (text.startsWith('$/')) return { ...common, kind: 'self', folder: text.slice(1) };
  const [, owner = '', repository = '', folder = '', ref = ''] = ofRepository.exec(text) ?? [];
  if (ref === '') return { ...common, kind: 'invalid' };
  const nameLength = text.length - ref.length - 1;
  return {
    ...common,
    kind: 'repository',
    owner,
    repository,
    folder,
    name: text.slice(0, nameLength).toLowerCase(),
    ref,
    refRange: at(nameLength + 1, text.length),
    nameRange: at(0, nameLength),
  };
}

/** Whether a ref is a whole commit: 40 hexadecimal digits, or 64. */
export function isCommit(ref: string): boolean {
  return /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/i.test(ref);
}
