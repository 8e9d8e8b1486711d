import { expect, test } from 'vitest';
import { firstDifference, firstDifferenceWith } from '../../support/random-edits';

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

test.each([
  ['Dockerfile', dockerfile],
  ['pod.yaml', stream],
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
