import type { Effort } from '../../../base/text/automaton';
import { memoize } from '../../../base/text/memoize';
import { isVariable } from '../../../syntax/yaml/certainty';
import { dataOf } from '../../../syntax/yaml/data';
import type { AdmittedView } from '../../../rule/admitted';
import type { WorkspaceIndex } from '../../../workspace/types';
import { fillDefaults } from './defaults';
import type { Subject } from './subject';
import { parameterObjects } from './parameters';

type Data = Subject['json'];

/** An object as data, with what the API server fills in; made when a policy first asks for it. */
function dataOfView(view: AdmittedView, whole: boolean): Data {
  const data = dataOf(view.document, view.node, [], { whole }) as Data;
  fillDefaults(data as never, view.kind, whole);
  return data;
}

const jsonOfView = memoize((view: AdmittedView) => dataOfView(view, false));
/** For expressions whole numbers stay apart from others. */
const celOfView = memoize((view: AdmittedView) => dataOfView(view, true) as Subject['cel']);

/** An object as policies are asked about it. */
export function subjectOf(
  view: AdmittedView,
  path: string,
  workspace: Pick<WorkspaceIndex, 'object' | 'kustomizes' | 'parameterTexts'>,
  allowance?: Effort,
): Subject {
  const { group, apiVersion, kind, isClusterWide } = view;
  const isMoved = !isClusterWide && workspace.kustomizes(path, 'places');
  const written = view.namespace === null || isVariable(view.namespace) ? null : view.namespace;
  const namespace = isClusterWide ? '' : isMoved ? null : written;
  const fact = namespace === null || namespace === '' ? undefined : workspace.object('Namespace', null, namespace);
  const labels = fact?.type === 'namespace' && !fact.labels.open ? fact.labels.values : null;
  const known =
    labels && Object.entries(labels).every(([, value]) => value !== null)
      ? new Map(Object.entries(labels as Readonly<Record<string, string>>))
      : null;
  return {
    group,
    version: apiVersion.slice(apiVersion.indexOf('/') + 1),
    kind,
    name: view.name === null || isVariable(view.name) ? null : view.name,
    namespace,
    namespaceLabels: known,
    get json() {
      return jsonOfView(view);
    },
    get cel() {
      return celOfView(view);
    },
    podSecurity: podSecurityOf(view),
    parameters: kind => parameterObjects(workspace, kind, path),
    ...(allowance && { allowance }),
  };
}

/** What the pods of an object violate, with ways from the root of the object. */
export function podSecurityOf({ path, podSecurity }: Pick<AdmittedView, 'path' | 'podSecurity'>): Subject['podSecurity'] {
  return (level, minor) => podSecurity(level, minor)?.map(hit => ({ ...hit, path: hit.path.slice(path.length) })) ?? null;
}
