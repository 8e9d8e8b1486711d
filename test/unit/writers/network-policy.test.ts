import { describe, expect, test } from 'vitest';
import { createWorkspaceIndex, defaultConfig, networkPolicies, namespacesOf } from '../../../shared/src/index';
import { fc } from '../../support/property';
import { expectLinear } from '../../support/growth';
import { calling, deployment, dns, engine, pod, service, write } from './manifests';

describe('ports', () => {
  test.each<[what: string, spec: string, port: number]>([
    ['of a Service that leads to the same', 'selector: {app: db}, ports: [{port: 5433}]', 5433],
    ['by name', 'selector: {app: db}, ports: [{port: 5433, targetPort: pg}]', 5432],
    ['of a headless Service', 'clusterIP: None, selector: {app: db}, ports: [{port: 5433}]', 5433],
    ['of a headless Service that does not name it', 'clusterIP: None, selector: {app: db}', 5433],
  ])('%s', (_, spec, port) => {
    const db = deployment('db', { ports: '[{name: pg, containerPort: 5432}]' });
    const { allows } = write('shop', deployment('web', { env: { DB: 'db:5433' } }), db, service('db', spec));
    expect(allows(pod('web'), pod('db', 'shop', { pg: 5432 }), port)).toBe(true);
  });

  test('by a name that is several numbers: the name stays', () => {
    const { allows } = write(
      'shop',
      deployment('web', { env: { DB: 'db:5433' } }),
      deployment('db', { ports: '[{name: pg, containerPort: 1}]' }),
      deployment('db', { ports: '[{name: pg, containerPort: 2}]' }).replace('name: db,', 'name: db-2,'),
      service('db', 'selector: {app: db}, ports: [{port: 5433, targetPort: pg}]'),
    );
    expect(allows(pod('web'), pod('db', 'shop', { pg: 1 }), 1)).toBe(true);
    expect(allows(pod('web'), pod('db', 'shop', { pg: 2 }), 2)).toBe(true);
    expect(allows(pod('web'), pod('db', 'shop', { pg: 1 }), 2)).toBe(false);
  });

  test('a port that the Service does not have is told', () => {
    expect(calling({ env: { DB: 'db:1' } }).left).toContain('Deployment web calls Service db (DB) at port 1, which it does not have');
  });

  test('by UDP', () => {
    const { allows } = calling({ env: { STATS: 'udp://db:8125' } }, 'selector: {app: db}, ports: [{port: 8125, protocol: UDP}]');
    expect(allows(pod('web'), pod('db'), 8125, 'UDP')).toBe(true);
    expect(allows(pod('web'), pod('db'), 8125)).toBe(false);
  });
});

describe('from and to elsewhere', () => {
  const pay = [
    deployment('pay', { namespace: 'billing', env: { API: 'http://api.shop' } }),
    service('pay', 'selector: {app: pay}, ports: [{port: 80, targetPort: 3000}]', 'billing'),
  ];
  const api = [
    deployment('api', { env: { PAY: 'http://pay.billing.svc' } }),
    service('api', 'selector: {app: api}, ports: [{port: 80, targetPort: 8000}]'),
  ];

  test('another namespace, in both directions', () => {
    const { allows, text } = write('shop', ...pay, ...api);
    expect(allows(pod('pay', 'billing'), pod('api'), 8000)).toBe(true);
    expect(allows(pod('pay', 'other'), pod('api'), 8000)).toBe(false);
    expect(allows(pod('api'), pod('pay', 'billing'), 3000)).toBe(true);
    expect(allows(pod('api'), pod('pay', 'other'), 3000)).toBe(false);
    expect(text).not.toContain('namespace: billing');
  });

  test('what is outside: the port of the address, and never a metadata service', () => {
    const { allows } = calling({ env: { PAY: 'https://pay.example.com/v1', DB: 'postgres://10.1.2.3/x', X: 'http://plain.example.com' } });
    expect(allows(pod('web'), { address: '203.0.113.9' }, 443)).toBe(true);
    expect(allows(pod('web'), { address: '203.0.113.9' }, 8443)).toBe(false);
    expect(allows(pod('web'), { address: '2001:db8::1' }, 443)).toBe(true);
    expect(allows(pod('web'), { address: '10.1.2.3' }, 5432)).toBe(true);
    expect(allows(pod('web'), { address: '10.1.2.4' }, 5432)).toBe(false);
    for (const address of ['169.254.169.254', '169.254.170.2', '100.100.100.200', 'fd00:ec2::254', 'fd20:ce::254'])
      expect(allows(pod('web'), { address }, 80), address).toBe(false);
    expect(allows(pod('db'), { address: '203.0.113.9' }, 443)).toBe(false);
  });

  test('a Service that stands for a name outside', () => {
    const { allows } = calling({ env: { DB: 'db:5432' } }, 'type: ExternalName, externalName: db.example.com');
    expect(allows(pod('web'), { address: '203.0.113.9' }, 5432)).toBe(true);
  });

  test('the metadata service is told, and stays closed', () => {
    const { allows, left } = calling({ env: { M: 'http://169.254.169.254/latest' } });
    expect(allows(pod('web'), { address: '169.254.169.254' }, 80)).toBe(false);
    expect(left).toContain('Deployment web asks the metadata service of its cloud (M), which stays closed');
  });

  test('the API server, for whom a role is bound', () => {
    const binding = `apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: web, namespace: shop}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: web}
subjects: [{kind: ServiceAccount, name: web, namespace: shop}]
`;
    const { allows } = write('shop', binding, deployment('web', { more: 'serviceAccountName: web' }), deployment('db'));
    expect(allows(pod('web'), { address: '10.0.0.1' }, 443)).toBe(true);
    expect(allows(pod('db'), { address: '10.0.0.1' }, 443)).toBe(false);
  });

  const ingress = (className: string) => `apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: web, namespace: shop}
spec:
  ingressClassName: ${className}
  rules: [{http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: web, port: {name: http}}}}]}}]
`;
  const web = [
    deployment('web'),
    service('web', 'selector: {app: web}, ports: [{name: http, port: 80, targetPort: 8080}, {name: admin, port: 81}]'),
  ];

  test.each<[className: string, controller: string, other: boolean, outside: boolean]>([
    ['nginx', 'ingress-nginx', false, false],
    ['traefik', 'anywhere', true, false],
    ['alb', 'anywhere', true, true],
  ])('an Ingress of class %s', (className, controller, other, outside) => {
    const { allows } = write('shop', ...web, ingress(className));
    expect(allows(pod('controller', controller), pod('web'), 8080)).toBe(true);
    expect(allows(pod('x', 'other'), pod('web'), 8080)).toBe(other);
    expect(allows({ address: '203.0.113.9' }, pod('web'), 8080)).toBe(outside);
    expect(allows(pod('controller', controller), pod('web'), 81)).toBe(false);
  });

  test('a route of the Gateway API, from another namespace', () => {
    const route = `apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: web, namespace: edge}
spec: {rules: [{backendRefs: [{name: web, namespace: shop, port: 80}]}]}
`;
    const { allows } = write('shop', ...web, route);
    expect(allows(pod('gateway', 'edge'), pod('web'), 8080)).toBe(true);
    expect(allows(pod('gateway', 'edge'), pod('web'), 81)).toBe(false);
  });

  test('a Service that is open to the outside', () => {
    const { allows } = write(
      'shop',
      deployment('web'),
      service('web', 'type: LoadBalancer, selector: {app: web}, ports: [{port: 80, targetPort: 8080}]'),
    );
    expect(allows({ address: '203.0.113.9' }, pod('web'), 8080)).toBe(true);
    expect(allows({ address: '203.0.113.9' }, pod('web'), 80)).toBe(false);
  });
});

describe('the set', () => {
  test('DNS for every pod, and nothing else for one that nothing is known of', () => {
    const { allows, policies } = write('shop', deployment('web'));
    expect(policies).toBe(2);
    expect(allows(pod('web'), dns, 53, 'UDP')).toBe(true);
    expect(allows(pod('web'), dns, 53)).toBe(true);
    expect(allows(pod('web'), dns, 9153)).toBe(false);
    expect(allows(pod('unknown'), dns, 53, 'UDP')).toBe(true);
    expect(allows(pod('web'), pod('x', 'kube-system'), 53, 'UDP')).toBe(false);
    expect(allows(pod('x', 'other'), pod('web'), 80)).toBe(false);
  });

  test('manifests without a namespace are in the one that is asked for', () => {
    const { allows } = write(
      'shop',
      deployment('web', { namespace: null, env: { DB: 'db.shop:5433' } }),
      deployment('db', { namespace: null }),
      service('db', 'selector: {app: db}, ports: [{port: 5433}]', null),
    );
    expect(allows(pod('web'), pod('db'), 5433)).toBe(true);
  });

  test('without any namespace none is written, which is told', () => {
    const { text, left, allows } = write(
      null,
      deployment('web', { namespace: null, env: { DB: 'db:5433' } }),
      deployment('db', { namespace: null }),
      service('db', 'selector: {app: db}, ports: [{port: 5433}]', null),
    );
    expect(text).not.toMatch(/^ *namespace:/m);
    expect(left.at(-1)).toContain('no manifest names a namespace');
    expect(allows(pod('web', 'none'), pod('db', 'none'), 5433)).toBe(true);
  });

  test('names that are taken get a number', () => {
    const taken =
      'apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: default-deny, namespace: shop}\nspec: {podSelector: {}, policyTypes: [Ingress]}\n';
    const { text, left } = write('shop', taken, deployment('web'));
    expect(text).toContain('name: default-deny-2');
    expect(left).toContain('policies add up: what the one of these files allows already stays allowed');
  });

  test.each([
    [
      'a workload of a template',
      deployment('web').replaceAll('app: web', 'app: "{{ .Release.Name }}"'),
      'only names may be asked for by one workload whose labels are not known here',
    ],
    [
      'a workload in the network of its node',
      deployment('web', { more: 'hostNetwork: true' }),
      'web uses the network of its node, where no policy holds',
    ],
    ['a port that nobody calls', deployment('web', { ports: '[{containerPort: 9090}]' }), 'nobody is seen to call web at port 9090'],
    [
      'a name that nothing has',
      deployment('web', { env: { API_HOST: 'api', API_PORT: '80' } }),
      'Deployment web calls api (API_HOST), which is no Service of these files',
    ],
    [
      'a name in a namespace of these files',
      deployment('web', { env: { API: 'http://api.shop' } }),
      'Deployment web calls api.shop (API), which is no Service of these files',
    ],
    [
      'a port that is not known',
      deployment('web', { env: { X_HOST: 'x.example.com', X: 'custom://y.example.com' } }),
      'Deployment web calls y.example.com (X) at a port that is not known here',
    ],
    ['nothing', deployment('web'), 'nothing is seen that web would connect to: only names may be asked for'],
  ])('says what cannot be known: %s', (_, manifest, said) => {
    const { left, text } = write('shop', manifest);
    expect(left).toContain(said);
    expect(text).toContain(`# - ${said}\n`);
  });

  test('a Service that selects nothing here is allowed by its selector, and told', () => {
    const { allows, left } = write(
      'shop',
      deployment('web', { env: { DB: 'db:5433' } }),
      service('db', 'selector: {app: db}, ports: [{port: 5433}]'),
    );
    expect(allows(pod('web'), { namespace: 'shop', labels: { app: 'db' } }, 5433)).toBe(true);
    expect(left).toContain('Service db, which Deployment web calls, selects no workload of these files');
  });

  test('names out of a file never leave their comment or value', () => {
    const nasty = deployment('web', { env: { '"A\\n- injected: true"': 'http://api' } })
      .replaceAll('{app: web}', '{app: "on"}')
      .replace('app: web,', 'app: "on",');
    const { text } = write('shop', nasty, deployment('api'), service('api', 'selector: {app: api}, ports: [{port: 80}]'));
    expect(text).toContain("{app: 'on'}");
    expect(text).not.toContain('injected');
    const strange = write('shop', deployment('web').replace('{app: web}', '{"app": "a: b\\nkind: X"}'));
    expect(strange.text).not.toContain('kind: X');
  });

  test('every call that is declared is allowed, and no other', () => {
    const node = fc.record({
      here: fc.boolean(),
      port: fc.integer({ min: 1, max: 65535 }),
      target: fc.option(fc.integer({ min: 1, max: 65535 }), { nil: null }),
      calls: fc.array(fc.nat(5), { maxLength: 4 }),
    });
    fc.assert(
      fc.property(fc.array(node, { minLength: 2, maxLength: 6 }), nodes => {
        const namespaceOf = (at: number): string => (nodes[at]!.here ? 'shop' : 'other');
        const calls = (at: number): ReadonlySet<number> => new Set(nodes[at]!.calls.filter(to => to < nodes.length && to !== at));
        const { allows } = write(
          'shop',
          ...nodes.flatMap(({ port, target }, at) => [
            deployment(`n${at}`, {
              namespace: namespaceOf(at),
              env: Object.fromEntries([...calls(at)].map(to => [`N${to}`, `tcp://n${to}.${namespaceOf(to)}:${nodes[to]!.port}`])),
            }),
            service(
              `n${at}`,
              `selector: {app: n${at}}, ports: [{port: ${port}${target === null ? '' : `, targetPort: ${target}`}}]`,
              namespaceOf(at),
            ),
          ]),
        );
        nodes.forEach((_, from) =>
          nodes.forEach(({ port, target }, to) => {
            if (from === to || (namespaceOf(from) === 'other' && namespaceOf(to) === 'other')) return;
            expect(allows(pod(`n${from}`, namespaceOf(from)), pod(`n${to}`, namespaceOf(to)), target ?? port)).toBe(calls(from).has(to));
            expect(allows(pod(`n${from}`, namespaceOf(from)), pod(`n${to}`, namespaceOf(to)), (target ?? port) === 1 ? 2 : 1)).toBe(false);
          }),
        );
      }),
      { numRuns: 60 },
    );
  });

  test('is silent in the strict profile of our own rules, beside its manifests', () => {
    const manifests = [
      deployment('web', { env: { DB: 'db:5433', X: 'https://pay.example.com' } }),
      deployment('db'),
      service('db', 'selector: {app: db}, ports: [{port: 5433}]'),
    ];
    const { text } = write('shop', ...manifests);
    const store = createWorkspaceIndex({ complete: true });
    const files = [...manifests.map((manifest, at) => [`${at}.yaml`, manifest] as const), ['policy.yaml', text] as const];
    const opened = files.map(([path, content]) => engine.open({ path, text: content }));
    opened.forEach(file => store.update(file.file.path, file.facts()));
    const context = {
      config: { ...defaultConfig, profile: 'strict' as const },
      today: '2026-11-27',
      workspace: store.index,
      digest: () => null,
    };
    expect(opened.at(-1)!.lint(context).findings).toEqual([]);
    const of = opened.slice(0, -1).flatMap(file => file.lint(context).findings);
    expect(of.filter(({ rule }) => rule === 'kubernetes/missing-network-policy')).toEqual([]);
  });

  test('namespaces are those of workloads', () => {
    const { parts } = write(
      'shop',
      deployment('web'),
      deployment('pay', { namespace: 'billing' }),
      deployment('x', { namespace: '"Not one"' }),
      service('s', 'ports: []', 'third'),
    );
    expect(namespacesOf(parts)).toEqual(['billing', 'shop']);
  });

  test('costs in proportion to the files', () => {
    const make = (count: number) => {
      const manifests = Array.from({ length: count }, (_, at) => [
        deployment(`n${at}`, { env: { A: `http://n${(at * 7) % count}:80`, B: 'http://n0' } }),
        service(`n${at}`, `selector: {app: n${at}}, ports: [{port: 80}]`),
      ]).flat();
      return manifests.flatMap((text, at) => engine.open({ path: `${at}.yaml`, text }).network());
    };
    const { index } = createWorkspaceIndex({ complete: true });
    expectLinear('policies of a namespace', make, parts => void networkPolicies(parts, 'shop', index), 800);
  });
});
