import { maskValue, maskWords } from '../knowledge/secrets/mask';
import { isVariable } from '../syntax/yaml/certainty';
import { itemsOf, mapOf, scalarOf, sequenceOf, stringOf } from '../syntax/yaml/values';
import type { MaybeNode } from '../syntax/yaml/lookup';
import type { YamlDocument, YamlMap } from '../syntax/yaml/types';
import type { Range } from '../base/text/range';
import { bakeBuilds } from './bake-builds';
import type { Build } from './build';
import { argumentsOf } from './build-arguments';
import { commandBuilds } from './build-commands';
import { workflowBuilds } from './workflow-builds';
import { imageKey } from '../syntax/image/name';
import { folderOf, joinPath } from './paths';
import type { NamedValue } from '../knowledge/folders';
import type { BuiltService } from './built-service';
import type { BuildFact } from './types';

/** A build as a fact; `null` where the image's name or the Dockerfile is not known. The Dockerfile is sought from each of `bases`, in order. */
function toFact(build: Build, path: string, base: number, bases: readonly string[]): BuildFact[] {
  const { range, target, args = {}, mounts = [], service = null } = build;
  const image = build.image === '' ? '' : imageKey(withoutTag(build.image));
  const context = build.context === '' ? '.' : build.context;
  if (image === null || isVariable(context) || context.includes('://') || isVariable(build.dockerfile ?? '') || isVariable(target ?? ''))
    return [];
  const relative =
    build.dockerfile === null ? `${context}/Dockerfile` : build.inContext ? `${context}/${build.dockerfile}` : build.dockerfile;
  const places = new Map(bases.map(from => [joinPath(from, relative), build.isOurs ? null : joinPath(from, context)]));
  places.delete(null);
  if (places.size === 0) return [];
  const place = { path, range: { start: range.start + base, end: range.end + base } };
  const dockerfiles = [...places.keys()].flatMap(file => file ?? []);
  return [{ type: 'build', ...place, image, dockerfiles, contexts: [...places.values()], target: target || null, args, mounts, service }];
}

/** The text in front of tag and digest, which may hold variables. */
export function withoutTag(reference: string): string {
  const name = reference.trim().split('@', 1)[0]!;
  const slash = name.lastIndexOf('/');
  const colon = name.indexOf(':', slash + 1);
  return colon < 0 ? name : name.slice(0, colon);
}

/** The builds that a YAML document of a Compose file, a Skaffold configuration, a workflow or our own configuration tells of. */
export function yamlBuildFacts(document: YamlDocument, path: string, base: number): readonly BuildFact[] {
  const root = mapOf(document.root);
  if (!root) return [];
  const folder = folderOf(path);
  const read = (builds: readonly Build[], bases: readonly string[]): readonly BuildFact[] =>
    builds.flatMap(b => toFact(b, path, base, bases));
  if (path === '.bulkhead.yaml' || path.endsWith('/.bulkhead.yaml')) return read(configuredBuilds(root), [folder]);
  if (stringOf(root.get('apiVersion'))?.startsWith('skaffold/')) return read(skaffoldBuilds(root), [folder]);
  if (mapOf(root.get('services'))) return read(composeBuilds(root), [folder]);
  if (mapOf(root.get('jobs'))) return read(workflowBuilds(document, root), ['']);
  return [];
}

/** The builds that a Makefile, Tiltfile, bake file, pipeline or shell script tells of. Such files run from their own folder or from the root. */
export function textBuildFacts(text: string, path: string): readonly BuildFact[] {
  const builds = path.endsWith('.hcl') ? bakeBuilds(text) : commandBuilds(text, /(?:^|\/)Tiltfile$|\.tiltfile$/i.test(path));
  return builds.flatMap(build => toFact(build, path, 0, [folderOf(path), '']));
}

function text(node: MaybeNode): string {
  return stringOf(node) ?? '';
}

function rangeOf(node: MaybeNode, fallback: YamlMap): Range {
  return scalarOf(node)?.range ?? { start: fallback.range.start, end: fallback.range.start + 1 };
}

/** `images: { ghcr.io/acme/web: services/web/Dockerfile }` of `.bulkhead.yaml`; a stage follows `#`. */
function configuredBuilds(root: YamlMap): readonly Build[] {
  const map = mapOf(root.get('images'));
  return (map?.entries ?? []).map(({ name, key, value }) => {
    const [dockerfile = '', target] = text(value).split('#', 2);
    return {
      image: name,
      dockerfile,
      context: '.',
      target: target ?? null,
      range: key?.range ?? root.range,
      inContext: true,
      isOurs: true,
    };
  });
}

function composeBuilds(root: YamlMap): readonly Build[] {
  return (mapOf(root.get('services'))?.members() ?? []).flatMap(({ name, value }) => {
    const service = mapOf(value);
    const build = service?.get('build');
    const image = stringOf(service?.get('image'));
    if (!service || !build) return [];
    const map = mapOf(build);
    if (map?.entry('dockerfile_inline')) return [];
    return [
      {
        image: image ?? '',
        dockerfile: stringOf(map?.get('dockerfile')),
        context: map ? text(map.get('context')) : text(build),
        target: stringOf(map?.get('target')),
        args: argumentsOf(map?.get('args')),
        range: rangeOf(service.get('image'), service),
        inContext: true,
        mounts: composeMounts(service),
        service: startedBy(name, service),
      },
    ];
  });
}

/** How a service starts what it builds; booleans are those of YAML 1.1. What a variable, a base or another file says is left out. */
function startedBy(name: string, service: YamlMap): BuiltService {
  const user = text(service.get('user'));
  return {
    name,
    user: user === '' || isVariable(user) ? null : user,
    init: /^(?:true|yes|on|y)$/i.test(String(scalarOf(service.get('init'))?.value)),
    hasHealthcheck: mapOf(service.get('healthcheck')) !== null,
    isOnce: /^(?:no|off|false)$/i.test(String(scalarOf(service.get('restart'))?.value)) && !service.get('ports'),
    hostFolders: hostFolders(service),
    command: commandOf(service),
    environment: environmentOf(service),
  };
}

/** More words, and more variables, of one service are not kept. */
const most = 40;

/** What a service starts in place of what its image would. */
function commandOf(service: YamlMap): readonly string[] | null {
  const words = [service.get('entrypoint'), service.get('command')].flatMap(value => {
    const items = sequenceOf(value)?.items;
    const script = items ? '' : text(value);
    return items ? items.slice(0, most).map(text) : script === '' ? [] : ['sh', '-c', script];
  });
  return words.length === 0 ? null : maskWords(words);
}

/** The variables that a service sets, as a map or a list. */
function environmentOf(service: YamlMap): readonly NamedValue[] {
  const value = service.get('environment');
  const pairs =
    mapOf(value)?.entries.map(entry => [text(entry.key), text(entry.value)]) ??
    sequenceOf(value)?.items.map(item => text(item).split(/=(.*)/s));
  return (pairs ?? []).slice(0, most).map(([name = '', set = '']) => ({ name, value: maskValue(name, set) }));
}

/** A text with the defaults of its variables: `${DATA:-./data}`. */
function withDefaults(written: string): string {
  return written.replace(/\$\{\w{1,100}:?-([^{}$]{0,300})\}/g, '$1');
}

/** Where a service of Compose mounts folders of the host that it may write, or what may be one: of a variable alone no one can say. */
function hostFolders(service: YamlMap): readonly string[] {
  return (sequenceOf(service.get('volumes'))?.items ?? []).flatMap(item => {
    const map = mapOf(item);
    const [source = '', target = '', mode = ''] = map
      ? [text(map.get('source')), text(map.get('target')), text(map.get('read_only')) === 'true' ? 'ro' : '']
      : withDefaults(text(item)).split(':');
    return /^[./~$]/.test(source) && target.startsWith('/') && !isVariable(target) && !mode.split(',').includes('ro') ? [target] : [];
  });
}

/** Where a service of Compose mounts volumes that it may write: `name:/path`, and the long form. Folders of the host have owners of their own. */
function composeMounts(service: YamlMap): readonly string[] {
  return (sequenceOf(service.get('volumes'))?.items ?? []).flatMap(item => {
    const map = mapOf(item);
    const [source = '', target = '', mode = ''] = map
      ? [text(map.get('type')) === 'volume' ? 'volume' : '.', text(map.get('target'))]
      : withDefaults(text(item)).split(':');
    const path = target === '' && source.startsWith('/') ? source : target;
    return (/^(?:[./~]|\$[^/]*\/)/.test(source) && path !== source) || mode === 'ro' || !path.startsWith('/') || isVariable(path)
      ? []
      : [path];
  });
}

function skaffoldBuilds(root: YamlMap): readonly Build[] {
  const builds = [root, ...itemsOf(root.get('profiles')).map(({ map }) => map)].map(map => mapOf(map.get('build')));
  return builds.flatMap(build =>
    itemsOf(build?.get('artifacts')).flatMap(({ map }) => {
      const builders = ['buildpacks', 'jib', 'ko', 'bazel', 'custom'];
      if (builders.some(builder => map.entry(builder))) return [];
      const docker = mapOf(map.get('docker')) ?? mapOf(map.get('kaniko'));
      return [
        {
          image: text(map.get('image')),
          dockerfile: stringOf(docker?.get('dockerfile')),
          context: text(map.get('context')),
          target: stringOf(docker?.get('target')),
          args: argumentsOf(docker?.get('buildArgs')),
          range: rangeOf(map.get('image'), map),
          inContext: true,
        },
      ];
    }),
  );
}
