import type { Range } from '../../base/text/range';
import { readPackageManagerCall } from './package-manager';
import type { PackageManagerCall, Pipeline, Redirection, ShellAssignment, ShellCommand, ShellScript, ShellWord } from './types';

/** A command while its script is walked: what it runs, and what a wrapper assigns, is filled in after it was listed. */
export class CommandView implements ShellCommand {
  inner: ShellCommand | null = null;
  private call: PackageManagerCall | null | undefined;

  constructor(
    readonly name: string | null,
    readonly nameWord: ShellWord | null,
    readonly args: readonly ShellWord[],
    public assignments: readonly ShellAssignment[],
    readonly redirections: readonly Redirection[],
    readonly range: Range,
    readonly before: ShellCommand['before'],
    readonly after: ShellCommand['after'],
    readonly pipeline: Pipeline,
    readonly outer: ShellCommand | null,
    readonly script: ShellScript,
  ) {}

  get packageCall(): PackageManagerCall | null {
    if (this.call === undefined) this.call = readPackageManagerCall(this);
    return this.call;
  }
}
