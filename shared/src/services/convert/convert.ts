import type { Engine } from '../../engine/engine';
import type { HardenResult, InputFile, LintContext } from '../../engine/types';
import { composeOf } from '../../families/compose/model/project';
import type { ComposeView } from '../../families/compose/model/types';
import { member, memberAt } from '../../families/compose/model/value';
import type { RunContainer } from '../../families/run/model/types';
import { short } from '../../base/limits/short';
import type { Words } from '../../output/report/words';
import { createNotes, type NoteId, noteKinds, type Note, type Notes } from '../../base/terms/notes';
import { yamlComment } from '../../syntax/yaml/write';
import { parseDocument, parseStream } from '../../syntax/yaml/parse';
import { breakLines } from './layout';
import { toKubernetes } from './manifest/to-kubernetes';
import { type ConversionProblem, placeOf, type ReadCommands, readCommands } from './read-commands';
import { noteSurroundings, toCompose } from './to-compose';

/** What a command or a service is turned into. */
export type ConversionTarget = 'command' | 'compose' | 'kubernetes';

/** What a conversion works with. */
export interface Conversion {
  readonly engine: Engine;
  /** What the result is hardened with. */
  readonly context: LintContext;
  readonly words: Words;
}

/** The result of a conversion. */
export interface Converted {
  readonly ok: true;
  /** The hardened text; above it, as comments, what the notes say. */
  readonly text: string;
  /** Where it might be kept. */
  readonly fileName: string;
  /** The language id of editors. */
  readonly languageId: 'yaml' | 'dockercompose' | 'shellscript';
  /** What was left out, is written otherwise, or has to be done. */
  readonly notes: readonly Note[];
  /** The text before it was hardened, and what harden did to it and left. */
  readonly before: string;
  readonly hardened: HardenResult;
}

/** Why there is no result. */
export interface NotConverted extends ConversionProblem {
  readonly ok: false;
}

/** Turns pasted commands into a hardened command, a Compose file or manifests. Pure; never throws on what is pasted. */
export function convertCommands(pasted: string, target: ConversionTarget, conversion: Conversion): Converted | NotConverted {
  const read = readCommands(pasted);
  if (!read.ok) return read;
  return makers[target](read, conversion);
}

/** What makes each of the things that commands can become. */
const makers: Readonly<Record<ConversionTarget, (read: ReadCommands, conversion: Conversion) => Converted>> = {
  command: toCommand,
  compose: (read, conversion) => {
    const made = toCompose(read);
    noteSurroundings(read);
    return finish('compose.yaml', 'dockercompose', made.text, read.notes, conversion);
  },
  kubernetes: commandsToKubernetes,
};

/** Turns a service of a Compose file into manifests. Pure; never throws on what is in the file. `name`: `null` takes the only one. */
export function convertService(file: InputFile, name: string | null, conversion: Conversion): Converted | NotConverted {
  const compose = composeIn(file);
  const fail = (message: string, at: NotConverted['at'] = null): NotConverted => ({ ok: false, message, at });
  if (!compose) return fail('The file is no Compose file');
  const { view, base } = compose;
  const { canonical, problems, unresolved } = view.project;
  const names = view.services.map(service => service.name);
  const chosen = name ?? (names.length === 1 ? names[0]! : null);
  const list = names.slice(0, 20).join(', ');
  if (chosen === null) return fail(`Which service? The file has ${names.length}: ${list}`);
  // what is wrong elsewhere, or is not there, is no matter of this service
  const problem = problems.find(
    ({ code, steps }) => code === 'yaml' || (code !== 'undefined' && steps[0] === 'services' && steps[1] === chosen),
  );
  if (problem) {
    const { range, message } = problem;
    const here = range && problem.file.document === view.document ? { start: range.start + base, end: range.end + base } : null;
    return fail(`Compose refuses the file: ${message}`, here && placeOf(file.text, here));
  }
  const service = memberAt(canonical, 'services', chosen);
  if (service?.kind !== 'map' || !canonical) return fail(`There is no service "${short(chosen)}" in the file; it has ${list}`);
  const notes = createNotes();
  if (unresolved.has(chosen)) notes.add('base', `extends of ${short(chosen)}`);
  const text = toKubernetes([{ name: chosen, service, project: canonical, once: false }], notes);
  return finish(`${dnsFile(chosen)}.yaml`, 'yaml', text, notes, conversion);
}

/** The services of a Compose file, those that `convertService` takes; empty for other files. */
export function servicesIn(file: InputFile): readonly string[] {
  return composeIn(file)?.view.services.map(({ name }) => name) ?? [];
}

/** The first document of a file that is a Compose file, and where it begins; `null`: none is. */
export function composeIn({ path, text }: InputFile): { readonly view: ComposeView; readonly base: number } | null {
  // nothing fills in a Compose file: what Docker does with {{ }} is its own affair
  for (const { document, base } of parseStream(text, new Map(), undefined, true)) {
    const view = composeOf(document, path, { templated: document.templated, fragment: false });
    if (view.services.length > 0 || member(view.project.canonical, 'services') !== undefined) return { view, base };
  }
  return null;
}

function dnsFile(name: string): string {
  return name.replace(/[^\w.-]{1,200}/g, '-');
}

function toCommand(read: ReadCommands, { engine, context }: Conversion): Converted {
  const fileName = 'command.sh';
  for (const { purpose, name } of read.containers) if (purpose === 'one-shot') read.notes.add('one-shot', name);
  const broken = breakLines(read);
  const before = broken.endsWith('\n') ? broken : `${broken}\n`;
  const hardened = engine.open({ path: fileName, text: before }).harden(context);
  return { ok: true, text: hardened.text, fileName, languageId: 'shellscript', notes: read.notes.list, before, hardened };
}

/** Notes of the way to a Compose file that say nothing of a pod. */
const ofCompose: ReadonlySet<NoteId> = new Set<NoteId>([
  'detach',
  'foreground',
  'remove',
  'created',
  'publish-all',
  'variable',
  'substitution',
  'secret',
  'external-network',
  'external-link',
  'other-container',
]);

function commandsToKubernetes(read: ReadCommands, conversion: Conversion): Converted {
  const { text, services } = toCompose(read);
  const project = composeOf(parseDocument(text, true), 'compose.yaml', { templated: false, fragment: false }).project.canonical;
  const notes = createNotes();
  for (const { id, data } of read.notes.list) if (!ofCompose.has(id)) notes.add(id, data.what, data);
  const all = services.flatMap((name, i) => {
    const service = memberAt(project, 'services', name);
    return service?.kind === 'map' && project ? [{ name, service, project, once: runsOnce(read.containers[i]!) }] : [];
  });
  const manifests = toKubernetes(all, notes);
  noteSurroundings({ ...read, notes });
  return finish(`${dnsFile(services[0] ?? 'app')}.yaml`, 'yaml', manifests, notes, conversion);
}

/** Whether a command waits for its container to end, and throws it away then. */
function runsOnce({ command: { parsed } }: RunContainer): boolean {
  const isOn = (name: string): boolean => parsed.options.findLast(({ flag }) => flag.name === name)?.value === 'true';
  return isOn('rm') && !isOn('detach');
}

/** The end of every conversion to YAML: notes above, and everything hardened. */
function finish(
  fileName: string,
  languageId: Converted['languageId'],
  text: string,
  notes: Notes,
  { engine, context, words }: Conversion,
): Converted {
  const before = `${yamlComment(commentOf(notes, words))}${text}`;
  // under a name of its own: the override that may lie beside a compose.yaml says nothing of this file
  const path = languageId === 'dockercompose' ? `converted.${fileName}` : fileName;
  const hardened = engine.open({ path, text: before }).harden(context);
  return { ok: true, text: hardened.text, fileName, languageId, notes: notes.list, before, hardened };
}

/** The notes as lines of a comment. */
function commentOf(notes: Notes, words: Words): readonly string[] {
  const lines: string[] = [];
  for (const { kind, title } of noteKinds) {
    const own = notes.list.filter(note => note.kind === kind);
    if (own.length > 0) lines.push(title, ...own.map(note => `- ${words.note(note)}`));
  }
  return lines;
}
