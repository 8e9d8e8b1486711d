import { isVariable } from '../../syntax/yaml/certainty';
import { setValue, type YamlOperation } from '../../syntax/yaml/operations';
import { parseImageReference } from '../../syntax/image/reference';
import type { ImagePlace, NewPin, PinRefusal } from '../../syntax/image/places';
import type { YamlPiece } from '../family/types';
import { imageScalar } from '../family/yaml-image';
import { shift } from '../../base/text/range';
import type { TextEdit } from '../../base/text/edits';
import { renderYaml } from '../../syntax/yaml/fix/render/render-yaml';
import { writtenText } from '../../syntax/yaml/mask';
import type { YamlDocument, YamlMap, YamlNode } from '../../syntax/yaml/types';
import { mapOf, scalarOf, sequenceOf } from '../../syntax/yaml/values';
import { visitKubernetes } from './model/visit';
import { readDocument } from './objects';

/** The images that a document names: of workloads, `images` of a kustomization, pairs in a chart's values. */
export function kubernetesImages(piece: YamlPiece): readonly ImagePlace[] {
  const { document, dialect } = piece;
  const root = mapOf(document.root);
  if (dialect.holds !== undefined) return root ? (dialect.holds === 'values' ? valuePairs(piece, root) : kustomizePlaces(piece, root)) : [];
  const places: ImagePlace[] = [];
  visitKubernetes(document, readDocument(document, dialect).objects, { image: view => void places.push(imageScalar(piece, view.node)) });
  return places;
}

/** `images` of a kustomization: the digest is a key of its own, and kustomize writes tag and digest where both are there. */
function kustomizePlaces({ document, base }: YamlPiece, root: YamlMap): readonly ImagePlace[] {
  return (sequenceOf(root.get('images'))?.items ?? []).flatMap((item, index): ImagePlace[] => {
    const image = mapOf(item);
    const name = image && (scalarText(document, image.get('newName')) ?? scalarText(document, image.get('name')));
    if (!image || !name) return [];
    const tag = scalarText(document, image.get('newTag'));
    const digest = scalarText(document, image.get('digest'));
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
      const operations: YamlOperation[] = [setValue(['images', index, 'digest'], pin.digest, 'newTag')];
      if (pin.tag !== undefined) operations.push(setValue(['images', index, 'newTag'], pin.tag));
      const rendered = renderYaml(document, operations);
      return rendered.ok ? rendered.edits.map(edit => ({ ...edit, range: shift(edit.range, base) })) : [];
    };
    return [{ ...place(null), edits }];
  });
}

/** Pairs of `repository` and `tag` somewhere in a chart's values. */
function valuePairs({ document, base }: YamlPiece, root: YamlMap): readonly ImagePlace[] {
  const places: ImagePlace[] = [];
  const visit = (node: YamlNode | null, depth: number): void => {
    if (node === null || depth > 30) return;
    if (node.kind === 'sequence') node.items.forEach(item => visit(item, depth + 1));
    if (node.kind !== 'map') return;
    const [repository, tag] = [scalarText(document, node.get('repository')), scalarText(document, node.get('tag'))];
    const registry = scalarText(document, node.get('registry'));
    if (repository && tag !== null) {
      const reference = `${registry ? `${registry}/` : ''}${repository}${tag === '' ? '' : `:${tag}`}`;
      const at = shift(node.entry('tag')!.range, base);
      places.push({
        reference,
        range: at,
        tag: tag || null,
        digest: scalarText(document, node.get('digest')) || null,
        refused: 'values-pair',
        edits: () => [],
      });
    }
    for (const entry of node.members()) visit(entry.value, depth + 1);
  };
  visit(root, 0);
  return places;
}

/** A scalar's text, as a plain one is written: `1.20` is a tag. */
function scalarText(document: YamlDocument, node: YamlNode | null | undefined): string | null {
  const scalar = scalarOf(node);
  if (!scalar || scalar.value === null) return null;
  return writtenText(document, scalar, scalar.style === 'plain' ? scalar.source : String(scalar.value));
}
