import { copyFileSync, existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isWithin, realOf } from '../../../shared/host/node/folders';

/** Where a build is, as the engine gets it. */
export interface BuildPlace {
  readonly dockerfile: string;
  readonly context: string;
}

/** The place of a build below a folder; `null`: it leads out of it, as written or by its links. The paths are those without links. */
export function buildPlace(
  root: string,
  { dockerfile, context }: { readonly dockerfile: string; readonly context: string },
): BuildPlace | null {
  const folder = realOf(root);
  const found = { dockerfile: realOf(join(folder, dockerfile)), context: realOf(join(folder, context)) };
  return isWithin(folder, found.dockerfile) && isWithin(folder, found.context) ? found : null;
}

/** The same build of another text of its Dockerfile, which lies in a folder of the trial, with the list of what its context leaves out. */
export function otherText({ dockerfile, context }: BuildPlace, text: string, folder: string): BuildPlace {
  const file = join(folder, 'Dockerfile');
  writeFileSync(file, text, { mode: 0o600 });
  const ignored = `${dockerfile}.dockerignore`;
  if (existsSync(ignored)) copyFileSync(ignored, `${file}.dockerignore`);
  return { dockerfile: file, context };
}
