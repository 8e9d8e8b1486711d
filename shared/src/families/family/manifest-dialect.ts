import { hasFolder } from '../../workspace/source/names';
import { hasShapingActions } from '../../workspace/source/scan';
import type { Dialect } from '../../workspace/source/types';
import { ofLastText } from '../../base/text/last-text';
import type { Claimable } from './types';

const patchName = /(^|[._-])patch(es)?$|^patch(es)?[._-]/;

/** Steps of kuttl and Chainsaw that name what must be there: part of objects. */
const assertName = /(^|-)\d\d-(assert|errors?)([-.]|$)/;

/** Whether a file is named as holding parts of objects: patches, and what tests say must be there. */
function isNamedPart({ path, stem }: Pick<Claimable, 'path' | 'stem'>): boolean {
  return patchName.test(stem) || assertName.test(stem) || hasFolder(path, 'patches');
}

function isTemplated({ path, text }: Pick<Claimable, 'path' | 'text'>): boolean {
  return (hasFolder(path, 'templates') && text.includes('{{')) || hasShapingActions(text);
}

/** How a file of API objects departs from a plain, whole one: by its name, its folder, or what its text says of itself. */
export function manifestDialect(file: Pick<Claimable, 'path' | 'stem' | 'text'>): Dialect {
  const { path, text } = file;
  return {
    templated: isTemplated(file),
    fragment: isNamedPart(file) || saysPart(text) || ((hasFolder(path, 'overlays') || hasFolder(path, 'overlay')) && changesOnly(text)),
  };
}

/** The same for objects whose own text may hold the directives of patches and keys in brackets: policies that say what objects look like. */
export function policyDialect(file: Pick<Claimable, 'path' | 'stem' | 'text'>): Dialect {
  return { templated: isTemplated(file), fragment: isNamedPart(file) };
}

const directives = ['$patch', '$retainKeys', '$deleteFromPrimitiveList', '$setElementOrder'];

/** Whether a key is a directive of a strategic merge patch. Nearly no text holds one: looking for the words first costs a fraction of looking at each line. */
function hasPatchDirective(text: string): boolean {
  return (
    directives.some(name => text.includes(name)) && /^[ -]*["']?\$(patch|retainKeys|deleteFromPrimitiveList|setElementOrder)\b/m.test(text)
  );
}

/** Whether a key is one of an assertion tree: `(length(items))`. The end of such a key is looked for first, for the same reason. */
function hasAssertionTree(text: string): boolean {
  return ['):', ')":', ")':"].some(end => text.includes(end)) && /^[ -]*["']?\([^\n]{1,200}\)["']?:(?:[ \r]|$)/m.test(text);
}

/** Whether the text itself says that it is part of something. */
const saysPart = ofLastText((text: string) => hasPatchDirective(text) || hasAssertionTree(text));

/** What an overlay adds is whole: its workloads select their pods. What it changes does not repeat the selector. */
function changesOnly(text: string): boolean {
  return /^kind:\s*["']?(Deployment|StatefulSet|DaemonSet|ReplicaSet)\b/m.test(text) && !/^[ \t]*["']?selector["']?\s*:/m.test(text);
}
