import { describe, expect, test } from 'vitest';
import { healthConnect, healthPing, healthRequest } from '../../../shared/src/knowledge/health-checks';
import { findImageProfile, type ImageProfile } from '../../../shared/src/knowledge/image-profiles';

const profileOf = (image: string): ImageProfile | null => findImageProfile(image);

describe('a health check asks with what the image surely has', () => {
  test.each([
    ['postgres:17', null, 'pg_isready'],
    ['postgres:17-alpine', 'postgres', 'pg_isready'],
    ['postgres:17', 'bash', undefined],
    ['redis:8', 'redis-server', 'redis-cli'],
    ['valkey/valkey:9.0', null, 'valkey-cli'],
    ['mysql:8.4', 'mysqld', 'mysqladmin'],
    ['mariadb:11.8', 'mariadbd', 'mariadb-admin'],
    ['rabbitmq:4', null, 'rabbitmq-diagnostics'],
    // no client, no shell, or other names
    ['cgr.dev/chainguard/postgres', null, undefined],
    ['bitnami/redis:7', null, undefined],
    ['nginx:1.29', null, undefined],
    ['node:24', null, undefined],
  ])('%s that starts %s: %s', (image, program, client) => {
    expect(healthPing(profileOf(image), program)?.[0]).toBe(client);
  });

  test.each([
    ['debian:13', 'bash'],
    ['node:24-slim', 'bash'],
    ['node:24-alpine', 'nc'],
    ['busybox:1.37', 'nc'],
    ['scratch', undefined],
    ['gcr.io/distroless/static-debian13', undefined],
    ['example.com/app:1', undefined],
  ])('%s is asked for a connection by %s', (image, client) => {
    expect(healthConnect(profileOf(image), '80')?.[0]).toBe(client);
  });

  test.each([
    ['node:24-slim', [], 'node'],
    ['node:24-slim', ['curl'], 'curl'],
    ['python:3.13', [], 'python3'],
    ['ruby:3.4-slim', [], 'ruby'],
    ['alpine:3.22', [], 'wget'],
    ['debian:13', ['wget'], 'wget'],
    ['debian:13', [], undefined],
    ['php:8.4-fpm', [], undefined],
    ['gcr.io/distroless/python3-debian13', [], undefined],
    ['cgr.dev/chainguard/node', [], undefined],
  ])('%s with %j is asked for a page by %s', (image, packages, client) => {
    const command = healthRequest(profileOf(image), packages, 'http://127.0.0.1:80/');
    expect(command?.[0]).toBe(client);
    if (command) expect(command.join(' ')).toContain('http://127.0.0.1:80/');
  });
});
