import type { Engine } from '../engine/engine';
import type { HardenResult, LintContext } from '../engine/types';
import type { Words } from '../report/words';
import { breakLines } from './layout';
import { noteKinds, type Note, type Notes } from '../terms/notes';
import { type ConversionProblem, readCommands } from './read-commands';
import { toCompose } from './to-compose';

/** What a command or a service is turned into. */
export type ConversionTarget = 'command' | 'compose';

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

/** Turns pasted commands into a hardened command, or a Compose file. Pure; never throws on what is pasted. */
export function convertCommands(
  pasted: string,
  target: ConversionTarget,
  { engine, context, words }: Conversion,
): Converted | NotConverted {
  const read = readCommands(pasted);
  if (!read.ok) return read;
  const { notes } = read;
  const harden = (path: string, text: string): HardenResult => engine.open({ path, text }).harden(context);
  if (target === 'command') {
    const fileName = 'command.sh';
    for (const { purpose, name } of read.containers) if (purpose === 'one-shot') notes.add('one-shot', name);
    const broken = breakLines(read);
    const before = broken.endsWith('\n') ? broken : `${broken}\n`;
    const hardened = harden(fileName, before);
    return { ok: true, text: hardened.text, fileName, languageId: 'shellscript', notes: notes.list, before, hardened };
  }
  const fileName = 'compose.yaml';
  const made = toCompose(read, () => commentOf(notes, words));
  const hardened = harden(fileName, made.text);
  return { ok: true, text: hardened.text, fileName, languageId: 'dockercompose', notes: notes.list, before: made.text, hardened };
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
