import type { Dialect, Source, SourceFamily } from './types';
import { baseName, hasFolder, kindOfName } from './names';
import { hasShapingActions, looksLikeDockerfile, scanDocuments, type DocumentHead } from './scan';

const plain: Dialect = { templated: false, fragment: false };

function source(family: SourceFamily, reason: string, dialect: Dialect = plain): Source {
  return { family, dialect, reason };
}

/** API groups of files that tools read from disk: they look like cluster objects, and no cluster ever sees them. */
const toolGroups: Readonly<Record<string, string>> = {
  skaffold: 'a Skaffold configuration',
  'kind.x-k8s.io': 'a kind cluster configuration',
  'krew.googlecontainertools.github.com': 'a krew plugin manifest',
  builtin: 'a kustomize transformer',
  'examples.config.kubernetes.io': 'a function configuration',
  'kubeadm.k8s.io': 'a kubeadm configuration',
  'kubelet.config.k8s.io': 'a kubelet configuration',
  'kubeproxy.config.k8s.io': 'a kube-proxy configuration',
  'kubescheduler.config.k8s.io': 'a scheduler configuration',
  'apiserver.config.k8s.io': 'an API server configuration',
  'audit.k8s.io': 'an audit policy',
  'client.authentication.k8s.io': 'a client credential',
  'controller-runtime.sigs.k8s.io': 'a controller configuration',
  descheduler: 'a descheduler policy',
  'eksctl.io': 'an eksctl cluster configuration',
  'k3d.io': 'a k3d cluster configuration',
  'ctlptl.dev': 'a ctlptl configuration',
  'kops.k8s.io': 'a kops configuration',
  'backstage.io': 'a Backstage entity',
  'score.dev': 'a Score workload',
  'release-notes': 'a release note',
  'schema.plugin.fluxcd.io': 'a tool configuration',
  'scorecard.operatorframework.io': 'a scorecard configuration',
  'cli.kyverno.io': 'a Kyverno CLI test',
  'clusterctl.cluster.x-k8s.io': 'a clusterctl configuration',
  'config.ceph.rook.io': 'a tool configuration',
};

/** Files that have a fixed name and hold no objects. */
const knownNames: Readonly<Record<string, string>> = {
  chart: 'a Helm chart description',
  skaffold: 'a Skaffold configuration',
  helmfile: 'a helmfile',
  mkdocs: 'a documentation configuration',
  'pnpm-lock': 'a lock file',
  'package-lock': 'a lock file',
};

const composeKeys = new Set(['version', 'name', 'services', 'networks', 'volumes', 'secrets', 'configs', 'include', 'models']);

/** Language ids (of VS Code and its extensions) under which YAML text may come in. */
const yamlLanguages = new Set([
  'yaml',
  'json',
  'jsonc',
  'helm',
  'kubernetes',
  'dockercompose',
  'docker-compose',
  'github-actions-workflow',
]);

/**
 * Says what a file is, by its path and its text; `languageId` only decides where both leave it open.
 * Nothing is parsed: the text is read at most twice, and no further than the first object where that is enough.
 */
export function detectSource(path: string, text: string, languageId?: string): Source {
  if (text.slice(0, 8000).includes('\0')) return source('none', 'the file is binary or not UTF-8');
  const base = baseName(path);
  const { kind, generator } = kindOfName(base);
  if (kind === 'dockerfile') {
    if (generator && /\{\{|\{%|<%/.test(text)) return source('none', 'the file is a template of a Dockerfile');
    return source('dockerfile', 'the file is named like a Dockerfile');
  }
  if (kind === 'helper') return source('none', 'the file holds helper templates, but no object');
  if (kind === 'yaml' || kind === 'json') return detectYaml(path, base, text);
  if (languageId === 'dockerfile' && (kind === 'unknown' || looksLikeDockerfile(text)))
    return source('dockerfile', 'the editor says that it is a Dockerfile');
  if (kind === 'unknown' || kind === 'named-for' || languageId === 'plaintext') {
    if (looksLikeDockerfile(text)) return source('dockerfile', 'the text looks like a Dockerfile');
    if (kind === 'unknown') return detectYaml(path, base, text);
  }
  if (languageId !== undefined && yamlLanguages.has(languageId)) return detectYaml(path, base, text);
  return source('none', 'neither name nor content suggests a container file');
}

function detectYaml(path: string, base: string, text: string): Source {
  const stem = base.toLowerCase().replace(/\.(ya?ml|jsonc?)(\.\w+)?$/, '');
  const inChart = hasFolder(path, 'templates');
  let other: Source | null = null;
  let seen = false;
  for (const head of scanDocuments(text)) {
    seen = true;
    const verdict = judge(head, path, stem, text);
    if (verdict === 'kubernetes') return source('kubernetes', 'the text has apiVersion and kind', dialectOf(path, stem, text, inChart));
    other ??= verdict;
  }
  if (other?.dialect.holds) return other;
  if (other)
    return other.family === 'compose'
      ? { ...other, dialect: { templated: hasShapingActions(text), fragment: stem.endsWith('override') } }
      : other;
  if (inChart && text.includes('{{')) return source('none', 'the template defines no object');
  if (!seen) return source('none', 'the file is empty');
  if (stem === 'kustomization') return kustomization(text);
  if (valuesName.test(stem)) {
    return source('kubernetes', 'the file holds values of a Helm chart: the security settings in it are checked', {
      templated: false,
      fragment: true,
      holds: 'values',
    });
  }
  const known = knownNames[stem];
  if (known !== undefined) return source('none', `the file is ${known}`);
  return source('none', 'the text has no apiVersion and kind');
}

/** The verdict of one document: one Kubernetes object makes the whole file ours, anything else waits for its neighbours. */
function judge(head: DocumentHead, path: string, stem: string, text: string): Source | 'kubernetes' | null {
  if (head.apiVersion !== null && head.kind !== null) {
    const slash = head.apiVersion.indexOf('/');
    const group = slash < 0 ? '' : head.apiVersion.slice(0, slash);
    if (group === 'kyverno.io' || group === 'policies.kyverno.io') return source('kyverno', 'the text is a Kyverno policy');
    if (group === 'kustomize.config.k8s.io' || (head.kind === 'Kustomization' && group === '')) return kustomization(text);
    const tool = Object.hasOwn(toolGroups, group) ? toolGroups[group] : undefined;
    if (tool !== undefined) return source('none', `the file is ${tool}`);
    return 'kubernetes';
  }
  if (head.sequence) return isJsonPatch(head, text) ? jsonPatch(text) : null;
  if (head.apiVersion !== null) return null;
  if (head.keys.includes('jobs') && (head.keys.includes('on') || head.keys.includes('true')))
    return source('workflow', 'the text has on and jobs');
  if (hasFolder(path, 'workflows') && head.keys.includes('jobs')) return source('workflow', 'the file is in a workflows folder');
  return isCompose(head, stem, text) ? source('compose', 'the text is a Compose file') : null;
}

/** Names of files with values: `values.yaml`, `values-prod.yaml`, `prod.values.yaml`, `prod-values.yaml`. */
const valuesName = /^values([-_.]|$)|[-_.]values$/;

/** Whether the items of a list are operations of a JSON patch (RFC 6902): they are about pods where a workload is patched. */
function isJsonPatch({ itemKey }: DocumentHead, text: string): boolean {
  return (itemKey === 'op' || itemKey === 'path' || itemKey === 'value') && /^[ \t-]*["']?op["']?[ \t]*:/m.test(text);
}

function jsonPatch(text: string): Source {
  return source('kubernetes', 'the file is a JSON patch: what it sets in pods is checked', {
    templated: hasShapingActions(text),
    fragment: true,
    holds: 'json-patch',
  });
}

function kustomization(text: string): Source {
  return source('kubernetes', 'the file is a kustomization: its images and patches are checked', {
    templated: hasShapingActions(text),
    fragment: true,
    holds: 'kustomization',
  });
}

function isCompose({ keys }: DocumentHead, stem: string, text: string): boolean {
  if (keys.length === 0 || !keys.every(key => composeKeys.has(key) || key.startsWith('x-'))) return false;
  const named = /(^|[._-])compose([._-]|$)/.test(stem);
  if (named) return keys.some(key => key === 'services' || key === 'include' || key === 'volumes' || key === 'networks');
  return keys.includes('services') && /^[ \t]+["']?(image|build|extends|container_name)["']?\s*:/m.test(text);
}

const patchName = /(^|[._-])patch(es)?$|^patch(es)?[._-]/;

/** Steps of kuttl and Chainsaw that name what must be there: part of objects. */
const assertName = /(^|-)\d\d-(assert|errors?)([-.]|$)/;

function dialectOf(path: string, stem: string, text: string, inChart: boolean): Dialect {
  return {
    templated: (inChart && text.includes('{{')) || hasShapingActions(text),
    fragment:
      patchName.test(stem) ||
      assertName.test(stem) ||
      hasFolder(path, 'patches') ||
      /^[ -]*["']?\$(patch|retainKeys|deleteFromPrimitiveList|setElementOrder)\b/m.test(text) ||
      ((hasFolder(path, 'overlays') || hasFolder(path, 'overlay')) && changesOnly(text)),
  };
}

/** What an overlay adds is whole: its workloads select their pods. What it changes does not repeat the selector. */
function changesOnly(text: string): boolean {
  return /^kind:\s*["']?(Deployment|StatefulSet|DaemonSet|ReplicaSet)\b/m.test(text) && !/^[ \t]*["']?selector["']?\s*:/m.test(text);
}
