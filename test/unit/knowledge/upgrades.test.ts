import { describe, expect, it } from 'vitest';
import { parseImageReference } from '../../../shared/src/syntax/image/reference';
import { upgradesOf } from '../../../shared/src/knowledge/upgrades';

const digest = `sha256:${'0'.repeat(64)}`;

function upgrades(text: string, today = '2026-11-24'): readonly string[] {
  const reference = parseImageReference(text);
  if (reference.invalid !== null) throw new Error(text);
  return upgradesOf(reference, text, today).map(upgrade => upgrade.text);
}

describe('the releases that an image can be moved to', () => {
  it.each<[name: string, image: string, expected: readonly string[]]>([
    ['a version', 'node:20', ['node:22', 'node:26']],
    ['an exact version', 'node:14.17.3', ['node:22', 'node:26']],
    ['a variant', 'python:3.8-slim', ['python:3.11-slim', 'python:3.14-slim']],
    ['a system that has ended, too', 'python:3.8-slim-buster', ['python:3.11-slim-bookworm', 'python:3.14-slim-bookworm']],
    ['a system that has not', 'golang:1.23-bookworm', ['golang:1.26-bookworm', 'golang:1.27-bookworm']],
    ['the Alpine of its time', 'node:20-alpine3.18', ['node:22-alpine', 'node:26-alpine']],
    ['a system alone', 'node:24-bullseye-slim', ['node:24-bookworm-slim', 'node:24-trixie-slim']],
    ['a code name', 'ubuntu:bionic', ['ubuntu:jammy', 'ubuntu:resolute']],
    ['a number that has a code name', 'debian:10-slim', ['debian:12-slim', 'debian:13-slim']],
    ['a registry in front', 'docker.io/library/alpine:3.18', ['docker.io/library/alpine:3.22', 'docker.io/library/alpine:3.24']],
    ['a pinned image, without its digest', `alpine:3.18@${digest}`, ['alpine:3.22', 'alpine:3.24']],
    ['.NET, whose lines have a zero', 'mcr.microsoft.com/dotnet/aspnet:6.0-alpine', ['mcr.microsoft.com/dotnet/aspnet:10.0-alpine']],
    ['what ends in a few weeks is left out', 'php:7.4-fpm', ['php:8.3-fpm', 'php:8.5-fpm']],
    ['a release in the name', 'redhat/ubi7', ['redhat/ubi8', 'redhat/ubi10']],
    ['a release in the name, with a version', 'redhat/ubi7:7.9', []],
    ['Java that is given up', 'openjdk:11-jre-slim', ['eclipse-temurin:11-jre']],
    ['Java on Alpine', 'java:8-jdk-alpine', ['eclipse-temurin:8-jdk-alpine']],
    ['Java of a release between two', 'openjdk:12', ['eclipse-temurin:17-jdk']],
    ['Java on Windows', 'openjdk:11-jdk-windowsservercore', []],
    ['Java without a release', 'openjdk:jre', []],
    ['what is supported', 'node:24', []],
    ['a database', 'postgres:11', ['postgres:15', 'postgres:18']],
    ['the system of a database', 'postgres:16-bullseye', ['postgres:16-bookworm', 'postgres:16-trixie']],
    ['what nobody maintains', 'bitnami/minideb:buster', []],
    ['a snapshot', 'debian:bullseye-20240211-slim', []],
    ['nothing that follows', 'centos:7', []],
    ['tags of exact versions alone', 'elasticsearch:7.17.0', ['elasticsearch:8.19.20', 'elasticsearch:9.5.2']],
    ['tags of exact versions with a letter', 'prom/prometheus:v2.48.0', ['prom/prometheus:v3.13.2']],
    ['lines without a known tag', 'sonarqube:9.9', []],
    ['somebody else', 'ghcr.io/acme/tool:1.0-alpine3.17', []],
    ['a release of Windows', 'golang:1.24-windowsservercore-ltsc2016', []],
  ])('%s', (_, image, expected) => {
    expect(upgrades(image)).toEqual(expected);
  });

  it.each<[image: string, migrates: boolean]>([
    ['postgres:11', true],
    ['postgres:16-bullseye', false],
    ['node:20', false],
  ])('tells whether data have to be moved: %s', (image, migrates) => {
    const reference = parseImageReference(image);
    if (reference.invalid === null) expect(upgradesOf(reference, image, '2026-11-24')[0]).toMatchObject({ migrates });
  });

  it('tells until when', () => {
    const reference = parseImageReference('node:20');
    if (reference.invalid === null) expect(upgradesOf(reference, 'node:20', '2026-11-24')[0]).toMatchObject({ until: '2027-04-30' });
  });
});
