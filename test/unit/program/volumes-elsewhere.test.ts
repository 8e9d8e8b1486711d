import { describe, expect, test } from 'vitest';
import { hardened, python, type Files } from './image-writes';

// Volumes that another file lays over what a program writes: an overlay of kustomize, a service of Compose.

const Dockerfile = python('COPY . .', 'EXPOSE 8000', 'CMD ["python", "main.py"]');
const writes = "import os\nos.makedirs('spool', exist_ok=True)\n";
const deployment =
  'apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec:\n  selector: {matchLabels: {app: web}}\n  template:\n    metadata: {labels: {app: web}}\n    spec:\n      containers:\n        - name: web\n          image: registry.example.com/acme/web:1\n';
const build = 'services: {web: {build: ., image: registry.example.com/acme/web}}\n';
const base: Files = {
  Dockerfile,
  'compose.yaml': build,
  'main.py': writes,
  'base/web.yaml': deployment,
  'base/kustomization.yaml': 'resources: [web.yaml]\n',
};

describe('a base whose overlay may bring a claim', () => {
  test.each<[string, Files, boolean]>([
    ['patched', { ...base, 'prod/kustomization.yaml': 'resources: [../base]\npatches: [{path: storage.yaml}]\n' }, true],
    ['as it is', { ...base, 'prod/kustomization.yaml': 'resources: [../base]\nnamespace: prod\n' }, false],
    [
      'of a program that writes nothing',
      { ...base, 'main.py': 'x = 1\n', 'prod/kustomization.yaml': 'resources: [../base]\npatches: [{path: a.yaml}]\n' },
      false,
    ],
  ])('%s', (_, files, expected) => {
    const after = hardened('base/web.yaml', files);
    expect(after).toContain('runAsUser: 10001');
    expect(after.includes('fsGroup: 10001')).toBe(expected);
  });
});

describe('a service that mounts a folder of the host', () => {
  const withVolume = (volume: string): Files => ({
    Dockerfile,
    'main.py': writes,
    'compose.yaml': `services:\n  web:\n    build: .\n    volumes: [${volume}]\n`,
  });
  test.each<[string, string, boolean]>([
    ['over what its program writes', './spool:/app/spool', false],
    ['that a variable may say', '"${SPOOL:-./spool}:/app/spool"', false],
    ['in the long form', '{type: bind, source: ./spool, target: /app/spool}', false],
    ['elsewhere', './conf:/etc/web', true],
    ['to be read', './spool:/app/spool:ro', true],
    ['with the sources, as developers do', './:/app', true],
    ['that is a volume', 'spool:/app/spool', true],
    ['that is a volume by default', '"${SPOOL:-spool}:/app/spool"', true],
  ])('%s', (_, volume, gets) => {
    expect(hardened('Dockerfile', withVolume(volume)).includes('USER 10001')).toBe(gets);
  });
});

describe('a volume over a folder that the image makes for its user', () => {
  const site = (gives: string, mount: string): string =>
    hardened('compose.yaml', {
      Dockerfile: `FROM php:8.3-apache\nCOPY src/ /var/www/html/\nRUN mkdir -p /var/www/html/uploads${gives}\n`,
      'compose.yaml': `services:\n  site:\n    build: .\n    volumes: ["${mount}:/var/www/html/uploads"]\nvolumes:\n  uploads: {}\n`,
    });
  test.each<[string, string, string, boolean]>([
    ['takes over whose it is', ' && chown www-data /var/www/html/uploads', 'uploads', true],
    ['which is root where nobody gives it', '', 'uploads', false],
    ['which a folder of the host does not', ' && chown www-data /var/www/html/uploads', './uploads', false],
  ])('%s', (_, gives, mount, gets) => {
    expect(site(gives, mount).includes('user: "33:33"')).toBe(gets);
  });
});
