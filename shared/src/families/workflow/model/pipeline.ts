import { hasRole, scanOf, type ActionCall, type ActionRole } from '../../../knowledge/action-roles';
import type { Pipeline, ShellCommand, ShellWord } from '../../../syntax/shell/types';
import { memoize } from '../../../base/text/memoize';
import type { Range } from '../../../base/text/range';
import type { YamlDocument } from '../../../syntax/yaml/types';
import { booleanOf, scalarOf, stringOf } from '../../../syntax/yaml/values';
import { startersOf } from './events';
import type { GitlabView, JobView, NamedValue, StepView, WorkflowView } from './types';
import { textOf, valueOf } from './values';

/** What uses an action as the facts take it; `null`: the step runs no action of a repository. */
export const callOf = memoize((step: StepView): ActionCall | null => {
  const action = step.uses?.action;
  return action ? { ...action, input: name => textOf(step.inputs, name), events: startersOf(step.job?.workflow) } : null;
});

/** Whether a step uses an action that does something that rules ask about. */
export function does(step: StepView, role: ActionRole): boolean {
  const call = callOf(step);
  return call !== null && hasRole(call, role);
}

/** The value of an input that is written, for its range. */
export function inputOf(step: StepView, name: string): NamedValue | undefined {
  return valueOf(step.inputs, name);
}

/** The commands of a step's script; none where `mentioned` does not occur in it, which spares reading most scripts. */
export function commandsOf({ run }: StepView, mentioned = /(?:)/): readonly ShellCommand[] {
  return (run && mentioned.test(run.text) && run.script()?.commands) || [];
}

/** A text without the quotes around it. */
export function unquoted(text: string): string {
  const [quote] = text;
  return text.length > 1 && (quote === '"' || quote === "'") && text.endsWith(quote) ? text.slice(1, -1) : text;
}

/** What stands in a file of which a range is asked: a step, a line of a script. */
interface InFile {
  readonly file: { readonly document: YamlDocument };
}

/** A word as it stands in the file, expressions in it, without quotes around it. */
export function written({ file }: InFile, { range: { start, end } }: Pick<ShellWord, 'range'>): string {
  return unquoted(file.document.text.slice(start, end));
}

/** An image that a step pushes. */
export interface ImagePush {
  readonly step: StepView;
  /** The value of `push` or `outputs`, or the command. */
  readonly range: Range;
  /** The references as written; `null`: what writes them is elsewhere. */
  readonly images: readonly string[] | null;
}

/** Lines of an input that holds a list; commas part them too. */
export function linesOf(text: string | null): readonly string[] {
  return (text ?? '')
    .split(/[\n,]/)
    .map(line => line.trim())
    .filter(line => line !== '');
}

/** The images for which another step makes tags (`docker/metadata-action`), where all of them stay on the runner; `null` otherwise. */
function imagesOfTags({ job }: StepView, tags: string): readonly string[] | null {
  const [, id] = /^\s*\$\{\{\s*steps\.([\w-]{1,100})\.outputs\.tags\s*\}\}\s*$/.exec(tags) ?? [];
  const maker = id === undefined ? undefined : job?.steps.find(step => step.id === id);
  const images = maker ? linesOf(textOf(maker.inputs, 'images')) : [];
  return images.length > 0 && images.every(isLocal) ? images : null;
}

function pushesOfStep(step: StepView): readonly ImagePush[] {
  if (does(step, 'build')) {
    const push = inputOf(step, 'push');
    const outputs = inputOf(step, 'outputs');
    const isPushed = push?.text != null && !/^(?:false|\$\{\{\s*false\s*\}\})?$/.test(push.text);
    const isOutput = /(?:^|[\s,])(?:type=registry\b|push=true\b)/.test(outputs?.text ?? '');
    const place = isPushed ? push.node : isOutput ? outputs?.node : null;
    if (!place) return [];
    const tags = textOf(step.inputs, 'tags');
    return [{ step, range: place.range, images: tags === null ? null : (imagesOfTags(step, tags) ?? linesOf(tags)) }];
  }
  return commandsOf(step, pusher).flatMap(command => {
    const push = pushByCommand(step, command);
    return push ? [{ ...push, step }] : [];
  });
}

/** What a script has to hold to push an image. */
const pusher = /docker|podman|nerdctl|buildah|kaniko|crane/;

/** The values of an option, in either way of writing it. */
function valuesOf(words: readonly string[], ...names: readonly string[]): readonly string[] {
  return words.flatMap((word, i) => {
    const equals = word.indexOf('=');
    if (equals > 0 && names.includes(word.slice(0, equals))) return [unquoted(word.slice(equals + 1))];
    return names.includes(word) ? [words[i + 1] ?? ''] : [];
  });
}

/** The images that a command pushes, in a step or a script of GitLab; `null`: it pushes none. */
function pushByCommand(place: InFile, { name, nameWord, args, range }: ShellCommand): Omit<ImagePush, 'step'> | null {
  const words = args.map(word => written(place, word));
  const plain = words.filter(word => !word.startsWith('-'));
  if (/^(?:docker|podman|nerdctl|buildah)$/.test(name ?? '')) {
    if (words[0] === 'push') return { range, images: plain.slice(1, 2) };
    // where it names again what is in a registry already, that was pushed before; what only the runner had is pushed here
    if (plain.slice(0, 3).join(' ') === 'buildx imagetools create' && plain.some(isLocal))
      return { range, images: valuesOf(words, '-t', '--tag') };
    if (!/^(?:build|buildx|bake)$/.test(words[0] ?? '') || !words.includes('--push')) return null;
    const tags = valuesOf(words, '-t', '--tag');
    return { range, images: tags.length === 0 ? null : tags };
  }
  if (name === 'crane') return words[0] === 'push' ? { range, images: plain.slice(2, 3) } : null;
  const isKaniko = name === 'executor' && /\bkaniko\/executor$/.test(nameWord?.text ?? '');
  if (!isKaniko || words.some(word => /^--no-push(?:$|=true$)/.test(word))) return null;
  const images = valuesOf(words, '-d', '--destination');
  return images.length === 0 ? null : { range, images };
}

const isLocal = (image: string): boolean => /^(?:localhost|127\.0\.0\.1|\[::1\])[:/]/.test(image);

/** Whether what is pushed leaves the runner. */
function isPublic({ images }: Pick<ImagePush, 'images'>): boolean {
  return images === null || !images.every(isLocal);
}

/** The pushes of a job, of all that is not local to the runner. */
export const pushesOf = memoize((job: JobView): readonly ImagePush[] => job.steps.flatMap(pushesOfStep).filter(isPublic));

/**
 * The first push of a GitLab pipeline that goes out when something is merged or released. `null`: none, or what is included, inherited from elsewhere or
 * started beside it may do more than the file shows.
 */
export function firstPush({ open, scripts }: GitlabView): Range | null {
  if (open) return null;
  for (const line of scripts) {
    if (line.merging || !pusher.test(stringOf(line.node) ?? '')) continue;
    const push = line
      .script()
      ?.commands.map(command => pushByCommand(line, command))
      .find(found => found && isPublic(found));
    if (push) return push.range;
  }
  return null;
}

/** A scan or a check of an image by a step. */
export interface StepScan {
  readonly step: StepView;
  readonly kind: 'scan' | 'lint';
  /** What decides whether it fails: the value that lets everything pass, else the action or the command. */
  readonly range: Range;
  /** Whether the step fails where something is found; `null`: not known. */
  readonly gates: boolean | null;
  /** The input to set for that; `null`: none. */
  readonly gate: { readonly input: string; readonly value: string } | null;
  /** The image as written; `null`: none, or not known. */
  readonly image: string | null;
  readonly imageRange: Range | null;
  /** The SARIF file that it writes; `null`: none, or not known. */
  readonly report: string | null;
}

/** A scan by a command. */
type CommandScan = Omit<StepScan, 'step'>;

/** Whether the job goes on when a step fails, as somebody wrote. */
export function continuesOnError({ node }: StepView): boolean {
  return booleanOf(node.get('continue-on-error')) === true;
}

function scanByAction(step: StepView): StepScan | null {
  const call = callOf(step);
  const scan = call && scanOf(call);
  if (!scan) return null;
  const value = scan.gate ? inputOf(step, scan.gate.input) : undefined;
  const image = scan.imageInput === null ? undefined : inputOf(step, scan.imageInput);
  const environments = step.job ? [step.env, step.job.env, step.job.workflow.env] : [step.env];
  const isSetOutside = environments.some(({ values }) => values.some(({ name }) => name === 'TRIVY_EXIT_CODE'));
  return {
    step,
    kind: scan.kind,
    range: value?.node?.range ?? step.reportRange,
    gates: isSetOutside ? null : scan.gates,
    gate: scan.gate,
    image: image?.text ?? null,
    imageRange: image?.node?.range ?? null,
    report: scan.report,
  };
}

/** Scanners on the command line: what makes them fail. `null`: they do by themselves. */
const scanners: readonly (readonly [program: string, words: RegExp, gate: RegExp | null])[] = [
  ['trivy', /^(?:image|i|fs|filesystem|rootfs|repo|repository)$/, /^--exit-code(?:$|=)/],
  ['grype', /./, /^(?:-f|--fail-on)(?:$|=)/],
  ['docker', /^scout$/, /^(?:-e|--exit-code)(?:$|=)/],
  ['snyk', /^container$/, null],
];

/** Whether all that a pipeline does is to end well: `true`, `:`. */
function isNothing(pipeline: Pipeline | undefined): boolean {
  const [only, other] = pipeline?.members ?? [];
  return !other && /^(?:true|:)$/.test(only?.command?.name ?? '');
}

/** The scan that a command makes, in a step or a script of GitLab. */
export function scanByCommand(place: InFile, command: ShellCommand): CommandScan | null {
  const words = command.args.map(word => written(place, word));
  const known = scanners.find(([program]) => program === command.name);
  if (!known) return null;
  const [program, first, gate] = known;
  const plain = words.filter(word => !word.startsWith('-'));
  if (!first.test(plain[0] ?? '') || words.some(word => /^(?:--help|--version|--download-db-only)$/.test(word))) return null;
  if (program === 'docker' && !/^(?:cves|compare)$/.test(plain[1] ?? '')) return null;
  if (program === 'snyk' && plain[1] !== 'test') return null;
  if (program === 'grype' && /^(?:db|version|completion|explain|config)$/.test(plain[0] ?? '')) return null;
  if (/^(?:cyclonedx|spdx|spdx-json|github)$/.test(words[words.findIndex(word => /^(?:-f|--format)$/.test(word)) + 1] ?? '')) return null;
  // who keeps or pipes what it prints looks at it afterwards
  const isKept = command.redirections.length > 0 || command.pipeline.members.length > 1 || command.outer !== null || command.after === '||';
  const at = gate === null ? -1 : words.findIndex(word => gate.test(word));
  const value = at < 0 ? null : words[at]!.includes('=') ? words[at]!.split('=')[1]! : (words[at + 1] ?? '');
  const passes = gate !== null && (value === null || value === '0');
  const isIgnored = command.after === '||' && isNothing(command.pipeline.list.pipelines[command.pipeline.index + 1]);
  const isConfigured = words.some(word => /^(?:-c|--config)(?:$|=)/.test(word));
  const last = command.args.at(-1);
  const image =
    last && program !== 'docker' && !words.at(-1)!.startsWith('-') && /^(?:image|i|container)$|[/:$]/.test(plain[0] ?? '') ? last : null;
  return {
    kind: 'scan',
    range: at < 0 ? command.range : command.args[at]!.range,
    gates: isIgnored ? false : passes ? (isKept || isConfigured ? null : false) : true,
    gate: null,
    image: image ? written(place, image) : null,
    imageRange: image?.range ?? null,
    report: null,
  };
}

/** The scans of a job. */
export const scansOf = memoize((job: JobView): readonly StepScan[] =>
  job.steps.flatMap(step => {
    const scan = scanByAction(step);
    if (scan) return [scan];
    return commandsOf(step, /trivy|grype|docker|snyk/).flatMap(command => {
      const found = scanByCommand(step, command);
      return found ? [{ ...found, step }] : [];
    });
  }),
);

/** Whether a workflow runs where releases are made: not for pull requests alone, and not when others call it. */
export function isRelease({ triggers }: WorkflowView): boolean {
  return triggers.all.some(({ name }) => /^(?:push|release|schedule|workflow_dispatch|registry_package)$/.test(name));
}

/** Whether something of a workflow is not seen: another workflow that a job calls, or a local action, may do it. */
export function mayDoMore({ jobs }: WorkflowView): boolean {
  return jobs.some(({ uses, steps }) => uses !== null || steps.some(step => step.uses?.kind === 'local' || step.uses?.kind === 'self'));
}

/** Whether the script of a step matches. */
export function runs(step: StepView, pattern: RegExp): boolean {
  return step.run !== null && pattern.test(step.run.text);
}

/** Whether a step runs although an earlier one has failed. */
export function survivesFailure(step: StepView): boolean {
  return /\b(?:always|cancelled|failure)\s*\(/.test(stringOf(scalarOf(step.condition)) ?? '');
}
