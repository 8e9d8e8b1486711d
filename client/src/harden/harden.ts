import * as vscode from 'vscode';
import type { GroupSummary } from '../../../shared/src/output/protocol/messages';
import type { ServerAccess } from '../server';
import { applySession, type HardenOutcome, leftIn } from './apply';
import { isSameChoice, safeOnly } from './checklist';
import { createDiff } from './diff';
import { createElsewhere, type Elsewhere } from './elsewhere';
import { requestPlan } from './requests';
import type { Row } from './rows';
import { scanWorkspace } from './scan';
import { createSession, type Session } from './session';
import { announce, describeLeft, describeOutcome } from './summary';
import { createTree } from './tree';
import { countFiles, countFindings, toRange } from './words';

/** What is open in the checklist, for those who drive it by commands. */
export interface HardenState {
  readonly files: readonly {
    readonly uri: vscode.Uri;
    readonly groups: readonly {
      readonly id: string;
      readonly label: string;
      readonly class: GroupSummary['class'];
      readonly rules: readonly string[];
      readonly needs: readonly string[];
      readonly ticked: boolean;
    }[];
    /** How many findings no group answers. */
    readonly left: number;
  }[];
}

/** Harden in the editor: a checklist of groups beside a diff that follows it. */
export interface Harden extends vscode.Disposable {
  /** Opens the checklist of a file. Where there is nothing to tick, it says so, or shows what belongs elsewhere. */
  open(uri: vscode.Uri): Promise<HardenState>;
  /** The files of the open checklist; `undefined`: none is open. */
  uris(): readonly vscode.Uri[] | undefined;
  /** Opens the checklist of the workspace. */
  openWorkspace(): Promise<HardenState>;
  /** Ticks or unticks a group of an open checklist. */
  tick(uri: vscode.Uri, id: string, on: boolean): HardenState;
  /** The row that has the keyboard is ticked or unticked. */
  toggleFocused(): Promise<void>;
  /** Shows the place of a row. */
  show(row: Row): Promise<void>;
  /** Applies what is ticked, or the safe groups alone, and closes. `undefined`: nothing is open, or nothing ticked. */
  apply(safe: boolean): Promise<HardenOutcome | undefined>;
  /** Closes the checklist; nothing is changed. */
  discard(): Promise<void>;
  readonly elsewhere: Elsewhere;
}

/** Makes the view, the diff and the documents of harden. */
export function createHarden({ channel, client }: ServerAccess): Harden {
  let session: Session | undefined;
  let toggling = false;
  const diff = createDiff();
  const elsewhere = createElsewhere(client);
  const tree = createTree((row, on) => tickRow(row, on));

  const state = (): HardenState => ({
    files: (session?.files() ?? []).map(({ uri, list: { plan, ticked } }) => ({
      uri,
      groups: plan.groups.map(({ id, label, class: kind, rules, needs }) => ({
        id,
        label,
        class: kind,
        rules,
        needs,
        ticked: ticked.has(id),
      })),
      left: plan.left.length,
    })),
  });
  const setSession = async (next: Session | undefined): Promise<void> => {
    const old = session;
    session = next;
    await diff.setSession(next);
    await tree.setSession(next);
    old?.dispose();
  };
  const begin = async (next: Session): Promise<HardenState> => {
    await setSession(next);
    const [first] = next.files();
    if (first !== undefined) await diff.show(first.uri);
    await tree.focus();
    return state();
  };

  const tickRow = (row: Row, on: boolean): void => {
    const file = session?.find(row.file.uri);
    if (session === undefined || file === undefined) return;
    if (row.kind === 'group' || row.kind === 'finding' || row.kind === 'note') session.tick(file.uri, [row.group.id], on);
    else if (row.kind === 'file') {
      // What is a person's decision is not decided for a whole file.
      const groups = file.list.plan.groups.filter(group => group.chosen || !on);
      session.tick(
        file.uri,
        groups.map(({ id }) => id),
        on,
      );
    }
  };
  const toggleRow = (row: Row): void => {
    const list = session?.find(row.file.uri)?.list;
    if (list === undefined) return;
    if ('group' in row) tickRow(row, !list.ticked.has(row.group.id));
    else tickRow(row, list.ticked.size === 0);
  };

  const runApply = async (current: Session): Promise<HardenOutcome> => {
    const options = {
      location: current.wide ? vscode.ProgressLocation.Notification : vscode.ProgressLocation.Window,
      title: vscode.l10n.t('Hardening'),
      cancellable: current.wide,
    };
    const server = await client();
    return vscode.window.withProgress(options, (progress, token) => applySession(server, current, progress, token));
  };

  return {
    elsewhere,
    async open(uri) {
      const known = session?.wide === false ? session.find(uri) : undefined;
      if (session !== undefined && known !== undefined) {
        await session.renew(uri);
        await diff.show(uri);
        await tree.focus();
        return state();
      }
      const plan = await requestPlan(await client(), uri);
      const name = vscode.workspace.asRelativePath(uri);
      if (plan === null) {
        void vscode.window.showInformationMessage(vscode.l10n.t('{0} is not a file that Bulkhead hardens.', name));
        return { files: [] };
      }
      if (plan.unchecked !== null) {
        void vscode.window.showInformationMessage(vscode.l10n.t('{0} was not hardened: {1}', name, plan.unchecked));
        return { files: [] };
      }
      if (plan.groups.length > 0) return begin(createSession(client, [[uri, plan]], [], false));
      if (session !== undefined) await setSession(undefined);
      const left = leftIn(uri, plan);
      for (const line of describeLeft(left)) channel.info(line);
      const rest = left.length === 0 ? '' : vscode.l10n.t('; {0} left to resolve', countFindings(left.length));
      if (plan.elsewhere.length > 0) {
        void elsewhere.offer(uri, plan.elsewhere, vscode.l10n.t('{0} cannot be edited here', name) + rest).catch(warn);
      } else void announce(vscode.l10n.t('Nothing to change in {0}', name) + rest, left);
      return { files: [{ uri, groups: [], left: plan.left.length }] };
    },
    async openWorkspace() {
      const scan = await scanWorkspace(await client());
      if (scan === undefined) return state();
      if (!scan.complete) {
        const message = vscode.l10n.t(
          'Only {0} were checked: the workspace has more (limit: bulkhead.workspace.maxFiles)',
          countFiles(scan.files),
        );
        void vscode.window.showWarningMessage(message);
      }
      if (scan.plans.length > 0) return begin(createSession(client, scan.plans, scan.others, true));
      const nothing = vscode.l10n.t('Nothing to change in {0}', countFiles(scan.files));
      const left = scan.others.flatMap(([uri, plan]) => leftIn(uri, plan));
      void announce(left.length === 0 ? nothing : nothing + vscode.l10n.t('; {0} left to resolve', countFindings(left.length)), left);
      return { files: [] };
    },
    uris: () => session?.files().map(({ uri }) => uri),
    tick: (uri, id, on) => (session?.tick(uri, [id], on), state()),
    async toggleFocused() {
      // The editor does not say which row has the focus, but runs that row's command.
      toggling = true;
      try {
        await vscode.commands.executeCommand('list.select');
      } finally {
        setTimeout(() => (toggling = false), 500);
      }
    },
    async show(row) {
      if (toggling) {
        toggling = false;
        toggleRow(row);
        return;
      }
      if (row.kind === 'elsewhere') {
        await elsewhere.show(row.file.uri, row.item);
        return;
      }
      const place = 'finding' in row ? row.finding : 'step' in row ? row.step : 'group' in row ? row.group.answers[0] : undefined;
      await diff.show(row.file.uri, place?.range ? toRange(place.range) : undefined);
    },
    async apply(safe) {
      const current = session;
      if (current === undefined) return undefined;
      if (safe) for (const { uri, list } of current.files()) if (!isSameChoice(list, safeOnly(list))) current.choose(uri, safeOnly(list));
      if (current.files().every(({ list }) => list.ticked.size === 0)) {
        void vscode.window.showInformationMessage(
          safe
            ? vscode.l10n.t('No group of fixes can be applied without review: nothing was applied.')
            : vscode.l10n.t('No group of fixes is selected: nothing was applied.'),
        );
        return undefined;
      }
      const outcome = await runApply(current);
      for (const uri of outcome.outdated) await current.renew(uri);
      if (outcome.outdated.length > 0) {
        const names = outcome.outdated.map(uri => vscode.workspace.asRelativePath(uri)).join(', ');
        void vscode.window.showWarningMessage(
          vscode.l10n.t('Nothing was applied to {0}: it changed in the meantime. The list was refreshed.', names),
        );
      }
      if (!outcome.applied) return outcome;
      for (const line of describeLeft(outcome.left)) channel.info(line);
      const [only] = outcome.files;
      await setSession(undefined);
      if (!current.wide && only !== undefined) await vscode.window.showTextDocument(only, { preview: false });
      void announce(describeOutcome(outcome), outcome.left).catch(warn);
      return outcome;
    },
    discard: () => setSession(undefined),
    dispose() {
      session?.dispose();
      diff.dispose();
      tree.dispose();
      elsewhere.dispose();
    },
  };

  function warn(error: unknown): void {
    const message = error instanceof Error ? error.message : String(error);
    channel.error(message);
    void vscode.window.showErrorMessage(message);
  }
}
