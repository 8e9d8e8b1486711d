import { isVariable } from '../../yaml/certainty';
import type { NamedImage } from '../../checks/image/named-image';
import type { Part } from '../../family/part';
import type { Claim, Claimable, YamlFamily, YamlPiece } from '../../family/types';
import { yamlPart } from '../../family/yaml-part';
import { YamlImage, imageScalar } from '../../family/yaml-image';
import { hasShapingActions } from '../../source/scan';
import { yamlBuildFacts } from '../../workspace/build-facts';
import type { Path, YamlScalar } from '../../yaml/types';
import { mapOf, scalarOf } from '../../yaml/values';

const composeKeys = new Set(['version', 'name', 'services', 'networks', 'volumes', 'secrets', 'configs', 'include', 'models']);

function claims({ head: { keys }, stem, text }: Claimable): Claim | null {
  if (keys.length === 0 || !keys.every(key => composeKeys.has(key) || key.startsWith('x-'))) return null;
  const isNamed = /(^|[._-])compose([._-]|$)/.test(stem);
  const isCompose = isNamed
    ? keys.some(key => key === 'services' || key === 'include' || key === 'volumes' || key === 'networks')
    : keys.includes('services') && /^[ \t]+["']?(image|build|extends|container_name)["']?\s*:/m.test(text);
  if (!isCompose) return null;
  return { reason: 'the text is a Compose file', dialect: { templated: hasShapingActions(text), fragment: stem.endsWith('override') } };
}

declare module '../../rule/define-rule' {
  interface Targets {
    compose: { readonly image: NamedImage };
  }
}

/** The images that services pull, with their paths; one that is built here has no digest to pin. */
function pulledImages({ document }: YamlPiece): readonly { readonly node: YamlScalar; readonly path: Path }[] {
  const services = mapOf(mapOf(document.root)?.get('services'));
  return (services?.entries ?? []).flatMap(({ name, value }) => {
    const service = mapOf(value);
    const node = service && !service.entry('build') ? scalarOf(service.get('image')) : null;
    return node ? [{ node, path: ['services', name, 'image'] }] : [];
  });
}

/** Whether Compose or a generator of Compose files fills in part of a text. */
const isFilledInLater = (text: string): boolean => isVariable(text) || text.includes('$');

function part(piece: YamlPiece): Part {
  const visit = (visitor: { readonly image?: (view: NamedImage) => void }): void => {
    for (const { node, path } of visitor.image ? pulledImages(piece) : [])
      visitor.image?.(new YamlImage(piece.document, node, path, isFilledInLater));
  };
  return yamlPart(piece, { family: 'compose', visit, objectOf: () => null });
}

/** Compose files: recognised, with their images and builds; they have no rules yet, and the rules about images need nothing but their metadata. */
export const compose: YamlFamily = {
  id: 'compose',
  label: 'Compose files',
  language: 'yaml',
  targets: ['image'],
  claims,
  part,
  facts: ({ document, path, base }) => yamlBuildFacts(document, path, base),
  images: piece => pulledImages(piece).map(({ node }) => imageScalar(piece, node)),
  scaffold: null,
};
