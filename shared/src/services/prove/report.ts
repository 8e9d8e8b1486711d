import type { TrialFacts, TrialLevel, TrialRight } from '../../knowledge/trials';
import { joined, masked, maskedJson, plain, restyled, trusted, type MaskedText } from '../../output/report/masked-text';
import { padEnd, printable } from '../../output/report/printable';
import { plural } from '../../output/report/summary';
import type { Cannot, CannotReason, TrialSettings, TrialStart, TrialSubject } from './contract';
import { type Difference, isTextSteady, judge } from './judge';
import type { NotTried, TrialVerdict } from './search';
import type { SeenStart } from './search-steps';
import { keptInMemory } from './settings';

/** A trial of an image as it is on disk, after which its Dockerfile was hardened and the image built anew. */
export interface Rebuilt {
  readonly dockerfile: string;
  /** The lines that the hardened Dockerfile has more. */
  readonly added: readonly string[];
  readonly history: readonly SeenStart[];
  readonly durationMs: number;
}

/** Everything that a report of a trial is made of. */
export interface TrialReport {
  readonly version: string;
  readonly path: string;
  readonly subject: TrialSubject;
  /** `2026-12-01`. */
  readonly date: string;
  /** `podman 4.3.1, runc 1.1.5, linux/amd64`. */
  readonly how: string;
  readonly image: { readonly id: string; readonly digest: string; readonly platform: string };
  readonly verdict: TrialVerdict;
  readonly history: readonly SeenStart[];
  readonly durationMs: number;
  /** Seconds that a start was watched after it was ready. */
  readonly watchedSeconds: number;
  /** What was started before, where this is of the Dockerfile as harden then writes it; `null`: all was as it is on disk. */
  readonly rebuilt: Rebuilt | null;
  /** What of the start could not be seen from here; `null`: all that there is. */
  readonly unseen: MaskedText | null;
  /** Masks what comes from the file, its images and its log. */
  readonly mask: (text: string) => MaskedText;
}

const levels: Readonly<Record<TrialLevel, MaskedText>> = {
  started: plain('it started and kept running'),
  answered: plain('it responded'),
  exercised: plain('it responded and worked when used'),
};

const purposes: Readonly<Record<TrialStart['purpose'], MaskedText>> = {
  baseline: plain('as written'),
  all: plain('all hardening at once'),
  'read-failure': plain('with the changes suggested by the container log'),
  halves: plain('some of the settings'),
  capabilities: plain('fewer capabilities'),
  confirm: plain('to confirm'),
  again: plain('as written, repeated'),
};

const rightNames: Readonly<Record<TrialRight, MaskedText>> = {
  user: plain('a user other than root'),
  files: plain('a read-only root filesystem'),
  capabilities: plain('fewer capabilities than the default set'),
  escalation: plain('no-new-privileges'),
  pids: plain('a process limit'),
};

const differences: Readonly<Record<Difference, MaskedText>> = {
  refused: plain('the engine refused to start the container:'),
  ended: plain('it exited with code'),
  'not-ready': plain('it was not ready in time'),
  'exit-code': plain('it exited with a different exit code:'),
  sockets: plain('it did not listen on'),
  'no-answer': plain('no response on port'),
  status: plain('a different HTTP status on port'),
  type: plain('a different media type on port'),
  empty: plain('an empty response on port'),
  length: plain('a response of a different size on port'),
  text: plain('a response with different content on port'),
  unhealthy: plain('its health check failed'),
  processes: plain('a process was missing:'),
  stop: plain('it did not exit on its stop signal, exit code'),
  exercise: plain('the exercise command failed, exit code'),
  log: plain('it logged:'),
};

const reasons: Readonly<Record<CannotReason, MaskedText>> = {
  'does-not-start': plain('it does not start on its own'),
  'needs-host': plain('it needs something from the host'),
  'needs-secret': plain('it needs a secret'),
  'needs-network': plain('it needs the network'),
  'needs-peer': plain('it needs another service'),
  'not-here': plain('it needs something that is not available here'),
  'refused-build': plain('its build is rejected'),
  unclear: plain('it works with none of the settings tried'),
  flaky: plain('it behaves differently each time it starts'),
  time: plain('time ran out'),
  engine: plain('the container engine rejects it'),
};

function notTriedText(what: NotTried, { watchedSeconds, verdict, subject, mask }: TrialReport): MaskedText {
  const paths = verdict.kind === 'cannot' ? [] : keptInMemory(verdict.settings, subject);
  const texts: Readonly<Record<NotTried, MaskedText>> = {
    later: masked`what it does more than ${plural(watchedSeconds, 'second')} after it is ready, such as nightly jobs and log rotation`,
    requests: plain(
      'requests such as uploads (only the first page on each port was requested), and what the program does silently in the background: use --exercise COMMAND to test these',
    ),
    answers: plain('whether it does its job: no port returned a recognized response; --exercise COMMAND tests this'),
    user: plain('a user other than root: no suitable user is known'),
    capabilities: plain('whether it needs each of the capabilities that it kept'),
    confirm: plain('a second run with the complete set of settings'),
    kept: masked`whether files that are lost when the container stops must be kept: ${joined(paths.map(mask), ', ')}`,
    'low-ports': plain(
      'how it runs on an engine that reserves ports below 1024 for root: Docker and Podman do not, but CRI-O does unless a sysctl opens the ports',
    ),
    writes: plain(
      "whether it writes to other paths in heavier use: harden asks about this, unless the service's sources or the known facts about its image show where it writes; --exercise COMMAND tests this",
    ),
  };
  return texts[what];
}

const row = <T extends string>(name: string extends T ? never : T, value: MaskedText): MaskedText =>
  masked`  ${restyled(plain<T>(name), shown => padEnd(shown, 14))}${value}`;

/** What cannot be proved, and why, in one line each. */
export function cannotText(name: string, cannots: readonly Cannot[], maskOne: (text: string) => MaskedText): MaskedText {
  const mask = onOneLine(maskOne);
  return joined(
    cannots.map(({ reason, what }) => masked`${mask(name)}: cannot be proved: ${reasons[reason]}: ${mask(what)}`),
    '\n',
  );
}

/** The same as JSON; ends with a line break. */
export function cannotJson({
  version,
  path,
  name,
  cannots,
  mask,
}: Pick<TrialReport, 'version' | 'path' | 'mask'> & { readonly name: string; readonly cannots: readonly Cannot[] }): MaskedText {
  return maskedJson({
    schemaVersion: 1 as const,
    version: trusted(version),
    path: mask(path),
    name: mask(name),
    verdict: 'cannot' as const,
    reason: cannots[0]?.reason ?? 'unclear',
    what: mask(cannots[0]?.what ?? ''),
    reasons: cannots.map(({ reason, what }) => ({ reason, what: mask(what) })),
    starts: [],
  });
}

/** A start in a few words, for the progress and the report. */
export function startText(start: Pick<TrialStart, 'purpose'>): MaskedText {
  return purposes[start.purpose];
}

/** How a start went against the first one, in a few words. */
function resultText(seen: SeenStart, history: readonly SeenStart[], mask: (text: string) => MaskedText): MaskedText {
  const { observed } = seen;
  const baseline = history[0]!;
  if (seen === baseline) {
    const open = observed.sockets.length === 0 ? plain('nothing listens') : masked`listens on ${mask(observed.sockets.join(', '))}`;
    if (observed.outcome === 'ready') return masked`ready after ${seconds(observed.readyMs ?? 0)}, ${open}`;
    return observed.outcome === 'ended' ? masked`exited with exit code ${observed.exitCode ?? -1}` : differences[observed.outcome];
  }
  const { verdict, differences: found } = judge(baseline.observed, observed, isTextSteady(history));
  const [first] = found;
  return verdict === 'same' || !first
    ? plain('works')
    : verdict === 'degraded'
      ? plain('works, but logs that something was denied')
      : differenceText(first, mask);
}

function differenceText(
  { what, detail }: { readonly what: Difference; readonly detail: string },
  mask: (text: string) => MaskedText,
): MaskedText {
  return detail === '' ? differences[what] : masked`${differences[what]} ${mask(detail.slice(0, 300))}`;
}

const seconds = (ms: number): MaskedText => masked`${Math.round(ms / 100) / 10} s`;

function settingRows(
  { user, readOnly, folders, capabilities, noNewPrivileges, pids, init }: TrialSettings,
  { mask, subject: { container } }: TrialReport,
): readonly MaskedText[] {
  const placed = folders.map(({ path, kind }) => masked`${mask(path)}${kind === 'volume' ? plain(' (a volume)') : plain('')}`);
  const writable = placed.length === 0 ? plain('nothing else is writable') : masked`writable: ${joined(placed, ', ')}`;
  const none = capabilities === null ? plain('as written') : capabilities.length === 0 ? plain('none') : trusted(capabilities.join(', '));
  return [
    row('user', user === null ? (container.user === null ? plain("the image's default") : mask(container.user)) : mask(user)),
    row('file system', readOnly ? masked`read-only, ${writable}` : plain('as written')),
    row('capabilities', none),
    row('privileges', noNewPrivileges ? plain('no new privileges') : plain('as written')),
    row('processes', pids === null ? plain('as written') : masked`at most ${pids}`),
    ...(init ? [row('init', plain('yes: its first process does not exit on the stop signal'))] : []),
  ];
}

/** What comes from elsewhere takes one line, and steers no terminal. */
const onOneLine =
  (mask: TrialReport['mask']): TrialReport['mask'] =>
  text =>
    printable(mask(text));

/** All starts, with what was written in between. */
function startRows({ history, durationMs, rebuilt, mask }: TrialReport): readonly MaskedText[] {
  const before = rebuilt?.history ?? [];
  const rows = (starts: readonly SeenStart[], from: number): readonly MaskedText[] =>
    starts.map((seen, index) => masked`    ${from + index + 1}. ${startText(seen)}: ${resultText(seen, starts, mask)}`);
  const written =
    rebuilt === null
      ? []
      : [
          masked`    then rebuilt from the hardened ${mask(rebuilt.dockerfile)}:`,
          ...rebuilt.added.map(line => masked`       ${mask(line)}`),
        ];
  return [
    row('starts', masked`${before.length + history.length} in ${seconds(durationMs + (rebuilt?.durationMs ?? 0))}`),
    ...rows(before, 0),
    ...written,
    ...rows(history, before.length),
  ];
}

/** The report for people; ends with a line break. */
export function trialText(written: TrialReport): MaskedText {
  const report = { ...written, mask: onOneLine(written.mask) };
  const { subject, verdict, history, how, image, mask, unseen } = report;
  const name = masked`${mask(subject.container.name)} (${mask(report.path)})`;
  const source = typeof subject.container.image === 'string' ? masked`${mask(subject.container.image)}, ` : plain('built, ');
  const [baseline] = history;
  const facts = [
    row('image', masked`${source}${trusted(image.digest)}`),
    row('engine', trusted(how)),
    ...startRows(report),
    ...(subject.peers.length > 0
      ? [
          row(
            'with',
            joined(
              subject.peers.map(peer => mask(peer.name)),
              ', ',
            ),
          ),
        ]
      : []),
    ...(subject.leftOut.length > 0 ? [row('left out', joined(subject.leftOut.map(mask), ', '))] : []),
  ];
  if (verdict.kind === 'cannot') {
    const what = verdict.what === '' ? plain('') : masked` (${mask(verdict.what)})`;
    const said = (baseline?.observed.log ?? []).slice(-3).map(line => masked`    ${mask(line.slice(0, 300))}`);
    return masked`${name}: cannot be proved: ${reasons[verdict.reason]}${what}\n${joined([...facts, ...said], '\n')}\n`;
  }
  const head =
    verdict.kind === 'proved'
      ? masked`${name}: proved: ${levels[verdict.level]}`
      : masked`${name}: partly proved: ${levels[verdict.level]}`;
  const why = verdict.reasons.at(-1);
  const off = verdict.needs.map(right => masked`    ${rightNames[right]}`);
  const sections = [
    ...facts,
    plain('The container worked with these settings'),
    ...settingRows(verdict.settings, report),
    ...(off.length > 0 ? [plain('Hardening not applied because it breaks the service'), ...off] : []),
    ...(off.length > 0 && why ? [masked`    the last failure: ${differenceText(why, mask)}`] : []),
    ...(verdict.edits.length > 0
      ? [
          masked`The container changes files in these paths, but works even if it cannot change them: ${joined(
            verdict.edits.map(({ path }) => mask(path)),
            ', ',
          )}`,
        ]
      : []),
    ...(verdict.complaints.length > 0
      ? [
          plain('The container logs these messages and keeps running'),
          ...verdict.complaints.slice(0, 5).map(line => masked`    ${mask(line.slice(0, 300))}`),
        ]
      : []),
    ...(unseen === null ? [] : [masked`Not observed: ${unseen}`]),
    plain('Not tried'),
    ...verdict.notTried.map(what => masked`    ${notTriedText(what, report)}`),
  ];
  return masked`${head}\n${joined(sections, '\n')}\n`;
}

function settingsJson(settings: TrialSettings, mask: TrialReport['mask']) {
  const { user, readOnly, folders, capabilities, noNewPrivileges, pids, init } = settings;
  return {
    user: user === null ? null : mask(user),
    readOnly,
    folders: folders.map(({ path, kind }) => ({ path: mask(path), kind })),
    capabilities: capabilities === null ? null : capabilities.map(mask),
    noNewPrivileges,
    pids,
    init,
  };
}

const startsJson = (history: readonly SeenStart[], mask: TrialReport['mask']) =>
  history.map(seen => ({
    purpose: seen.purpose,
    settings: seen.settings && settingsJson(seen.settings, mask),
    result: resultText(seen, history, mask),
  }));

/** The report as JSON; ends with a line break. */
export function trialJson({
  version,
  path,
  subject,
  verdict,
  history,
  image,
  durationMs,
  how,
  date,
  rebuilt,
  mask,
}: TrialReport): MaskedText {
  const found =
    verdict.kind === 'cannot'
      ? { reason: verdict.reason, what: mask(verdict.what) }
      : {
          level: verdict.level,
          settings: settingsJson(verdict.settings, mask),
          needs: verdict.needs,
          complaints: verdict.complaints.map(mask),
          edits: verdict.edits.map(folder => mask(folder.path)),
          notTried: verdict.notTried,
        };
  return maskedJson({
    schemaVersion: 1 as const,
    version: trusted(version),
    path: mask(path),
    name: mask(subject.container.name),
    date: trusted(date),
    engine: trusted(how),
    image: trusted(image.digest),
    durationMs: durationMs + (rebuilt?.durationMs ?? 0),
    verdict: verdict.kind,
    ...found,
    ...(rebuilt && { rebuilt: { dockerfile: mask(rebuilt.dockerfile), added: rebuilt.added.map(mask), after: rebuilt.history.length } }),
    starts: [...(rebuilt ? startsJson(rebuilt.history, mask) : []), ...startsJson(history, mask)],
  });
}

const idsOf = (user: string | null): TrialFacts['user'] => {
  const ids = /^(\d+):(\d+)$/.exec(user ?? '');
  return ids ? { uid: Number(ids[1]), gid: Number(ids[2]) } : null;
};

/** What follows for the engine of rules; `null`: nothing was proved. */
export function trialFacts({ verdict, history, how, date, image, rebuilt }: TrialReport): TrialFacts | null {
  if (verdict.kind === 'cannot') return null;
  const { settings, level, needs, isBounded } = verdict;
  return {
    origin: 'own',
    level,
    date,
    how,
    digest: image.digest,
    starts: history.length + (rebuilt?.history.length ?? 0),
    user: idsOf(settings.user),
    readOnly: settings.readOnly,
    folders: settings.folders.map(({ path, kind, isProgram }) => ({ path, kind, ...(isProgram && { isProgram }) })),
    capabilities: settings.capabilities,
    noNewPrivileges: settings.noNewPrivileges,
    init: settings.init,
    needs,
    isBounded,
  };
}
