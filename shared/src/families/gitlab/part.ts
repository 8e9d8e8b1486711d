import type { Part } from '../family/part';
import type { YamlPiece } from '../family/types';
import { yamlPart } from '../family/yaml-part';
import type { ObjectRef } from '../../rule/finding/types';
import { short } from '../../base/limits/short';
import { pathToPointer } from '../../syntax/yaml/lookup';
import { imagesOf } from './model/image';
import { readGitlab } from './model/read';
import type { GitlabTargets } from './model/targets';
import type { GitlabView } from './model/types';

type View = GitlabTargets[keyof GitlabTargets] | null;
type GitlabVisitor = { readonly [T in keyof GitlabTargets]?: (view: GitlabTargets[T]) => void };

/** A pipeline of GitLab as a part of its file. */
export function gitlabPart(piece: YamlPiece): Part {
  const { document, path } = piece;
  const file = readGitlab(document, path);
  return yamlPart(piece, {
    family: 'gitlab',
    // equal keys: the last one holds, and which one a fix is about is not known
    locked: document.problems.length > 0 ? 'syntax' : null,
    visit: visitor => file && visit(file, visitor),
    objectOf: view => refOf(view as View),
    namesOf: view => {
      const job = (view as View)?.target === 'gitlabJob' ? (view as GitlabTargets['gitlabJob']) : null;
      return { object: job ? `Job "${job.name}"` : 'The pipeline' };
    },
  });
}

function visit(file: GitlabView, visitor: GitlabVisitor): void {
  visitor.pipeline?.(file);
  if (visitor.include) file.includes.forEach(visitor.include);
  if (visitor.gitlabJob) file.jobs.forEach(visitor.gitlabJob);
  if (visitor.image) imagesOf(file).forEach(visitor.image);
  if (visitor.script) file.scripts.forEach(visitor.script);
}

function refOf(view: View): ObjectRef | null {
  return view?.target === 'gitlabJob' ? { document: 0, kind: 'job', name: short(view.name), path: pathToPointer(view.path) } : null;
}
