/** A manifest of many documents: about 10,000 lines. */
export function manyDocuments(count = 360, make = deployment): string {
  return Array.from({ length: count }, (_, i) => make(`web-${i}`)).join('---\n');
}

/** The same Deployment with what makes it worth more findings. */
export function riskyDeployment(name: string): string {
  return deployment(name)
    .replace(
      '    spec:\n      containers:',
      '    spec:\n      hostNetwork: true\n      hostPID: true\n      hostIPC: true\n      containers:',
    )
    .replace('        - name: app', '        - securityContext: { privileged: true, runAsUser: 0 }\n          name: app')
    .replace(':1.4.2', ':latest')
    .replace('value: production', 'value: production\n            - name: API_PASSWORD\n              value: hunter2secret');
}

/** A Compose file with services of 15 lines, each of which has about as many findings as those of real files. */
export function composeFile(services: number): string {
  const service = (i: number): string => `  web-${i}:
    image: registry.example.com/team/web-${i}:1.4.2
    restart: always # as long as the host is up
    environment:
      MODE: production
      DATABASE: "postgres://db-${i}:5432/web"
    ports:
      - "127.0.0.1:${8000 + i}:8080"
    volumes:
      - data-${i}:/var/lib/web
      - ./conf/web-${i}.yaml:/etc/web.yaml:ro
    networks:
      - back

`;
  const all = Array.from({ length: services }, (_, i) => i);
  return `services:\n${all.map(service).join('')}networks:\n  back:\nvolumes:\n${all.map(i => `  data-${i}:\n`).join('')}`;
}

/** A workflow with jobs of 30 lines, each of which has about as many findings as those of real files. */
export function workflowFile(jobs: number): string {
  const job = (i: number): string => `  service-${i}:
    needs: [prepare]
    runs-on: ubuntu-24.04
    strategy:
      matrix:
        platform: [linux/amd64, linux/arm64]
    env:
      IMAGE: ghcr.io/example/service-${i} # where it goes
    steps:
      - name: Check out
        uses: actions/checkout@v4
      - name: Tests
        run: |
          npm ci
          if [ -n "$DEBUG" ]; then
            npm test -- --verbose
          fi
      - uses: docker/setup-buildx-action@v3
      - name: Build
        id: build
        uses: docker/build-push-action@v6
        with:
          context: services/service-${i}
          platforms: \${{ matrix.platform }}
          tags: \${{ env.IMAGE }}:\${{ github.sha }}
          push: \${{ github.event_name == 'push' }}
      - name: Announce
        if: github.ref == 'refs/heads/main'
        run: echo "service-${i} \${{ steps.build.outputs.digest }}" >> "$GITHUB_STEP_SUMMARY"

`;
  const head = `name: CI
on:
  push:
    branches: [main]
  pull_request:
permissions:
  contents: read
  packages: write
jobs:
  prepare:
    runs-on: ubuntu-24.04
    steps:
      - run: make version

`;
  return head + Array.from({ length: jobs }, (_, i) => job(i)).join('');
}

/** One Deployment of 28 lines. */
export function deployment(name: string): string {
  return `apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${name}
  labels:
    app: ${name}
spec:
  replicas: 2
  selector:
    matchLabels:
      app: ${name}
  template:
    metadata:
      labels:
        app: ${name}
    spec:
      containers:
        - name: app # the one that serves
          image: registry.example.com/team/${name}:1.4.2
          ports:
            - containerPort: 8080
          env:
            - name: MODE
              value: production
          resources:
            requests:
              cpu: 100m
              memory: 64Mi
`;
}

/** One document of about 13,000 lines without a pod in it, like a CustomResourceDefinition. */
export function oneLargeDocument(properties = 2600): string {
  const lines = Array.from(
    { length: properties },
    (_, i) =>
      `                field${i}:\n                  description: >-\n                    What field ${i} is for\n                  type: string\n                  maxLength: ${i + 1}\n`,
  );
  return `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata:
  name: things.example.com
spec:
  group: example.com
  names:
    kind: Thing
    plural: things
  scope: Namespaced
  versions:
    - name: v1
      served: true
      storage: true
      schema:
        openAPIV3Schema:
          type: object
          properties:
            spec:
              type: object
              properties:
${lines.join('')}`;
}

/** A Dockerfile of 5,000 lines: many RUN chains with continuations in a few stages. */
export function longDockerfile(blocks = 830): string {
  const stages = Array.from({ length: blocks }, (_, i) => {
    const from = i % 100 === 0 ? `FROM debian:12 AS stage${i / 100}\n` : '';
    return `${from}# step ${i}\nRUN apt-get update && \\\n    apt-get install -y --no-install-recommends package-${i} && \\\n    rm -rf /var/lib/apt/lists/*\nCOPY file-${i} /opt/app/file-${i}\n`;
  });
  return `${stages.join('')}USER 65534\nCMD ["/opt/app/file-0"]\n`;
}
