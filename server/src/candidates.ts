import { kindOfName } from '../../shared/src/index';
import type { SoughtNames } from './lsp/files';

/** Whether a search of folders takes a file of this name. Others may be ours too, but only their content could tell. */
export function isCandidate(name: string): boolean {
  const { kind } = kindOfName(name);
  return kind === 'dockerfile' || kind === 'named-for' || kind === 'yaml';
}

/** The names that `isCandidate` takes: files that may be ours. */
export const candidates: SoughtNames = {
  has: isCandidate,
  globs: ['*.yaml', '*.yml', '*.yaml.*', '*.yml.*', '*[dD]ockerfile*', '*[cC]ontainerfile*'],
};
