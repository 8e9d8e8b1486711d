import { expect, test } from 'vitest';
import { firstDifference, firstDifferenceAmong, firstDifferenceWith } from '../../support/random-edits';

const dockerfile = `# syntax=docker/dockerfile:1
ARG VERSION=20
FROM node:$VERSION AS build
WORKDIR /src
COPY . .
RUN npm ci --omit=dev && npm run build
RUN apt-get update \\
  # tools
  && apt-get install -y curl sudo
RUN curl http://example.com/x.tgz | tar x
RUN <<EOF
set -e
pip install flask
EOF
FROM debian:12
SHELL ["/bin/bash", "-c"]
ENV PASSWORD=hunter2secret PATH=/app:$PATH
RUN echo a | sudo tee /b && cd /tmp
RUN echo a | sudo tee /b && cd /tmp
COPY --from=build /src /app
ADD http://example.com/y /y
USER app
HEALTHCHECK CMD curl -k https://localhost
ENTRYPOINT node /app/server.js
`;

const stream = `apiVersion: v1
kind: Pod
metadata:
  name: a
spec:
  hostNetwork: true
  containers:
    - name: a
      image: nginx
      securityContext:
        privileged: true
    - {name: b, image: "redis:7", args: [--password, hunter2secret]}
---
apiVersion: v1
kind: Secret
metadata:
  name: s
stringData:
  token: abcdef0123456789
`;

const workflow = `name: release
on:
  push:
    branches: [main]
  pull_request_target:
permissions:
  contents: write
env:
  IMAGE: ghcr.io/example/app
  TITLE: \${{ github.event.pull_request.title }}
jobs:
  version:
    runs-on: ubuntu-24.04
    outputs:
      name: \${{ github.head_ref }}
    steps:
      - uses: actions/checkout@v4
      - id: tag
        run: echo "tag=\${{ github.event.pull_request.title }}" >> "$GITHUB_OUTPUT"
  build:
    needs: [version]
    runs-on: [self-hosted, linux]
    container: node:20
    env:
      TOKEN: \${{ secrets.TOKEN }}
    steps:
      - uses: actions/checkout@v4
        with:
          ref: \${{ github.event.pull_request.head.sha }}
      - run: |
          echo "\${{ needs.version.outputs.name }} \${{ env.TITLE }}"
          curl https://example.com/install.sh | sh
      - if: \${{ contains('main master', github.ref) }} && true
        uses: docker/build-push-action@v6 # the image
        with:
          push: true
          tags: ghcr.io/example/app:latest
          build-args: TOKEN=\${{ secrets.TOKEN }}
  scan:
    needs: build
    if: github.actor == 'dependabot[bot]'
    runs-on: ubuntu-24.04
    permissions: write-all
    steps:
      - uses: aquasecurity/trivy-action@master
        with:
          image-ref: ghcr.io/example/app:latest
          format: sarif
          output: trivy.sarif
          exit-code: '0'
      - uses: github/codeql-action/upload-sarif@v2
      - run: docker login -u user -p \${{ secrets.TOKEN }} ghcr.io
`;

test.each([
  ['Dockerfile', dockerfile],
  ['pod.yaml', stream],
  ['.github/workflows/release.yml', workflow],
])(
  '%s: what an engine has seen before changes nothing that it says',
  (path, text) => {
    expect(firstDifference({ path, text }, 60, 1)).toBe(null);
  },
  60_000,
);

test('what is in force before an instruction counts, wherever it is set', () => {
  const lines = ['USER root', 'USER 1000', 'SHELL ["pwsh"]', 'WORKDIR /x', 'ENV VERSION=1', 'FROM scratch', 'FROM alpine', 'CMD x'];
  expect(firstDifferenceWith({ path: 'Dockerfile', text: dockerfile }, lines)).toBe(null);
}, 120_000);

test.each([
  ['what another job gives', 'name: ${{ github.head_ref }}', 'name: fixed'],
  ['a variable of the workflow', 'TITLE: ${{ github.event.pull_request.title }}', 'TITLE: fixed'],
  ['permissions of the workflow', 'contents: write', 'contents: read'],
  ['what starts it', 'pull_request_target:', 'workflow_dispatch:'],
  ['a name behind all jobs', '  scan:', '  scanned:'],
])('of a workflow %s counts in its other jobs', (_, before, after) => {
  const path = '.github/workflows/release.yml';
  const other = workflow.replace(before, after);
  expect(other).not.toBe(workflow);
  expect(firstDifferenceAmong(path, [workflow, `${workflow}\n`, other, workflow, `${other}# end`])).toBe(null);
});
