import type { NetworkPart, NetworkWorkload, SeenEndpoint } from '../../family/network';
import type { YamlPiece } from '../../family/types';
import { budgets } from '../../../base/limits/budgets';
import { endpointsIn } from '../../../knowledge/endpoints';
import { isVariable } from '../../../syntax/yaml/certainty';
import type { YamlMap } from '../../../syntax/yaml/types';
import { booleanOf, itemsOf, mapOf, stringOf, stringsOf } from '../../../syntax/yaml/values';
import { readLabelMap } from '../../../workspace/selector';
import { serviceOf } from '../model/network-views';
import type { ContainerView, KubernetesObject, PodView } from '../model/types';
import { readDocument } from '../objects';
import { ingressBackends } from './facts';
import { ownLabels, podLabels } from './workload-facts';

/** What the objects of a document have to do with traffic. Patches have none: they are laid over what has. */
export function networkParts({ document, dialect }: YamlPiece): readonly NetworkPart[] {
  if (dialect.holds !== undefined) return [];
  return readDocument(document, dialect)
    .objects.slice(0, budgets.views)
    .flatMap(object => (object.fragment || object.foreign ? [] : partsOf(object)));
}

type Head = Pick<NetworkPart, 'kind' | 'name' | 'namespace' | 'range'>;

const known = (text: string | null): string | null => (text === null || isVariable(text) ? null : text);

function partsOf(object: KubernetesObject): readonly NetworkPart[] {
  const { kind, group, node } = object;
  const head: Head = { kind, name: known(object.name) ?? '', namespace: known(object.namespace), range: object.reportRange };
  const spec = mapOf(node.get('spec'));
  if (group === '' && (kind === 'ConfigMap' || kind === 'Secret')) {
    const values = new Map([...stringsOf(node.get(kind === 'Secret' ? 'stringData' : 'data'))].map(([key, { value }]) => [key, value]));
    return [{ is: 'data', ...head, values }];
  }
  if (group === 'networking.k8s.io' && kind === 'Ingress') {
    const className = stringOf(spec?.get('ingressClassName')) ?? object.annotations.get('kubernetes.io/ingress.class')?.value ?? null;
    const backends = ingressBackends(spec).map(({ service, port }) => ({
      service: service.name,
      namespace: null,
      port: port?.name ?? null,
    }));
    return [{ is: 'entrance', ...head, className, backends }];
  }
  if (group === 'gateway.networking.k8s.io' && kind.endsWith('Route'))
    return [{ is: 'entrance', ...head, className: null, backends: routeBackends(spec) }];
  const service = serviceOf(object);
  if (service) return [servicePart(service, head)];
  return object.pods.filter(({ flavor }) => flavor === 'core').map(pod => workloadPart(pod, head));
}

function routeBackends(spec: YamlMap | null) {
  return itemsOf(spec?.get('rules'))
    .flatMap(({ map }) => itemsOf(map.get('backendRefs')))
    .flatMap(({ map }) => {
      const service = known(stringOf(map.get('name')));
      const isService = (stringOf(map.get('kind')) ?? 'Service') === 'Service';
      return service === null || !isService
        ? []
        : [{ service, namespace: known(stringOf(map.get('namespace'))), port: stringOf(map.get('port')) }];
    });
}

function servicePart({ spec, type, ports, object }: NonNullable<ReturnType<typeof serviceOf>>, head: Head): NetworkPart {
  const selector = spec.get('selector');
  return {
    is: 'service',
    ...head,
    type,
    headless: stringOf(spec.get('clusterIP')) === 'None',
    selector: mapOf(selector) ? readLabelMap(object.document, selector) : null,
    externalName: type === 'ExternalName' ? known(stringOf(spec.get('externalName'))) : null,
    ports: ports.flatMap(({ port, node, protocol, targetPort }) =>
      port === null ? [] : [{ name: stringOf(node.get('name')), port, target: known(stringOf(targetPort)), protocol }],
    ),
  };
}

function workloadPart(pod: PodView, head: Head): NetworkWorkload {
  const { containers } = pod;
  const asked = pod.annotations.get('prometheus.io/scrape')?.value === 'true';
  return {
    is: 'workload',
    ...head,
    labels: podLabels(pod),
    own: ownLabels(pod),
    hostNetwork: booleanOf(pod.node.get('hostNetwork')) === true,
    serviceAccount: pod.serviceAccountName,
    ports: containers
      .filter(({ kind }) => kind === 'app' || kind === 'sidecar')
      .flatMap(({ ports }) => ports)
      .flatMap(({ node, containerPort, protocol }) =>
        containerPort === null ? [] : [{ name: stringOf(node.get('name')), port: containerPort, protocol }],
      ),
    endpoints: containers.flatMap(endpointsOf),
    takes: containers.flatMap(takenBy),
    scraped: asked ? (pod.annotations.get('prometheus.io/port')?.value ?? '') : null,
  };
}

/** More characters of other variables are not put into one text: addresses are short, and a variable may name another ten thousand times. */
const mostFilled = 4000;

/** Where the variables and the command line of a container say to connect to. */
function endpointsOf({ env, command, args }: ContainerView): readonly SeenEndpoint[] {
  const values = new Map(env.flatMap(({ name, value }) => (value === null ? [] : [[name, value] as const])));
  // what is filled in later is no host's name
  const of = (seen: string, value: string): readonly SeenEndpoint[] => {
    let room = mostFilled;
    const filled = value.replace(/\$\(([\w.-]{1,100})\)/g, (reference, name: string) => {
      const own = values.get(name);
      if (own === undefined || own.length > room) return reference;
      room -= own.length;
      return own;
    });
    return endpointsIn(seen, filled, name => values.get(name) ?? null).map(one => ({ ...one, seen }));
  };
  const words = [...(command ?? []), ...(args ?? [])].map(word => stringOf(word) ?? '');
  return [
    ...[...values].flatMap(([name, value]) => of(name, value)),
    ...words.flatMap((word, at) => {
      const equals = word.indexOf('=');
      if (word.startsWith('-') && equals > 0) return of(word.slice(0, equals), word.slice(equals + 1));
      return of(words[at - 1]?.startsWith('-') ? words[at - 1]! : '', word);
    }),
  ];
}

function takenBy({ node, env }: ContainerView): NetworkWorkload['takes'] {
  const whole = itemsOf(node.get('envFrom')).flatMap(({ map }) =>
    (['ConfigMap', 'Secret'] as const).flatMap(kind => {
      const name = known(stringOf(mapOf(map.get(kind === 'Secret' ? 'secretRef' : 'configMapRef'))?.get('name')));
      return name === null ? [] : [{ kind, name, key: null, as: '' }];
    }),
  );
  const single = env.flatMap(({ name: as, node: item }) =>
    (['ConfigMap', 'Secret'] as const).flatMap(kind => {
      const from = mapOf(mapOf(item.get('valueFrom'))?.get(kind === 'Secret' ? 'secretKeyRef' : 'configMapKeyRef'));
      const [name, key] = [known(stringOf(from?.get('name'))), stringOf(from?.get('key'))];
      return name === null || key === null ? [] : [{ kind, name, key, as }];
    }),
  );
  return [...whole, ...single];
}
