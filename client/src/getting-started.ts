import * as vscode from 'vscode';

/** A step of the walkthrough. */
export type Step = 'finding' | 'fix' | 'harden' | 'pin';

/** What was done in this window; VS Code keeps for itself what it was told of. */
const done = new Set<Step>();

/** Notes that a step of the walkthrough was really done, wherever and whenever that was. */
export function did(step: Step): void {
  if (done.has(step)) return;
  done.add(step);
  tell();
}

/**
 * Tells VS Code what was done. It takes no notice of a context key that was true before the walkthrough was first opened; so each is true for a moment only, and
 * once more when the walkthrough opens.
 */
function tell(): void {
  for (const value of [true, false])
    for (const step of done) void vscode.commands.executeCommand('setContext', `bulkhead.did.${step}`, value);
}

/** Runs when an action has changed the text: VS Code tells nobody else which one was taken. Not for the palette. */
const noteCommand = '_bulkhead.did';

/** What the walkthrough shows, to try it on. */
const example = `FROM node:24
ENV SESSION_SECRET=7c2e41f09b6d4a588f3e
WORKDIR /app
ADD server.js package.json ./
RUN npm install
EXPOSE 3000
CMD ["node", "server.js"]
`;

async function openExample(): Promise<void> {
  const document = await vscode.workspace.openTextDocument({ language: 'dockerfile', content: example });
  await vscode.window.showTextDocument(document, vscode.ViewColumn.Beside);
}

/** Opens the walkthrough, and hears of the actions that were taken. */
export function registerGettingStarted(extension: string): vscode.Disposable {
  return vscode.Disposable.from(
    vscode.commands.registerCommand(noteCommand, (step: Step) => did(step)),
    vscode.commands.registerCommand('_bulkhead.openExample', openExample),
    vscode.commands.registerCommand('bulkhead.getStarted', async () => {
      await vscode.commands.executeCommand('workbench.action.openWalkthrough', `${extension}#start`, false);
      tell();
    }),
    // a walkthrough is a tab of none of the kinds that extensions know
    vscode.window.tabGroups.onDidChangeTabs(({ opened, changed }) => {
      if ([...opened, ...changed].some(({ input }) => input === undefined)) tell();
    }),
  );
}

type Action = vscode.Command | vscode.CodeAction;

/** Has the actions that fix something tell that they were taken, until a fix and a pin were. */
export function noteFixes<Actions extends readonly Action[] | null | undefined>(actions: Actions): Actions {
  if (done.has('fix') && done.has('pin')) return actions;
  for (const action of actions ?? []) {
    if (!(action instanceof vscode.CodeAction) || action.command !== undefined || action.disabled !== undefined) continue;
    if (action.kind?.value !== vscode.CodeActionKind.QuickFix.value) continue;
    action.command = { command: noteCommand, title: '', arguments: [stepOf(action)] };
  }
  return actions;
}

/** A pin whose registry gives no digest comes back without an edit: nothing was done then. */
export function noteResolved<Resolved extends vscode.CodeAction | null | undefined>(action: Resolved): Resolved {
  if (action?.command?.command === noteCommand && action.edit === undefined) delete action.command;
  return action;
}

/** What the server gave with an action (`PinData`) says whether it pins. */
function stepOf(action: vscode.CodeAction): Step {
  const { data } = action as { readonly data?: unknown };
  return typeof data === 'object' && data !== null && 'pin' in data ? 'pin' : 'fix';
}
