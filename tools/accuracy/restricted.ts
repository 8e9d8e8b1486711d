/**
 * How many workloads of the real corpus Pod Security admission at `restricted` lets in, before and after harden, and why not the rest.
 * `npx tsx tools/accuracy/restricted.ts` prints it; `--list` with each workload that still fails; `--facts` what looking their images up would add.
 */
import { defaultConfig } from '../../shared/src/engine/config/effective';
import { createEngine } from '../../shared/src/engine/create-engine';
import type { Engine } from '../../shared/src/engine/engine';
import type { Left } from '../../shared/src/engine/types';
import { containerName, objectName } from '../../shared/src/families/kubernetes/model/names';
import { evaluatePss, type PssControl } from '../../shared/src/families/kubernetes/model/pss';
import { readObjects } from '../../shared/src/families/kubernetes/model/read';
import type { PodView } from '../../shared/src/families/kubernetes/model/types';
import { pathToPointer } from '../../shared/src/syntax/yaml/lookup';
import { parseStream } from '../../shared/src/syntax/yaml/parse';
import { createWords } from '../../shared/src/output/report/words';
import { rules } from '../../shared/src/families/generated/index';
import { sourceOf } from '../../shared/src/families/registry';
import type { WorkspaceIndex } from '../../shared/src/workspace/types';
import { withImageFacts } from '../../shared/src/workspace/with-image-facts';
import { emptyWorkspace } from '../../shared/src/workspace/workspace-index';
import { corpusFiles, hasCorpus, noCorpus, type CorpusFile } from '../corpus-folder';
import { plainContext } from '../lint-context';
import { rebuildImages, type Depth, type RebuiltImages } from './rebuilt';

/** A finding that keeps a workload from passing, with the reason why harden left it. */
export interface Obstacle {
  readonly rule: string;
  readonly container: string | null;
  readonly reason: string;
  readonly detail: string | null;
}

/** What becomes of one workload. */
export interface RestrictedRow {
  readonly path: string;
  /** `Deployment "web"`. */
  readonly workload: string;
  readonly images: readonly string[];
  /** The controls that it fails as it stands, and after harden. */
  readonly before: readonly PssControl[];
  readonly after: readonly PssControl[];
  /** Whether it passes once a person agrees to every fix that harden offers. */
  readonly agreed: boolean;
  /** Why it still fails; empty where it passes. */
  readonly obstacles: readonly Obstacle[];
}

/** What the table of docs/accuracy.md shows. */
export interface RestrictedSummary {
  readonly workloads: number;
  readonly before: number;
  readonly after: number;
  /** How many pass where a person agrees to every fix that harden offers. */
  readonly agreed: number;
  /** Those that wait for nothing but that, by what was seen that speaks against the fix. */
  readonly asked: readonly { readonly seen: string; readonly workloads: number; readonly files: readonly string[] }[];
  /** Workloads that fail at the highest level that only a person can lift them from, by the first reason that stands in the way. */
  readonly reasons: readonly { readonly rule: string; readonly reason: string; readonly detail: string; readonly workloads: number }[];
}

/** How many more pass where images are looked up. */
export interface LookedUpSummary {
  /** Images of the workloads whose configuration follows from a Dockerfile of the corpus, and those whose Dockerfile says too little. */
  readonly rebuilt: number;
  readonly open: number;
  /** The workloads that run one of the former. */
  readonly workloads: number;
  /** How many of those pass after harden without look-ups, and where all of these images were looked up so far. */
  readonly without: number;
  readonly passing: Readonly<Record<Depth, number>>;
  /** The first reason why the others do not, where layers were read. */
  readonly reasons: readonly { readonly reason: string; readonly workloads: number }[];
}

const { kubernetesMinor } = defaultConfig;

/** The pods of a plain manifest, each with the document that it stands in. Templates and fragments have none: their pods are not whole. */
function podsOf(file: CorpusFile): { readonly pod: PodView; readonly document: number }[] {
  const { family, dialect } = sourceOf(file.path, file.text);
  if (family !== 'kubernetes' || dialect.templated || dialect.fragment || dialect.holds) return [];
  return parseStream(file.text, new Map()).flatMap(({ document, index }) =>
    readObjects(document, dialect)
      .filter(object => !object.fragment)
      .flatMap(object => object.pods.map(pod => ({ pod, document: index }))),
  );
}

const controlsOf = (pod: PodView): readonly PssControl[] => [
  ...new Set(evaluatePss(pod, 'restricted', kubernetesMinor).map(({ control }) => control)),
];

/** Whether a finding is about a pod, or one of its containers. */
function isAbout({ finding }: Left, pod: PodView, document: number): boolean {
  const { object } = finding;
  const pointer = pathToPointer(pod.path);
  return object !== null && object.document === document && (object.path === pointer || object.path.startsWith(`${pointer}/`));
}

const words = createWords(rules);

/** What is said of the findings of a file whose header says so. */
const written = 'its file says that a program writes it';

/** A detail in words. */
const textOf = (detail: Left['detail']): string | null => (typeof detail === 'object' ? words.evidence(detail) : (detail ?? null));

/**
 * What becomes of each workload of the files.
 * @param imageFacts what is known of images besides the table
 */
export function measureRestricted(
  files: readonly CorpusFile[],
  imageFacts: WorkspaceIndex['imageFacts'] = () => null,
  engine: Engine = createEngine(rules),
): readonly RestrictedRow[] {
  const context = { ...plainContext(), workspace: withImageFacts(emptyWorkspace, imageFacts) };
  return files.flatMap(file => {
    const before = podsOf(file);
    if (before.length === 0) return [];
    const opened = engine.open(file);
    const { text, left } = opened.harden(context);
    const after = podsOf({ ...file, text });
    const whole = opened.harden(context, { accept: 'all' }).text;
    const agreed = podsOf({ ...file, text: whole });
    return before.map(({ pod, document }, at): RestrictedRow => {
      const hardened = after[at]!.pod;
      const failed = controlsOf(hardened);
      const obstacles = left
        .filter(each => each.finding.pss !== null && isAbout(each, hardened, document))
        .map(({ finding, reason, detail }) => ({
          rule: finding.rule,
          container: finding.object?.container ?? null,
          reason,
          detail: finding.fixes.some(({ assumes }) => assumes.some(({ id }) => id === 'generated'))
            ? written
            : textOf(detail ?? finding.left?.detail),
        }));
      return {
        path: file.path,
        workload: objectName(pod.object),
        images: pod.containers.map(container => container.image?.text ?? containerName(container)),
        before: controlsOf(pod),
        after: failed,
        agreed: controlsOf(agreed[at]!.pod).length === 0,
        obstacles: failed.length === 0 ? [] : obstacles,
      };
    });
  });
}

/** What somebody decides first: a workload that has one of these does not pass whatever becomes of the rest. */
const order: readonly (readonly [rule: string, words: string])[] = [
  ['kubernetes/runtime-socket', 'mounts the socket of a container runtime'],
  ['kubernetes/privileged', 'is privileged'],
  ['kubernetes/host-path', 'mounts paths of its node'],
  ['kubernetes/host-network', 'shares the network of its node'],
  ['kubernetes/host-pid', 'sees the processes of its node'],
  ['kubernetes/host-ipc', 'shares the IPC of its node'],
  ['kubernetes/host-port', 'takes a port of its node'],
  ['kubernetes/volume-type', 'has a volume of another type'],
  ['kubernetes/unsafe-sysctls', 'sets an unsafe sysctl'],
  ['kubernetes/selinux-options', 'has an SELinux type of its own'],
  ['kubernetes/apparmor-profile', 'switches AppArmor off'],
  ['kubernetes/seccomp-profile', 'asks for no seccomp'],
  ['kubernetes/added-capabilities', 'adds capabilities for a purpose'],
];

/** Why a workload fails, in the words of a table. */
export function mainReason({ obstacles }: RestrictedRow): { readonly rule: string; readonly reason: string; readonly detail: string } {
  for (const [rule, detail] of order) {
    const found = obstacles.find(each => each.rule === rule);
    if (found) return { rule, reason: found.reason, detail };
  }
  const found = obstacles.find(({ rule }) => rule === 'kubernetes/run-as-root') ?? obstacles[0];
  const generic = (found?.detail ?? '')
    .replace(/^it adds .*/, 'adds capabilities that only root can use')
    .replace(/^it runs .*/, 'runs commands that only root can run')
    .replace(/^it mounts .*/, 'mounts paths of its node')
    .replace(/^it listens .*/, 'listens on a port below 1024')
    .replace(/^(its image starts as root); .*/, '$1; there is an unprivileged twin')
    .replace(/^its? /, '');
  return { rule: found?.rule ?? '', reason: found?.reason ?? '', detail: generic };
}

/** What a person is asked about a workload, in the words of a table: what was seen that speaks against another user, or what it has for a purpose. */
export function seenAgainst(row: RestrictedRow): string {
  if (row.obstacles.every(({ detail }) => detail === null || detail === written) && row.obstacles.some(({ detail }) => detail))
    return written;
  const found = row.obstacles.find(({ rule, reason }) => rule === 'kubernetes/run-as-root' && reason === 'attended')?.detail;
  // a server that is left root has what harden adds for it
  const purpose = order.find(
    ([rule]) => (found == null || rule !== 'kubernetes/added-capabilities') && row.obstacles.some(each => each.rule === rule),
  );
  if (purpose) return `it ${purpose[1]}`;
  return (found ?? `it ${mainReason(row).detail}`)
    .replace(/port \d+, as programs do that start as root/, 'a port below 1024')
    .replace(/^its image is called [^:]*: it may be/, 'its image may be, by its name,')
    .replace(/^it starts [^:]*: it may be/, 'it may be, by what it starts,')
    .replace(/^its volume "[^"]*"/, 'its volume')
    .replace(/^its start script \S+/, 'its start script')
    .replace(/^at \S+ /, '');
}

/** The rows of the table: how many pass before and after, and why the others do not. */
export function summarizeRestricted(rows: readonly RestrictedRow[]): RestrictedSummary {
  const counts = new Map<string, RestrictedSummary['reasons'][number]>();
  for (const row of rows.filter(({ after, agreed }) => after.length > 0 && !agreed)) {
    const main = mainReason(row);
    const key = JSON.stringify(main);
    counts.set(key, { ...main, workloads: (counts.get(key)?.workloads ?? 0) + 1 });
  }
  const asked = new Map<string, string[]>();
  for (const row of rows) {
    if (row.after.length === 0 || !row.agreed) continue;
    const seen = seenAgainst(row);
    asked.set(seen, [...(asked.get(seen) ?? []), row.path]);
  }
  return {
    agreed: rows.filter(({ agreed }) => agreed).length,
    asked: [...asked]
      .map(([seen, files]) => ({ seen, workloads: files.length, files: [...new Set(files)] }))
      .sort((a, b) => b.workloads - a.workloads || (a.seen < b.seen ? -1 : 1)),
    workloads: rows.length,
    before: rows.filter(({ before }) => before.length === 0).length,
    after: rows.filter(({ after }) => after.length === 0).length,
    reasons: [...counts.values()].sort((a, b) => b.workloads - a.workloads),
  };
}

/** What becomes of the workloads whose images were rebuilt, by how far they are looked up. */
export function measureLookedUp(
  files: readonly CorpusFile[],
  { factsOf }: Pick<RebuiltImages, 'factsOf'>,
): Readonly<Record<Depth | 'none', readonly RestrictedRow[]>> {
  const isAbout = ({ images }: RestrictedRow): boolean => images.some(image => factsOf(image, 'tag') !== null);
  const none = measureRestricted(files);
  const paths = new Set(none.filter(isAbout).map(({ path }) => path));
  const few = files.filter(({ path }) => paths.has(path));
  const by = (depth: Depth): readonly RestrictedRow[] => measureRestricted(few, image => factsOf(image, depth)).filter(isAbout);
  return { none: none.filter(isAbout), tag: by('tag'), digest: by('digest'), layers: by('layers') };
}

/** How many more workloads pass by what registries would say of their images. */
export function summarizeLookedUp(files: readonly CorpusFile[], images: RebuiltImages): LookedUpSummary {
  const { none, tag, digest, layers } = measureLookedUp(files, images);
  const passing = (rows: readonly RestrictedRow[]): number => rows.filter(({ after }) => after.length === 0).length;
  const reasons = new Map<string, number>();
  for (const row of layers.filter(({ after }) => after.length > 0)) {
    const reason = mainReason(row).detail.replace(/^only the configuration of \S+/, 'only the configuration');
    reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
  }
  return {
    rebuilt: images.rebuilt.length,
    open: images.open.length,
    workloads: none.length,
    without: passing(none),
    passing: { tag: passing(tag), digest: passing(digest), layers: passing(layers) },
    reasons: [...reasons].map(([reason, workloads]) => ({ reason, workloads })).sort((a, b) => b.workloads - a.workloads),
  };
}

/** The same over the corpus beside the checkout; `null` where that is absent. */
export function lookedUpSummary(): LookedUpSummary | null {
  return hasCorpus ? summarizeLookedUp(corpusFiles('kubernetes'), rebuildImages(corpusFiles('dockerfile'))) : null;
}

/** The measure over the corpus beside the checkout; `null` where that is absent. */
export function restrictedSummary(): RestrictedSummary | null {
  return hasCorpus ? summarizeRestricted(measureRestricted(corpusFiles('kubernetes'))) : null;
}

function print(list: boolean): void {
  const rows = measureRestricted(corpusFiles('kubernetes'));
  const { workloads, before, after, agreed, asked, reasons } = summarizeRestricted(rows);
  console.log(
    `${workloads} workloads: ${before} pass restricted as they stand, ${after} after harden, ${agreed} after harden --accept all`,
  );
  for (const { seen, workloads: count } of asked) console.log(`  ${count}\tasked: ${seen}`);
  for (const { rule, reason, detail, workloads: count } of reasons) console.log(`  ${count}\t${rule}\t${reason}\t${detail}`);
  if (!list) return;
  for (const row of rows.filter(each => each.after.length > 0)) {
    console.log(`\n${row.path} ${row.workload}  ${row.images.join(' ')}\n  fails ${row.after.join(', ')}`);
    for (const { rule, container, reason, detail } of row.obstacles)
      console.log(`    ${rule} ${container ?? ''}: ${reason} ${detail ?? ''}`);
  }
}

// bundled with the rest it is not the program that was started
if (process.argv[1]?.endsWith('restricted.ts')) {
  if (hasCorpus && process.argv.includes('--facts')) console.log(lookedUpSummary());
  else if (hasCorpus) print(process.argv.includes('--list'));
  else console.log(noCorpus);
}
