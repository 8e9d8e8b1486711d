import * as fs from 'node:fs';
import * as path from 'node:path';
import { describe, expect, test } from 'vitest';
import { createEngine } from '../../../shared/src/engine/create-engine';
import type { InputFile } from '../../../shared/src/engine/types';
import { rules } from '../../../shared/src/families/generated/index';
import { plainContext } from '../../../tools/lint-context';
import { expectLinear, unseenPath } from '../../support/growth';
import { seeded, tryChoices, type Tried } from '../../support/groups';

const engine = createEngine(rules);
const context = plainContext();
const root = path.resolve(import.meta.dirname, '../../..');

/** The examples, and what writes of a Deployment most people copy: no selector, a field in the wrong place. */
function ownFiles(): readonly InputFile[] {
  const examples = fs
    .readdirSync(path.join(root, 'examples'), { recursive: true, encoding: 'utf8' })
    .filter(name => /Dockerfile$|\.yaml$/.test(name))
    .sort();
  return [
    ...examples.map(name => ({ path: name, text: fs.readFileSync(path.join(root, 'examples', name), 'utf8') })),
    { path: 'guide.yaml', text: guide },
    { path: 'shared.yaml', text: `${guide}---\n${guide.replaceAll('web', 'api').replace('template:\n', 'template: # pod\n')}` },
  ];
}

const guide = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  replicas: 2
  template:
    spec:
      hostNetwork: true # why?
      containers:
        - name: web
          image: redis:7
          securityContext:
            privileged: true
        - name: log # ships logs
          image: example.com/shop/log:1
          securityContext: {capabilities: {add: [SYS_ADMIN]}}
      # always fresh
      imagePullPolicy: Always
`;

const groupsOf = (text: string) => engine.open({ path: 'a.yaml', text }).plan(context).groups;

test('every group, and random sets of groups, leave a file that parses, lints no worse and keeps its comments', () => {
  const tried: Tried = { files: 0, groups: 0, choices: 0, wrong: [] };
  const random = seeded(7);
  for (const file of ownFiles()) tryChoices(engine, context, file, 10, random, tried);
  expect(tried.wrong).toEqual([]);
  expect(tried.groups).toBeGreaterThan(80);
}, 120_000);

describe('groups', () => {
  test('a fix that needs a yes needs it in a file that has no other fixes, too', () => {
    const text =
      'on: push\npermissions: {}\njobs:\n  publish:\n    runs-on: ubuntu-24.04\n    steps:\n      - uses: docker/build-push-action@v2\n';
    const { groups } = engine.open({ path: '.github/workflows/a.yaml', text }).plan(context);
    expect(groups.map(group => [group.rules, group.class])).toEqual([[['workflow/outdated-action'], 'attended']]);
  });

  test('what brings a finding is applied with what answers that, though both need a yes and the second is found later', () => {
    const text = `FROM debian:12 AS build
RUN apt-get update && apt-get -y install --no-install-recommends maven
WORKDIR /app
COPY . .
RUN mvn package

FROM openjdk:8-jdk
WORKDIR /app
COPY --from=build /app/target/shop.jar shop.jar
USER 10001
HEALTHCHECK CMD ["bash", "-c", "</dev/tcp/127.0.0.1/8080"]
CMD ["java", "-jar", "shop.jar"]
`;
    const opened = engine.open({ path: 'Dockerfile', text });
    const plan = opened.plan(context);
    const [moved] = plan.groups.filter(({ rules: own }) => own.includes('dockerfile/end-of-life-image'));
    expect(moved).toMatchObject({ class: 'attended', rules: ['dockerfile/base-image-alternative', 'dockerfile/end-of-life-image'] });
    expect(opened.applyGroups(context, plan, [moved!.id]).text).toContain('FROM eclipse-temurin:8-jre\n');
  });

  test('a field that moves and a selector with its labels are groups of their own', () => {
    const of = groupsOf(guide).map(({ rules: own }) => own.join(' '));
    expect(of).toEqual(expect.arrayContaining(['kubernetes/missing-field', 'kubernetes/misplaced-field']));
  });

  test('what the API server refuses beside SYS_ADMIN waits for that to go', () => {
    const groups = groupsOf(guide);
    const [off] = groups.filter(({ rules: own }) => own.includes('kubernetes/added-capabilities'));
    const waiting = groups.filter(({ needs }) => needs.includes(off!.id));
    expect(waiting.map(({ rules: own }) => own)).toContainEqual(['kubernetes/privilege-escalation']);
    const opened = engine.open({ path: 'a.yaml', text: guide });
    const { groups: applied } = opened.applyGroups(context, opened.plan(context), [waiting[0]!.id]);
    expect(applied).toContainEqual(expect.objectContaining({ id: off!.id }));
  });

  test('a read-only root filesystem comes with its volumes, and nothing else', () => {
    const text = guide
      .replace('          securityContext:\n            privileged: true\n', '')
      .replace('      hostNetwork: true # why?\n', '');
    const opened = engine.open({ path: 'a.yaml', text });
    const plan = opened.plan(context);
    const [own] = plan.groups.filter(({ rules: of }) => of.includes('kubernetes/writable-root-filesystem'));
    const { text: changed } = opened.applyGroups(context, plan, [own!.id]);
    expect(own!.rules).toEqual(['kubernetes/writable-root-filesystem']);
    expect(changed).toContain('readOnlyRootFilesystem: true');
    expect(changed).toContain('mountPath: /tmp');
    expect(changed).not.toMatch(/runAs|drop:|seccomp/);
  });

  test('a choice of groups that do not exist changes nothing', () => {
    const opened = engine.open({ path: 'a.yaml', text: guide });
    expect(opened.applyGroups(context, opened.plan(context), ['none'])).toMatchObject({ text: guide, edits: [], groups: [] });
  });
});

test('a plan costs what its file does, however many containers or stages that has', () => {
  const container = (i: number): string => `    - name: c${i}\n      image: registry.example.com/app${i}:1.0\n`;
  const pod = (count: number): string =>
    `apiVersion: v1\nkind: Pod\nmetadata:\n  name: many\nspec:\n  containers:\n${Array.from({ length: count }, (_, i) => container(i)).join('')}`;
  const stage = (i: number): string =>
    `FROM node:20 AS s${i}\nADD a /b\nRUN apt-get update && apt-get install -y curl\nCMD node server.js\n`;
  const stages = (count: number): string => Array.from({ length: count }, (_, i) => stage(i)).join('');
  const plan = (file: string) => (text: string) =>
    expect(engine.open({ path: unseenPath(file), text }).plan(context).groups.length).toBeGreaterThan(20);
  expectLinear('groups of containers', pod, plan('a.yaml'), 160);
  expectLinear('groups of stages', stages, plan('Dockerfile'), 128);
});
