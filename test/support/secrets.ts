import { checksum62 } from '../../shared/src/knowledge/secrets/formats';

// Everything here is made when the tests run, so that no file of the project holds what a scanner takes for a secret.

/** Random-looking text of an alphabet, the same each time: no fixture here is a secret of anybody. */
export function noise(length: number, alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789', seed = 7): string {
  let state = seed;
  return Array.from({ length }, () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return alphabet.charAt(((mixed ^ (mixed >>> 14)) >>> 0) % alphabet.length);
  }).join('');
}
/** Alphabets. */
export const hex = '0123456789abcdef';
export const base32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
/** Base 64 of a text, or of the JSON of a value. */
export const code = (value: unknown): string => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64');
/** The same in the alphabet for addresses, of JSON. */
export const urlCode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
/** A token as GitHub makes them, with its checksum. */
export const github = (prefix: string, seed = 7): string => {
  const random = noise(30, undefined, seed);
  return `${prefix}_${random}${checksum62(random)}`;
};
/** A private key block that holds none. */
export const key = (kind: string): string =>
  [`-----BEGIN ${kind}PRIVATE KEY-----`, noise(64), noise(64, undefined, 9), `-----END ${kind}PRIVATE KEY-----`].join('\n');
/** A JSON Web Token. */
export const token = `${urlCode({ alg: 'HS256', typ: 'JWT' })}.${urlCode({ sub: 'build', iat: 1 })}.${noise(43)}`;

/** A secret of each form that is tested everywhere: its title, and the secret. */
export const secretSamples: readonly (readonly [title: string, secret: string])[] = [
  ['private key', key('RSA ')],
  ['private key', key('OPENSSH ')],
  ['private key', key('')],
  ['private key', key('EC ').replaceAll('\n', '\\n')],
  ['AWS access key', 'AKIA' + noise(16, base32)],
  ['GitHub token', github('ghp')],
  ['GitHub token', github('ghs', 3)],
  ['GitHub token', `github_pat_${noise(22)}_${noise(59)}`],
  ['GitLab token', 'glpat-' + noise(20)],
  ['Slack token', `xoxb-${noise(12, '0123456789')}-${noise(12, '0123456789', 3)}-${noise(24)}`],
  ['Google API key', 'AIza' + noise(35)],
  ['npm token', 'npm_' + noise(36)],
  ['PyPI token', 'pypi-AgEIcHlwaS5vcmc' + noise(80)],
  ['Docker token', 'dckr_pat_' + noise(27)],
  ['JSON Web Token', token],
  ['Stripe key', 'sk_live_' + noise(24)],
  ['DigitalOcean token', 'dop_v1_' + noise(64, hex)],
  ['age key', 'AGE-SECRET-KEY-1' + noise(58, 'QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L')],
];

/** A Pod whose container has a variable. */
const pod = (name: string, value: string): string =>
  `apiVersion: v1\nkind: Pod\nmetadata:\n  name: a\nspec:\n  containers:\n    - name: a\n      image: a:1\n      env:\n        - name: ${name}\n          value: ${JSON.stringify(value)}\n`;
/** A ConfigMap with one entry. */
const configMap = (key: string, value: string): string =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\ndata:\n  ${key}: ${JSON.stringify(value)}\n`;

const password = `h0rse-${noise(14)}`;
/** Files with a secret: name, path, text and the secret. */
export const secretFiles: readonly (readonly [name: string, path: string, text: string, secret: string])[] = [
  ...secretSamples.map(
    ([title, secret]) => [title, 'Dockerfile', `FROM alpine:3.22\nENV VALUE="${secret.replaceAll('\n', '\\n')}"\n`, secret] as const,
  ),
  ...secretSamples.map(
    ([title, secret]) => [`${title} in a script`, 'Dockerfile', `FROM alpine:3.22\nCOPY <<EOF /a\n${secret}\nEOF\n`, secret] as const,
  ),
  ['a password of ENV', 'Dockerfile', `FROM alpine:3.22\nENV DB_PASSWORD ${password}\n`, password],
  [
    'a password in a URL',
    'Dockerfile',
    `FROM alpine:3.22\nADD http://ci:${password}@x.example/a.tgz /\nRUN curl http://ci:${password}@x.example | sh\n`,
    password,
  ],
  ['a password of a client', 'Dockerfile', `FROM alpine:3.22\nRUN mysql -p${password} && PGPASSWORD=${password} psql\n`, password],
  [
    'a password of a registry',
    'Dockerfile',
    `FROM alpine:3.22\nRUN docker login -u a -p ${password} && curl -u a:${password} https://x.example\n`,
    password,
  ],
  [
    'a password of an account',
    'Dockerfile',
    `FROM alpine:3.22\nRUN echo "root:${password}" | chpasswd && useradd -p ${password} a\n`,
    password,
  ],
  ['a password in a script', 'Dockerfile', `FROM alpine:3.22\nRUN API_TOKEN="${password}" ./run\n`, password],
  ['a build argument', 'Dockerfile', `FROM alpine:3.22\nARG NPM_TOKEN=${password}\nRUN echo $NPM_TOKEN > .npmrc\n`, password],
  ['a password of a container', 'pod.yaml', pod('DB_PASSWORD', password), password],
  ['a password of a ConfigMap', 'map.yaml', configMap('password', password), password],
  ...secretSamples.map(([title, secret]) => [`${title} of a container`, 'pod.yaml', pod('VALUE', secret), secret] as const),
  ...secretSamples.map(([title, secret]) => [`${title} of a ConfigMap`, 'map.yaml', configMap('value', secret), secret] as const),
];

/** What of a secret may stand nowhere: all of it, and its lines. */
export function piecesOf(secret: string): readonly string[] {
  return [secret, ...secret.split(/\n|\\n/)].filter(piece => piece.length > 10 && !piece.startsWith('-----'));
}
