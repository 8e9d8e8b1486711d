import * as vscode from 'vscode';
import type { BaseLanguageClient } from 'vscode-languageclient';
import type { HardenPlan } from '../../../shared/src/output/protocol/messages';
import { createChecklist, tick, type Checklist } from './checklist';
import { requestChoice, requestPlan } from './requests';

/** Pause after the last change of a file before there is a new plan of it, in milliseconds: a plan costs more than a check. */
const planDelay = 300;

/** A plan that is out of date as soon as it arrives is asked for again, but not without end. */
const maxAttempts = 5;

/** A file of which harden has a plan. */
export interface HardenFile {
  readonly uri: vscode.Uri;
  /** For people: the path in the workspace. */
  readonly name: string;
  readonly list: Checklist;
  /** Why what is shown is not up to date; `null`: it is, or will be in a moment. */
  readonly problem: string | null;
}

/** What is open in the view: plans of files, what is ticked, and the hardened texts, which follow both the ticks and the files. */
export interface Session extends vscode.Disposable {
  /** Whether it is about the workspace, with a row for each file. */
  readonly wide: boolean;
  /** Files without groups: their findings are left. */
  readonly others: readonly HardenFile[];
  files(): readonly HardenFile[];
  find(uri: vscode.Uri): HardenFile | undefined;
  /** Ticks groups of a file with all that they need, or unticks them with all that needs them. */
  tick(uri: vscode.Uri, ids: readonly string[], on: boolean): void;
  /** Replaces what is ticked of a file. */
  choose(uri: vscode.Uri, list: Checklist): void;
  /** The text of a file with the ticked groups applied; waits for what is under way. */
  hardened(uri: vscode.Uri): Promise<string>;
  /** Whether the file has changed since its plan was made. */
  isOutdated(uri: vscode.Uri): boolean;
  /** Makes a new plan of a file; the ticks are kept. */
  renew(uri: vscode.Uri): Promise<void>;
  /** A plan, or what is ticked, is another. */
  readonly onDidChange: vscode.Event<vscode.Uri>;
  /** A hardened text that somebody has asked for is another. */
  readonly onDidChangeText: vscode.Event<vscode.Uri>;
}

/** A file and what is known of it. */
interface Entry {
  readonly uri: vscode.Uri;
  readonly name: string;
  list: Checklist;
  problem: string | null;
  /** The hardened text of the last answer; `undefined`: nobody has asked for one. */
  text: string | undefined;
  /** Whether the plan is out of date. */
  outdated: boolean;
  /** Whether what is under way answers an older question. */
  stale: boolean;
  work: Promise<void> | null;
  timer: ReturnType<typeof setTimeout> | undefined;
}

/** Plans that a session starts from, with the addresses in the editor's spelling. */
export type Plans = readonly (readonly [vscode.Uri, HardenPlan])[];

/** Opens a session. `client` gives the running client, or throws with a readable message. */
export function createSession(client: () => Promise<BaseLanguageClient>, plans: Plans, others: Plans, wide: boolean): Session {
  const changed = new vscode.EventEmitter<vscode.Uri>();
  const changedText = new vscode.EventEmitter<vscode.Uri>();
  const entries = new Map(plans.map(([uri, plan]) => [uri.toString(), createEntry(uri, plan)]));
  let closed = false;

  const entryOf = (uri: vscode.Uri): Entry => {
    const entry = entries.get(uri.toString());
    if (entry === undefined) throw new Error(vscode.l10n.t('No hardening plan for {0}.', vscode.workspace.asRelativePath(uri)));
    return entry;
  };

  const renewPlan = async (entry: Entry): Promise<void> => {
    clearTimeout(entry.timer);
    entry.outdated = false;
    const plan = await requestPlan(await client(), entry.uri);
    if (closed) return;
    entry.list = createChecklist(plan ?? { ...entry.list.plan, groups: [], left: [], elsewhere: [], stories: [] }, entry.list);
    changed.fire(entry.uri);
  };

  /** Asks until the answer is one to what is ticked now, of the text of now. */
  const ask = async (entry: Entry): Promise<void> => {
    entry.problem = null;
    let attempts = 0;
    while (entry.stale && !closed) {
      entry.stale = false;
      if (entry.outdated) await renewPlan(entry);
      const { list } = entry;
      const choice = await requestChoice(await client(), entry.uri, list);
      if (choice === null) {
        if (++attempts === maxAttempts) throw new Error(vscode.l10n.t('{0} keeps changing', entry.name));
        entry.outdated = true;
        entry.stale = true;
      } else if (!entry.stale && entry.list === list && choice.text !== entry.text) {
        entry.text = choice.text;
        changedText.fire(entry.uri);
      }
    }
  };
  const follow = (entry: Entry): Promise<void> => {
    entry.stale = true;
    entry.work ??= ask(entry)
      .catch((error: unknown) => {
        entry.problem = error instanceof Error ? error.message : String(error);
        changed.fire(entry.uri);
      })
      .finally(() => {
        entry.work = null;
        // a tick that came after the last look
        return entry.stale && !closed && entry.problem === null ? follow(entry) : undefined;
      });
    return entry.work;
  };

  const update = (entry: Entry, list: Checklist): void => {
    entry.list = list;
    changed.fire(entry.uri);
    if (entry.text !== undefined) void follow(entry);
  };

  const subscription = vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
    const entry = entries.get(document.uri.toString());
    if (entry === undefined || contentChanges.length === 0) return;
    entry.outdated = true;
    entry.stale = true;
    clearTimeout(entry.timer);
    entry.timer = setTimeout(() => void follow(entry), planDelay);
  });

  return {
    wide,
    others: others.map(([uri, plan]) => createEntry(uri, plan)),
    files: () => [...entries.values()],
    find: uri => entries.get(uri.toString()),
    tick: (uri, ids, on) => update(entryOf(uri), tick(entryOf(uri).list, ids, on)),
    choose: (uri, list) => update(entryOf(uri), list),
    async hardened(uri) {
      const entry = entryOf(uri);
      if (entry.text === undefined) await follow(entry);
      else await entry.work;
      return entry.text ?? (await vscode.workspace.openTextDocument(uri)).getText();
    },
    isOutdated: uri => entryOf(uri).outdated,
    async renew(uri) {
      const entry = entryOf(uri);
      entry.outdated = true;
      await follow(entry);
    },
    onDidChange: changed.event,
    onDidChangeText: changedText.event,
    dispose() {
      closed = true;
      for (const { timer } of entries.values()) clearTimeout(timer);
      subscription.dispose();
      changed.dispose();
      changedText.dispose();
    },
  };
}

function createEntry(uri: vscode.Uri, plan: HardenPlan): Entry {
  return {
    uri,
    name: vscode.workspace.asRelativePath(uri),
    list: createChecklist(plan),
    problem: null,
    text: undefined,
    outdated: false,
    stale: false,
    work: null,
    timer: undefined,
  };
}
