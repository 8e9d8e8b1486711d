import type { Part } from '../family/part';
import type { YamlPiece } from '../family/types';
import { yamlPart } from '../family/yaml-part';
import type { ObjectRef } from '../../rule/finding/types';
import type { EffectiveUser } from '../family/users';
import { namedImage } from '../../syntax/image/name';
import { short } from '../../base/limits/short';
import { textKey } from '../../base/text/text-key';
import { memoize, type Memo } from '../../base/text/memoize';
import type { WorkspaceIndex } from '../../workspace/types';
import type { TemplateCondition, ValueTest, YamlDocument } from '../../syntax/yaml/types';
import { pathToPointer } from '../../syntax/yaml/lookup';
import type { MessageData } from '../../base/terms/types';
import type { Effective } from '../../evidence/effective';
import { effectiveOf } from './model/effective';
import { containerUser } from './model/effective-user';
import { containerName, objectName } from './model/names';
import { trialPlaceOf } from '../../evidence/trial-place';
import type { TrialPlace } from '../../knowledge/trials';
import { inNaturalOrder } from './fix/order';
import { serviceOf } from './fix/service';
import { containerOf, objectOf, visitKubernetes } from './model/visit';
import type { ContainerView, KubernetesObject } from './model/types';
import type { KubernetesView } from './model/views';
import { footholdsIn } from './footholds';
import { readDocument } from './objects';

/** A document of a manifest as a part of its file. */
export function kubernetesPart(piece: YamlPiece): Part {
  const { document, dialect } = piece;
  const { objects, annotations } = readDocument(document, dialect);
  return yamlPart(piece, {
    family: 'kubernetes',
    // the API server cannot read it: what it would be after a fix, nobody can tell
    locked: dialect.holds !== undefined ? 'convention' : isUnreadable(document.problems) ? 'syntax' : null,
    annotations,
    fragment: dialect.holds === undefined && objects.some(object => object.fragment),
    visit: visitor => visitKubernetes(document, objects, visitor),
    users: workspace => {
      const users: EffectiveUser[] = [];
      const container = (view: ContainerView): void => void users.push(...[containerUser(view, workspace)].flatMap(user => user ?? []));
      visitKubernetes(document, objects, { container });
      return users;
    },
    footholds: workspace => footholdsIn(objects, refOf, workspace),
    trials: workspace => {
      const places: TrialPlace[] = [];
      const container = (view: ContainerView): void =>
        void places.push(...[trialPlaceOf(serviceOf(view, { workspace }), view.reportRange, workspace)].flatMap(place => place ?? []));
      visitKubernetes(document, objects, { container });
      return places;
    },
    effective: (workspace, minor) => {
      const found: Effective[] = [];
      const container = (view: ContainerView): void => {
        if (!view.pod.isWindows) found.push(effectiveOf(view, serviceOf(view, { workspace }), workspace, minor));
      };
      visitKubernetes(document, objects, { container });
      return found;
    },
    ...(document.conditions?.length && { offAt: (offset, workspace) => offAt(document.conditions!, piece.path, offset, workspace) }),
    objectOf: view => refOf(view as KubernetesView | null),
    namesOf: view => namesOf(view as KubernetesView | null),
    arrange: inNaturalOrder,
  });
}

/** The first value around an offset that has to be set, unset, or of one text, and is so in no file of values of the chart. */
function offAt(
  conditions: readonly TemplateCondition[],
  path: string,
  offset: number,
  workspace: Pick<WorkspaceIndex, 'valueIn'>,
): string | null {
  const fails = ({ value, set, text }: ValueTest): boolean => {
    const known = workspace.valueIn(path, value, text);
    return known !== null && !(set ? known.on : known.off);
  };
  for (const { start, end, mode, tests } of conditions) {
    if (offset < start || end <= offset) continue;
    const failing = tests.filter(fails);
    if (mode === 'all' ? failing.length > 0 : failing.length === tests.length) return sayTest(failing[0]!);
  }
  return null;
}

/** What is not so by default: the value that is off, or what it would have to be, or not to be. */
function sayTest({ value, set, text }: ValueTest): string {
  return `.Values.${value}${text === undefined ? '' : ` is ${set ? 'not ' : ''}${JSON.stringify(short(text))}`}`;
}

/** Whether a document has errors beside keys that occur twice, of which the last one counts. */
function isUnreadable(problems: YamlDocument['problems']): boolean {
  return problems.some(({ code }) => code !== 'DUPLICATE_KEY');
}

/** The object that a view belongs to, once for all findings about it. */
function refOf(view: KubernetesView | null): ObjectRef | null {
  if (view === null) return null;
  return view.target === 'document' || view.target === 'image' ? readRef(view) : keptRef(view);
}

/** What messages call the object and the container that a view belongs to. */
function namesOf(view: KubernetesView | null): MessageData {
  const object = view && objectOf(view);
  const container = view && containerOf(view);
  return { ...(object && { object: objectName(object) }), ...(container && { container: containerName(container) }) };
}

const keptRef = memoize((view: Memo & KubernetesView) => readRef(view));

function readRef(view: KubernetesView): ObjectRef | null {
  const object = objectOf(view);
  if (!object) return null;
  const inside = containerOf(view);
  const brief = (text: string | null | undefined): string | null => (typeof text === 'string' ? short(text) : null);
  return {
    document: 0,
    apiVersion: short(object.apiVersion),
    kind: short(object.kind),
    namespace: brief(object.namespace),
    name: brief(object.name),
    container: brief(inside?.name),
    path: view.target === 'document' ? '' : pathToPointer(view.path),
    ...(inside?.image && !inside.image.variable && namedImage(inside.image.text)),
    ...(!inside && { alike: manifestKey(object) }),
  };
}

/** Equal for objects whose manifests are the same text: overlays hold copies. */
const manifestKey = memoize(({ document, node: { range } }: KubernetesObject) => textKey(document.text.slice(range.start, range.end)));
