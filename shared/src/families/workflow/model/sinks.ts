import type { Path, YamlScalar } from '../../../syntax/yaml/types';
import type { ShellKind, StepView } from './types';
import { valueOf } from './values';

/** A text of a step that is run as code. */
export interface Sink {
  readonly node: YamlScalar;
  readonly text: string;
  readonly path: Path;
  /** What reads it: a shell, JavaScript (`actions/github-script`), or something whose variables are not those of the step. */
  readonly language: ShellKind | 'javascript' | 'remote';
}

/** Inputs of actions that are code, by the action's name (their action.yml, 2026-08; templates that may hold code: the models of CodeQL, 2026-08). */
const inputs: Readonly<Record<string, readonly [names: string, language: Sink['language']]>> = {
  'actions/github-script': ['script', 'javascript'],
  'azure/cli': ['inlinescript', 'remote'],
  'azure/powershell': ['inlinescript', 'powershell'],
  'addnab/docker-run-action': ['run', 'remote'],
  'appleboy/ssh-action': ['script', 'remote'],
  'nick-fields/retry': ['command', 'other'],
  'nick-invision/retry': ['command', 'other'],
  'amadevus/pwsh-script': ['script', 'powershell'],
  'mikefarah/yq': ['cmd', 'other'],
  'cross-platform-actions/action': ['run', 'remote'],
  'vmactions/freebsd-vm': ['run', 'remote'],
  'tibdex/backport': ['title_template body_template head_template labels_template', 'other'],
};

/** The texts of a step that are run as code. */
export function sinksOf({ run, uses, inputs: given }: StepView): readonly Sink[] {
  if (run) return [{ node: run.node, text: run.text, path: run.path, language: run.shell }];
  const [names, language] = (uses?.kind === 'repository' && Object.hasOwn(inputs, uses.name) && inputs[uses.name]) || ['', 'other'];
  return names.split(' ').flatMap(name => {
    const value = valueOf(given, name);
    return value?.node && value.text !== null ? [{ node: value.node, text: value.text, path: value.path, language }] : [];
  });
}
