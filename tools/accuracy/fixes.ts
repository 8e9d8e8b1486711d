/** The fixes of Polaris and kubeaudit, by the pairs of their tests, against ours: whether ours reach their outcome, and how many lines either changes. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createEngine } from '../../shared/src/engine/create-engine';
import { booleanOf, mapOf, stringOf } from '../../shared/src/syntax/yaml/values';
import { readObjects } from '../../shared/src/families/kubernetes/model/read';
import { capabilities, effectiveSetting, ownSetting } from '../../shared/src/families/kubernetes/model/security';
import type { ContainerView, KubernetesObject, PodView } from '../../shared/src/families/kubernetes/model/types';
import { parseStream } from '../../shared/src/syntax/yaml/parse';
import { rules } from '../../shared/src/families/generated/index';
import { hasCorpus, corpusFolder } from '../corpus-folder';
import { plainContext } from '../lint-context';

/** A fix of a peer: what it was given, and what it made of that or what its tests ask of the outcome. */
interface Row {
  readonly id: string;
  readonly rule: string;
  readonly before?: string;
  readonly after?: string;
  readonly assertAfter?: readonly { readonly path?: string; readonly annotation?: string; readonly value?: unknown }[];
}

/** Pairs that ask for something else than security, or for what harden never does, with the reason. */
export const aside: readonly (readonly [prefix: string, reason: string])[] = [
  ['polaris/cpuLimitsMissing', 'a limit of CPU that was guessed throttles the workload'],
  ['polaris/cpuRequestsMissing', 'Polaris guesses a request'],
  ['polaris/memoryLimitsMissing', 'Polaris guesses a limit of memory, which kills the workload where it is too low'],
  ['polaris/memoryRequestsMissing', 'Polaris guesses a request'],
  [
    'polaris/livenessProbeMissing',
    'Polaris adds a probe that asks for a file of its own example: any other workload is restarted for ever',
  ],
  ['polaris/readinessProbeMissing', 'Polaris adds a probe that asks for a file of its own example: no other workload ever gets ready'],
  ['polaris/deploymentMissingReplicas', 'how many replicas a workload bears is not for a tool to say'],
  ['polaris/pullPolicyNotAlways', 'no matter of the pod'],
  ['kubeaudit/autofix/docs', 'its example has neither image nor selector: a patch, of which nothing is known to be missing'],
  ['kubeaudit/autofix/netpols', 'the policies of a namespace are network-policy-missing'],
];

const engine = createEngine(rules);
const context = plainContext('strict');

/** The rules that do what a fix of the peer does, so that lines can be compared. */
const rulesOf: Readonly<Record<string, readonly string[]>> = {
  dangerousCapabilities: ['added-capabilities'],
  hostIPCSet: ['host-ipc'],
  hostNetworkSet: ['host-network'],
  hostPIDSet: ['host-pid'],
  hostPortSet: ['host-port'],
  insecureCapabilities: ['added-capabilities', 'capabilities-not-dropped'],
  runAsRootAllowed: ['run-as-root'],
};

/** Fixes after which the container does not start, so that lines do not compare. */
export const broken: readonly (readonly [prefix: string, reason: string])[] = [
  [
    'polaris/insecureCapabilities',
    'nginx that starts as root needs CHOWN, SETGID and SETUID: Polaris drops them, ours gives it its own user',
  ],
  [
    'polaris/runAsRootAllowed',
    'the kubelet refuses runAsNonRoot for an image whose user is root: Polaris sets it alone, ours names a user',
  ],
];

/** The text after every fix of ours that edits, attended ones included; of some rules alone where they are given. */
function mend(text: string, only?: readonly string[]): string {
  const wanted = only && new Set(only.map(name => `kubernetes/${name}`));
  return engine
    .open({ path: 'pod.yaml', text })
    .applyFixes(context, (finding, fix) => fix.class !== 'manual' && (!wanted || wanted.has(finding.rule))).text;
}

function objectsOf(text: string): readonly KubernetesObject[] {
  return parseStream(text, new Map()).flatMap(({ document }) => readObjects(document, { templated: false, fragment: false }));
}

const podsOf = (text: string): readonly PodView[] => objectsOf(text).flatMap(object => object.pods);

/** What is in force for a container, as text that compares. */
function inForce(container: ContainerView): Readonly<Record<string, string>> {
  const own = (name: 'privileged' | 'allowPrivilegeEscalation' | 'readOnlyRootFilesystem'): string =>
    String(ownSetting(container, [name], booleanOf)?.value);
  const type = (name: 'seccompProfile' | 'appArmorProfile'): string =>
    String(effectiveSetting(container, [name], node => stringOf(mapOf(node)?.get('type')))?.value);
  return {
    privileged: own('privileged') === 'true' ? 'true' : 'false',
    allowPrivilegeEscalation: own('allowPrivilegeEscalation'),
    readOnlyRootFilesystem: own('readOnlyRootFilesystem'),
    runAsNonRoot: String(effectiveSetting(container, ['runAsNonRoot'], booleanOf)?.value),
    'seccompProfile.type': type('seccompProfile'),
    'appArmorProfile.type': type('appArmorProfile'),
    dropped: String(capabilities(container, 'drop').items.some(({ name }) => name === 'ALL')),
    added: capabilities(container, 'add')
      .items.map(({ name }) => name)
      // what the restricted level allows takes nothing from the outcome
      .filter(name => name !== 'NET_BIND_SERVICE')
      .join(),
    hostPort: container.ports
      .filter(({ hostPort }) => hostPort)
      .map(({ hostPort }) => hostPort)
      .join(),
    ...Object.fromEntries(
      ['hostNetwork', 'hostPID', 'hostIPC'].map(name => [name, String(booleanOf(container.pod.node.get(name)) === true)]),
    ),
    automountServiceAccountToken: String(booleanOf(container.pod.node.get('automountServiceAccountToken'))),
  };
}

const states = (text: string): readonly Readonly<Record<string, string>>[] => podsOf(text).flatMap(pod => pod.containers.map(inForce));

/** What a peer's text has changed for the better and ours has not. */
function missed(before: string, theirs: string, ours: string): readonly string[] {
  const [was, want, got] = [states(before), states(theirs), states(ours)];
  return want.flatMap((each, at) =>
    Object.entries(each).flatMap(([name, value]) => (value !== was[at]?.[name] && value !== got[at]?.[name] ? [`${name}: ${value}`] : [])),
  );
}

const secure: Readonly<Record<string, unknown>> = {
  privileged: false,
  allowPrivilegeEscalation: false,
  readOnlyRootFilesystem: true,
  runAsNonRoot: true,
  'seccompProfile.type': 'RuntimeDefault',
  hostNetwork: false,
  hostPID: false,
  hostIPC: false,
  automountServiceAccountToken: false,
};

/** A profile of the node confines as that of the runtime does. */
const isMet = (got: string | undefined, wanted: string): boolean => got === wanted || (wanted === 'RuntimeDefault' && got === 'Localhost');

/** What a peer's test asks for, as far as it is the secure side: what an override of the peer keeps open is none of ours. */
function unmet({ assertAfter = [] }: Row, ours: string): readonly string[] {
  const got = podsOf(ours).flatMap(pod => pod.containers);
  return assertAfter.flatMap(({ path, annotation, value }) => {
    const named = /\[name=([^\]]*)\]/.exec(path ?? '')?.[1];
    const field = annotation !== undefined ? 'appArmorProfile.type' : (path ?? '').replace(/^.*securityContext\./, '');
    const wanted = annotation !== undefined ? 'RuntimeDefault' : value;
    if (annotation === undefined && secure[field] !== wanted) return [];
    return got
      .filter(({ name }) => named === undefined || name === named)
      .flatMap(container => (isMet(inForce(container)[field], String(wanted)) ? [] : [`${field} of ${container.name}: ${String(wanted)}`]));
  });
}

/** How many lines differ, added and removed ones counted. */
function changedLines(before: string, after: string): number {
  const [a, b] = [before.split('\n'), after.split('\n')];
  let row = new Array<number>(b.length + 1).fill(0);
  for (const line of a) {
    const next = [0];
    b.forEach((other, at) => next.push(line === other ? row[at]! + 1 : Math.max(row[at + 1]!, next[at]!)));
    row = next;
  }
  return a.length + b.length - 2 * row.at(-1)!;
}

function rowsOf(peer: string): readonly Row[] {
  const lines = readFileSync(join(corpusFolder, `corpus/kubernetes/${peer}.jsonl`), 'utf8').split('\n');
  return lines.filter(line => line !== '').map(line => JSON.parse(line) as Row);
}

/** One pair of a peer, held against our fixes. */
export interface PeerFix {
  readonly id: string;
  /** What ours lacks of its outcome; empty where it is reached. */
  readonly missed: readonly string[];
  /** Lines that ours and theirs change; `null` where they do not compare. */
  readonly lines: { readonly ours: number; readonly theirs: number } | null;
}

/** The pairs of a peer that are about security, and how many others there are. Empty where the corpus is absent. */
export function peerFixes(peer: 'polaris' | 'kubeaudit'): { readonly fixes: readonly PeerFix[]; readonly others: number } {
  if (!hasCorpus) return { fixes: [], others: 0 };
  const rows = rowsOf(peer).filter(row => row.before !== undefined);
  const asked = rows.filter(({ id }) => !aside.some(([prefix]) => id.startsWith(prefix)));
  const fixes = asked.map((row): PeerFix => {
    const before = row.before!;
    const ours = mend(before);
    const only = rulesOf[row.rule];
    const comparable = row.after !== undefined && only && !broken.some(([prefix]) => row.id.startsWith(prefix));
    return {
      id: row.id,
      missed: [...(row.after === undefined ? [] : missed(before, row.after, ours)), ...unmet(row, ours)],
      lines: comparable ? { ours: changedLines(before, mend(before, only)), theirs: changedLines(before, row.after) } : null,
    };
  });
  return { fixes, others: rows.length - asked.length };
}
