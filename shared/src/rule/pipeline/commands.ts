import type { Pipeline, ShellCommand, ShellWord } from '../../syntax/shell/types';
import type { Range } from '../../base/text/range';
import { stringOf } from '../../syntax/yaml/values';
import type { PipelineView } from './types';

/** A text without the quotes around it. */
export function unquoted(text: string): string {
  const [quote] = text;
  return text.length > 1 && (quote === '"' || quote === "'") && text.endsWith(quote) ? text.slice(1, -1) : text;
}

/** Something in a file of which a range is asked: a step, a line of a script. */
export interface InFile {
  readonly file: { readonly document: { readonly text: string } };
}

/** A word as it is in the file, expressions in it, without quotes around it. */
export function written({ file }: InFile, { range: { start, end } }: Pick<ShellWord, 'range'>): string {
  return unquoted(file.document.text.slice(start, end));
}

/** Scanners of images by name: in a script, an action, an input. */
export const scannerName = /\b(?:trivy|grype|snyk|scout|clair|twistcli|roxctl|wizcli|xray|inspector-sbomgen|anchore|sysdig|osv-scanner)\b/i;

/** Programs that sign images by name (those of companies, too: `acmesign sign`), and what makes others do so. */
export const signerName =
  /\b(?:cosign|notation|notary|sigstore|DOCKER_CONTENT_TRUST|gh[ \t]+attestation|docker trust sign)\b|sign sign\b|--sign-by\b/;

/** What a command pushes. */
export interface CommandPush {
  readonly range: Range;
  /** The references as written; `null`: what writes them is elsewhere. */
  readonly images: readonly string[] | null;
}

/** What a script has to hold to push an image. */
export const pusher = /docker|podman|nerdctl|buildah|kaniko|crane/;

/** The values of an option, in either way of writing it. */
function valuesOf(words: readonly string[], ...names: readonly string[]): readonly string[] {
  return words.flatMap((word, i) => {
    const equals = word.indexOf('=');
    if (equals > 0 && names.includes(word.slice(0, equals))) return [unquoted(word.slice(equals + 1))];
    return names.includes(word) ? [words[i + 1] ?? ''] : [];
  });
}

/** The images that a command pushes; `null`: it pushes none. */
export function pushByCommand(place: InFile, { name, nameWord, args, range }: ShellCommand): CommandPush | null {
  const words = args.map(word => written(place, word));
  const plain = words.filter(word => !word.startsWith('-'));
  if (/^(?:docker|podman|nerdctl|buildah)$/.test(name ?? '')) {
    // all tags that the image has here
    if (words[0] === 'push') return { range, images: words.some(word => /^(?:-a|--all-tags)$/.test(word)) ? null : plain.slice(1, 2) };
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

/** Whether an image is one of the runner's own registry. */
export const isLocal = (image: string): boolean => /^(?:localhost|127\.0\.0\.1|\[::1\])[:/]/.test(image);

/** Whether what is pushed leaves the runner. */
export function isPublic({ images }: Pick<CommandPush, 'images'>): boolean {
  return images === null || !images.every(isLocal);
}

/** What the scripts of a pipeline push when something is merged or released. */
export function pushesIn({ scripts }: PipelineView): readonly CommandPush[] {
  return scripts
    .filter(({ node, merging }) => pusher.test(stringOf(node) ?? '') && !merging)
    .flatMap(line => line.script()?.commands.flatMap(command => pushByCommand(line, command) ?? []) ?? [])
    .filter(isPublic);
}

/** A scan or a check of an image. */
export interface ImageScan {
  readonly kind: 'scan' | 'lint' | 'secrets';
  /** What decides whether it fails: the value that lets everything pass, else the action or the command. */
  readonly range: Range;
  /** Whether it fails where something is found; `null`: not known. */
  readonly gates: boolean | null;
  /** The input to set for that; `null`: none. */
  readonly gate: { readonly input: string; readonly value: string } | null;
  /** The image as written; `null`: none, or not known. */
  readonly image: string | null;
  readonly imageRange: Range | null;
  /** The SARIF file that it writes; `null`: none, or not known. */
  readonly report: string | null;
}

/** Scanners on the command line: what makes them fail (`null`: they do by themselves), what lets them pass, and what names the file that they write. */
const scanners: readonly (readonly [program: string, words: RegExp, gate: RegExp | null, off?: RegExp, file?: RegExp])[] = [
  ['trivy', /^(?:image|i|fs|filesystem|rootfs|repo|repository)$/, /^--exit-code(?:$|=)/],
  ['grype', /./, /^(?:-f|--fail-on)(?:$|=)/],
  ['docker', /^scout$/, /^(?:-e|--exit-code)(?:$|=)/],
  ['snyk', /^container$/, null],
  // of secrets (the README of each)
  ['gitleaks', /^(?:detect|protect|git|dir|directory|file)$/, null, /^--exit-code(?:=0$|$)/, /^(?:-r|--report-path)(?:$|=)/],
  ['trufflehog', /^(?:git|github|gitlab|filesystem|docker|s3|gcs)$/, /^--fail$/],
  ['ggshield', /^secret$/, null, /^--exit-zero$/, /^(?:-o|--output)(?:$|=)/],
];

/** Whether all that a pipeline does is to end well: `true`, `:`. */
function isNothing(pipeline: Pipeline | undefined): boolean {
  const [only, other] = pipeline?.members ?? [];
  const { name, args } = only?.command ?? { args: [] };
  return !other && (/^(?:true|:)$/.test(name ?? '') || (name === 'exit' && args[0]?.raw === '0'));
}

/** Whether the shell ignores the failure of a command: `|| true`. */
export function isIgnored({ after, pipeline: { list, index } }: ShellCommand): boolean {
  return after === '||' && isNothing(list.pipelines[index + 1]);
}

/** The value of the option that a pattern fits; `null`: it is not given. */
function valueOf(words: readonly string[], option: RegExp): string | null {
  const at = words.findIndex(word => option.test(word));
  const word = words[at];
  if (word === undefined) return null;
  const equals = word.indexOf('=');
  return unquoted(equals < 0 ? (words[at + 1] ?? '') : word.slice(equals + 1)) || null;
}

/** The scan that a command makes; `null`: none. */
export function scanByCommand(place: InFile, command: ShellCommand): ImageScan | null {
  const words = command.args.map(word => written(place, word));
  const known = scanners.find(([program]) => program === command.name);
  if (!known) return null;
  const [program, first, gate, off, file] = known;
  const plain = words.filter(word => !word.startsWith('-'));
  if (!first.test(plain[0] ?? '') || words.some(word => /^--(?:help|version|clear-cache|reset|download-(?:java-)?db-only)$/.test(word)))
    return null;
  if (program === 'docker' && !/^(?:cves|compare)$/.test(plain[1] ?? '')) return null;
  if (program === 'snyk' && plain[1] !== 'test') return null;
  if (program === 'grype' && /^(?:db|version|completion|explain|config)$/.test(plain[0] ?? '')) return null;
  if (/^(?:cyclonedx|spdx|spdx-json|github)$/.test(words[words.findIndex(word => /^(?:-f|--format)$/.test(word)) + 1] ?? '')) return null;
  // who keeps or pipes what it prints looks at it afterwards
  const isKept = command.redirections.length > 0 || command.pipeline.members.length > 1 || command.outer !== null || command.after === '||';
  const at = gate === null ? -1 : words.findIndex(word => gate.test(word));
  const value = at < 0 ? null : words[at]!.includes('=') ? words[at]!.split('=')[1]! : (words[at + 1] ?? '');
  const passing = off ? words.findIndex((word, i) => off.test(word) && (!/^--exit-code$/.test(word) || words[i + 1] === '0')) : -1;
  const passes = passing >= 0 || (gate !== null && (value === null || value === '0'));
  // a file, or a variable that the shell splits into words, may have it, too
  const isConfigured =
    words.some(word => /^(?:-c|--config)(?:$|=)/.test(word)) || command.args.some(({ raw }) => /^\$(?:\w{1,200}|\{\w{1,200}\})$/.test(raw));
  const last = command.args.at(-1);
  const image =
    last && program !== 'docker' && !words.at(-1)!.startsWith('-') && /^(?:image|i|container)$|[/:$]/.test(plain[0] ?? '') ? last : null;
  return {
    kind: /^(?:gitleaks|trufflehog|ggshield)$/.test(program) ? 'secrets' : 'scan',
    range: passing >= 0 ? command.args[passing]!.range : at < 0 ? command.range : command.args[at]!.range,
    gates: isIgnored(command) ? false : passes ? (isKept || isConfigured ? null : false) : true,
    gate: null,
    image: image ? written(place, image) : null,
    imageRange: image?.range ?? null,
    report: file ? valueOf(words, file) : null,
  };
}
