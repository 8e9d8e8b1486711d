import { expect, it } from 'vitest';
import { createEngine } from '../../../shared/src/engine/create-engine';
import { rules } from '../../../shared/src/families/generated/index';
import { createWords } from '../../../shared/src/output/report/words';
import { createWorkspaceIndex } from '../../../shared/src/workspace/workspace-index';
import { plainContext } from '../../../tools/lint-context';

const engine = createEngine(rules);
const words = createWords(rules);

/** The class of a rule's first fix in a text, and what it assumes that something speaks against. */
function firstFix(rule: string, text: string): readonly [fixClass: string | undefined, doubts: readonly string[]] {
  const workspace = createWorkspaceIndex({ complete: true });
  const opened = engine.open({ path: 'a.yaml', text });
  workspace.update('a.yaml', opened.facts());
  const { findings } = opened.lint({ ...plainContext(), workspace: workspace.index });
  const [fix] = findings.find(finding => finding.rule === rule)?.fixes ?? [];
  return [fix?.class, (fix?.assumes ?? []).filter(({ evidence }) => evidence).map(assumption => words.assumption(rule, assumption))];
}

const namespace = (labels: string, more = '') =>
  `apiVersion: v1\nkind: Namespace\nmetadata: {name: shop, labels: {${labels}}}\n---\napiVersion: v1\nkind: Pod\nmetadata: {name: a, namespace: shop}\nspec: {containers: [{name: a, image: example.com/a:1}]}\n${more}`;
const daemonSet =
  '---\napiVersion: apps/v1\nkind: DaemonSet\nmetadata: {name: istio-cni-node, namespace: istio-system}\nspec: {selector: {matchLabels: {a: b}}, template: {metadata: {labels: {a: b}}, spec: {containers: [{name: a, image: example.com/a:1}]}}}\n';
const udsPackage = (mode: string) =>
  `---\napiVersion: uds.dev/v1alpha1\nkind: Package\nmetadata: {name: a, namespace: shop}\nspec: {network: {serviceMesh: {mode: ${mode}}}}\n`;
const server = (context: string, port = 80) =>
  `apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {containers: [{name: a, image: 'example.com/a:1', ports: [{containerPort: ${port}}], securityContext: {${context}}}]}\n`;
const web = (target: number) =>
  `apiVersion: v1\nkind: Pod\nmetadata: {name: a, labels: {a: b}}\nspec: {containers: [{name: a, image: 'nginx:1.29'}]}\n---\napiVersion: v1\nkind: Service\nmetadata: {name: a}\nspec: {selector: {a: b}, ports: [{port: 8080, targetPort: ${target}}]}\n`;

const level = 'kubernetes/namespace-pod-security';
const escalation = 'kubernetes/privilege-escalation';
const network = 'kubernetes/missing-network-policy';
const bind = 'capabilities: {drop: [ALL], add: [NET_BIND_SERVICE]}';
const sidecars = (seen: string) =>
  `The sidecars requested by ${seen} need no more than baseline allows, as is the case with Istio's CNI plug-in`;

it.each<readonly [what: string, rule: string, text: string, fixClass: string, doubts: readonly string[]]>([
  ['sidecars', level, namespace('istio-injection: enabled'), 'attended', [sidecars('istio-injection')]],
  ['sidecars of a revision', level, namespace('istio.io/rev: stable'), 'attended', [sidecars('istio.io/rev')]],
  ['no sidecars', level, namespace('istio-injection: disabled'), 'review', []],
  ['a mesh without them', level, namespace('istio.io/rev: stable, istio.io/dataplane-mode: ambient'), 'review', []],
  ['sidecars that the plug-in sets up', level, namespace('istio-injection: enabled', daemonSet), 'review', []],
  ['sidecars of a package', level, namespace('a: b', udsPackage('sidecar')), 'attended', []],
  ['a package without them', level, namespace('a: b', udsPackage('ambient')), 'review', []],
  [
    'a low port of a user',
    escalation,
    server(`runAsUser: 10001, ${bind}`),
    'attended',
    ['Container "a" opens port 80 without a file capability on its program'],
  ],
  ['a high port', escalation, server(`runAsUser: 10001, ${bind}`, 8080), 'review', []],
  ['a low port of root', escalation, server(bind), 'review', []],
  ['a low port without the capability', escalation, server('runAsNonRoot: true, capabilities: {drop: [ALL]}'), 'review', []],
  [
    'a Service for another port than that of the image',
    network,
    web(8080),
    'attended',
    ['Pods receive no traffic on port 80, despite image "nginx:1.29" in a.yaml'],
  ],
  ['one for the port of the image', network, web(80), 'review', []],
])('%s', (_, rule, text, fixClass, doubts) => expect(firstFix(rule, text)).toEqual([fixClass, doubts]));
