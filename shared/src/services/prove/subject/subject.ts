import { cannot } from './draft';
import { composeSubjects } from './compose';
import { dockerfileSubjects } from './dockerfile';
import { podSubjects } from './pod';
import { runSubjects } from './run';
import type { SubjectAnswer, SubjectReader, SubjectRequest } from './types';

/** By the families whose files say what starts. */
const readers: Readonly<Record<string, SubjectReader>> = {
  compose: composeSubjects,
  dockerfile: dockerfileSubjects,
  kubernetes: podSubjects,
  run: runSubjects,
};

/** What of a file of a family can be asked to be proved, by name; nothing of other families. */
export function trialNames(family: string, path: string, text: string): readonly string[] {
  return Object.hasOwn(readers, family) ? readers[family]!.names(path, text) : [];
}

/** What a trial of a part of a file would be about, or everything that speaks against it. Pure; never throws on what is in the file. */
export function trialSubject(family: string, request: SubjectRequest): SubjectAnswer {
  if (Object.hasOwn(readers, family)) return readers[family]!.read(request);
  return [cannot('unclear', request.path, null)];
}
