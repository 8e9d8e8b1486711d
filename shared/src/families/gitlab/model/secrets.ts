import { isSecretName } from '../../../knowledge/secrets/detect';
import type { ShellVariable, ShellWord } from '../../../syntax/shell/types';
import type { WorkspaceIndex } from '../../../workspace/types';
import type { GitlabJob, GitlabView } from './types';

/** Credentials that GitLab gives to every job, and masks in its log (docs.gitlab.com, "Predefined CI/CD variables reference", 2026-08). */
const predefined = /^CI_(?:JOB_TOKEN|JOB_JWT\w{0,9}|REGISTRY_PASSWORD|DEPENDENCY_PROXY_PASSWORD|DEPLOY_PASSWORD|REPOSITORY_URL)$/;

/** Whether GitLab itself gives a variable to jobs. */
export function isPredefined(name: string): boolean {
  return /^(?:CI|GITLAB)_/.test(name);
}

/** Whether a variable of a job holds a secret: GitLab's own, or one of the settings that its name tells of and the file does not set. */
export function isSecret(name: string, file: GitlabView, job: GitlabJob | null, workspace: WorkspaceIndex): boolean {
  if (predefined.test(name)) return true;
  if (isPredefined(name) || !isSecretName(name) || /_(?:FILE|PATH)$/i.test(name)) return false;
  const written = (job?.variables() ?? file.variables).find(one => one.name === name);
  // what the pipeline sets is written there
  return written ? (written.text ?? '').includes('$') : (file.rest(workspace).variables.get(name) ?? true);
}

/** The variables of a word that hold secrets and are put in whole. */
export function secretsIn(
  word: ShellWord,
  { file, job, workspace }: { readonly file: GitlabView; readonly job: GitlabJob | null; readonly workspace: WorkspaceIndex },
): readonly ShellVariable[] {
  return word.variables.filter(
    ({ name, range }) =>
      /^\$(?:\w+|\{\w+\})$/.test(file.document.text.slice(range.start, range.end)) && isSecret(name, file, job, workspace),
  );
}
