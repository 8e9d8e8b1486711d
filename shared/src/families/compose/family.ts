import { yamlSubject, type CustomSubject } from '../family/custom';
import type { Claim, Claimable, NamedFiles, YamlFamily, YamlPiece } from '../family/types';
import { imageScalar } from '../family/yaml-image';
import { hasShapingActions } from '../../workspace/source/scan';
import { yamlBuildFacts } from '../../workspace/build-facts';
import { folderOf, joinPath } from '../../workspace/paths';
import type { ComposeFact } from '../../workspace/types';
import type { Path, YamlNode, YamlScalar } from '../../syntax/yaml/types';
import { mapOf, scalarOf, sequenceOf, stringOf } from '../../syntax/yaml/values';
import { asOpen } from '../../syntax/yaml/data';
import type { ServiceView } from './model/types';
import { summaryOf } from './model/summary';
import { targets, type ComposeTargets } from './model/targets';
import { composeOf } from './model/project';
import { containerGroup } from '../../rule/checks/container/group';
import { composeLinks, servicesOutlined } from './outline';
import { composePart } from './part';

const composeKeys = new Set(['version', 'name', 'services', 'networks', 'volumes', 'secrets', 'configs', 'include', 'models']);

const mayBeCompose = (keys: readonly string[]): boolean =>
  keys.length > 0 && keys.every(key => composeKeys.has(key) || key.startsWith('x-'));

/** What tells a service of Compose from whatever else is called one. */
const serviceKeys = ['image', 'build', 'extends', 'container_name'];
const serviceLine = /^[ \t]+["']?(?:image|build|extends|container_name)["']?\s*:/m;

function hasServices(content: YamlNode | null): boolean {
  const services = mapOf(mapOf(content)?.get('services'));
  return services?.members().some(({ value }) => serviceKeys.some(key => mapOf(value)?.entry(key))) ?? false;
}

function claims({ head: { keys }, content, stem, text }: Claimable): Claim | null {
  if (!mayBeCompose(keys)) return null;
  // what Rancher reads beside a Compose file has services, too, of which it says how many
  const isNamed = stem !== 'rancher-compose' && /(^|[._-])compose([._-]|$)/.test(stem);
  const isCompose = isNamed
    ? keys.some(key => key === 'services' || key === 'include' || key === 'volumes' || key === 'networks')
    : keys.includes('services') && (serviceLine.test(text) || hasServices(content()));
  return isCompose ? claimOf(stem, text) : null;
}

function claimOf(stem: string, text: string): Claim {
  return { reason: 'the text is a Compose file', dialect: { templated: hasShapingActions(text), fragment: stem.endsWith('override') } };
}

/** What other files extend, include or load with themselves: `common.yaml`, of which the text may say no more than `services:`. */
const named: NamedFiles = {
  claims: ({ head: { keys }, stem, text }) =>
    mayBeCompose(keys) && keys.some(key => key !== 'version' && key !== 'name' && composeKeys.has(key)) ? claimOf(stem, text) : null,
  namedIn: (path, workspace) =>
    [...workspace.composeHeirsOf(path), ...workspace.composeSetsOf(path)].find(fact => fact.path !== path)?.path ?? null,
};

declare module '../../rule/define-rule' {
  interface Targets {
    compose: ComposeTargets;
  }
}

/** The images that services pull, with their paths; one that is built here has no digest to pin. */
function pulledImages({ document }: YamlPiece): readonly { readonly node: YamlScalar; readonly path: Path }[] {
  const services = mapOf(mapOf(document.root)?.get('services'));
  return (services?.members() ?? []).flatMap(({ name, value }) => {
    const service = mapOf(value);
    const node = service && !service.entry('build') ? scalarOf(service.get('image')) : null;
    return node ? [{ node, path: ['services', name, 'image'] }] : [];
  });
}

/** The names in `include`: items are names, or maps with one or more below `path`. */
function includedIn(include: YamlNode | null | undefined): readonly (YamlNode | null | undefined)[] {
  return (sequenceOf(include)?.items ?? []).flatMap((item): readonly (YamlNode | null | undefined)[] => {
    const map = mapOf(item);
    const path = map ? map.get('path') : item;
    return sequenceOf(path)?.items ?? [path];
  });
}

/** What other files of a project ask of a document. One that a template makes, or that the loader refuses, is not known. */
function composeFacts({ document, path, base, dialect }: YamlPiece): readonly ComposeFact[] {
  const { root, problems } = document;
  if (dialect.templated || document.templated || problems.length > 0 || document.shortfalls || !root) return [];
  const text = summaryOf(document);
  if (text === null) return [];
  const services = mapOf(mapOf(root)?.get('services'))?.members() ?? [];
  const extended = services.map(({ value }) => mapOf(mapOf(value)?.get('extends'))?.get('file'));
  const bases = [...extended, ...includedIn(mapOf(root)?.get('include'))].flatMap(node => {
    const file = stringOf(node);
    return (file && joinPath(folderOf(path), file)) || [];
  });
  return [
    {
      type: 'compose',
      path,
      range: { start: base + root.range.start, end: base + root.range.start + 1 },
      text,
      bases: [...new Set(bases)],
    },
  ];
}

/** Whether the loader puts something into a text: `$$` is a dollar. */
const isFilled = (text: string): boolean => /\$[\w{]/.test(text.replaceAll('$$', ''));

/** A service as it is written, merge keys followed. What another service or file says of it is not known here. */
function serviceSubject({ compose: { document, complete }, home, users, path, reportRange, name }: ServiceView): CustomSubject | null {
  if (users || !home) return null;
  const subject = yamlSubject({ document, path, reportRange }, home, { kind: 'service', name }, isFilled);
  return complete && !home.entry('extends') ? subject : { ...subject, data: asOpen(subject.data as object) as typeof subject.data };
}

/** Compose files, overrides among them. */
export const compose: YamlFamily = {
  id: 'compose',
  label: 'Compose files',
  language: 'yaml',
  targets,
  custom: {
    target: 'container',
    samplePath: 'compose.yaml',
    subjectOf: serviceSubject,
  },
  claims,
  named,
  part: composePart,
  facts: piece => [...yamlBuildFacts(piece.document, piece.path, piece.base), ...composeFacts(piece)],
  images: piece => pulledImages(piece).map(({ node }) => imageScalar(piece, node)),
  convertibles: ({ document, path, dialect }) =>
    composeOf(document, path, dialect).services.map(({ name, node, reportRange: { start, end } }) => ({
      kind: 'service',
      range: { start, end: node?.range.end ?? end },
      name,
      text: '',
    })),
  outline: ({ document }) => servicesOutlined(document),
  links: ({ document }) => composeLinks(document),
  groups: [containerGroup('compose')],
  scaffold: {
    target: 'container',
    range: 'container.reportRange',
    example: 'services:\n  web:\n    image: example.com/web:1\n',
    fence: 'yaml',
  },
};
