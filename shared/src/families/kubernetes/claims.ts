import type { Claim, Claimable } from '../family/types';
import { groupOf } from '../../workspace/source/document-head';
import { hasShapingActions } from '../../workspace/source/scan';
import { toolOfGroup } from '../../workspace/source/tools';
import { manifestDialect } from '../family/manifest-dialect';
import { itemsOf } from '../../syntax/yaml/values';

/** Whether a document is an object of a cluster, a kustomization or a JSON patch. One object makes the whole file a manifest. */
export function claimsDocument(document: Claimable): Claim | null {
  const { head, path, stem, text } = document;
  const group = groupOf(head);
  // whatever has items is a list of objects to kubectl
  const isList = head.keys.includes('items');
  // values of a chart may be called anything: an object has metadata
  const isValues = valuesName.test(stem) && !isList && !head.keys.includes('metadata');
  if (group !== null && !isValues) {
    if (!isList && (group === 'kustomize.config.k8s.io' || (head.kind === 'Kustomization' && group === ''))) return kustomization(text);
    if (!isList && group === 'cli.kyverno.io' && head.kind === 'Test') return policyTest;
    if (!isList && toolOfGroup(group) !== null) return null;
    const dialect = manifestDialect({ path, stem, text });
    const reason = dialect.fragment ? fragmentReason : 'the text has the keys apiVersion and kind';
    return { reason, dialect, decides: true };
  }
  return head.sequence && isJsonPatch(document) ? jsonPatch(text) : null;
}

const fragmentReason = 'the name or content of the file suggests a patch or a test assertion: omitted fields do not count as missing';

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
function isJsonPatch({ head: { itemKey }, text, content }: Claimable): boolean {
  if (itemKey !== 'op' && itemKey !== 'path' && itemKey !== 'value') return false;
  return /^[ \t-]*["']?op["']?[ \t]*:/m.test(text) || itemsOf(content()).some(({ map }) => map.entry('op') !== undefined);
}

function jsonPatch(text: string): Claim {
  return {
    reason: 'the file is a JSON patch: what it sets in pods is checked',
    dialect: { templated: hasShapingActions(text), fragment: true, holds: 'json-patch' },
  };
}

/** What Kyverno's command line reads: nothing of it reaches a cluster. */
const policyTest: Claim = {
  reason: 'the file is a Kyverno CLI test: what it tries policies on is not checked',
  dialect: { templated: false, fragment: true, holds: 'policy-test' },
};

function kustomization(text: string): Claim {
  return {
    reason: 'the file is a kustomization: its images and patches are checked',
    dialect: { templated: hasShapingActions(text), fragment: true, holds: 'kustomization' },
  };
}
