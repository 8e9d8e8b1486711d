import { describe, expect, it } from 'vitest';
import { fc } from '../../support/property';
import { sourceOf } from '../../../shared/src/families/registry';
import { expectLinear } from '../../support/growth';

const from = 'FROM node:20\nRUN true\n';
const pod = 'apiVersion: v1\nkind: Pod\nmetadata:\n  name: a\n';

describe('Dockerfiles by name', () => {
  it.each([
    'Dockerfile',
    'dockerfile',
    'a/b/Dockerfile',
    'Dockerfile.prod',
    'Dockerfile.debian-12',
    'Dockerfile-dev',
    'Dockerfile_test',
    'web.Dockerfile',
    'web.dockerfile',
    'Containerfile',
    'Containerfile.in',
    'base.containerfile',
    'C:\\work\\Dockerfile',
    'Dockerfile.template',
  ])('%s is one, whatever is in it', path => expect(sourceOf(path, '').family).toBe('dockerfile'));

  it.each([
    'Dockerfile.dockerignore',
    '.dockerignore',
    'Dockerfile.md',
    'Dockerfile.yaml',
    'Dockerfile.lock',
    'dockerfiles.txt',
    'README.md',
  ])('%s is none', path => expect(sourceOf(path, from).family).toBe('none'));

  it.each(['Dockerfile.go', 'dockerfile.py', 'Dockerfile-dev.php'])('%s is one if it reads like one', path => {
    expect(sourceOf(path, from).family).toBe('dockerfile');
    for (const text of ['package dockerfile\n\nimport "fmt"\n', 'from docker import Client\n', '<?php\n', ''])
      expect(sourceOf(path, text).family).toBe('none');
  });

  it('leaves templates of Dockerfiles alone', () => {
    expect(sourceOf('Dockerfile.j2', 'FROM {{ base }}\n').family).toBe('none');
    expect(sourceOf('Dockerfile-debian.template', 'FROM php:%%VERSION%%-fpm\n%%EXTRAS%%\n').family).toBe('none');
    expect(sourceOf('Dockerfile', 'FROM a\nRUN docker inspect -f "{{.State}}" x\n').family).toBe('dockerfile');
  });
});

describe('by content', () => {
  it.each([
    ['untitled:Untitled-1', 'plaintext', from, 'dockerfile'],
    ['Untitled-1', 'dockerfile', '', 'dockerfile'],
    ['Untitled-1', undefined, '# syntax=docker/dockerfile:1\nARG V=1\nfrom --platform=$BUILDPLATFORM golang:$V as build\n', 'dockerfile'],
    ['build', undefined, '#!ignored\nARG A=1 \\\n# why\n  B=2\nFROM \\\n  "node:20" AS build\n', 'dockerfile'],
    ['build', undefined, '# escape=`\nFROM `\n  node\n', 'dockerfile'],
    ['build', undefined, `${'# licence\n'.repeat(2000)}FROM node\n`, 'dockerfile'],
    ['build', undefined, 'FROM node, with love\n', 'none'],
    ['Untitled-1', 'yaml', pod, 'kubernetes'],
    ['stdin', undefined, pod, 'kubernetes'],
    ['notes.txt', 'plaintext', 'From what I know, this is prose.\n', 'none'],
    ['a.yaml', 'dockerfile', pod, 'kubernetes'],
    ['a.txt', 'yaml', pod, 'kubernetes'],
    ['a.txt', undefined, pod, 'none'],
    ['a.json', undefined, '{"kind": "Pod", "spec": {"kind": "x", "apiVersion": "y"}, "apiVersion": "v1"}', 'kubernetes'],
    ['a.json', undefined, '{"spec": {"kind": "x", "apiVersion": "y"}}', 'none'],
    ['a.json', undefined, '{"spec": {"a": {"b": 1}}, "apiVersion": "v1", "kind": "Pod"}', 'kubernetes'],
    ['compose.json', undefined, '{"services": {"web": {"image": "a"}}, "volumes": {"v": {}}}', 'compose'],
    ['a.yaml', undefined, '--- {apiVersion: v1, kind: Pod}\n', 'kubernetes'],
    ['a.yaml', undefined, '# c\n---\n"kind": "Pod"\r\n\'apiVersion\' : v1 # x\r\n', 'kubernetes'],
    ['a.yaml', undefined, '  apiVersion: v1\n  kind: Pod\n', 'kubernetes'],
    ['a.yaml', undefined, '\uFEFFapiVersion: v1\nkind: Pod\n', 'kubernetes'],
    ['a.yaml', undefined, 'data: |\n  apiVersion: v1\n  kind: Pod\n', 'none'],
    ['a.yaml', undefined, 'a:\n  apiVersion: v1\n  kind: Pod\n', 'none'],
    ['a.yaml', undefined, 'a: b\n---\n' + pod, 'kubernetes'],
    ['a.yaml', undefined, 'services:\n  web:\n    image: nginx\n', 'compose'],
    ['compose.yaml', undefined, 'include: [a.yaml]\n', 'compose'],
    ['docker-compose.prod.yml', undefined, 'version: "3"\nx-a: &a {}\nservices: {}\n', 'compose'],
    ['services.yaml', undefined, 'services:\n  App\\Service: ~\n', 'none'],
    ['.gitlab-ci.yml', undefined, 'services: [docker:dind]\nbuild:\n  image: x\n', 'gitlab'],
    ['.github/workflows/a.yml', undefined, 'on: push\njobs: {}\n', 'workflow'],
    ['a.yml', undefined, 'name: x\n"on":\n  push:\njobs:\n  a:\n', 'workflow'],
    ['.github/workflows/a.yml', undefined, 'name: x\non: push\n', 'workflow'],
    ['docs/a.yml', undefined, 'name: x\non: push\n', 'none'],
    ['action.yml', undefined, 'name: x\nruns:\n  using: composite\n  steps: []\n', 'workflow'],
    ['lib/action.yaml', undefined, "runs:\n  using: 'node20'\n", 'workflow'],
    ['action.yml', undefined, 'name: x\nruns: 3\n', 'none'],
    ['.github/dependabot.yml', undefined, 'version: 2\nupdates: []\n', 'workflow'],
    ['vendor/jni/.github/dependabot.yml', undefined, 'version: 2\nupdates: []\n', 'none'],
    ['updates.yml', undefined, 'version: 2\nupdates: []\n', 'none'],
    ['a.yaml', undefined, 'apiVersion: kyverno.io/v1\nkind: ClusterPolicy\n', 'policy'],
    ['a.yaml', undefined, 'apiVersion: kyverno.io/v1\nkind: ClusterPolicy\n---\n' + pod, 'kubernetes'],
    ['a.yaml', undefined, '', 'none'],
    ['a.yaml', undefined, '\u0000\u0001', 'none'],
    ['patch.yaml', undefined, '- op: add\n  path: /spec\n  value: 1\n', 'kubernetes'],
    ['patch.yaml', undefined, '- path: /spec\n  op: add\n  value: 1\n', 'kubernetes'],
    ['files.yaml', undefined, '- path: /spec\n  value: 1\n', 'none'],
  ])('%s as %s: %j is %s', (path, language, text, family) => expect(sourceOf(path, text, language).family).toBe(family));

  it.each([
    ['skaffold.yaml', 'apiVersion: skaffold/v4beta6\nkind: Config\n', 'the file is a Skaffold configuration'],
    ['c.yaml', 'apiVersion: kind.x-k8s.io/v1alpha4\nkind: Cluster\n', 'the file is a kind cluster configuration'],
    ['p.yaml', 'apiVersion: krew.googlecontainertools.github.com/v1alpha2\nkind: Plugin\n', 'the file is a krew plugin manifest'],
    ['Chart.yaml', 'apiVersion: v2\nname: a\nversion: 1.0.0\n', 'the file is a Helm chart description'],
    ['rancher-compose.yml', "version: '2'\nservices:\n  a: {scale: 1, start_on_create: true}\n", 'the file is a rancher-compose file'],
    ['templates/_helpers.tpl', '{{ define "x" }}', 'the file contains helper templates, but no objects'],
  ])('%s is not ours, and says why', (path, text, reason) => expect(sourceOf(path, text)).toMatchObject({ family: 'none', reason }));

  it.each([
    ['k.yaml', 'apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n', 'kustomization'],
    ['k.yaml', 'apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\n', 'kustomization'],
    ['kustomization.yaml', 'resources: [a.yaml]\n', 'kustomization'],
    ['kustomization.yml', 'kind: Kustomization\n', 'kustomization'],
    ['values.yaml', 'image: a\n', 'values'],
    ['values-prod.yaml', 'image: a\n', 'values'],
    ['prod.values.yml', 'image: a\n', 'values'],
    // an object stays one, whatever the file is called
    ['values.yaml', pod, undefined],
    ['kustomization.yaml', pod, undefined],
    ['base/web.yaml', '- op: add\n  path: /spec\n  value: 1\n', 'json-patch'],
  ])('%s as %j holds %s', (path, text, holds) => {
    const { family, dialect } = sourceOf(path, text);
    expect(family).toBe('kubernetes');
    expect(dialect.holds).toBe(holds);
    expect(dialect.fragment).toBe(holds !== undefined);
  });
});

describe('dialects', () => {
  it.each([
    ['deploy/a.yaml', pod, false, false],
    ['chart/templates/a.yaml', pod, false, false],
    ['chart/templates/a.yaml', pod + 'spec: "{{ .Values.x }}"\n', true, false],
    ['a.yaml', pod + 'spec: {{ .Values.x }}\n', true, false],
    ['a.yaml', pod + '{{ if .x }}\nspec: {}\n{{ end }}\n', true, false],
    ['a.yaml', pod + 'spec:\n  {{ .key }}: 1\n', true, false],
    ['a.yaml', pod + 'spec: "{{inputs.parameters.x}}"\n', false, false],
    ['a.yaml', pod + 'spec: alert {{ $labels.x }} fires\n', false, false],
    ['a.yaml', pod + 'data:\n  a: |\n    {{ x }}\n    b: {{ y }}\n', false, false],
    ['a.yaml', pod + '# {{ x }}\n', false, false],
    ['patch.yaml', pod, false, true],
    ['memory-patch.yaml', pod, false, true],
    ['tests/e2e/00-assert.yaml', pod, false, true],
    ['overlays/prod/patches/a.yaml', pod, false, true],
    ['dispatcher.yaml', pod, false, false],
    ['a.yaml', pod + 'spec:\n  containers:\n  - name: x\n    $patch: delete\n', false, true],
    ['overlays/prod/a.yaml', 'apiVersion: apps/v1\nkind: Deployment\nspec:\n  replicas: 3\n', false, true],
    ['overlays/prod/a.yaml', 'apiVersion: apps/v1\nkind: Deployment\nspec:\n  selector: {}\n', false, false],
  ])('%s %j: templated %s, fragment %s', (path, text, templated, fragment) =>
    expect(sourceOf(path, text).dialect).toEqual({ templated, fragment }),
  );
});

it('never throws, and is quick on odd texts', () => {
  const part = fc.constantFrom(
    'apiVersion: v1',
    'kind: Pod',
    '---',
    '\n',
    '  ',
    '{{',
    '}}',
    '"',
    "'",
    ': ',
    '- ',
    '|',
    '#',
    '{',
    '[',
    ']',
    'a',
    '\r\n',
    '%',
    'FROM x',
  );
  fc.assert(
    fc.property(fc.array(part, { maxLength: 60 }), fc.constantFrom('a.yaml', 'a.json', 'x', 'templates/a.yaml'), (parts, path) => {
      sourceOf(path, parts.join(''));
    }),
  );
});

it.each(['{', '\n', ' ', 'a: {{ ', '"', '- ', 'x: |\n'])('takes linear time over %j', part => {
  expectLinear(
    part,
    n => part.repeat(n),
    text => {
      sourceOf('a.yaml', text);
      sourceOf('templates/a.json', `apiVersion: v1\nkind: Pod\n${text}`);
      sourceOf('x', text);
    },
    300_000 / part.length,
  );
});
