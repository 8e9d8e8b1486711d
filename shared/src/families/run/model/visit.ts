import type { PartVisitor } from '../../family/part';
import { brokenContinuations } from './broken';
import { imageOf, type RunImage } from './image';
import { isOnlyCopied } from './lifetime';
import { releaseScripts } from './releases';
import type { CommandsView } from '../../../rule/pipeline/types';
import type { ClientCommand, RunContainer, RunModel } from './types';
import { containersOf } from './view';

/** A command that talks to an engine, of any verb. */
export interface ClientView {
  readonly target: 'client';
  readonly client: ClientCommand;
  readonly model: RunModel;
}

declare module '../../../rule/define-rule' {
  interface Targets {
    run: { readonly container: RunContainer; readonly image: RunImage; readonly client: ClientView; readonly commands: CommandsView };
  }
}

/** What rules about command lines may look at. */
export const targets: readonly string[] = ['container', 'image', 'client', 'commands'];

/** Calls a visitor for everything in a model that it wants to see. */
export function visitRun(model: RunModel, visitor: PartVisitor): void {
  const { container, image, client, commands } = visitor as {
    readonly container?: (view: RunContainer) => void;
    readonly image?: (view: RunImage) => void;
    readonly client?: (view: ClientView) => void;
    readonly commands?: (view: CommandsView) => void;
  };
  for (const view of containersOf(model)) {
    // where a line breaks off, so does what is known of the command
    if (brokenContinuations(view.command, model).length > 0) continue;
    if (!isOnlyCopied(model, view.command)) container?.(view);
    if (!image) continue;
    const named = imageOf(view);
    if (named) image(named);
  }
  const scripts = commands ? releaseScripts(model) : null;
  if (scripts) commands?.(scripts);
  if (client) for (const command of [...model.commands, ...model.others]) client({ target: 'client', client: command, model });
}

/** The container that a view is about; `null` for commands that make none. */
export function commandOf(view: unknown): RunContainer | null {
  const seen = view as RunContainer | RunImage | ClientView | null;
  if (seen?.target === 'container') return seen;
  return seen?.target === 'image' ? seen.container : null;
}
