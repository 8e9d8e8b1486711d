import { footholdOf } from '../../rule/checks/container/foothold';
import type { Part } from '../family/part';
import type { YamlPiece } from '../family/types';
import type { EffectiveUser } from '../family/users';
import { yamlPart } from '../family/yaml-part';
import type { ObjectRef } from '../../rule/finding/types';
import { namedImage } from '../../syntax/image/name';
import { short } from '../../base/limits/short';
import type { MessageData } from '../../base/terms/types';
import type { Range } from '../../base/text/range';
import { firstIndex } from '../../base/text/search';
import { pathToPointer } from '../../syntax/yaml/lookup';
import { effectiveContainer } from '../../rule/container/effective';
import { trialOfContainer } from '../../rule/container/service';
import { inServiceOrder } from './fix/order';
import { buildKey } from './model/builds';
import { imagesOf, type ComposeImage } from './model/image';
import { composeBeside, composeOf } from './model/project';
import { isForDevelopment } from './model/development';
import type { ComposeTargets } from './model/targets';
import { isTask } from './model/tasks';
import type { ComposeView, ServiceView } from './model/types';

type ComposeVisitor = { readonly [T in keyof ComposeTargets]?: (view: ComposeTargets[T]) => void };

/** A document of a Compose file as a part of its file. */
export function composePart(piece: YamlPiece): Part {
  const { document, dialect, path } = piece;
  const compose = composeOf(document, path, dialect);
  return yamlPart(piece, {
    family: 'compose',
    // equal keys: the loader refuses the file, and of which one a fix speaks nobody knows
    locked: document.problems.length > 0 ? 'syntax' : null,
    fragment: !compose.complete,
    isForDevelopment: view => isForDevelopment(compose, serviceOf(view as ComposeTargets[keyof ComposeTargets] | null)),
    isTask: view => {
      const service = serviceOf(view as ComposeTargets[keyof ComposeTargets] | null);
      return service !== null && isTask(service);
    },
    visit: (visitor, workspace) => {
      const whole = composeBeside(document, path, dialect, workspace);
      visit(whole, visitor);
      if (whole.project.cut) return { id: 'project' };
    },
    users: () => usersOf(compose),
    footholds: workspace =>
      composeBeside(document, path, dialect, workspace).services.flatMap(service => footholdOf(service, refOf(service), workspace) ?? []),
    trials: workspace => compose.services.flatMap(service => trialOfContainer(service, { workspace }) ?? []),
    effective: workspace =>
      composeBeside(document, path, dialect, workspace).services.map(service => effectiveContainer(service, workspace)),
    objectOf: (view, range) => refOf(view as ComposeView | ServiceView | ComposeImage | null, range),
    namesOf: view => namesOf(view as ComposeView | ServiceView | ComposeImage | null),
    arrange: inServiceOrder,
  });
}

function visit(compose: ComposeView, visitor: ComposeVisitor): void {
  visitor.project?.(compose);
  for (const service of [...compose.services, ...compose.anchors]) {
    visitor.container?.(service);
    if (visitor.image) for (const image of imagesOf(service)) visitor.image(image);
  }
}

function serviceOf(view: ComposeView | ServiceView | ComposeImage | null): ServiceView | null {
  if (view?.target === 'image') return view.service;
  return view?.target === 'container' ? view : null;
}

/** The service that stands at a range. */
function serviceAt({ services }: ComposeView, { start, end }: Range): ServiceView | null {
  const last = services[firstIndex(services.length, index => services[index]!.reportRange.start > start) - 1];
  const isThere = last && end <= Math.max(last.reportRange.end, last.node?.range.end ?? 0);
  return isThere ? last : null;
}

function refOf(view: ComposeView | ServiceView | ComposeImage | null, range?: Range): ObjectRef | null {
  const service = view?.target === 'project' && range ? serviceAt(view, range) : serviceOf(view);
  if (!service) return null;
  const alike = buildKey(service);
  return {
    document: 0,
    kind: 'service',
    name: short(service.name),
    path: pathToPointer(service.path),
    ...(!service.isBuilt && namedImage(service.image?.text)),
    ...(alike !== null && { alike }),
  };
}

function namesOf(view: ComposeView | ServiceView | ComposeImage | null): MessageData {
  const service = serviceOf(view);
  return service ? { object: `Service "${service.name}"`, container: service.name } : {};
}

/** The users that services name. */
function usersOf(compose: ComposeView): readonly EffectiveUser[] {
  return compose.services.flatMap(service => {
    const user = service.get('user');
    if (!user?.value || user.inherited || !service.image) return [];
    return [{ range: service.image.range, user: user.value, origin: 'file', by: null } as const];
  });
}
