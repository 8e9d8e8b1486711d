import { describe, expect, test } from 'vitest';
import { admittedOf } from '../../../shared/src/families/kubernetes/model/admitted';
import { readObjects } from '../../../shared/src/families/kubernetes/model/read';
import { judgePodSecurity } from '../../../shared/src/families/policy/judge/pod-security';
import { podSecurityOf } from '../../../shared/src/families/policy/judge/subject-of';
import type { Subject } from '../../../shared/src/families/policy/judge/subject';
import { dataOf } from '../../../shared/src/syntax/yaml/data';
import { parseDocument } from '../../../shared/src/syntax/yaml/parse';

/** What Kyverno's `podSecurity` comes to; the verdicts of `kubectl-kyverno` 1.19.1 are in test/corpus/judged.test.ts. */

const dialect = { templated: false, fragment: false };

function judged(pod: string, podSecurity: string): string {
  const document = parseDocument(pod);
  const [object] = readObjects(document, dialect);
  const wanted = parseDocument(podSecurity);
  const { is, path, reason } = judgePodSecurity(dataOf(wanted, wanted.root, [], { whole: false, literal: true }), {
    podSecurity: object && podSecurityOf(admittedOf(object)),
  } as Subject);
  return is === 'fail' ? `fail ${path.join('/')}` : is === 'unknown' ? `unknown ${reason ?? ''}`.trim() : is;
}

const pod = (spec: string, container: string, image = 'registry.example.com/web:1'): string =>
  `apiVersion: v1\nkind: Pod\nmetadata: { name: web }\nspec:\n  ${spec}\n  containers:\n    - { name: web, image: '${image}'${container} }\n`;
const tight = 'securityContext: { runAsNonRoot: true, seccompProfile: { type: RuntimeDefault } }';
const closed = ', securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: [ALL] } }';

describe('podSecurity of Kyverno', () => {
  test.each([
    ['privileged takes all', 'hostPID: true', '', '{ level: privileged }', 'pass'],
    ['baseline', 'hostPID: true', '', '{ level: baseline, version: latest }', 'fail spec/hostPID'],
    ['baseline asks for nothing', 'hostPID: false', '', '{ level: baseline }', 'pass'],
    [
      'restricted',
      tight,
      ', securityContext: { capabilities: { drop: [ALL] } }',
      '{ level: restricted }',
      'fail spec/containers/0/securityContext/allowPrivilegeEscalation',
    ],
    ['restricted kept', tight, closed, '{ level: restricted, version: latest }', 'pass'],
    [
      'a check counts in versions before it',
      tight,
      ', securityContext: { allowPrivilegeEscalation: false }',
      '{ level: restricted, version: v1.19 }',
      'fail spec/containers/0/securityContext/capabilities/drop',
    ],
    ['a version that is none', tight, closed, '{ level: restricted, version: newest }', 'error'],
  ])('%s', (_what, spec, container, podSecurity, expected) => {
    expect(judged(pod(spec, container), podSecurity)).toBe(expected);
  });

  const drops = ', securityContext: { allowPrivilegeEscalation: false }';
  test.each([
    ['a control of the pod', 'hostPID: true', '', '{ level: baseline, exclude: [{ controlName: Host Namespaces }] }', 'pass'],
    ['another control', 'hostPID: true', '', '{ level: baseline, exclude: [{ controlName: Sysctls }] }', 'fail spec/hostPID'],
    [
      'a control of containers, by image',
      tight,
      drops,
      "{ level: restricted, exclude: [{ controlName: Capabilities, images: ['registry.example.com/*'] }] }",
      'pass',
    ],
    [
      'of other images',
      tight,
      drops,
      "{ level: restricted, exclude: [{ controlName: Capabilities, images: ['other/*'] }] }",
      'fail spec/containers/0/securityContext/capabilities/drop',
    ],
    [
      'what is missing at both places, excluded at one',
      'hostPID: false',
      closed,
      "{ level: restricted, exclude: [{ controlName: Seccomp, images: ['*'] }, { controlName: Running as Non-root, images: ['*'] }] }",
      'fail spec/containers/0/securityContext/runAsNonRoot',
    ],
    [
      'what is missing at both places, excluded at both',
      'securityContext: { runAsNonRoot: true }',
      closed,
      "{ level: restricted, exclude: [{ controlName: Seccomp, images: ['*'] }, { controlName: Seccomp }] }",
      'pass',
    ],
    [
      'by field and value, which is not worked out',
      'hostPID: true',
      '',
      "{ level: baseline, exclude: [{ controlName: Host Namespaces, restrictedField: spec.hostPID, values: ['true'] }] }",
      'unknown exclude of podSecurity',
    ],
  ])('excludes %s', (_what, spec, container, podSecurity, expected) => {
    expect(judged(pod(spec, container), podSecurity)).toBe(expected);
  });

  test('says nothing of what has no pod, and of a control that has a name of JavaScript', () => {
    expect(judged('apiVersion: v1\nkind: Service\nmetadata: { name: web }\n', '{ level: baseline }')).toBe('unknown');
    expect(judged(pod('hostPID: true', ''), '{ level: baseline, exclude: [{ controlName: constructor }] }')).toBe('fail spec/hostPID');
  });
});
