import type { Claim, Claimable, YamlFamily, YamlPiece } from '../../family/types';
import { yamlPart } from '../../family/yaml-part';
import { imageScalar } from '../../family/yaml-image';
import type { ImagePlace } from '../../image/places';
import { hasShapingActions } from '../../source/scan';
import { yamlBuildFacts } from '../../workspace/build-facts';
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

/** The images that services pull; one that is built here has no digest to pin. */
function images(piece: YamlPiece): readonly ImagePlace[] {
  const services = mapOf(mapOf(piece.document.root)?.get('services'));
  return (services?.entries ?? []).flatMap(entry => {
    const service = mapOf(entry.value);
    const image = service && !service.entry('build') ? scalarOf(service.get('image')) : null;
    return image ? [imageScalar(piece, image)] : [];
  });
}

/** Compose files: recognised, with their images and builds; they have no rules yet. */
export const compose: YamlFamily = {
  id: 'compose',
  label: 'Compose files',
  language: 'yaml',
  targets: [],
  claims,
  part: piece => yamlPart(piece, { family: 'compose', visit: () => {}, objectOf: () => null }),
  facts: ({ document, path, base }) => yamlBuildFacts(document, path, base),
  images,
  scaffold: null,
};
