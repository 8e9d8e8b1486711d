import type { Claim, Claimable, YamlFamily, YamlPiece } from '../../family/types';
import { imageScalar } from '../../family/yaml-image';
import { hasShapingActions } from '../../source/scan';
import { yamlBuildFacts } from '../../workspace/build-facts';
import type { Path, YamlScalar } from '../../yaml/types';
import { mapOf, scalarOf } from '../../yaml/values';
import { targets, type ComposeTargets } from './model/targets';
import { composePart } from './part';

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
    compose: ComposeTargets;
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

/** Compose files, overrides among them. */
export const compose: YamlFamily = {
  id: 'compose',
  label: 'Compose files',
  language: 'yaml',
  targets,
  claims,
  part: composePart,
  facts: ({ document, path, base }) => yamlBuildFacts(document, path, base),
  images: piece => pulledImages(piece).map(({ node }) => imageScalar(piece, node)),
  scaffold: {
    target: 'container',
    range: 'container.reportRange',
    example: 'services:\n  web:\n    image: example.com/web:1\n',
    fence: 'yaml',
  },
};
