import { it } from 'vitest';
import { expectLinear, patience } from '../../support/growth';
import { subjectIn } from '../../support/trials';

// A file that is ten times as long may take ten times as long, and no more.

const many = (n: number, line: (i: number) => string): string => Array.from({ length: n }, (_, i) => line(i)).join('');

it.each<[string, string, (n: number) => string, string | undefined]>([
  [
    'services of which one is asked for',
    'compose',
    n => `services:\n${many(n, i => `  s${i}: { image: a, depends_on: [s${i + 1}] }\n`)}`,
    's0',
  ],
  [
    'secrets in addresses',
    'compose',
    n =>
      `services:\n  a:\n    image: a\n    environment:\n${many(n, i => `      V${i}: postgres://u:hunter2secret${i}@h/x\n      P${i}_PASSWORD: hunter2secret${i}\n`)}`,
    'a',
  ],
  ['mounts', 'compose', n => `services:\n  a:\n    image: a\n    volumes:\n${many(n, i => `      - /v${i}\n`)}`, 'a'],
  [
    'containers of a pod',
    'kubernetes',
    n => `apiVersion: v1\nkind: Pod\nmetadata: { name: a }\nspec:\n  containers:\n${many(n, i => `    - { name: c${i}, image: a }\n`)}`,
    'c0',
  ],
  ['commands of a script', 'run', n => many(n, i => `docker run -d --name c${i} -e A=1 nginx\n`), 'c0'],
  ['stages', 'dockerfile', n => many(n, i => `FROM a AS s${i}\nADD x y\n`), 's0'],
])(
  '%s',
  (name, family, make, asked) => {
    expectLinear(name, make, text => void subjectIn(family, text, asked === undefined ? {} : { name: asked }), 2000);
  },
  patience,
);
