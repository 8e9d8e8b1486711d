import type { ContainerOptions, EngineContainers, FieldName, Setting } from '../../../rule/container/types';
import type { Range } from '../../../base/text/range';
import type { Path, YamlDocument, YamlMap } from '../../../syntax/yaml/types';
import type { Project } from './load';
import type { MapValue, Value } from './value';

/** A whole Compose file: the view of the target `project`. */
export interface ComposeView {
  readonly target: 'project';
  readonly document: YamlDocument;
  /** As Docker's loader reads the file alone, variables without value left open. */
  readonly project: Project;
  /** Its services in the order of the text, those of all profiles. */
  readonly services: readonly ServiceView[];
  /** Maps below `x-` keys whose anchors services merge in. */
  readonly anchors: readonly ServiceView[];
  /** Whether the file stands alone: what it does not say is not said elsewhere. */
  readonly complete: boolean;
  /** Whether `docker stack deploy` reads it, as its name or its keys tell. */
  readonly swarm: boolean;
  /** What its engine starts: of a swarm each node has a system of its own. */
  readonly engine: EngineContainers;
  /** The path of the file, as rules see it. */
  readonly path: string;
  /** Whether a file that is laid over this one, or that extends a service of it, defines a service, volume, network, ... (`kind`: the key at the top). */
  definedBeside(kind: string, name: string): boolean;
}

/** A service, or what several have in common: a map with an anchor below an `x-` key. The view of the target `container`. */
export interface ServiceView extends ContainerOptions {
  readonly target: 'container';
  readonly compose: ComposeView;
  /** All that the service says: what merge keys, its base and the files that this one is laid over say of it is included. */
  readonly value: MapValue;
  /** The service's own map; `null` where an alias stands for it. */
  readonly node: YamlMap | null;
  /** The same, or what an alias stands for, `shared` then; `null` where that is another service's own map. */
  readonly home: YamlMap | null;
  /** From the document's root to the service. */
  readonly path: Path;
  /** The services that merge in this anchor; `null`: this is a service. */
  readonly users: readonly ServiceView[] | null;
  /** A value at a path below the service, as rules see the fields of a container. */
  at(...names: readonly string[]): Value | undefined;
  /** Whether a value stands outside of the service, so that it is reported there. */
  isInherited(value: Value): boolean;
  /** Whether an anchor that it merges in, or one that this merges in, lacks a field: it is reported there. */
  isAnchored(field: FieldName): boolean;
  /** What of a service is written where: a setting whose value is the text of `value`. */
  settingOf(value: Value): Setting<string>;
}

/** Where a value stands in the document that is checked; `null` where it stands in another file. */
export function rangeIn(document: YamlDocument, value: Value): Range | null {
  return value.file.document === document && value.node ? value.node.range : null;
}
