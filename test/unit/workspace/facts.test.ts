import { describe, expect, it } from 'vitest';
import { createEngine } from '../../../shared/src/engine/create-engine';
import type { BuildFact, DockerfileFact, Fact, FileFacts } from '../../../shared/src/workspace/types';
import type { PolicyFact } from '../../../shared/src/workspace/object-facts';
import { createWorkspaceIndex } from '../../../shared/src/workspace/workspace-index';
import { factNames, joinPath, mayHaveFacts } from '../../../shared/src/workspace/paths';
import { printSelector } from '../../../shared/src/workspace/selector';

const engine = createEngine([]);
const factsOf = (path: string, text: string): FileFacts => engine.open({ path, text }).facts();
const builds = (path: string, text: string): unknown[] =>
  factsOf(path, text)
    .filter((fact): fact is BuildFact => fact.type === 'build')
    .map(({ image, dockerfiles, target }) => [image, dockerfiles, target]);

describe('what builds an image', () => {
  it.each<[name: string, path: string, text: string, expected: unknown[]]>([
    [
      'Compose, the context alone',
      'compose.yaml',
      'services: {web: {build: ./web, image: "acme/web:1"}}\n',
      [['acme/web', ['web/Dockerfile'], null]],
    ],
    [
      'Compose with everything',
      'deploy/compose.yaml',
      'services:\n  web:\n    image: docker.io/library/web\n    build: {context: .., dockerfile: docker/Web.Dockerfile, target: prod}\n',
      [['web', ['docker/Web.Dockerfile'], 'prod']],
    ],
    ['Compose without an image', 'compose.yaml', 'services: {web: {build: .}}\n', [['', ['Dockerfile'], null]]],
    ['Compose from elsewhere', 'compose.yaml', 'services: {web: {build: "https://example.com/x.git", image: web}}\n', []],
    [
      'Skaffold',
      'skaffold.yaml',
      'apiVersion: skaffold/v4beta11\nkind: Config\nbuild:\n  artifacts:\n    - image: gcr.io/acme/web\n      context: src/web\n      docker: {dockerfile: Dockerfile.prod, target: run}\n    - image: jib\n      jib: {}\n',
      [['gcr.io/acme/web', ['src/web/Dockerfile.prod'], 'run']],
    ],
    [
      'Tilt',
      'ops/Tiltfile',
      "docker_build('acme/web', '../web', dockerfile='../web/Dockerfile.dev', live_update=[sync('a', 'b')])\n# docker_build('no', '.')\ndocker_build(\n  'acme/api',\n  '.',\n)\n",
      [
        ['acme/web', ['web/Dockerfile.dev'], null],
        ['acme/api', ['ops/Dockerfile', 'Dockerfile'], null],
      ],
    ],
    [
      'make, with a variable and a continuation',
      'Makefile',
      'REPO ?= ghcr.io/acme\nimage:\n\t@docker build --pull -t $(REPO)/web:$(VERSION) \\\n\t  --target=run -f docker/Dockerfile .\n',
      [['ghcr.io/acme/web', ['docker/Dockerfile'], 'run']],
    ],
    [
      'a script',
      'hack/build.sh',
      'set -e\ndocker buildx build --platform "linux/amd64" --tag "acme/web:${V:-1}" web && docker push acme/web\nIMG=a\nIMG=b\ndocker build -t $IMG .\necho docker build -t no .\npodman build -t acme/pod .\n',
      [
        ['acme/web', ['hack/web/Dockerfile', 'web/Dockerfile'], null],
        ['acme/pod', ['hack/Dockerfile', 'Dockerfile'], null],
      ],
    ],
    [
      'a workflow',
      '.github/workflows/image.yml',
      'on: push\njobs:\n  image:\n    steps:\n      - uses: docker/build-push-action@v6\n        with:\n          context: web\n          file: web/Dockerfile\n          tags: |\n            ghcr.io/acme/web:${{ github.sha }}\n            ${{ steps.meta.outputs.tags }}\n      - run: docker build -t acme/tool tool\n',
      [
        ['ghcr.io/acme/web', ['web/Dockerfile'], null],
        ['acme/tool', ['tool/Dockerfile'], null],
      ],
    ],
    [
      'a workflow whose matrix names the services',
      '.github/workflows/images.yml',
      'on: push\njobs:\n  image:\n    strategy:\n      matrix:\n        service: [api, worker]\n        include:\n          - {service: api, target: run}\n          - {service: cron, target: jobs}\n    steps:\n      - uses: docker/build-push-action@v6\n        with:\n          file: services/${{ matrix.service }}/Dockerfile\n          target: ${{ matrix.target }}\n          tags: ghcr.io/acme/${{matrix.service}}:${{ github.sha }}\n',
      [
        ['ghcr.io/acme/api', ['services/api/Dockerfile'], 'run'],
        ['ghcr.io/acme/cron', ['services/cron/Dockerfile'], 'jobs'],
      ],
    ],
    [
      'a workflow that lists what it builds, and keeps names elsewhere',
      '.github/workflows/images.yml',
      'on: push\nenv:\n  REGISTRY: registry.example.com/acme\njobs:\n  image:\n    strategy:\n      matrix:\n        include:\n          - name: web\n            context: frontend\n          - name: api\n            context: backend\n    steps:\n      - uses: docker/metadata-action@v5\n        id: meta\n        with:\n          images: |\n            ${{ env.REGISTRY }}/${{ matrix.name }}\n      - uses: docker/build-push-action@v6\n        with:\n          context: ${{ matrix.context }}\n          tags: ${{ steps.meta.outputs.tags }}\n',
      [
        ['registry.example.com/acme/web', ['frontend/Dockerfile'], null],
        ['registry.example.com/acme/api', ['backend/Dockerfile'], null],
      ],
    ],
    [
      'a pipeline of GitLab',
      '.gitlab-ci.yml',
      'variables:\n  IMAGE: registry.example.com/acme/ledger\nbuild:\n  script:\n    - docker build --pull -f docker/ledger.Dockerfile -t $IMAGE:$CI_COMMIT_SHA .\n    - docker push $IMAGE\n',
      [['registry.example.com/acme/ledger', ['docker/ledger.Dockerfile'], null]],
    ],
    [
      'a pipeline of somebody else',
      'azure-pipelines.yml',
      'steps:\n  - script: docker build -t registry.example.com/acme/web:$(Build.BuildId) web\n',
      [['registry.example.com/acme/web', ['web/Dockerfile'], null]],
    ],
    [
      'a Jenkinsfile',
      'Jenkinsfile',
      "pipeline {\n  stages { stage('image') { steps {\n    sh 'docker build -f docker/php/Dockerfile -t registry.example.com/cms/php:${BUILD_NUMBER} .'\n  } } }\n}\n",
      [['registry.example.com/cms/php', ['docker/php/Dockerfile'], null]],
    ],
    [
      'a bake file',
      'docker-bake.hcl',
      'variable "REGISTRY" {\n  default = "registry.example.com"\n}\nvariable "TAG" { default = "dev" }\n\ngroup "default" { targets = ["web", "jobs"] }\n\ntarget "common" {\n  context = "."\n  args = {\n    GO = "1.23"\n  }\n  dockerfile = "docker/Dockerfile" # for all\n}\n\ntarget "web" {\n  inherits = ["common"]\n  target = "web"\n  tags = [\n    "${REGISTRY}/acme/web:${TAG}",\n    "acme/web"\n  ]\n}\n\ntarget "jobs" {\n  inherits = ["common"]\n  target = "jobs"\n  tags = ["${REGISTRY}/acme/jobs:${TAG}"]\n}\n',
      [
        ['registry.example.com/acme/web', ['docker/Dockerfile'], 'web'],
        ['acme/web', ['docker/Dockerfile'], 'web'],
        ['registry.example.com/acme/jobs', ['docker/Dockerfile'], 'jobs'],
      ],
    ],
    [
      'our configuration',
      'sub/.bulkhead.yaml',
      'images:\n  acme/web: web/Dockerfile\n  acme/jobs: web/Dockerfile#jobs\n  acme/out: ../../Dockerfile\n',
      [
        ['acme/web', ['sub/web/Dockerfile'], null],
        ['acme/jobs', ['sub/web/Dockerfile'], 'jobs'],
      ],
    ],
    ['none in a file that only looks alike', 'notes.yaml', 'services: 1\njobs: [a]\n', []],
  ])('%s', (_, path, text, expected) => expect(builds(path, text)).toEqual(expected));
});

it('a Dockerfile: users, ports and volumes of each stage that may be an image', () => {
  const text =
    'FROM alpine AS base\nRUN adduser -D -u 1000 app\nUSER app:app\nEXPOSE 80 90-99/udp\nFROM base\nVOLUME ["/data", "rel"]\nEXPOSE $PORT\n';
  const [fact] = factsOf('Dockerfile', text) as DockerfileFact[];
  expect(fact?.stages).toMatchObject([
    {
      name: 'base',
      isFinal: false,
      base: 'alpine',
      user: { value: 'app:app', uid: 1000 },
      ports: [
        { port: 80, to: 80 },
        { port: 90, to: 99, protocol: 'UDP' },
      ],
      volumes: [],
    },
    { name: null, isFinal: true, base: 'alpine', user: { uid: 1000 }, morePorts: true, volumes: [{ target: '/data' }] },
  ]);
  const user = fact!.stages[0]!.user!.range;
  expect(text.slice(user.start, user.end)).toBe('app:app');
});

describe('network policies', () => {
  const head = 'metadata: {name: p, namespace: n}\nspec:\n';
  it.each<[yaml: string, selector: string | null, directions: string, scope: string]>([
    [`apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\n${head}  podSelector: {}\n`, '', 'ingress', 'namespace'],
    [
      `apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\n${head}  podSelector: {matchLabels: {a: b}}\n  egress: [{}]\n`,
      'a=b',
      'ingress egress',
      'namespace',
    ],
    [
      `apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\n${head}  podSelector: {}\n  policyTypes: [Egress]\n`,
      '',
      'egress',
      'namespace',
    ],
    [
      `apiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\n${head}  endpointSelector: {matchLabels: {"any:a": b}}\n  ingressDeny: [{}]\n`,
      'a=b',
      'ingress',
      'namespace',
    ],
    [
      `apiVersion: cilium.io/v2\nkind: CiliumClusterwideNetworkPolicy\n${head}  nodeSelector: {}\n  egress: [{}]\n`,
      null,
      'egress',
      'cluster',
    ],
    [
      `apiVersion: crd.projectcalico.org/v1\nkind: GlobalNetworkPolicy\n${head}  selector: has(a)\n  egress: [{action: Deny}]\n`,
      'a',
      'egress',
      'cluster',
    ],
    [`apiVersion: projectcalico.org/v3\nkind: NetworkPolicy\n${head}  types: [Ingress, Egress]\n`, '', 'ingress egress', 'namespace'],
  ])('%s', (yaml, selector, directions, scope) => {
    const [fact] = factsOf('p.yaml', yaml) as PolicyFact[];
    expect(fact?.selector && printSelector(fact.selector)).toBe(selector);
    expect([fact!.ingress && 'ingress', fact!.egress && 'egress'].filter(Boolean).join(' ')).toBe(directions);
    expect(fact?.scope).toBe(scope);
  });
});

describe('the index', () => {
  const index = createWorkspaceIndex({ complete: true });
  const put = (path: string, text: string): boolean => index.update(path, factsOf(path, text));
  put(
    'a.yaml',
    'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c, namespace: n}\ndata: {k: secret-value}\n---\napiVersion: v1\nkind: Secret\nmetadata: {name: s}\nstringData: {p: secret-value}\n',
  );

  it('knows keys and never values', () => {
    expect(index.index.object('ConfigMap', 'n', 'c')).toMatchObject({ keys: ['k'] });
    expect(index.index.object('ConfigMap', 'other', 'c')).toBeUndefined();
    expect(index.index.object('Secret', 'other', 's')).toMatchObject({ keys: ['p'] });
    expect(JSON.stringify(factsOf('a.yaml', 'apiVersion: v1\nkind: Secret\nmetadata: {name: s}\ndata: {p: c2VjcmV0}\n'))).not.toContain(
      'c2VjcmV0',
    );
  });

  it('answers under assumptions, and as before after them', () => {
    const assumed: readonly Fact[] = [];
    expect(index.index.assuming('a.yaml', assumed, () => index.index.object('ConfigMap', 'n', 'c'))).toBeUndefined();
    expect(index.index.object('ConfigMap', 'n', 'c')).toBeDefined();
  });

  it('covers kinds and surrounds namespaces', () => {
    expect(index.index.isIndexed('ConfigMap', 'n')).toBe(true);
    expect(index.index.isIndexed('ConfigMap', 'other')).toBe(false);
    expect(index.index.isIndexed('Secret', 'other')).toBe(true);
    expect(index.index.hasNeighbours('n')).toBe(true);
    expect(index.index.hasNeighbours('other')).toBe(false);
    index.settle(false);
    expect(index.index.isIndexed('ConfigMap', 'n')).toBe(false);
    expect(index.index.complete).toBe(false);
  });
});

describe('names', () => {
  it.each([
    'a.yaml',
    'A.YML',
    'Makefile',
    'x.mk',
    'build.sh',
    'Tiltfile',
    'Dockerfile',
    'web.Dockerfile',
    'Dockerfile.prod',
    'Containerfile',
    '.gitignore',
    '.dockerignore',
    'Dockerfile.dockerignore',
  ])('%s may have facts', name => expect(mayHaveFacts(name)).toBe(true));
  it.each(['.eslintignore', 'dockerfile.md', 'a.json', 'main.go', 'x.shell'])('%s has none', name =>
    expect(mayHaveFacts(name)).toBe(false),
  );
  it('are globs too', () => expect(factNames).toContain('*.yaml'));
  it.each([
    ['a/b', '../c/./d', 'a/c/d'],
    ['', 'x', 'x'],
    ['a', '../../x', null],
    ['a', '/x', null],
    ['a', 'https://x', null],
  ])('%j and %j make %j', (folder, path, expected) => expect(joinPath(folder, path)).toBe(expected));
});
