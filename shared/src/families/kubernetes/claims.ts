import type { Claim, Claimable } from '../../family/types';
import { hasFolder } from '../../source/names';
import { groupOf, hasShapingActions, type DocumentHead } from '../../source/scan';
import { ofLastText } from '../../text/last-text';
import { toolOfGroup } from '../../source/tools';
import type { Dialect } from '../../source/types';

/** Whether a document is an object of a cluster, a kustomization or a JSON patch. One object makes the whole file a manifest. */
export function claimsDocument({ head, path, stem, text }: Claimable): Claim | null {
  const group = groupOf(head);
  if (group !== null) {
    if (group === 'kustomize.config.k8s.io' || (head.kind === 'Kustomization' && group === '')) return kustomization(text);
    if (toolOfGroup(group) !== null) return null;
    const dialect = dialectOf(path, stem, text);
    const reason = dialect.fragment ? fragmentReason : 'the text has apiVersion and kind';
    return { reason, dialect, decides: true };
  }
  return head.sequence && isJsonPatch(head, text) ? jsonPatch(text) : null;
}

const fragmentReason = 'the file is named or written like a patch or an assertion: what it does not say is not taken for missing';

/** Names of files with values: `values.yaml`, `values-prod.yaml`, `prod.values.yaml`, `prod-values.yaml`. */
const valuesName = /^values([-_.]|$)|[-_.]values$/;

/** Whether a file holds no object and still decides what pods get: a kustomization, or values of a chart. */
export function claimsFile({ stem, text }: Pick<Claimable, 'stem' | 'text'>): Claim | null {
  if (stem === 'kustomization') return kustomization(text);
  if (!valuesName.test(stem)) return null;
  return {
    reason: 'the file holds values of a Helm chart: the security settings in it are checked',
    dialect: { templated: false, fragment: true, holds: 'values' },
  };
}

/** Whether the items of a list are operations of a JSON patch (RFC 6902): they are about pods where a workload is patched. */
function isJsonPatch({ itemKey }: DocumentHead, text: string): boolean {
  return (itemKey === 'op' || itemKey === 'path' || itemKey === 'value') && /^[ \t-]*["']?op["']?[ \t]*:/m.test(text);
}

function jsonPatch(text: string): Claim {
  return {
    reason: 'the file is a JSON patch: what it sets in pods is checked',
    dialect: { templated: hasShapingActions(text), fragment: true, holds: 'json-patch' },
  };
}

function kustomization(text: string): Claim {
  return {
    reason: 'the file is a kustomization: its images and patches are checked',
    dialect: { templated: hasShapingActions(text), fragment: true, holds: 'kustomization' },
  };
}

const patchName = /(^|[._-])patch(es)?$|^patch(es)?[._-]/;

/** Steps of kuttl and Chainsaw that name what must be there: part of objects. */
const assertName = /(^|-)\d\d-(assert|errors?)([-.]|$)/;

function dialectOf(path: string, stem: string, text: string): Dialect {
  return {
    templated: (hasFolder(path, 'templates') && text.includes('{{')) || hasShapingActions(text),
    fragment:
      patchName.test(stem) ||
      assertName.test(stem) ||
      hasFolder(path, 'patches') ||
      saysPart(text) ||
      ((hasFolder(path, 'overlays') || hasFolder(path, 'overlay')) && changesOnly(text)),
  };
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
