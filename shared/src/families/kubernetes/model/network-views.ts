import { mayGain } from '../../../syntax/yaml/certainty';
import { memoize, type Memo } from '../../../base/text/memoize';
import type { Path, YamlMap, YamlScalar } from '../../../syntax/yaml/types';
import { itemsOf, mapOf, numberOf, scalarOf, sequenceOf, stringOf } from '../../../syntax/yaml/values';
import type { KubernetesObject } from './types';

/** One item of a Service's `ports`. */
export interface ServicePort {
  readonly node: YamlMap;
  readonly port: number | null;
  readonly protocol: string;
  /** As written: a number or a port's name; `null` where unset, which means `port`. */
  readonly targetPort: YamlScalar | null;
}

/** A Service of Kubernetes itself (not Knative's). */
export interface ServiceView extends Memo {
  readonly target: 'service';
  readonly object: KubernetesObject;
  readonly path: Path;
  readonly complete: boolean;
  readonly spec: YamlMap;
  /** `ClusterIP` where unset. */
  readonly type: string;
  readonly typeNode: YamlScalar | null;
  readonly ports: readonly ServicePort[];
}

/** One item of an Ingress' `rules`. */
export interface IngressRule {
  readonly path: Path;
  readonly node: YamlMap;
  /** `null` where unset: every host. */
  readonly host: string | null;
  readonly hostNode: YamlScalar | null;
}

/** An Ingress of any API version. */
export interface IngressView extends Memo {
  readonly target: 'ingress';
  readonly object: KubernetesObject;
  readonly path: Path;
  readonly complete: boolean;
  readonly spec: YamlMap;
  readonly rules: readonly IngressRule[];
  /** The items of `tls`; `null` where it is absent. */
  readonly tls: readonly { readonly node: YamlMap; readonly hosts: readonly string[] }[] | null;
}

/** The view of a Service; `null` for other objects. */
export const serviceOf = memoize((object: KubernetesObject): ServiceView | null => {
  if (object.kind !== 'Service' || object.group !== '') return null;
  const spec = mapOf(object.node.get('spec'));
  if (!spec) return null;
  const typeNode = scalarOf(spec.get('type'));
  const ports = itemsOf(spec.get('ports')).map(({ index, map }) => ({
    path: [...object.path, 'spec', 'ports', index],
    node: map,
    port: numberOf(map.get('port')),
    protocol: stringOf(map.get('protocol')) ?? 'TCP',
    targetPort: scalarOf(map.get('targetPort')),
  }));
  const type = stringOf(typeNode) ?? 'ClusterIP';
  return { target: 'service', memo: new Map(), object, path: object.path, complete: object.complete, spec, type, typeNode, ports };
});

/** The view of an Ingress; `null` for other objects. */
export const ingressOf = memoize((object: KubernetesObject): IngressView | null => {
  if (object.kind !== 'Ingress' || (object.group !== 'networking.k8s.io' && object.group !== 'extensions')) return null;
  const spec = mapOf(object.node.get('spec'));
  if (!spec) return null;
  const rules = itemsOf(spec.get('rules')).map(({ index, map }) => {
    const hostNode = scalarOf(map.get('host'));
    return { path: [...object.path, 'spec', 'rules', index], node: map, host: stringOf(hostNode) || null, hostNode };
  });
  const tls = sequenceOf(spec.get('tls'))
    ? itemsOf(spec.get('tls')).map(({ map }) => ({
        node: map,
        hosts: (sequenceOf(map.get('hosts'))?.items ?? []).map(stringOf).filter(host => host !== null),
      }))
    : null;
  const complete = object.complete && !mayGain(object.document, spec.get('tls'));
  return { target: 'ingress', memo: new Map(), object, path: object.path, complete, spec, rules, tls };
});
