import type { Claim, Claimable } from '../../family/types';
import { groupOf, hasShapingActions, type DocumentHead } from '../../source/scan';
import { toolOfGroup } from '../../source/tools';
import { manifestDialect } from '../../family/manifest-dialect';

/** Whether a document is an object of a cluster, a kustomization or a JSON patch. One object makes the whole file a manifest. */
export function claimsDocument({ head, path, stem, text }: Claimable): Claim | null {
  const group = groupOf(head);
  if (group !== null) {
    if (group === 'kustomize.config.k8s.io' || (head.kind === 'Kustomization' && group === '')) return kustomization(text);
    if (toolOfGroup(group) !== null) return null;
    const dialect = manifestDialect({ path, stem, text });
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
