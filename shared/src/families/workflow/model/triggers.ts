import type { Range } from '../../../base/text/range';
import type { Path, YamlMap } from '../../../syntax/yaml/types';
import { mapOf, resolve, scalarOf, stringOf } from '../../../syntax/yaml/values';

/** One event that starts a workflow. */
export interface Trigger {
  readonly name: string;
  /** Its name as written. */
  readonly range: Range;
  /** What is said of it; `null` where nothing is. */
  readonly settings: YamlMap | null;
  /** From the document's root to it. */
  readonly path: Path;
}

/** The events that start a workflow. */
export interface Triggers {
  readonly all: readonly Trigger[];
  /** The trigger of a name; `undefined`: the event does not start the workflow. */
  get(name: string): Trigger | undefined;
}

/** Reads `on` of a workflow's root. YAML 1.1 reads the plain word as true, and tools that rewrite files write it so. */
export function readTriggers(root: YamlMap): Triggers {
  const key = root.entry('on') ? 'on' : 'true';
  const node = resolve(root.get(key));
  const all: Trigger[] = [];
  if (node?.kind === 'map') {
    for (const { key: written, name, value } of node.entries)
      if (written) all.push({ name, range: written.range, settings: mapOf(value), path: [key, name] });
  } else if (node?.kind === 'sequence') {
    node.items.forEach((item, index) => {
      const scalar = scalarOf(item);
      const name = stringOf(scalar);
      if (scalar && name !== null) all.push({ name, range: scalar.range, settings: null, path: [key, index] });
    });
  } else if (node) {
    const name = stringOf(node);
    if (name !== null) all.push({ name, range: node.range, settings: null, path: [key] });
  }
  return { all, get: name => all.find(trigger => trigger.name === name) };
}
