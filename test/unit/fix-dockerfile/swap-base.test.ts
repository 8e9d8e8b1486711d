import { describe, expect, test } from 'vitest';
import { createEngine } from '../../../shared/src/engine/create-engine';
import { rule } from '../../../shared/src/families/dockerfile/rules/base-image-alternative';
import { applyEdits } from '../../../shared/src/base/text/edits';
import { plainContext } from '../../../tools/lint-context';

const engine = createEngine([rule]);

/** What each alternative of a file's base comes to: the changed text, or what its title says where it has no edit. */
function alternatives(text: string): readonly (readonly [image: string, result: string])[] {
  const file = engine.open({ path: 'Dockerfile', text });
  const { findings } = file.lint(plainContext());
  const rendered = file.renderAll(findings);
  return findings.flatMap(finding =>
    finding.fixes.map((fix, i) => {
      const outcome = rendered.get(finding)![i]!;
      return [
        String(fix.data['instead']),
        outcome.ok ? applyEdits(text, outcome.edits) : `manual${String(fix.data['lacks'] ?? '')}`,
      ] as const;
    }),
  );
}

describe('a stage moves to a smaller image', () => {
  test.each<[name: string, text: string, image: string, result: string]>([
    [
      'slim, whatever is installed by name',
      'FROM node:24\nCOPY . .\nRUN apt-get update && apt-get install -y curl && curl -f https://example.com/\nCMD ["node", "a.js"]\n',
      'node:24-slim',
      'FROM node:24-slim\nCOPY . .\nRUN apt-get update && apt-get install -y curl && curl -f https://example.com/\nCMD ["node", "a.js"]\n',
    ],
    [
      'minimal without dnf',
      'FROM rockylinux/rockylinux:9\nCOPY . .\nRUN dnf install -y rpm-build\n',
      'rockylinux/rockylinux:9-minimal',
      'manual; the file uses dnf',
    ],
    [
      'minimal with its own package manager',
      'FROM almalinux:9\nCOPY . .\nRUN microdnf install -y rpm-build\n',
      'almalinux:9-minimal',
      'FROM almalinux:9-minimal\nCOPY . .\nRUN microdnf install -y rpm-build\n',
    ],
    ['slim without git', 'FROM ruby:3.4\nCOPY . .\nRUN git init\n', 'ruby:3.4-slim', 'manual; the file uses git'],
    ['slim Node.js without Python', 'FROM node:24\nCOPY . .\nRUN python3 x.py\n', 'node:24-slim', 'manual; the file uses python3'],
    [
      'slim Python with Python',
      'FROM python:3.14\nCOPY . .\nRUN python3 x.py\n',
      'python:3.14-slim',
      'FROM python:3.14-slim\nCOPY . .\nRUN python3 x.py\n',
    ],
    [
      'Debian without its documentation',
      'FROM debian:13\nCOPY . .\nRUN curl x\n',
      'debian:13-slim',
      'FROM debian:13-slim\nCOPY . .\nRUN curl x\n',
    ],
    [
      'Alpine',
      'FROM node:24-trixie\nCOPY . .\nCMD ["node", "a.js"]\n',
      'node:24-alpine',
      'FROM node:24-alpine\nCOPY . .\nCMD ["node", "a.js"]\n',
    ],
    ['Alpine without bash', 'FROM node:24\nCOPY . .\nCMD ["bash", "a.sh"]\n', 'node:24-alpine', 'manual; the file uses bash'],
    [
      'distroless Node.js, whose entry point is Node.js',
      'FROM node:24\nCOPY . .\nUSER 1000\nCMD ["node", "a.js"]\n',
      'gcr.io/distroless/nodejs24-debian13:nonroot',
      'FROM gcr.io/distroless/nodejs24-debian13:nonroot\nCOPY . .\nUSER 1000\nCMD ["a.js"]\n',
    ],
    [
      'distroless Node.js with an entry point of its own',
      'FROM node:24\nCOPY . .\nENTRYPOINT ["node", "a.js"]\n',
      'gcr.io/distroless/nodejs24-debian13:nonroot',
      'FROM gcr.io/distroless/nodejs24-debian13:nonroot\nCOPY . .\nENTRYPOINT ["/nodejs/bin/node", "a.js"]\n',
    ],
    ['distroless for npm', 'FROM node:24\nCOPY . .\nCMD ["npm", "start"]\n', 'gcr.io/distroless/nodejs24-debian13:nonroot', 'manual'],
    [
      'distroless for a shell form',
      'FROM node:24\nCOPY . .\nCMD node a.js\n',
      'gcr.io/distroless/nodejs24-debian13:nonroot',
      'manual; the file uses a shell',
    ],
    [
      'distroless for a user by name',
      'FROM node:24\nCOPY . .\nUSER node\nCMD ["node", "a.js"]\n',
      'gcr.io/distroless/nodejs24-debian13:nonroot',
      'manual',
    ],
    [
      'chiseled .NET',
      'FROM mcr.microsoft.com/dotnet/aspnet:10.0\nCOPY . .\nENTRYPOINT ["dotnet", "a.dll"]\n',
      'mcr.microsoft.com/dotnet/aspnet:10.0-noble-chiseled',
      'FROM mcr.microsoft.com/dotnet/aspnet:10.0-noble-chiseled\nCOPY . .\nENTRYPOINT ["dotnet", "a.dll"]\n',
    ],
    [
      'a JRE for what runs',
      'FROM eclipse-temurin:21-jdk\nCOPY a.jar /\nCMD ["java", "-jar", "/a.jar"]\n',
      'eclipse-temurin:21-jre',
      'FROM eclipse-temurin:21-jre\nCOPY a.jar /\nCMD ["java", "-jar", "/a.jar"]\n',
    ],
    [
      'a JRE for what compiles',
      'FROM eclipse-temurin:21-jdk\nCOPY . .\nRUN javac A.java\n',
      'eclipse-temurin:21-jre',
      'manual; the file uses javac',
    ],
    ['a default of ARG', 'ARG V=24\nFROM node:${V}\nCOPY . .\n', 'node:24-slim', 'ARG V=24\nFROM node:${V}-slim\nCOPY . .\n'],
    [
      'a default of ARG, another image',
      'ARG V=24\nFROM node:${V}\nCOPY . .\nCMD ["node", "a.js"]\n',
      'gcr.io/distroless/nodejs24-debian13:nonroot',
      'manual',
    ],
    ['quotes', 'FROM "node:24"\nCOPY . .\n', 'node:24-slim', 'manual'],
  ])('%s', (_, text, image, result) => {
    expect(Object.fromEntries(alternatives(text))[image]).toBe(result);
  });
});
