import { range, shift, type Range } from '../text/range';
import type { TextEdit } from '../text/edits';
import type { YamlOperation } from '../fix/types';
import { renderYaml } from '../yaml/fix/render';
import { parseImageReference } from '../image/reference';
import { textRange } from '../families/kubernetes/model/image-view';
import { isVariable, mapOf, scalarOf, sequenceOf } from '../yaml/values';
import { readObjects } from '../families/kubernetes/model/read';
import { visitKubernetes } from '../families/kubernetes/model/visit';
import { createDocumentCache, parseStream } from '../yaml/parse';
import type { YamlChunk, YamlMap, YamlNode, YamlScalar } from '../yaml/types';
import type { Source } from '../source/types';
import { referenceEdits } from './reference-edits';
import type { ImagePlace, NewPin, PinRefusal } from './types';

/** The images that a YAML file names: containers of workloads, services of Compose, `images` of a kustomization, pairs in a chart's values. */
export function yamlPlaces(text: string, source: Source): readonly ImagePlace[] {
  const chunks = parseStream(text, createDocumentCache(1));
  const { family, dialect } = source;
  if (dialect.holds !== undefined) {
    const places = dialect.holds === 'values' ? valuePairs : kustomizePlaces;
    return chunks.flatMap(chunk => {
      const root = mapOf(chunk.document.root);
      return root ? places(chunk, root) : [];
    });
  }
  if (family === 'kubernetes') return unique(chunks.flatMap(chunk => workloadPlaces(chunk, source)));
  return family === 'compose' ? unique(chunks.flatMap(composePlaces)) : [];
}

function unique(places: readonly ImagePlace[]): readonly ImagePlace[] {
  const seen = new Set<number>();
  return places.filter(place => !seen.has(place.range.start) && seen.add(place.range.start));
}

function workloadPlaces(chunk: YamlChunk, { dialect }: Source): readonly ImagePlace[] {
  const { document } = chunk;
  const places: ImagePlace[] = [];
  visitKubernetes(document, readObjects(document, dialect), { image: view => void places.push(scalarPlace(chunk, view.node)) });
  return places;
}

function composePlaces(chunk: YamlChunk): readonly ImagePlace[] {
  const services = mapOf(mapOf(chunk.document.root)?.get('services'));
  return (services?.entries ?? []).flatMap(entry => {
    const service = mapOf(entry.value);
    const image = service && !service.entry('build') ? scalarOf(service.get('image')) : undefined;
    return image ? [scalarPlace(chunk, image)] : [];
  });
}

/** A scalar that holds a whole reference. */
function scalarPlace({ document, base }: YamlChunk, node: YamlScalar): ImagePlace {
  const block = node.style === 'literal' || node.style === 'folded';
  const text = block ? String(node.value ?? '').trim() : node.style === 'plain' ? node.source : String(node.value ?? '');
  const { range: inner, exact } = textRange(document, node);
  const reference = parseImageReference(text);
  const parts = reference.invalid === null ? { tag: reference.tag, digest: reference.digest } : { tag: null, digest: null };
  const place = (refused: PinRefusal | null): ImagePlace => ({
    reference: text,
    range: shift(inner, base),
    ...parts,
    refused,
    edits: () => [],
  });
  if (document.templated) return place('templated');
  if (isVariable(text) || text.includes('$')) return place('variable');
  if (reference.invalid !== null) return place('invalid');
  if (node.shared || (node.anchor !== undefined && document.text.includes(`*${node.anchor}`))) return place('shared');
  if (!exact) return place('escaped');
  const at = (part: Range): Range => range(base + inner.start + part.start, base + inner.start + part.end);
  return { ...place(null), edits: referenceEdits(reference, at) };
}

/** `images` of a kustomization: the digest is a key of its own, and kustomize writes tag and digest where both are there. */
function kustomizePlaces({ document, base }: YamlChunk, root: YamlMap): readonly ImagePlace[] {
  return (sequenceOf(root.get('images'))?.items ?? []).flatMap((item, index): ImagePlace[] => {
    const image = mapOf(item);
    const name = image && (scalarText(image.get('newName')) ?? scalarText(image.get('name')));
    if (!image || !name) return [];
    const tag = scalarText(image.get('newTag'));
    const digest = scalarText(image.get('digest'));
    const node = image.entry('newTag')?.value ?? image.entry('newName')?.value ?? image.entry('name')!.value!;
    const reference = tag === null ? name : `${name}:${tag}`;
    const place = (refused: PinRefusal | null): ImagePlace => ({
      reference,
      range: shift(node.range, base),
      tag,
      digest,
      refused,
      edits: () => [],
    });
    if (document.templated) return [place('templated')];
    if (tag === null) return digest === null ? [place('tag-elsewhere')] : [place(null)];
    if (isVariable(reference)) return [place('variable')];
    const parsed = parseImageReference(reference);
    if (parsed.invalid !== null || parsed.digest !== null) return [place('invalid')];
    if (image.shared) return [place('shared')];
    const edits = (pin: NewPin): readonly TextEdit[] => {
      const operations: YamlOperation[] = [{ type: 'yaml.set', path: ['images', index, 'digest'], value: pin.digest, after: 'newTag' }];
      if (pin.tag !== undefined) operations.push({ type: 'yaml.set', path: ['images', index, 'newTag'], value: pin.tag });
      const rendered = renderYaml(document, operations);
      return rendered.ok ? rendered.edits.map(edit => ({ ...edit, range: shift(edit.range, base) })) : [];
    };
    return [{ ...place(null), edits }];
  });
}

/** Pairs of `repository` and `tag` somewhere in a chart's values. */
function valuePairs({ base }: YamlChunk, root: YamlMap): readonly ImagePlace[] {
  const places: ImagePlace[] = [];
  const visit = (node: YamlNode | null, depth: number): void => {
    if (node === null || depth > 30) return;
    if (node.kind === 'sequence') node.items.forEach(item => visit(item, depth + 1));
    if (node.kind !== 'map') return;
    const [repository, tag] = [scalarText(node.get('repository')), scalarText(node.get('tag'))];
    const registry = scalarText(node.get('registry'));
    if (repository && tag !== null) {
      const reference = `${registry ? `${registry}/` : ''}${repository}${tag === '' ? '' : `:${tag}`}`;
      const at = shift(node.entry('tag')!.range, base);
      places.push({
        reference,
        range: at,
        tag: tag || null,
        digest: scalarText(node.get('digest')) || null,
        refused: 'values-pair',
        edits: () => [],
      });
    }
    for (const entry of node.entries) visit(entry.value, depth + 1);
  };
  visit(root, 0);
  return places;
}

/** A scalar's text, as a plain one is written: `1.20` is a tag. */
function scalarText(node: YamlNode | null | undefined): string | null {
  const scalar = scalarOf(node);
  if (!scalar || scalar.value === null) return null;
  return scalar.style === 'plain' ? scalar.source : String(scalar.value);
}
