import { basename, dirname, relative } from 'node:path';
import { masked, type MaskedText, plain, printable, trusted } from '../../../../shared/src/early';
import { configFileName, createEngine, createWords, effectiveConfig, gateOf, maskAlone, rules } from '../../../../shared/src/index';
import type { Cancellation } from '../../../../shared/src/base/ports/cancellation';
import type { AgentFile, AgentHost, AgentInput, FoundFile, NoFile } from '../../agents/port';
import type { Allowed } from '../../agents/tools';
import type { Watch } from '../../watch/watch';
import { watchEngine } from '../../watch/watched-engine';
import { readOwnConfig } from '../../decisions/read-config';
import { openEarlier } from '../../host/node/earlier';
import { locate } from '../../host/node/reader';
import { runNow } from '../../host/node/steps';
import type { Attempt } from '../attempt';
import { configReports } from '../config-report';
import { readInput, type FoundInput, type Input } from '../inputs';
import type { Output } from '../output';
import { pageOf } from '../pages';
import { createSuppressions } from '../pin';
import { createCliResolver } from '../resolver';
import { startRun, writeInput, type Run } from '../run';
import type { Arguments } from '../usage';
import { placeBelow } from './place';

/** No more of the files that the configuration excludes are compared with what it did before. */
const mostLeftOut = 100;

/** What a host is created with. */
export interface McpHostOptions {
  /** The working directory, without links: nothing outside of it is named by a call, or written. */
  readonly root: string;
  readonly allowed: Allowed;
  readonly watch: Watch;
  readonly isClean: boolean;
  readonly say: (line: MaskedText) => void;
}

const noWriting = plain(
  'writing is not allowed: the user can start bulkhead mcp with --allow-write, or run "bulkhead harden --write FILE" or "bulkhead pin --write FILE"',
);
const noNetwork = plain(
  'asking registries is not allowed: the user can start bulkhead mcp with --allow-network, or run "bulkhead pin FILE"',
);

/** The tools over files below a folder, as the command line reads them. */
export function createMcpHost({ root, allowed, watch, isClean, say }: McpHostOptions): AgentHost {
  const inputs = new WeakMap<AgentFile, Input>();
  const output = outputTo(say);
  const start = (input: AgentInput, paths: readonly string[]): Run => {
    const attempt = { ...attemptOn('text' in input ? input.text : ''), watch, isClean, within: root };
    return startRun(argumentsOf('text' in input ? { 'stdin-filename': paths[0]! } : {}), attempt, output, paths);
  };

  const fileOf = (run: Run, input: Input): AgentFile => {
    const opened = run.engine.open(input.file);
    const context = run.context(input);
    let leaves: ReturnType<ReturnType<typeof createSuppressions>> | null = null;
    const file: AgentFile = {
      path: input.shown,
      opened,
      context,
      result: opened.lint(context),
      spared: new Set(),
      leavesPin: place => (leaves ??= createSuppressions(watch)(input))(place),
      tracked: trackedIn(run, input),
    };
    inputs.set(file, input);
    return file;
  };

  const open = (run: Run, found: FoundInput): FoundFile | null => {
    const input = readInput(found, run.reading);
    // problems of a configuration come with the files that it applies to
    if (!input || basename(found.absolute) === configFileName) return null;
    if (!('file' in input)) return none(input.shown, trusted(input.message));
    run.facts.prepare(found);
    const file = fileOf(run, input);
    const { result } = file;
    if (result.checked) return { file };
    const { text } = input.file;
    const why = result.limited === null ? masked`no rules for ${trusted(result.family)}` : gateOf({ text, result }).mask(result.limited);
    return found.named ? none(input.shown, why) : null;
  };

  return {
    engine: watchEngine(createEngine(rules), watch),
    words: createWords(rules),
    noWriting: allowed.write ? null : noWriting,
    noNetwork: allowed.network ? null : noNetwork,
    async *open(input, cancellation) {
      const { paths, refused } = placesOf(root, input);
      yield* refused;
      if (paths.length === 0) return;
      const run = start(input, paths);
      const { found, problems, excluded, leftOut, testData } = run.found;
      for (const { shown, message } of problems) yield none(shown, trusted(message));
      for (const shown of excluded) yield none(shown, plain('is excluded by the configuration'));
      for (const one of leftOut.slice(0, mostLeftOut)) {
        const whole = readInput(one, run.reading);
        if (whole && 'file' in whole) yield { excluded: fileOf(run, whole) };
      }
      try {
        for (const one of found) {
          if (await isOver(cancellation)) return;
          const file = open(run, one);
          if (file) yield file;
        }
      } finally {
        run.facts.keep();
      }
      if (testData > 0) yield none('.', masked`${testData} files of test data and vendored code are left out: name their folder`);
      for (const problem of configReports(found.map(({ scope }) => scope)).problems) yield none(configFileName, problem);
    },
    apply: (file, { text }) => {
      const written = writeInput(inputs.get(file)!, text);
      return Promise.resolve(written.ok ? null : maskAlone(written.message));
    },
    lookUp: (references, cancellation) => createCliResolver(argumentsOf({}), [root], output).resolveAll(references, { cancellation }),
    page: rule => Promise.resolve(pageOf(rule)),
    earlier: top => openEarlier(top, [root]),
    parseConfig: (path, text) => readOwnConfig(path, text, rules, watch).config,
  };
}

/** Where an input is in its repository. */
function trackedIn({ reading }: Run, { absolute }: Input): AgentFile['tracked'] {
  const top = reading.gitRoot(dirname(absolute));
  if (top === null) return null;
  const path = relative(top, absolute).replaceAll('\\', '/');
  return { top, place: { path, workspace: null, chosen: null, baseline: null, effective: (config, own) => effectiveConfig(config, own) } };
}

function none(path: string, reason: MaskedText): { readonly none: NoFile } {
  return { none: { path, reason } };
}

/** The paths of a call that lead to something below the root, and why others are not taken. */
function placesOf(root: string, input: AgentInput): { readonly paths: readonly string[]; readonly refused: readonly FoundFile[] } {
  const paths: string[] = [];
  const refused: FoundFile[] = [];
  for (const path of 'text' in input ? [input.filename] : input.paths) {
    const place = placeBelow(root, path);
    const reason = 'reason' in place ? place.reason : 'text' in input ? null : problemAt(root, place.absolute, input.folders);
    if (reason !== null) refused.push(none(maskAlone(path), reason));
    else if ('absolute' in place) paths.push(place.absolute);
  }
  return { paths, refused };
}

/** Why a path is not read; `null`: it is. */
function problemAt(root: string, absolute: string, folders: boolean): MaskedText | null {
  const place = runNow(locate(absolute, root));
  if (!place.ok) return trusted(place.message);
  if (place.value.stat.isDirectory()) return folders ? null : plain('is a folder: name one file');
  return place.value.stat.isFile() ? null : plain('is not a regular file');
}

/** Lets others have a turn, the client that cancels among them. */
async function isOver(cancellation: Cancellation): Promise<boolean> {
  await new Promise<void>(resolve => void setImmediate(resolve));
  return cancellation.cancelled;
}

/** Notes of a run go to standard error, and nothing else is printed. */
function outputTo(say: McpHostOptions['say']): Output {
  const line = (text: MaskedText): void => say(printable(text));
  return { colour: false, terminal: false, errorColour: false, print: () => {}, say: line, note: line, progress: () => {} };
}

/** What a run over one text or some files works with: it starts no process, and is not given up for being long. */
function attemptOn(text: string): Pick<Attempt, 'standardInput' | 'expect' | 'running'> {
  return {
    standardInput: () => ({ ok: true, value: Buffer.from(text) }),
    expect: () => {},
    running: { started: () => {}, ended: () => {} },
  };
}

/** The arguments of a run, as if they were typed. */
function argumentsOf(values: Readonly<Record<string, string>>): Arguments {
  return {
    operands: [],
    has: option => option in values,
    get: option => values[option],
    all: option => (option in values ? [values[option]!] : []),
  };
}
