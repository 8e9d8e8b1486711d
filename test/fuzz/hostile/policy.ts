import { hostileSize, inputs, many, times } from './make';
import type { HostileInput } from './types';

const size = hostileSize - 3000;

const kyverno = (rules: string): string =>
  `apiVersion: kyverno.io/v1\nkind: ClusterPolicy\nmetadata:\n  name: a\nspec:\n  rules:\n${rules}`;
const rule = (rest: string, name = 'a'): string => `    - name: ${name}\n      match: {any: [{resources: {kinds: [Pod]}}]}\n${rest}`;
const verify = (references: string, attestors = ''): string =>
  kyverno(rule(`      verifyImages:\n        - imageReferences: [${references}]\n          failureAction: Enforce\n${attestors}`));
const keyed = (pem: string): string =>
  verify(
    "'*'",
    `          attestors:\n            - entries:\n                - keys:\n                    publicKeys: |-\n                      ${pem}\n`,
  );
const cel = (expression: string): string =>
  `apiVersion: policies.kyverno.io/v1\nkind: ValidatingPolicy\nmetadata:\n  name: a\nspec:\n  matchConstraints:\n    resourceRules: [{apiGroups: [''], apiVersions: [v1], operations: [CREATE], resources: [pods]}]\n  validations:\n    - expression: >-\n        ${expression}\n`;
const sigstore = (globs: string, authorities: string): string =>
  `apiVersion: policy.sigstore.dev/v1beta1\nkind: ClusterImagePolicy\nmetadata: {name: a}\nspec:\n  images: [${globs}]\n  authorities: [${authorities}]\n`;
const keyless = (text: string): string => sigstore("{glob: '**'}", `{keyless: {identities: [{issuer: a, subjectRegExp: '${text}'}]}}`);

/** The longest expression that is read. */
const longest = 19_000;

/** Bytes of DER as base64 in lines: sequences in sequences, or lengths that promise more than there is. */
const der = (hex: string, n: number): string =>
  Buffer.from(hex.repeat(n), 'hex')
    .toString('base64')
    .replace(/(.{64})/g, '$1\n                      ');
const pem = (body: string, label = 'PUBLIC KEY'): string =>
  `-----BEGIN ${label}-----\n                      ${body}\n                      -----END ${label}-----`;

/** Admission policies: expressions, keys, patterns, and many of everything that is compared with everything. */
export const policyInputs: readonly HostileInput[] = [
  ...inputs('a.yaml', 'a policy', {
    'CEL in brackets': () => cel('('.repeat(longest)),
    'CEL with a long chain': () => cel('a.b[0].all(c, c) && '.repeat(900) + 'true'),
    'CEL with choices in choices': () => cel('a ? '.repeat(4000) + 'b'),
    'CEL with macros in macros': () => cel('a.all(a, '.repeat(1900) + 'a' + ')'.repeat(1900)),
    'CEL with signs': () => cel('!-'.repeat(longest / 2) + 'a'),
    'CEL that calls what it counts': () => cel('x.map(i, verifyImageSignatures(i, [a])).all(c, c >= 0) && '.repeat(300) + 'true'),
    'CEL with images in images': () => cel("c.image.startsWith('ghcr.io/a') || ".repeat(500) + 'true'),
    'CEL with a text that does not end': () => cel('"' + '\\\\"'.repeat(6000)),
    'expressions by the thousand': () => cel('a') + many(i => `    - expression: variables.v${i} === "a\n`, size),
    'variables of expressions': () =>
      cel('a') + '  variables:\n' + many(i => `    - {name: v${i}, expression: variables.v${i - 1} + variables.v${i + 1}}\n`, size),
    'attestors that nobody names': () =>
      `apiVersion: policies.kyverno.io/v1\nkind: ImageValidatingPolicy\nmetadata:\n  name: a\nspec:\n  validations: [{expression: 'verifyImageSignatures(i, [attestors.a]) > 0'}]\n  attestors:\n${many(i => `    - name: a${i}\n`, size)}`,
    'JMESPath in brackets': () => kyverno(rule(`      context: "{{ ${'['.repeat(longest)} }}"\n`)),
    'variables in variables': () => kyverno(rule(`      context: "${'{{ a'.repeat(4000)}${'}}'.repeat(4000)}"\n`)),
    'variables that nothing defines': () =>
      kyverno(rule(`      validate:\n        deny:\n          conditions:\n${many(i => `            - key: '{{ v${i} }}'\n`, size)}`)),
    'contexts by the thousand': () =>
      kyverno(rule(`      context:\n${many(i => `        - name: v${i}\n          variable: {value: '{{ v${i} }}'}\n`, size)}`)),
    'conditions by the thousand': () =>
      kyverno(rule(`      preconditions:\n        all:\n${many(i => `          - {key: '${i}', operator: Equals, value: a}\n`, size)}`)),
    'rules by the thousand': () =>
      kyverno(many(i => rule('      validate: {pattern: {spec: {containers: [{image: "a* | b*"}]}}}\n', `r${i}`), size)),
    'rules of one name': () => kyverno(many(() => rule('      validate: {deny: {}}\n'), size)),
    'exclusions by the thousand': () =>
      kyverno(rule(`      exclude:\n        any:\n${many('          - resources: {kinds: [Pod], namespaces: [a]}\n', size)}`)),
    'kinds with slips': () =>
      kyverno(`    - name: a\n      match: {any: [{resources: {kinds: [${many(i => `Deploymemt${'abcdefghij'[i % 10]!}, `, size)}]}}]}\n`),
    'patterns by the thousand': () => verify(many(i => `ghcr.io/a${i}:*, `, size)),
    'a pattern of stars': () => verify(`'ghcr.io/${'*a'.repeat(240)}', '${'*'.repeat(90_000)}'`),
    'patterns that leave out each other': () =>
      verify(`${many(i => `a.io/${i}*, `, size / 2)}]\n          skipImageReferences: [${many(i => `b.io/${i}*, `, size / 2)}`),
    'alternatives in alternatives': () =>
      `apiVersion: policies.kyverno.io/v1\nkind: ImageValidatingPolicy\nmetadata: {name: a}\nspec: {matchImageReferences: [{glob: '${'{a,'.repeat(160)}${'}'.repeat(160)}'}, {glob: '${'{a,b}'.repeat(100)}'}]}\n`,
    'an image with a thousand ways': () =>
      kyverno(rule(`      validate: {pattern: {spec: {containers: [{image: "${many(i => `a${i}.io* | `, size)}"}]}}}\n`)),
    'a regular expression of groups': () => keyless('(a+)+'.repeat(15_000)),
    'a regular expression of dots': () => keyless(`https://${'a.'.repeat(40_000)}/`),
    'a regular expression that does not end': () => keyless('('.repeat(90_000)),
    'identities by the thousand': () =>
      sigstore("{glob: '**'}", `{keyless: {identities: [${many(i => `{issuer: a${i}, subjectRegExp: '.*'}, `, size)}]}}`),
    'authorities that pass': () =>
      sigstore(
        many(i => `{glob: 'a${i}.io/**'}, `, size / 2),
        many('{static: {action: pass}}, ', size / 2),
      ),
    'attestors in attestors': () =>
      verify("'*'", `          attestors: ${'[{entries: [{attestor: {entries: '.repeat(900)}[]${'}}]}]'.repeat(900)}\n`),
    'DER in DER': () => keyed(pem(der('3082ffff', 7000))),
    'DER that promises more': () => keyed(pem(der('30847fffffff', 4000))),
    'keys by the hundred': () => keyed(times(600, () => pem('MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE'), '\n                      ')),
    'keys that begin': () => keyed('-----BEGIN PUBLIC KEY-----'.repeat(3500)),
    'certificates by the hundred': () =>
      sigstore(
        "{glob: '**'}",
        '{keyless: {ca-cert: {data: "' + `-----BEGIN CERTIFICATE-----${'A'.repeat(900)}-----END CERTIFICATE-----`.repeat(90) + '"}}}',
      ),
    'signs that a terminal obeys': () => verify(many(i => `"ghcr.io/a\\e[2J\\u202e${i}*", `, size)),
  }),
  ...inputs('a.yaml', 'policies', {
    'in a list': () =>
      `apiVersion: v1\nkind: List\nitems:\n${many(i => `  - {apiVersion: kyverno.io/v1, kind: ClusterPolicy, metadata: {name: a${i}}, spec: {rules: []}}\n`, size)}`,
    'by alias': () =>
      `apiVersion: v1\nkind: List\nitems:\n  - &a {apiVersion: kyverno.io/v1, kind: ClusterPolicy, metadata: {name: a}, spec: {rules: [{name: a, match: {any: []}}]}}\n${many('  - *a\n', size)}`,
    'bound by the thousand': () =>
      many(
        i =>
          `---\napiVersion: admissionregistration.k8s.io/v1\nkind: ValidatingAdmissionPolicyBinding\nmetadata: {name: a${i}}\nspec: {policyName: b${i}}\n`,
        size,
      ),
  }),
];
