import { isVariable } from '../../../syntax/yaml/certainty';
import { isNetworkPolicy, policyRules } from '../model/network-policy';
import { gistRange, itemsOf, mapOf, scalarOf, sequenceOf, stringOf } from '../../../syntax/yaml/values';
import type { KubernetesObject } from '../model/types';
import type { YamlMap, YamlScalar } from '../../../syntax/yaml/types';
import { defineRule, type Report } from '../../../rule/define-rule';
import { serviceOf } from '../model/network-views';
import { ingressBackends } from '../facts/facts';
import { matches, printSelector, readLabelMap, readLabelSelector, type LabelSelector } from '../../../workspace/selector';
import type { WorkloadFact } from '../../../workspace/object-facts';
import type { WorkspaceIndex } from '../../../workspace/types';

type SelectorReport = Report<
  'target' | 'target-number' | 'pods' | 'peer' | 'services' | 'service' | 'port' | 'ports' | 'workload' | 'gateway' | 'budget',
  never
>;
type SelectorCheck = (object: KubernetesObject, spec: YamlMap, report: SelectorReport, workspace: WorkspaceIndex, path: string) => void;

/** Whether a selector is known as a whole and leaves anything out. */
function isTelling(selector: LabelSelector | null): selector is LabelSelector {
  return selector !== null && !selector.partial && selector.requirements.length > 0;
}

/** Whether a selector selects anything in a namespace: what is in its file or folder is looked at first. */
function isSelecting(selector: LabelSelector, namespace: string | null, workspace: WorkspaceIndex, path: string): boolean {
  return workspace.selectedBeside(path, selector, namespace).length > 0 || workspace.selected(selector, namespace).count !== 'none';
}

/** A selector of pods in the object's own namespace. */
function checkPods(
  object: KubernetesObject,
  selector: LabelSelector | null,
  node: YamlMap | null,
  report: SelectorReport,
  workspace: WorkspaceIndex,
  path: string,
) {
  if (!node || !isTelling(selector) || isSelecting(selector, object.namespace, workspace, path)) return;
  // who has just the right labels in another namespace is meant
  const other = workspace.complete ? workspace.firstSelected(selector) : null;
  if (!workspace.isIndexed('workload', object.namespace) && !(other && matches(selector, other.labels) === 'yes')) return;
  report(gistRange(node), 'pods', { selector: printSelector(selector) });
}

const checkPolicy: SelectorCheck = (object, spec, report, workspace, path) => {
  const own = mapOf(spec.get('podSelector'));
  checkPods(object, readLabelSelector(object.document, own), own, report, workspace, path);
  for (const { peers, direction } of policyRules(object)) {
    for (const { podSelector, namespaceSelector } of peers ?? []) {
      // pods of other namespaces may well be kept elsewhere
      const selector = namespaceSelector ? null : readLabelSelector(object.document, podSelector);
      if (!podSelector || !isTelling(selector) || !workspace.isIndexed('workload', object.namespace)) continue;
      if (isSelecting(selector, object.namespace, workspace, path)) continue;
      report(gistRange(podSelector), 'peer', { direction, selector: printSelector(selector) });
    }
  }
};

/** A Service that is named, with a port of it. */
function checkService(
  object: KubernetesObject,
  namespace: string | null,
  service: { readonly name: string; readonly node: { readonly range: { start: number; end: number } } },
  port: { readonly name: string; readonly node: { readonly range: { start: number; end: number } } } | null,
  report: SelectorReport,
  workspace: WorkspaceIndex,
): void {
  if (!workspace.isIndexed('Service', namespace)) return;
  const found = workspace.object('Service', namespace, service.name);
  const data = { service: service.name };
  if (!found) report(service.node.range, 'service', data);
  else if (
    port &&
    found.type === 'service' &&
    found.ports.length > 0 &&
    !found.ports.some(p => p.name === port.name || String(p.port) === port.name)
  )
    report(port.node.range, 'port', { ...data, port: port.name }, report.related(found.range, 'ports', {}, found.path));
}

const checkRoute: SelectorCheck = (object, spec, report, workspace) => {
  for (const rule of itemsOf(spec.get('rules'))) {
    for (const { map } of itemsOf(rule.map.get('backendRefs'))) {
      const [name, port] = [scalarOf(map.get('name')), scalarOf(map.get('port'))];
      const text = stringOf(name);
      if (!name || text === null || isVariable(text) || (stringOf(map.get('kind')) ?? 'Service') !== 'Service') continue;
      const namespace = stringOf(map.get('namespace')) ?? object.namespace;
      const portName = stringOf(port);
      checkService(
        object,
        namespace,
        { name: text, node: name },
        port && portName !== null ? { name: portName, node: port } : null,
        report,
        workspace,
      );
    }
  }
  for (const { map } of itemsOf(spec.get('parentRefs'))) {
    const name = scalarOf(map.get('name'));
    const text = stringOf(name);
    const namespace = stringOf(map.get('namespace')) ?? object.namespace;
    if (!name || text === null || isVariable(text) || (stringOf(map.get('kind')) ?? 'Gateway') !== 'Gateway') continue;
    if (workspace.isIndexed('Gateway', namespace) && !workspace.object('Gateway', namespace, text))
      report(name.range, 'gateway', { gateway: text });
  }
};

const checkMonitor: SelectorCheck = (object, spec, report, workspace) => {
  const node = mapOf(spec.get('selector'));
  const selector = readLabelSelector(object.document, node);
  const where = mapOf(spec.get('namespaceSelector'));
  const names = where?.entry('any') ? [null] : (sequenceOf(where?.get('matchNames'))?.items.map(stringOf) ?? [object.namespace]);
  if (!node || !isTelling(selector) || !names.some(namespace => workspace.isIndexed('Service', namespace))) return;
  if (names.some(namespace => workspace.selectedServices(selector, namespace) > 0)) return;
  report(gistRange(node), 'services', { selector: printSelector(selector) });
};

/** A port of a Service that a workload does not have. */
interface MissingPort {
  readonly node: YamlScalar;
  readonly text: string;
  readonly isNumber: boolean;
}

/** Ports of a Service that a workload, if no other is selected, lacks; none where something else may add them. */
function missingPorts(object: KubernetesObject, { containers }: WorkloadFact): readonly MissingPort[] {
  if (containers.length === 0 || containers.some(container => container.openPorts)) return [];
  const ports = containers.flatMap(container => container.ports);
  return (serviceOf(object)?.ports ?? []).flatMap(({ targetPort, node: port }): readonly MissingPort[] => {
    const node = targetPort ?? scalarOf(port.get('port'));
    const text = node && (stringOf(node) ?? node.source);
    if (!node || !text || isVariable(text)) return [];
    const isNumber = /^\d+$/.test(text);
    // a number works without a declaration: it is reported where others are declared
    const isThere = isNumber ? ports.length === 0 || ports.some(p => String(p.port) === text) : ports.some(p => p.name === text);
    return isThere ? [] : [{ node, text, isNumber }];
  });
}

/** Ports of a Service that the only workload which it selects does not have. */
function checkTargets(
  object: KubernetesObject,
  selector: LabelSelector | null,
  report: SelectorReport,
  workspace: WorkspaceIndex,
  path: string,
): void {
  if (!isTelling(selector)) return;
  // one that has all ports is the only one, or there are several: no other file need be read
  if (workspace.selectedBeside(path, selector, object.namespace).some(beside => missingPorts(object, beside).length === 0)) return;
  const { only } = workspace.selected(selector, object.namespace);
  // several workloads: some may have what others lack
  if (!only || matches(selector, only.labels) !== 'yes' || workspace.kustomizes(only.path, 'changes')) return;
  // what a kustomization deploys has nothing to do with what none does, as in the bundle of an operator
  if (workspace.kustomizes(path, 'takes') !== workspace.kustomizes(only.path, 'takes')) return;
  for (const { node, text, isNumber } of missingPorts(object, only)) {
    const data = { port: text, workload: `${only.kind} "${only.name}"` };
    report(node.range, isNumber ? 'target-number' : 'target', data, report.related(only.range, 'workload', {}, only.path));
  }
}

const checks: Readonly<Record<string, SelectorCheck>> = {
  '/Service': (object, spec, report, workspace, path) => {
    const node = mapOf(spec.get('selector'));
    const selector = node && readLabelMap(object.document, node);
    checkPods(object, selector, node, report, workspace, path);
    checkTargets(object, selector, report, workspace, path);
  },
  'policy/PodDisruptionBudget': (object, spec, report, workspace, path) => {
    const node = mapOf(spec.get('selector'));
    checkPods(object, readLabelSelector(object.document, node), node, report, workspace, path);
    if (object.complete && !spec.entry('minAvailable') && !spec.entry('maxUnavailable')) report(object.reportRange, 'budget');
  },
  'monitoring.coreos.com/ServiceMonitor': checkMonitor,
  'networking.k8s.io/Ingress': (object, spec, report, workspace) => {
    for (const { service, port } of ingressBackends(spec)) checkService(object, object.namespace, service, port, report, workspace);
  },
  'gateway.networking.k8s.io/HTTPRoute': checkRoute,
  'gateway.networking.k8s.io/GRPCRoute': checkRoute,
  'gateway.networking.k8s.io/TCPRoute': checkRoute,
  'gateway.networking.k8s.io/TLSRoute': checkRoute,
};

const kinds = new Set([...Object.keys(checks).map(key => key.slice(key.indexOf('/') + 1)), 'NetworkPolicy']);

export const rule = defineRule({
  id: 'kubernetes/dangling-selector',
  title: 'Selector that matches nothing in the workspace',
  severity: 'info',
  category: 'correctness',
  profile: 'strict',
  peers: {
    'kube-linter': [
      'dangling-networkpolicy',
      'dangling-networkpolicypeer-podselector',
      'dangling-service',
      'dangling-servicemonitor',
      'dangling-ingress',
    ],
    'kube-score': ['networkpolicy-targets-pod', 'service-targets-pod', 'ingress-targets-service', 'poddisruptionbudget-has-policy'],
    kubescape: ['C-0299', 'C-0293', 'C-0298', 'C-0302'],
    kics: ['network_policy_is_not_targeting_any_pod', 'service_does_not_target_pod'],
  },
  messages: {
    pods: { text: '{object} selects no pod in the workspace: {selector}' },
    peer: { text: 'This {direction} peer selects no pod in the workspace: {selector}' },
    services: { text: '{object} selects no Service in the workspace: {selector}' },
    service: { text: '{object} routes to Service "{service}", which is not in the workspace' },
    port: { text: 'Service "{service}" has no port {port}' },
    ports: { text: 'The ports of the Service' },
    target: {
      text: '{object} sends traffic to port "{port}", which no container of {workload} declares',
      severity: 'warning',
      profile: 'recommended',
    },
    'target-number': { text: '{object} sends traffic to port {port}, which no container of {workload} declares', severity: 'hint' },
    workload: { text: 'The selected workload' },
    gateway: { text: 'Gateway "{gateway}" of {object} is not in the workspace' },
    budget: { text: '{object} sets neither minAvailable nor maxUnavailable: no pod can be evicted' },
  },
  on: {
    object(object, report, { workspace, path }) {
      if (!kinds.has(object.kind) || object.fragment) return;
      const check = checks[`${object.group === 'extensions' ? 'networking.k8s.io' : object.group}/${object.kind}`];
      const spec = check || isNetworkPolicy(object) ? mapOf(object.node.get('spec')) : null;
      if (spec) (check ?? checkPolicy)(object, spec, report, workspace, path);
    },
  },
});
