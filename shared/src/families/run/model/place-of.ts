import { shebangOf } from '../../../syntax/shell/interpreter';
import { baseName } from '../../../workspace/source/names';
import type { PlaceKind } from './types';

const byEnding: Readonly<Record<string, Exclude<PlaceKind, 'workflow'>>> = {
  sh: 'shell',
  bash: 'shell',
  mk: 'make',
  mak: 'make',
  service: 'unit',
  md: 'markdown',
  markdown: 'markdown',
};

/** What a file is that may hold commands, by its name; by its first line where the name says nothing. `null`: another. */
export function placeOf(path: string, text: string): Exclude<PlaceKind, 'workflow'> | null {
  const base = baseName(path).toLowerCase();
  if (base === 'makefile' || base === 'gnumakefile' || base.startsWith('makefile.')) return 'make';
  const dot = base.lastIndexOf('.');
  const ending = dot < 0 ? '' : base.slice(dot + 1);
  if (Object.hasOwn(byEnding, ending)) return byEnding[ending]!;
  return dot <= 0 && shebangOf(text.slice(0, 500))?.dialect === 'posix' ? 'shell' : null;
}
