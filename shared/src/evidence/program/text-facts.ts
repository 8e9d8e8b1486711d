import { textBuildFacts } from '../../workspace/build-facts';
import { composeSetFacts } from '../../workspace/compose-sets';
import { keptFolderFacts, leftOutFacts } from '../../workspace/left-out';
import { outputFacts } from '../../workspace/outputs';
import { scriptFacts } from '../../workspace/script-facts';
import { seccompFacts } from '../../workspace/seccomp-profiles';
import type { FileFacts } from '../../workspace/types';
import { programFacts } from './program-facts';

/** The facts of a file that is neither YAML nor of a family with facts of its own: of scripts, makefiles, ignore files and programs. */
export function textFacts(text: string, path: string): FileFacts {
  return [
    ...textBuildFacts(text, path),
    ...composeSetFacts(text, path),
    ...outputFacts(text, path),
    ...scriptFacts(text, path),
    ...leftOutFacts(text, path),
    ...keptFolderFacts(text, path),
    ...programFacts(text, path),
    ...seccompFacts(text, path),
  ];
}
