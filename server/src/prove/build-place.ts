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
