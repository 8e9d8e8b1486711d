import { describe, expect, it } from 'vitest';
import { createEngine } from '../../../shared/src/engine/create-engine';
import type { ImagePlace } from '../../../shared/src/syntax/image/places';
import { needsLookup, pinnedFile, planPins, type PinPlan } from '../../../shared/src/services/pin/plan';
import type { Outcome } from '../../../shared/src/services/registry/failure';
import type { Lookup } from '../../../shared/src/services/registry/resolver';

const a = `sha256:${'a'.repeat(64)}`;
const b = `sha256:${'b'.repeat(64)}`;
const found: Outcome<Lookup> = { ok: true, value: { digest: a, mediaType: '', at: 0 } };

const engine = createEngine([]);
const imagePlaces = (path: string, text: string): readonly ImagePlace[] => engine.open({ path, text }).images();

function plan(path: string, text: string, versionTag: string | null = null): PinPlan {
  return planPins(pinnedFile(engine, engine.open({ path, text })), { lookup: () => found, versionTag: () => versionTag });
}

/** Each case: file, text, text afterwards, and what became of each place. */
const cases: readonly (readonly [name: string, path: string, before: string, after: string, states: readonly string[]])[] = [
  ['the tag stays', 'Dockerfile', 'FROM node:20.11.0-alpine\n', `FROM node:20.11.0-alpine@${a}\n`, ['pin']],
  ['no tag', 'Dockerfile', 'FROM node AS build # x\n', `FROM node@${a} AS build # x\n`, ['pin']],
  [
    'platform, stage and CRLF',
    'Dockerfile',
    'FROM --platform=$BUILDPLATFORM golang:1 AS b\r\nFROM b\r\nCOPY --from=alpine:3 /a /b\r\n',
    `FROM --platform=$BUILDPLATFORM golang:1@${a} AS b\r\nFROM b\r\nCOPY --from=alpine:3@${a} /a /b\r\n`,
    ['pin', 'pin'],
  ],
  [
    'scratch and build contexts are no images',
    'Dockerfile',
    'FROM scratch\nCOPY --from=assets /a /b\n',
    'FROM scratch\nCOPY --from=assets /a /b\n',
    [],
  ],
  ['an ARG that holds it', 'Dockerfile', 'ARG BASE=node:20\nFROM ${BASE}\n', `ARG BASE=node:20@${a}\nFROM \${BASE}\n`, ['pin']],
  [
    'an ARG in quotes, for two stages',
    'Dockerfile',
    'ARG BASE="node:20"\nFROM $BASE AS a\nFROM $BASE\n',
    `ARG BASE="node:20@${a}"\nFROM $BASE AS a\nFROM $BASE\n`,
    ['pin'],
  ],
  [
    'an ARG that others build on',
    'Dockerfile',
    'ARG BASE=node\nFROM ${BASE}\nFROM ${BASE}:20\n',
    'ARG BASE=node\nFROM ${BASE}\nFROM ${BASE}:20\n',
    ['unverified', 'variable'],
  ],
  ['an ARG that holds the tag', 'Dockerfile', 'ARG TAG=20\nFROM node:${TAG}\n', `ARG TAG=20@${a}\nFROM node:\${TAG}\n`, ['pin']],
  [
    'a mirror and a tag',
    'Dockerfile',
    'ARG HUB=hub.example\nARG TAG="20"\nFROM $HUB/node:$TAG\n',
    `ARG HUB=hub.example\nARG TAG="20@${a}"\nFROM $HUB/node:$TAG\n`,
    ['pin'],
  ],
  ['a tag put together', 'Dockerfile', 'ARG TAG=20\nFROM node:${TAG}-slim\n', 'ARG TAG=20\nFROM node:${TAG}-slim\n', ['variable']],
  [
    'an ARG of two',
    'Dockerfile',
    'ARG T=20\nFROM node:$T\nFROM bun:$T\n',
    'ARG T=20\nFROM node:$T\nFROM bun:$T\n',
    ['variable', 'variable'],
  ],
  ['unknown variables', 'Dockerfile', 'FROM $BASE\n', 'FROM $BASE\n', ['variable']],
  ['a tag that moved', 'Dockerfile', `FROM node:20@${b}\n`, `FROM node:20@${a}\n`, ['update']],
  ['a tag that did not', 'Dockerfile', `FROM node:20@${a}\n`, `FROM node:20@${a}\n`, ['current']],
  ['a digest alone', 'Dockerfile', `FROM node@${b}\n`, `FROM node@${b}\n`, ['fixed']],
  ['a digest in an ARG', 'Dockerfile', `ARG D=${b}\nFROM node:20@\${D}\n`, `ARG D=${a}\nFROM node:20@\${D}\n`, ['update']],
  ['no reference', 'Dockerfile', 'FROM Node:20\n', 'FROM Node:20\n', ['invalid']],
  [
    'scalars of every style',
    'k.yaml',
    'apiVersion: v1\nkind: Pod\nspec:\n  initContainers:\n    - image: "a:1" # one\n    - {image: \'b:2\'}\n  containers:\n    - image: r.io:5000/c:3\n    - image: >-\n        d:4\n    - image: |\n        e:5\n',
    `apiVersion: v1\nkind: Pod\nspec:\n  initContainers:\n    - image: "a:1@${a}" # one\n    - {image: 'b:2@${a}'}\n  containers:\n    - image: r.io:5000/c:3@${a}\n    - image: >-\n        d:4@${a}\n    - image: |\n        e:5@${a}\n`,
    ['pin', 'pin', 'pin', 'pin', 'pin'],
  ],
  [
    'anchors, variables and escapes',
    'k.yaml',
    'apiVersion: v1\nkind: Pod\nspec:\n  containers:\n    - image: &i a:1\n    - image: *i\n    - image: a:${TAG}\n    - image: "\\x61:1"\n    - image: &j b:1\n',
    `apiVersion: v1\nkind: Pod\nspec:\n  containers:\n    - image: &i a:1\n    - image: *i\n    - image: a:\${TAG}\n    - image: "\\x61:1"\n    - image: &j b:1@${a}\n`,
    ['shared', 'variable', 'escaped', 'pin'],
  ],
  [
    'two documents',
    'k.yaml',
    `apiVersion: v1\nkind: Pod\nspec: {containers: [{image: a:1}]}\n---\napiVersion: v1\nkind: Pod\nspec: {containers: [{image: 'b:1@${b}'}]}\n`,
    `apiVersion: v1\nkind: Pod\nspec: {containers: [{image: a:1@${a}}]}\n---\napiVersion: v1\nkind: Pod\nspec: {containers: [{image: 'b:1@${a}'}]}\n`,
    ['pin', 'update'],
  ],
  [
    'a chart',
    'templates/k.yaml',
    'apiVersion: v1\nkind: Pod\nspec:\n  containers:\n    - image: a:1\n    - image: {{ .Values.image }}\n',
    'apiVersion: v1\nkind: Pod\nspec:\n  containers:\n    - image: a:1\n    - image: {{ .Values.image }}\n',
    ['templated', 'templated'],
  ],
  [
    'a kustomization',
    'kustomization.yaml',
    `images:\n  - name: node\n    newTag: 1.20\n  - name: app\n    newName: ghcr.io/a/b\n    newTag: v1 # one\n    digest: ${b}\n  - name: c\n`,
    `images:\n  - name: node\n    newTag: 1.20\n    digest: ${a}\n  - name: app\n    newName: ghcr.io/a/b\n    newTag: v1 # one\n    digest: ${a}\n  - name: c\n`,
    ['pin', 'update', 'tag-elsewhere'],
  ],
  [
    'values of a chart',
    'values.yaml',
    'web:\n  image:\n    repository: node\n    tag: 20\n',
    'web:\n  image:\n    repository: node\n    tag: 20\n',
    ['values-pair'],
  ],
  [
    'Compose',
    'compose.yaml',
    'services:\n  web:\n    image: nginx:1\n  own:\n    build: .\n    image: mine:1\n  db:\n    image: postgres:${V:-16}\n',
    `services:\n  web:\n    image: nginx:1@${a}\n  own:\n    build: .\n    image: mine:1\n  db:\n    image: postgres:\${V:-16}\n`,
    ['pin', 'variable'],
  ],
  ['other YAML', 'x.yaml', 'image: node:20\n', 'image: node:20\n', []],
];

describe('pins', () => {
  it.each(cases)('%s', (_name, path, before, after, states) => {
    const { text, items } = plan(path, before);
    expect(text).toBe(after);
    expect(items.map(item => item.refused ?? item.state)).toEqual(states);
    const again = plan(path, after);
    expect(again.text).toBe(after);
  });

  it.each([
    ['FROM node\n', `FROM node:20.11.0@${a}\n`],
    ['FROM node:latest AS x\n', `FROM node:20.11.0@${a} AS x\n`],
    ['FROM node:20\n', `FROM node:20@${a}\n`],
  ])('with the version tag: %s', (before, after) => expect(plan('Dockerfile', before, '20.11.0').text).toBe(after));

  it('with the version tag: a kustomization', () => {
    expect(plan('kustomization.yaml', 'images:\n  - name: node\n    newTag: latest\n', '20.11.0').text).toBe(
      `images:\n  - name: node\n    newTag: "20.11.0"\n    digest: ${a}\n`,
    );
  });

  it('the look-up of a place that has a digest leaves the digest out of account', () => {
    const places = imagePlaces('Dockerfile', `FROM node:20@${b}\nFROM node@${b}\nFROM $X\n`);
    expect(places.map(needsLookup)).toEqual([true, false, false]);
  });

  it('failures stay where they belong', () => {
    const text = 'FROM a:1\nFROM b:1\n';
    const { text: after, items } = planPins(pinnedFile(engine, engine.open({ path: 'Dockerfile', text })), {
      lookup: reference => (reference === 'a:1' ? { ok: false, failure: { kind: 'denied', message: 'no' } } : found),
    });
    expect(after).toBe(`FROM a:1\nFROM b:1@${a}\n`);
    expect(items.map(item => item.state)).toEqual(['failed', 'pin']);
  });
});
