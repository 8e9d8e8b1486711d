import { mapOf, scalarOf, stringOf } from '../../../syntax/yaml/values';
import { baseName, isPosixShell } from '../../../syntax/shell/interpreter';
import type { YamlMap } from '../../../syntax/yaml/types';
import type { Runner, ShellKind } from './types';

/** What a value of `shell` stands for: `bash`, `pwsh`, `bash -euo pipefail {0}`. */
function kindOf(text: string): ShellKind {
  if (text.includes('${{')) return 'unknown';
  const name = baseName(text.trim().split(/\s/, 1)[0] ?? '').toLowerCase();
  if (isPosixShell(name)) return 'posix';
  if (name === 'pwsh' || name === 'powershell') return 'powershell';
  if (name === 'cmd') return 'cmd';
  return /^python[\d.]*$/.test(name) ? 'python' : 'other';
}

function defaultOf(holder: YamlMap, name: 'shell' | 'working-directory' = 'shell'): string | null {
  return stringOf(scalarOf(mapOf(mapOf(holder.get('defaults'))?.get('run'))?.get(name)));
}

/** Where the script of a step runs, as written: by itself, else by the job's default, else by the workflow's; `''`: in the workspace. */
export function workingDirectory(step: YamlMap, job: YamlMap | null, root: YamlMap): string {
  const written = step.entry('working-directory');
  if (written) return stringOf(scalarOf(written.value)) ?? '${{';
  return job ? (defaultOf(job, 'working-directory') ?? defaultOf(root, 'working-directory') ?? '') : '';
}

/**
 * The shell in force for a step: its own, else the job's default, else the workflow's, else that of the runner, which is PowerShell on Windows
 * unless the job runs in a container.
 */
export function shellInForce(step: YamlMap, job: YamlMap | null, root: YamlMap, runner: Runner | null): ShellKind {
  const own = step.entry('shell');
  const given = own ? (stringOf(scalarOf(own.value)) ?? '${{') : ((job && defaultOf(job)) ?? (job ? defaultOf(root) : null));
  if (given !== null) return kindOf(given);
  // a composite action has to say it
  if (!runner || !job) return 'unknown';
  // what runs in a container runs on Linux
  if (job.entry('container')) return 'posix';
  const windows = runner.labels.filter(({ text }) => /^windows\b/i.test(text)).length;
  if (!runner.known) return windows === 0 && runner.labels.length > 0 ? 'posix' : 'unknown';
  if (windows === 0) return 'posix';
  // several labels of one runner, one of which names its system, or several runners of a matrix
  return windows === runner.labels.length || runner.labels.some(({ text }) => /^self-hosted$/i.test(text)) ? 'powershell' : 'mixed';
}
