import { repeat, shapesOf, type HostileShape } from './types';

const half = (size: number, piece: string | ((i: number) => string)): string => repeat(size / 2, piece);

/** A service with something below it. */
const service = (inside: string): string => `services:\n  a:\n    image: a:1\n${inside}`;
const list =
  (field: string, item: string | ((i: number) => string)): ((size: number) => string) =>
  size =>
    service(`    ${field}:\n${repeat(size, i => `      - ${typeof item === 'string' ? item : item(i)}\n`)}`);

const projects: Readonly<Record<string, (size: number) => string>> = {
  services: size => `services:\n${repeat(size, i => `  s${i}:\n    image: nginx\n`)}`,
  'services as small as it gets': size => `services:\n${repeat(size, i => `  s${i}: {image: a}\n`)}`,
  'services of one name': size => `services:\n${repeat(size, '  a: {image: a}\n')}`,
  'heirs of a large base': size =>
    `services:\n  b:\n    image: a\n    environment:\n${half(size, i => `      V${i}: a\n`)}${half(size, i => `  s${i}: {extends: b}\n`)}`,
  'heirs of each other': size => `services:\n  s0: {image: a}\n${repeat(size, i => `  s${i + 1}: {extends: s${i}}\n`)}`,
  'heirs of bases elsewhere': size => `services:\n${repeat(size, i => `  s${i}: {extends: {file: f${i}.yaml, service: a}}\n`)}`,
  'files that it includes': size => `include:\n${repeat(size, i => `  - f${i}.yaml\n`)}services: {a: {image: a}}\n`,
  'itself, again and again': size => `include:\n${repeat(size, '  - compose.yaml\n')}services: {a: {image: a}}\n`,
  'services that wait for all': size =>
    `services:\n${half(size, i => `  s${i}: {image: a}\n`)}  z: {image: a, depends_on: [${half(size, i => `s${i}, `)}]}\n`,
  'services of one secret': size => `services:\n${repeat(size, i => `  s${i}: {image: a, secrets: [x]}\n`)}secrets: {x: {file: x}}\n`,
  'defaults in each other': size => service(`    command: "${'${A:-'.repeat(size / 5)}"\n`),
  variables: size => service(`    command: "${repeat(size, '${A}')}"\n`),
  dollars: size => service(`    command: "${'$'.repeat(size)}"\n`),
  ports: list('ports', '"80:80"'),
  'ranges of ports': list('ports', '"1-65535:1-65535"'),
  volumes: list('volumes', '/:/a'),
  environment: list('environment', i => `PASSWORD${i}=hunter2`),
  'resets of everything': size => `services:\n${repeat(size, i => `  s${i}: !reset null\n`)}`,
};

/** Compose files. */
export const composeShapes: readonly HostileShape[] = shapesOf('compose.yaml', projects);
