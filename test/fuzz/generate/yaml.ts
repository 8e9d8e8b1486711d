import { fc } from '../../support/property';

/** Words that a manifest holds: fields that rules look at, and what a parser treats as something else. */
const fields: readonly string[] =
  'apiVersion kind metadata name namespace labels annotations spec template containers initContainers image command args env value valueFrom secretKeyRef securityContext privileged runAsUser runAsNonRoot allowPrivilegeEscalation capabilities add drop volumes volumeMounts hostPath path mountPath readOnly readOnlyRootFilesystem hostNetwork hostPID resources limits memory cpu ports containerPort hostPort selector matchLabels app serviceAccountName automountServiceAccountToken livenessProbe httpGet host items rules verbs apiGroups subjects roleRef data stringData tls type seccompProfile << ~ __proto__ patches patch op from emptyDir sizeLimit'.split(
    ' ',
  );

const kinds: readonly string[] =
  'Pod Deployment StatefulSet DaemonSet Job CronJob List Service Ingress NetworkPolicy Role ClusterRole RoleBinding ConfigMap Secret Namespace Kustomization Rollout PodDisruptionBudget ServiceAccount'.split(
    ' ',
  );

const plain = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.constantFrom(
      ...'true false null ~ 0 1 -1 65536 root nginx nginx:latest ALL NET_ADMIN /var/run/docker.sock / 0.0.0.0/0 * a b'.split(' '),
    ),
  },
  { weight: 2, arbitrary: fc.constantFrom(...fields, ...kinds) },
  { weight: 1, arbitrary: fc.stringMatching(/^[ -~]{0,12}$/) },
  { weight: 1, arbitrary: fc.string({ maxLength: 8 }) },
);

/** A scalar in any style, on one line but for blocks. */
const scalar = fc.oneof(
  { weight: 8, arbitrary: plain },
  { weight: 2, arbitrary: plain.map(text => JSON.stringify(text)) },
  { weight: 1, arbitrary: plain.map(text => `'${text.replace(/'/g, "''")}'`) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      '*a',
      '*b',
      '&a x',
      '&b {a: *a}',
      '!x y',
      '!!binary a',
      '"',
      "'",
      '[',
      '{',
      '{{ .Values.x }}',
      '{{- if .a }}',
      '"{{ .X }}"',
      'a{{.B}}c',
      '${A:-${B:-c}}',
      '"$(echo x)"',
      '"[x](command:y) @octocat \\u202e"',
      '${A}',
      '$(A)',
      '',
    ),
  },
  { weight: 1, arbitrary: fc.constantFrom('|', '>-', '|2', '>9+').chain(head => plain.map(text => `${head}\n            ${text}\n`)) },
);

const comment = fc.constantFrom(
  '',
  '',
  '',
  '',
  ' # why',
  ' # bulkhead-ignore kubernetes/privileged',
  ' # trivy:ignore:*',
  ' # checkov:skip=CKV_K8S_16',
  ' # kics-scan ignore-block',
);

interface Block {
  readonly lines: readonly string[];
}

const indent = (lines: readonly string[], by: string): readonly string[] => lines.map(line => by + line);

const { value } = fc.letrec<{ value: Block; map: Block; list: Block; flow: string }>(tie => ({
  flow: fc.oneof(
    { maxDepth: 3, depthIdentifier: 'flow' },
    scalar.map(text => text.split('\n')[0]!),
    fc
      .array(fc.tuple(fc.constantFrom(...fields), tie('flow')), { maxLength: 4 })
      .map(entries => `{${entries.map(([key, own]) => `${key}: ${own}`).join(', ')}}`),
    fc.array(tie('flow'), { maxLength: 4 }).map(items => `[${items.join(', ')}]`),
  ),
  map: fc
    .tuple(
      fc.array(fc.tuple(fc.constantFrom(...fields), tie('value'), comment), { minLength: 1, maxLength: 5 }),
      fc.constantFrom('  ', '  ', '    ', '\t', ' '),
    )
    .map(([entries, by]) => ({
      lines: entries.flatMap(([key, { lines }, note]) =>
        lines.length === 1 && !/^- |^[\w<~]+:( |$)/.test(lines[0]!)
          ? [`${key}: ${lines[0]!}${note}`]
          : [`${key}:${note}`, ...indent(lines, by)],
      ),
    })),
  list: fc.array(tie('value'), { minLength: 1, maxLength: 4 }).map(items => ({
    lines: items.flatMap(({ lines: [first = '', ...rest] }) => [`- ${first}`, ...indent(rest, '  ')]),
  })),
  value: fc.oneof(
    { maxDepth: 6, depthIdentifier: 'block' },
    scalar.map(text => ({ lines: [text] })),
    tie('flow').map(text => ({ lines: [text] })),
    tie('map'),
    tie('list'),
  ),
}));

/** A container or something that looks like one. */
const container = fc
  .tuple(scalar, scalar, value)
  .map(([name, image, { lines }]) => [
    `- name: ${name.split('\n')[0]!}`,
    `  image: ${image.split('\n')[0]!}`,
    '  securityContext:',
    ...indent(lines, '    '),
  ]);

/** One document, of a shape that makes the engine look closer. */
const document = fc
  .tuple(
    fc.constantFrom('v1', 'apps/v1', 'batch/v1', 'networking.k8s.io/v1', 'rbac.authorization.k8s.io/v1', 'example.com/v1'),
    fc.constantFrom(...kinds),
    value,
    fc.array(container, { maxLength: 3 }),
    fc.constantFrom(0, 1, 2),
  )
  .map(([apiVersion, kind, { lines }, containers, depth]) => {
    const own = [...lines, ...(containers.length > 0 ? ['containers:', ...containers.flat()] : [])];
    const spec =
      depth === 0
        ? own
        : depth === 1
          ? ['template:', '  spec:', ...indent(own, '    ')]
          : ['jobTemplate:', '  spec:', '    template:', '      spec:', ...indent(own, '        ')];
    return [`apiVersion: ${apiVersion}`, `kind: ${kind}`, 'metadata:', '  name: a', 'spec:', ...indent(spec, '  ')].join('\n');
  });

/** A stream of documents as a grammar gives it: mostly valid, in many styles. */
export const yamlText: fc.Arbitrary<string> = fc
  .tuple(
    fc.array(fc.oneof({ weight: 4, arbitrary: document }, { weight: 1, arbitrary: value.map(({ lines }) => lines.join('\n')) }), {
      minLength: 1,
      maxLength: 3,
    }),
    fc.constantFrom('\n---\n', '\n--- # x\n', '\n...\n---\n'),
  )
  .map(([documents, separator]) => `${documents.join(separator)}\n`);
