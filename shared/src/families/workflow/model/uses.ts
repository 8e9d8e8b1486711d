import { parseUses, type ActionReference } from '../../../syntax/action/reference';
import { range, type Range } from '../../../base/text/range';
import { textRange } from '../../../syntax/yaml/text-range';
import type { Path, YamlDocument, YamlScalar } from '../../../syntax/yaml/types';
import { stringOf } from '../../../syntax/yaml/values';

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
  /** Of a repository, as facts and look-ups take it; its ranges are in `text`. */
  readonly action: ActionReference | null;
}

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
    action: null,
  };
  const parsed = parseUses(text);
  if (parsed.kind === 'docker') return { ...common, kind: 'docker', image: parsed.image };
  if (parsed.kind === 'local')
    return { ...common, kind: text.startsWith('$') ? 'self' : 'local', folder: text.startsWith('$') ? text.slice(1) : text };
  if (parsed.kind === 'invalid') return { ...common, kind: 'invalid' };
  const { owner, repo, path: folder, ref, ranges } = parsed;
  return {
    ...common,
    kind: 'repository',
    owner,
    repository: repo,
    folder: folder === '' ? '' : `/${folder}`,
    name: text.slice(0, ranges.name.end).toLowerCase(),
    ref,
    refRange: at(ranges.ref.start, ranges.ref.end),
    nameRange: at(ranges.name.start, ranges.name.end),
    action: parsed,
  };
}
