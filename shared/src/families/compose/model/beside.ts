import { baseName } from '../../../workspace/source/names';
import { folderOf } from '../../../workspace/paths';
import type { ComposeFact, WorkspaceIndex } from '../../../workspace/types';
import { createDocumentCache } from '../../../syntax/yaml/document-cache';
import { parseStream } from '../../../syntax/yaml/parse';
import type { ComposeFile } from './value';

/** The other files of the workspace that are loaded with a Compose file. */
export interface Beside {
  /** Those that it is laid over, in order: what it says of a service goes on from there. */
  readonly below: readonly ComposeFile[];
  /** Those that may be laid over it, one list for each way in which the file is known to be loaded. */
  readonly above: readonly (readonly ComposeFile[])[];
  /** Those with services that extend some of it. */
  readonly heirs: readonly ComposeFile[];
  /** Whether its services are started by themselves, as far as one knows: not only as what others extend. */
  readonly started: boolean;
  /** As `LoadOptions.read`; what is not in the workspace is not known. */
  readonly read: (path: string) => readonly ComposeFile[] | undefined;
}

/** What is beside a file that stands alone. */
export const alone: Beside = { below: [], above: [], heirs: [], started: true, read: () => undefined };

/** The names under which Compose looks for a project, and for what it lays over that; the first that is there counts (cli/options.go of compose-go). */
const ownNames = ['compose.yaml', 'compose.yml', 'docker-compose.yml', 'docker-compose.yaml'];
const overrideNames = ['compose.override.yml', 'compose.override.yaml', 'docker-compose.override.yml', 'docker-compose.override.yaml'];

/** Documents of other files, never those of the file that is looked at: where a value stands is told by its document. */
const documents = createDocumentCache(200);

type Asked = Pick<WorkspaceIndex, 'composeAt' | 'composeSetsOf' | 'composeHeirsOf'>;

function filesOf(facts: readonly ComposeFact[]): readonly ComposeFile[] {
  return facts.flatMap(({ path, text }) => parseStream(text, documents).map(({ document }) => ({ path, document })));
}

/** What the workspace knows to be beside a Compose file. */
export function besideOf(path: string, workspace: Asked): Beside {
  const at = (other: string): readonly ComposeFile[] => filesOf(workspace.composeAt(other));
  const folder = folderOf(path);
  const first = (names: readonly string[]): readonly ComposeFile[] => {
    for (const name of names) {
      const found = at(folder === '' ? name : `${folder}/${name}`);
      if (found.length > 0) return found;
    }
    return [];
  };
  const name = baseName(path);
  // where the `.env` of the folder names the files of its project, Compose looks for no others
  const named = workspace.composeSetsOf(folder === '' ? '.env' : `${folder}/.env`);
  const isOwn = ownNames.includes(name);
  const isSearched = named.length === 0;
  const below: (readonly ComposeFile[])[] = isSearched && overrideNames.includes(name) ? [first(ownNames)] : [];
  const above: (readonly ComposeFile[])[] = isSearched && isOwn ? [first(overrideNames)] : [];
  for (const { files } of workspace.composeSetsOf(path)) {
    const own = files.indexOf(path);
    below.push(files.slice(0, own).flatMap(at));
    above.push(files.slice(own + 1).flatMap(at));
  }
  return {
    below: below.find(files => files.length > 0) ?? [],
    above: above.filter(files => files.length > 0),
    heirs: filesOf(workspace.composeHeirsOf(path).filter(fact => fact.path !== path)),
    started: isOwn || below.length > 0,
    read: other => {
      const found = at(other);
      return found.length > 0 ? found : undefined;
    },
  };
}
