import { kindOfName, placeOf } from '../../../shared/src/index';
import type { SoughtNames } from '../lsp/files';

/** Whether a search of folders takes a file of this name. Others may be ours too, but only their content could tell. */
export function isCandidate(name: string): boolean {
  const { kind } = kindOfName(name);
  // documentation is for whoever opens it: a folder has much of it, and nobody runs that
  const place = placeOf(name, '');
  return kind === 'dockerfile' || kind === 'named-for' || kind === 'yaml' || (place !== null && place !== 'markdown');
}

/** The names that `isCandidate` takes: files that may be ours. */
export const candidates: SoughtNames = {
  has: isCandidate,
  globs: [
    ...['*.yaml', '*.yml', '*.yaml.*', '*.yml.*', '*[dD]ockerfile*', '*[cC]ontainerfile*'],
    ...['*.sh', '*.bash', '*.mk', '*.mak', '[mM]akefile', 'GNUmakefile', '[mM]akefile.*', '*.service'],
  ],
};
