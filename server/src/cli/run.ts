import { resolve } from 'node:path';
import { masked, plain, suggest, trusted, spoken } from '../../../shared/src/early';
import {
  createEngine,
  createLineTable,
  createWords,
  defaultConfig,
  effectiveConfig,
  type EffectiveConfig,
  type Engine,
  isDate,
  type LintContext,
  type Overrides,
  parseFileSize,
  parseKubernetesVersion,
  parseSeverity,
  type Profile,
  rules,
  type RuleSetting,
  severityWords,
  type Words,
} from '../../../shared/src/index';
import { systemClock } from '../../../shared/src/base/ports/clock';
import type { Result } from '../host/node/files';
import { replaceFile } from '../host/node/write-file';
import { watchEngine } from '../watch/watched-engine';
import type { Attempt } from './attempt';
import { buildContextOf } from './build-context';
import { createFacts, type Facts } from './facts';
import { createKnownTrials, type KnownTrials } from './known-trials';
import { createKnownFacts, type KnownFacts } from './known-facts';
import { openKept } from './kept/open';
import type { Packs } from '../host/node/kept/packs';
import { findInputs, guardedFolders, noInputs, shownPath, standardInput, type FoundInputs, type Input, type Inputs } from './inputs';
import type { Output } from './output';
import { readNamedPolicies, type NamedPolicies } from './policies';
import { createReading, type Reading } from './reading';
import { createScopes, type ConfigFile, type FindScope } from './scopes';
import { InputError, UsageError, type Arguments } from './usage';

/** What `lint` and `harden` work with. */
export interface Run {
  readonly engine: Engine;
  readonly words: Words;
  readonly today: string;
  readonly findScope: FindScope;
  readonly facts: Facts;
  /** What is known of images by their configurations. */
  readonly images: KnownFacts;
  readonly trials: KnownTrials;
  readonly found: FoundInputs;
  readonly reading: Reading;
  /** The folders that somebody else may have filled, those that are checked among them: no link in them leads what is written elsewhere, and no program in them is run. */
  readonly guarded: readonly string[];
  /** What is kept between runs; `null`: nothing is. */
  readonly kept: Packs | null;
  /** Policies that live elsewhere; `null`: none are named. */
  readonly policies: NamedPolicies | null;
  /** Milliseconds since 1970 at the start. */
  readonly started: number;
  /** What the engine is told beside a file. */
  context(input: Input): LintContext;
  /** What holds in the working directory: reports name it. */
  readonly settings: EffectiveConfig;
}

/** A configuration that was asked for by name and is wrong leaves nothing to say of files. Throws `InputError`. */
function refuseWrong(config: ConfigFile | null): void {
  if (config === null) return;
  const shown = shownPath(config.path);
  if (config.unreadable) throw new InputError(`${shown}: ${config.unreadable.message}`);
  if (config.problems.length === 0) return;
  const lines = createLineTable(config.text);
  const problems = config.problems.map(({ range, message }) => {
    const { line, character } = lines.position(range.start);
    return `${shown}:${line + 1}:${character + 1}: ${message}`;
  });
  throw new InputError(problems.join('; '));
}

/** The operand that stands for standard input. */
const standardInputPath = '-';

/** Whether the one file of a run is standard input. */
export function readsStandardInput(args: Arguments): boolean {
  return args.has('stdin-filename') || args.operands.includes(standardInputPath);
}

/** Reads the arguments that `lint` and `harden` share, and the inputs: by default the operands; `null`: there are none. Throws `UsageError`. */
export function startRun(
  args: Arguments,
  { watch, expect, isClean, standardInput: read, within }: Attempt,
  output: Output,
  paths: readonly string[] | null = args.operands,
): Run {
  const started = systemClock.now();
  const today = args.get('today') ?? systemClock.today();
  if (!isDate(today)) throw new UsageError(`--today must be a date such as 2026-11-24, not "${today}"`);
  const overrides = readOverrides(args);
  const name = args.get('stdin-filename');
  if (name !== undefined && args.operands.some(path => path !== standardInputPath))
    throw new UsageError('--stdin-filename reads standard input and takes no PATH');
  if (args.operands.includes(standardInputPath) && args.operands.length > 1)
    throw new UsageError('standard input (-) cannot be combined with other paths');

  const engine = watchEngine(createEngine(rules), watch);
  const reading = createReading(args.has('follow-links'), shownPath, within);
  const config = args.get('config');
  const findScope = createScopes(rules, config === undefined ? null : resolve(config), reading, watch);
  if (config !== undefined) refuseWrong(findScope(process.cwd()).config);
  const guarded = guardedFolders(paths ?? [], reading);
  // after a file was given up nothing is what it would have been without that
  const kept = isClean ? openKept(args, guarded, line => output.say(line)) : null;
  const images = createKnownFacts(reading, line => output.say(line));
  const trials = createKnownTrials(reading, { guarded, trusts: args.has('trust-evidence') }, line => output.say(line));
  const policies = readNamedPolicies(args.all('policies'), engine, reading);
  const facts = createFacts(engine, reading, watch, kept, { images, trials, policies });
  const named = readsStandardInput(args)
    ? standardInput(name ?? null, findScope, overrides, read)
    : paths === null
      ? noInputs
      : findInputs(paths, findScope, overrides, reading, expect);
  const linted = policies ? { ...named, found: named.found.filter(({ absolute }) => !policies.holds(absolute)) } : named;
  const found = args.has('ignore-unknown') ? asFound(linted) : linted;
  const noSuppress = args.has('no-suppress');
  const here = effectiveConfig(findScope(process.cwd()).config?.config ?? null, '', overrides);
  return {
    engine,
    words: createWords(rules, spoken() ?? undefined),
    today,
    findScope,
    facts,
    images,
    trials,
    found,
    reading,
    guarded,
    kept,
    policies,
    started,
    settings: here === 'excluded' ? defaultConfig : here,
    context: input => ({
      config: input.config,
      today,
      workspace: facts.of(input),
      digest: () => null,
      buildContext: buildContextOf(input, reading),
      repository: reading.repository(input.base),
      noSuppress,
    }),
  };
}

/** Inputs as if nobody had named them: what is none of ours, or excluded, is passed over as in a folder. */
function asFound({ found, ...others }: FoundInputs): FoundInputs {
  return { ...others, found: found.map(input => ({ ...input, named: false })), excluded: [] };
}

function readOverrides(args: Arguments): Overrides {
  const profile = args.get('profile') as Profile | undefined;
  const version = args.get('kubernetes-version');
  const kubernetesMinor = version === undefined ? undefined : parseKubernetesVersion(version);
  if (kubernetesMinor === null) throw new UsageError(`--kubernetes-version must be a version such as 1.37, not "${version}"`);
  const size = args.get('max-file-size');
  const maxFileSize = size === undefined ? undefined : parseFileSize(size);
  if (maxFileSize === null) throw new UsageError(`--max-file-size must be a size up to 64Mi, such as 16Mi, not "${size}"`);
  const settings: Record<string, RuleSetting> = {};
  for (const assignment of args.all('rule')) {
    const [id = '', word = ''] = assignment.split('=', 2);
    // those of configurations are known when these are read
    if (!id.startsWith('custom/') && !rules.some(rule => rule.id === id)) throw new UsageError(unknownRule(id));
    const severity = parseSeverity(word);
    if (!severity) throw new UsageError(`--rule ${id}: the severity must be one of ${severityWords.join(', ')}, not "${word}"`);
    settings[id] = severity;
  }
  return {
    ...(profile !== undefined && { profile }),
    ...(kubernetesMinor !== undefined && { kubernetesMinor }),
    ...(maxFileSize !== undefined && { maxFileSize }),
    ...(Object.keys(settings).length > 0 && { rules: settings }),
  };
}

/** `unknown rule X`, with what was probably meant. */
export function unknownRule(id: string): string {
  const near =
    suggest(
      id,
      rules.map(rule => rule.id),
    ) ?? rules.find(rule => rule.id.endsWith(`/${id}`))?.id;
  return `unknown rule "${id}"${near === undefined ? '' : `; did you mean ${near}?`}`;
}

/** Writes an input's new text. Under a configuration that is wrong nothing is written: what it excludes cannot be told. */
export function writeInput({ absolute, file, scope, root }: Input, text: string): Result<void> {
  const { config } = scope;
  if (config && (config.problems.length > 0 || config.unreadable !== null)) {
    return { ok: false, message: `the configuration ${shownPath(config.path)} is invalid` };
  }
  return replaceFile(absolute, file.text, text, root);
}

/** Says what could not be read and what was left out, a line each. Gives whether anything that was asked for could not. */
export function sayProblems({ problems, ...others }: Inputs, reading: Reading, output: Output): boolean {
  for (const { shown, message } of problems) output.say(masked`bulkhead: ${trusted(shown)}: ${trusted(message)}`);
  for (const [path, { message }] of reading.unread) output.say(masked`bulkhead: ${trusted(shownPath(path))}: ${trusted(message)}`);
  sayNotes({ problems, ...others }, reading, output);
  return problems.length > 0 || reading.unread.size > 0;
}

/** Says what a person should know of how the inputs were read, and what is no problem of theirs. */
export function sayNotes({ problems, excluded, testData }: Omit<FoundInputs, 'found'>, reading: Reading, output: Output): void {
  for (const shown of excluded) output.say(masked`bulkhead: ${trusted(shown)}: excluded by the configuration`);
  if (testData > 0) {
    const files = trusted(`${testData} ${testData === 1 ? 'file' : 'files'}`);
    output.say(
      masked`bulkhead: test data and vendored code are skipped: ${files} (name the directory, or configure "exclude: ['!fixtures']")`,
    );
  }
  for (const note of reading.notes) output.say(masked`bulkhead: ${trusted(note)}`);
  const shortfalls = [...problems, ...reading.unread.values()].map(({ shortfall }) => shortfall?.id);
  if (shortfalls.includes('outside')) output.say(plain('bulkhead: use --follow-links to read links that point outside the directory'));
}
