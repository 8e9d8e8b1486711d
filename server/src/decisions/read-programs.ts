import { type FileFacts, stagesIn, stageWrites, startedWords, type WorkspaceIndex } from '../../../shared/src/index';

/** What a host is asked about programs that images start. Paths are those of the index. */
export interface ProgramHost {
  readonly index: WorkspaceIndex;
  /** Whether somebody has looked at a path already. */
  readonly isKnown: (path: string) => boolean;
  /** Reads a program into the index, if it is there. */
  readonly read: (path: string) => Promise<void>;
  /** Puts into the index whether nothing is at a path. */
  readonly look: (path: string) => Promise<void>;
}

/** What a program uses is known once it is read, and where that writes once it is read in its turn. */
const mostRounds = 8;

/** Reads the programs that the Dockerfiles among some facts start, those that these use, and looks whether anything is where they write. */
export async function readPrograms(dockerfiles: Iterable<FileFacts>, { index, isKnown, read, look }: ProgramHost): Promise<void> {
  const stages = [...dockerfiles].flatMap(stagesIn);
  for (let round = 0; round < mostRounds; round++) {
    const wanted = new Map<string, (path: string) => Promise<void>>();
    const want = (path: string, how: (path: string) => Promise<void>): void => {
      if (!isKnown(path)) wanted.set(path, how);
    };
    const asked = {
      programAt: (path: string) => {
        want(path, read);
        return index.programAt(path);
      },
      keptFolders: () => index.keptFolders(),
      contextsOf: (dockerfile: string, by: 'compose' | 'any') => index.contextsOf(dockerfile, by),
      isAbsent: (path: string) => {
        want(path, look);
        return index.isAbsent(path);
      },
    };
    for (const stage of stages) {
      stageWrites(stage, asked);
      // what Compose starts in place of the image's own command
      for (const { service } of index.servicesOf(stage.path))
        if (service.command) stageWrites(stage, asked, service.environment, undefined, startedWords(service.command, service.environment));
    }
    if (wanted.size === 0) return;
    for (const [path, how] of wanted) await how(path);
  }
}
