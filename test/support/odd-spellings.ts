/** A file that is written as hardly anybody writes it, with one container that is privileged. */
export interface OddSpelling {
  readonly name: string;
  readonly path: string;
  readonly text: string;
  /** Whether kubectl (of a Compose file: Docker's loader) takes it and runs the container so. The oracles are asked where they are there. */
  readonly runs: boolean;
}

type Row = readonly [name: string, text: string, runs?: boolean];

const metadata = 'metadata: {name: a}\n';
const container = '{name: a, image: a, securityContext: {privileged: true}}';
const spec = `spec: {containers: [${container}]}\n`;
const body = metadata + spec;
const pod = `apiVersion: v1\nkind: Pod\n${body}`;
/** A Pod whose first lines are others. */
const headed = (head: string): string => head + body;
/** A Pod that names `metadata` first, with a label. */
const behind = (label: string, head: string): string => `metadata: {name: a, labels: {a: ${label}}}\n${head}${spec}`;
const flow = (head: string): string => `{${head}, metadata: {name: a}, spec: {containers: [${container}]}}`;
const json = `{"apiVersion":"v1","kind":"Pod","metadata":{"name":"a"},"spec":{"containers":[{"name":"a","image":"a","securityContext":{"privileged":true}}]}}`;
const item = `apiVersion: v1\n  kind: Pod\n  metadata: {name: a}\n  ${spec}`;
const broken = (sign: string): string => pod.replaceAll('\n', sign);

/** How the type of an object may be written, and what stands around it. */
const heads: readonly Row[] = [
  ['as everybody does', pod],
  ['? kind', headed('apiVersion: v1\n? kind\n: Pod\n')],
  ['? kind on one line is a map', headed('apiVersion: v1\n? kind : Pod\n'), false],
  ['!!str kind', headed('apiVersion: v1\n!!str kind: Pod\n')],
  ['! kind', headed('apiVersion: v1\n! kind: Pod\n')],
  ['!<tag:yaml.org,2002:str> kind', headed('apiVersion: v1\n!<tag:yaml.org,2002:str> kind: Pod\n')],
  ['&k kind', headed('apiVersion: v1\n&k kind: Pod\n')],
  ['&k !!str kind', headed('apiVersion: v1\n&k !!str kind: Pod\n')],
  ["'kind'", headed("'apiVersion': v1\n'kind': Pod\n")],
  ['"\\x6bind"', headed('apiVersion: v1\n"\\x6bind": Pod\n')],
  ['"\\u006bind"', headed('apiVersion: v1\n"\\u006bind": Pod\n')],
  ['"\\U0000006bind"', headed('apiVersion: v1\n"\\U0000006bind": Pod\n')],
  ['"kind" over two lines', headed('apiVersion: v1\n"ki\\\n  nd": Pod\n'), false],
  ['? "kind" over two lines', headed('apiVersion: v1\n? "ki\\\n  nd"\n: Pod\n')],
  ['? |- kind', headed('apiVersion: v1\n? |-\n  kind\n: Pod\n')],
  ['? >- kind', headed('apiVersion: v1\n? >-\n  kind\n: Pod\n')],
  ['!!binary kind', headed('apiVersion: v1\n!!binary a2luZA==: Pod\n')],
  ['kind by an alias', behind('&k kind', 'apiVersion: v1\n*k : Pod\n')],
  ['kind merged', headed('x: &b {apiVersion: v1, kind: Pod}\n<<: *b\n')],
  ['kind alone merged', headed('x: &b {kind: Pod}\napiVersion: v1\n<<: *b\n')],
  ['kind merged in place', headed('<<: {apiVersion: v1, kind: Pod}\n')],
  ['kind merged from a list', headed('<<: [{apiVersion: v1}, {kind: Pod}]\n')],
  ['kind merged twice over', headed('x: &b {<<: {kind: Pod}}\napiVersion: v1\n<<: *b\n')],
  ['? <<', headed('x: &b {kind: Pod}\napiVersion: v1\n? <<\n: *b\n')],
  ['!!merge <<', headed('x: &b {kind: Pod}\napiVersion: v1\n!!merge <<: *b\n')],
  ['!!merge "<<"', headed('x: &b {kind: Pod}\napiVersion: v1\n!!merge "<<": *b\n')],
  ['"<<" is no merge key', headed('x: &b {kind: Pod}\napiVersion: v1\n"<<": *b\n'), false],
  ['!!binary value', headed('apiVersion: v1\nkind: !!binary UG9k\n')],
  ['value by an alias', behind('&k Pod', 'apiVersion: v1\nkind: *k\n')],
  ['value with a tag', headed('apiVersion: !!str v1\nkind: !!str Pod\n')],
  ['value with an anchor', headed('apiVersion: &a v1\nkind: &b Pod\n')],
  ['value in a block', headed('apiVersion: |-\n  v1\nkind: >-\n  Pod\n')],
  ['value with escapes', headed('apiVersion: "v\\x31"\nkind: "P\\x6fd"\n')],
  ['value below its key', headed('apiVersion:\n  v1\nkind: # what it is\n\n  Pod\n')],
  ['tabs around the colon', headed('apiVersion\t:\tv1\nkind\t:\tPod\n')],
  ['twice, the last one counts', headed('apiVersion: v1\nkind: ConfigMap\nkind: Pod\n')],
  ['twice, the other way round', headed('apiVersion: v1\nkind: Pod\nkind: ConfigMap\n'), false],
  ["a tool's group first", headed('apiVersion: skaffold/v1\napiVersion: v1\nkind: Pod\n')],
  ['another case', headed('apiVersion: v1\nKind: Pod\n'), false],
  ['a space that does not break', headed('apiVersion: v1\nkind:\u00a0Pod\n'), false],
  ['an unseen character in the key', headed('apiVersion: v1\nkind\u200b: Pod\n'), false],
  ['indented', pod.replace(/^(?=.)/gm, '   ')],
  ['a tag in front', `!!map\n${pod}`],
  ['an anchor in front', `&x\n${pod}`],
  ['a list at the margin', `x:\n- a\n- b\n${pod}`],
  ['a text over lines first', `a: b\n c\n${pod}`],
  ['keys in a quoted text', `a: "x\n\n  kind: Foo\n  y"\n${pod}`],
  ['keys in a quoted text at the margin', `a: "x\nkind: Foo\ny"\n${pod}`],
  ['a key in single quotes at the margin', `a: 'x\nservices: y'\n${pod}`],
  ['brackets at the margin', `a: [\nb,\n# c ]\nc\n]\n${pod}`],
  ['braces at the margin', `a: {\nkind: Foo,\nb: 1\n}\n${pod}`],
  ['an emoji', `# \u{1F600}\n${pod}`],
  ['templates in a comment', `# {{ x }}\n${pod}`],
  ['templates in a text', behind('"{{ x }}"', 'apiVersion: v1\nkind: Pod\n')],
]; // prettier-ignore

/** Line ends, documents and lists. */
const streams: readonly Row[] = [
  ['CRLF', broken('\r\n')],
  ['CR', broken('\r')],
  ['CR in one place', headed('apiVersion: v1\rkind: Pod\n')],
  ['CR behind a comment', headed('apiVersion: v1 # x\rkind: Pod\n')],
  ...(['\x85', '\u2028', '\u2029'] as const).flatMap((sign): readonly Row[] => [
    [`${escape(sign)} at the end of lines`, broken(sign)],
    [`${escape(sign)} behind a comment`, headed(`apiVersion: v1 # x${sign}kind: Pod\n`)],
    [`${escape(sign)} in a comment above what it hides`, pod.replace('{privileged', `{ # x${sign}  privileged`)],
    [`${escape(sign)} in a quoted text`, `a: "x${sign}y"\n${pod}`],
  ]),
  ['a byte order mark', `\uFEFF${pod}`],
  ['a byte order mark and a marker', `\uFEFF---\n${pod}`],
  ['a byte order mark in the second document', `a: b\n---\n\uFEFF${pod}`],
  ['%YAML 1.1', `%YAML 1.1\n---\n${pod}`, false],
  ['%TAG', `%TAG !y! tag:yaml.org,2002:\n---\n${headed('apiVersion: v1\n!y!str kind: Pod\n')}`, false],
  ['no content first', `---\n---\n# nothing\n---\n${pod}`],
  ['null first', `~\n---\n${pod}`],
  ['a tool first', `apiVersion: skaffold/v2\nkind: Config\n---\n${pod}`],
  ['a list first', `- a\n---\n${pod}`],
  ['a comment behind the marker', `--- # c\n${pod}`],
  ['behind the marker', `--- ${flow('apiVersion: v1, kind: Pod')}\n`, false],
  ['in braces', flow('apiVersion: v1, kind: Pod')],
  ['in braces, over lines', flow('\n  apiVersion: v1,\n  kind: Pod # c }\n')],
  ['in braces, a comment first', flow(" # it's {\n  apiVersion: v1, kind: Pod")],
  ['in braces, ? kind', flow('? apiVersion : v1, ? kind : Pod')],
  ["in braces, it's", flow("x: it's, apiVersion: v1, kind: Pod")],
  ['JSON', json],
  ['JSON with an escape in a key', json.replace('"kind"', '"\\u006bind"')],
  ['JSON with escapes in values', json.replace('"Pod"', '"\\u0050od"').replace('"v1"', '"v\\u0031"')],
  ['JSON with a key twice', json.replace('"kind"', '"kind":"ConfigMap","kind"')],
  ['JSON behind JSON', `{"apiVersion":"v1","kind":"ConfigMap","data":{"a":"}{"}}${json}`],
  ['JSON below JSON', `{"a":1}\n${json}\n`],
  ['JSON in an array', `[${json}]`, false],
  ['PodList', `apiVersion: v1\nkind: PodList\nitems:\n- metadata: {name: a}\n  ${spec}`],
  ['List', `apiVersion: v1\nkind: List\nitems:\n- ${item}`],
  ['List with an odd item', `apiVersion: v1\nkind: List\nitems:\n- ${item.replace('kind', '!!str kind')}`],
  ['List by an alias', `x: &i\n- ${item}apiVersion: v1\nkind: List\nitems: *i\n`],
  ['whatever has items', `apiVersion: v1\nkind: Foo\nitems:\n- ${item}`],
  ["a tool's, with items", `apiVersion: skaffold/v1\nkind: List\nitems:\n- ${item}`],
  ['a Kustomization with items', `apiVersion: v1\nkind: Kustomization\nitems:\n- ${item}`],
]; // prettier-ignore

const inside = (written: string): string => pod.replace('privileged: true', written);
const around = (anchor: string, where: string): string => `x: &s ${anchor}\napiVersion: v1\nkind: Pod\n${metadata}${where}\n`;

/** How it may be written that a container is privileged. */
const fields: readonly Row[] = [
  ['yes', inside('privileged: yes')],
  ['On', inside('privileged: On')],
  ['y', inside('privileged: y')],
  ['TRUE', inside('privileged: TRUE')],
  ['!!bool yes', inside('privileged: !!bool yes')],
  ['!!bool "true"', inside('privileged: !!bool "true"')],
  ['"true" is a text', inside('privileged: "true"'), false],
  ['twice', inside('privileged: false, privileged: true')],
  ['escapes in the key', inside('"priv\\x69leged": true')],
  ['? privileged', inside('? privileged : true')],
  ['!!binary privileged', inside('!!binary cHJpdmlsZWdlZA==: true')],
  ['merged in place', inside('<<: {privileged: true}')],
  ['behind a CR', inside('# a\rprivileged: true')],
  ['spec by an alias', around(`{containers: [${container}]}`, 'spec: *s')],
  ['spec merged', around(`{containers: [${container}]}`, 'spec: {<<: *s}')],
  ['containers by an alias', around(`[${container}]`, 'spec: {containers: *s}')],
  ['container by an alias', around(container, 'spec: {containers: [*s]}')],
  ['container merged', around(container, 'spec: {containers: [{<<: *s}]}')],
]; // prettier-ignore

const service = '{image: nginx, privileged: true}';
const services = 'services:\n  web:\n    image: nginx\n    privileged: true\n';

const composed: readonly Row[] = [
  ['as everybody does', services],
  ['? services', '? services\n: web:\n    image: nginx\n    privileged: true\n'],
  ['!!str services', `!!str ${services}`],
  ['&k services', `&k ${services}`],
  ['"\\x73ervices"', services.replace('services', '"\\x73ervices"')],
  ['!!binary privileged', services.replace('privileged', '!!binary cHJpdmlsZWdlZA==')],
  ['services merged in place', `<<: {services: {web: ${service}}}\n`],
  ['services merged', `x-a: &a {services: {web: ${service}}}\n<<: *a\n`],
  ['CR', services.replaceAll('\n', '\r')],
  ['LS', services.replaceAll('\n', '\u2028')],
  ['NEL behind a comment', services.replace('nginx\n', 'nginx # x\x85')],
  ['a byte order mark', `\uFEFF${services}`],
  ['%YAML 1.2', `%YAML 1.2\n---\n${services}`, false],
  ['in braces', `{services: {web: ${service}}}`],
  ['JSON', `{"services": {"web": {"image": "nginx", "privileged": true}}}`],
  ['brackets at the margin', `x-a: [\nb\n]\n${services}`],
  ['a key in a quoted text at the margin', `x-a: "b\nkind: c"\n${services}`],
  ['two documents', `${services}---\nservices: {b: ${service}}\n`],
  ['a service by an alias', `x-app: &app ${service}\nservices: {web: *app}\n`],
  ['two services by one alias', `x-app: &app ${service}\nservices: {web: *app, two: *app}\n`],
  ['services by an alias', `x-s: &s {web: ${service}}\nservices: *s\n`],
  ['services merged from an alias', `x-s: &s {web: ${service}}\nservices: {<<: *s}\n`],
  ['services merged from a list', `x-s: &s {web: ${service}}\nservices: {<<: [*s], b: {image: a}}\n`],
  ['a service merged', `x-s: &s ${service}\nservices: {web: {<<: *s}}\n`],
  ['a service merged in place', `services: {web: {<<: ${service}}}\n`],
  ['an alias further in', `x-a: {b: &app ${service}}\nservices: {web: *app}\n`],
  ['an alias in a list', `x-a: [&app ${service}]\nservices: {web: *app}\n`],
  ['an alias of what another service holds', `services:\n  a: {image: nginx, x-y: &p ${service}}\n  b: *p\n`],
  ['an alias of another service', `services:\n  a: &a ${service}\n  b: *a\n`],
  ['an alias of an alias', `x-a: &a ${service}\nx-b: &b {<<: *a}\nservices: {web: *b}\n`],
  ['a base by an alias', `x-a: &a ${service}\nservices:\n  base: *a\n  web: {extends: base}\n`],
  ['an alias that extends', `x-a: &a {extends: {service: base}}\nservices:\n  base: ${service}\n  web: *a\n`],
  ['a value by an alias', 'x-t: &t true\nservices: {web: {image: nginx, privileged: *t}}\n'],
  ['a variable', 'services: {web: {image: nginx, privileged: "${X:-true}"}}\n'],
  ['y', 'services: {web: {image: nginx, privileged: y}}\n'],
  ['an unknown key beside', `foo: 1\n${services}`, false],
  ['services twice', `services: {}\n${services}`, false],
  ['an empty document first', `---\n---\n${services}`, false],
  ['!!map', `services: {web: !!map ${service}}\n`],
  ['!override', `services: {web: !override ${service}}\n`],
  ['!reset', 'services: {web: {image: nginx, privileged: !reset true}}\n', false],
]; // prettier-ignore

const named = (path: string, rows: readonly Row[]): readonly OddSpelling[] =>
  rows.map(([name, text, runs = true]) => ({ name, path, text, runs }));

/** Objects of Kubernetes. */
export const oddObjects: readonly OddSpelling[] = named('pod.yaml', [...heads, ...streams, ...fields]);

/** Compose files. */
export const oddServices: readonly OddSpelling[] = named('compose.yaml', composed);

/** Compose projects of several files, of which the last ones are loaded; in one of them a service is privileged. */
export const oddProjects: Readonly<Record<string, { readonly files: Readonly<Record<string, string>>; readonly load: readonly string[] }>> = {
  'an override': {
    files: { 'compose.yaml': 'services: {web: {image: nginx}}\n', 'compose.override.yaml': `x-a: &a {privileged: true}\nservices: {web: *a}\n` },
    load: ['compose.yaml', 'compose.override.yaml'],
  },
  'services of an override': {
    files: { 'compose.yaml': 'services: {web: {image: nginx}}\n', 'compose.override.yaml': `x-a: &a {web: {privileged: true}}\nservices: {<<: *a}\n` },
    load: ['compose.yaml', 'compose.override.yaml'],
  },
  'a base in another file': {
    files: { 'common.yaml': `x-a: &a ${service}\nservices: {base: *a}\n`, 'compose.yaml': 'services: {web: {extends: {file: common.yaml, service: base}}}\n' },
    load: ['compose.yaml'],
  },
  'a file that is included': {
    files: { 'parts/web.yaml': `x-a: &a {web: ${service}}\nservices: *a\n`, 'compose.yaml': 'include: [parts/web.yaml]\nservices: {b: {image: nginx}}\n' },
    load: ['compose.yaml'],
  },
  'included by an odd key': {
    files: { 'parts/web.yaml': `? services\n: web: ${service}\n`, 'compose.yaml': '"\\x69nclude": [parts/web.yaml]\nservices: {b: {image: nginx}}\n' },
    load: ['compose.yaml'],
  },
  'extended by odd keys': {
    files: { 'common.yaml': `services: {base: ${service}}\n`, 'compose.yaml': 'services: {web: {"ext\\x65nds": {"fil\\x65": common.yaml, service: base}}}\n' },
    load: ['compose.yaml'],
  },
}; // prettier-ignore

/** Files of other kinds whose first keys are written oddly, with the family that they are of. */
export const oddOthers: readonly (readonly [path: string, text: string, family: string])[] = [
  ['policy.yaml', 'apiVersion: kyverno.io/v1\n? kind\n: ClusterPolicy\nmetadata: {name: a}\nspec: {rules: []}\n', 'policy'],
  ['policy.yaml', '!!str apiVersion: kyverno.io/v1\nkind: ClusterPolicy\nspec: {rules: []}\n', 'policy'],
  ['policy.yaml', 'x: &b {apiVersion: policy.sigstore.dev/v1beta1}\n<<: *b\nkind: ClusterImagePolicy\nspec: {}\n', 'policy'],
  ['kustomization.yaml', '? images\n: [{name: a}]\n', 'kubernetes'],
  ['k.yaml', '"\\x61piVersion": kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n', 'kubernetes'],
  ['patch.json', '[{"op": "add", "path": "/spec", "value": 1}]', 'kubernetes'],
  ['patch.yaml', '- {op: add, path: /spec, value: 1}\n', 'kubernetes'],
  ['patch.yaml', '-\n  ? op\n  : add\n  path: /spec\n  value: 1\n', 'kubernetes'],
  ['patch.yaml', '- "\\x6fp": add\n  path: /spec\n  value: 1\n', 'kubernetes'],
  ['values.yaml', '? image\n: a\n', 'kubernetes'],
  ['values.yaml', 'apiVersion: skaffold/v1\nkind: DaemonSet\nsecurityContext: {privileged: true}\n', 'kubernetes'],
  ['stack.json', '{"services": {"web": {"image": "nginx"}}}', 'compose'],
  ['stack.yaml', 'services: {web: {image: nginx}}\n', 'compose'],
  ['stack.yaml', 'x-s: &s {web: {build: .}}\nservices: {<<: *s}\n', 'compose'],
  ['stack.yaml', 'services:\n  web:\n    ? image\n    : nginx\n', 'compose'],
  ['services.yaml', 'services: {App: {class: B}}\n', 'none'],
  ['.github/workflows/a.yml', '? on\n: push\n!!str jobs: {a: {steps: []}}\n', 'workflow'],
  ['ci/a.yml', '&o on: push\n"\\x6aobs": {a: {steps: []}}\n', 'workflow'],
  ['action.yml', 'name: x\nruns: {using: composite, steps: []}\n', 'workflow'],
  ['action.yml', 'name: x\n? runs\n: "\\x75sing": composite\n  steps: []\n', 'workflow'],
  ['.github/dependabot.yml', '!!str version: 2\n? updates\n: []\n', 'workflow'],
  ['.gitlab-ci.yml', '? build\n: {image: x}\n', 'gitlab'],
  ['data.yaml', '? a\n: b\n!!str c: d\n', 'none'],
  ['data.yaml', '- {a: b}\n', 'none'],
  ['data.json', '[{"a": 1}, {"op": 2}]', 'none'],
]; // prettier-ignore

/** The files of all tables. */
export const oddFiles: readonly { readonly path: string; readonly text: string }[] = [
  ...oddObjects,
  ...oddServices,
  ...Object.values(oddProjects).flatMap(({ files }) => Object.entries(files).map(([path, text]) => ({ path, text }))),
  ...oddOthers.map(([path, text]) => ({ path, text })),
];

function escape(sign: string): string {
  return `U+${sign.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`;
}
