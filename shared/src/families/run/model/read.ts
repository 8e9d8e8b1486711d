import type { Piece } from '../../family/types';
import type { Comment } from '../../../base/text/comment';
import { memoize } from '../../../base/text/memoize';
import { findCommands } from './find-commands';
import { placeOf } from './place-of';
import { makeScripts } from './places/make';
import { markdownComments, markdownScripts } from './places/markdown';
import { lineComments, shellScripts } from './places/shell';
import { unitScripts } from './places/unit';
import { workflowScripts } from './places/workflow';
import type { PlacedScript, PlaceKind, RunCommand, RunModel } from './types';

const readers: Readonly<Record<Exclude<PlaceKind, 'workflow'>, (text: string) => readonly PlacedScript[]>> = {
  shell: shellScripts,
  make: makeScripts,
  unit: unitScripts,
  markdown: markdownScripts,
};

/** Reads the commands of engines in a file, or in a document of YAML. */
export const readModel = memoize((piece: Piece): RunModel => {
  const { document } = piece;
  const text = document?.text ?? piece.fileText;
  const kind = document ? 'workflow' : (placeOf(piece.path, piece.fileText) ?? 'shell');
  const scripts = document ? workflowScripts(document) : kind === 'workflow' ? [] : readers[kind](text);
  const found = scripts.flatMap(script => findCommands(script, text)).sort((a, b) => a.verbRange.start - b.verbRange.start);
  const commands = found.filter((command): command is RunCommand => 'parsed' in command);
  return {
    text,
    document,
    scripts,
    commands,
    others: found.filter(command => !('parsed' in command)),
    comments: commentsOf(kind, text, scripts),
    isDocumentation: kind === 'markdown',
    memo: new Map(),
  };
});

function commentsOf(kind: PlaceKind, text: string, scripts: readonly PlacedScript[]): readonly Comment[] {
  if (kind === 'markdown') return markdownComments(text);
  // those of the document itself are its family's
  if (kind === 'workflow')
    return scripts.filter(({ lines }) => lines).flatMap(({ range }) => lineComments(text, lineAfter(text, range.start), range.end));
  return lineComments(text);
}

function lineAfter(text: string, offset: number): number {
  const newline = text.indexOf('\n', offset);
  return newline < 0 ? text.length : newline + 1;
}
