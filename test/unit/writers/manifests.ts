import { createEngine, createWorkspaceIndex, networkPolicies, rules } from '../../../shared/src/index';
import { simulate, type Pod } from './simulator';

/** One engine for all. */
export const engine = createEngine(rules);

/** The policies for manifests, and what they let through. */
export function write(namespace: string | null, ...manifests: readonly string[]) {
  const store = createWorkspaceIndex({ complete: true });
  const parts = manifests.flatMap((text, at) => {
    const opened = engine.open({ path: `${at}.yaml`, text });
    store.update(`${at}.yaml`, opened.facts());
    return opened.network();
  });
  const written = networkPolicies(parts, namespace, store.index);
  return { ...written, parts, allows: simulate(written.text, namespace ?? 'none') };
}

/** What is special about a workload. */
export interface Workload {
  readonly kind?: string;
  readonly namespace?: string | null;
  readonly ports?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly more?: string;
  readonly args?: readonly string[];
}

/** A Deployment whose pods have the label `app` of its name. */
export function deployment(
  name: string,
  { kind = 'Deployment', namespace = 'shop', ports = '[]', env = {}, more = '', args = [] }: Workload = {},
): string {
  const variables = Object.entries(env).map(([key, value]) => `{name: ${key}, value: ${JSON.stringify(value)}}`);
  return `apiVersion: apps/v1
kind: ${kind}
metadata: {name: ${name}${namespace === null ? '' : `, namespace: ${namespace}`}}
spec:
  selector: {matchLabels: {app: ${name}}}
  template:
    metadata: {labels: {app: ${name}, version: '1'}}
    spec:
      ${more}
      containers:
        - name: main
          image: registry.example.com/${name}:1
          ports: ${ports}
          args: ${JSON.stringify(args)}
          env: [${variables.join(', ')}]
`;
}

/** A Service; `spec` in flow style. */
export function service(name: string, spec: string, namespace: string | null = 'shop'): string {
  return `apiVersion: v1
kind: Service
metadata: {name: ${name}${namespace === null ? '' : `, namespace: ${namespace}`}}
spec: {${spec}}
`;
}

/** A pod of the Deployment of that name. */
export const pod = (app: string, namespace = 'shop', ports: Pod['ports'] = {}): Pod => ({
  namespace,
  labels: { app, version: '1' },
  ports,
});
/** The cluster's name server. */
export const dns: Pod = { namespace: 'kube-system', labels: { 'k8s-app': 'kube-dns' } };

/** A caller with these variables, and a database on port 5432 behind a Service on 5433. */
export const calling = (workload: Workload, spec = 'selector: {app: db}, ports: [{port: 5433, targetPort: 5432}]') =>
  write('shop', deployment('web', workload), deployment('db'), service('db', spec));
