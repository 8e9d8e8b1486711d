import type { Range } from '../../base/text/range';
import { parseStream } from '../../syntax/yaml/parse';
import { parseFileSize } from './file-size';
import type { YamlDocument, YamlNode } from '../../syntax/yaml/types';
import type { FixDefaults, Rule } from '../../rule/define-rule';
import { imageKey } from '../../syntax/image/name';
import { profiles, type Profile } from '../../base/terms/types';
import type { Locks } from './base';
import { isLocked, type LockedReader, readBase, readLocked } from './read-base';
import { emptyConfig, emptySection } from './effective';
import { rulesVersions, type RulesVersion } from './rules-versions';
import { readAnswer } from './answers';
import { readCustomRules } from './custom-rules';
import { createReader, didYouMean, keyRange, mapOf, scalarOf, sequenceOf, type Handler, type Reader } from './read';
import { readTrustedSigner } from './trusted-signers';
import type {
  Config,
  ConfigBase,
  ConfigAnswer,
  ConfigException,
  ConfigOverride,
  ConfigProblem,
  ConfigSection,
  CustomRule,
  RuleSetting,
  TrustedSigner,
  UnexplainedException,
} from './types';
import { isDate, isQuantity, optionProblem, parseAge, parseKubernetesVersion, parseSeverity, severityWords } from './values';

/** A configuration with what is wrong in it. */
export interface ParsedConfig {
  /** What could be read; wrong members are left out. `null` where the text as a whole is no configuration. */
  readonly config: Config | null;
  /** Sorted by place. */
  readonly problems: readonly ConfigProblem[];
  /** Exceptions without a reason, where one is required: they hold. Sorted by place. */
  readonly unexplained: readonly UnexplainedException[];
}

/** The configuration that another one extends, as far as that one depends on it. */
export interface Base {
  readonly locks: Locks;
  readonly customRules: readonly CustomRule[];
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** Reads the text of a configuration file. `rules` are the rules that it may name, `base` is the one that it extends. Never throws. */
export function parseConfig(text: string, rules: readonly Rule[], base: Base | null = null): ParsedConfig {
  const documents = parseStream(text, new Map());
  const problems: ConfigProblem[] = [];
  const first = documents[0];
  if (!first) return { config: emptyConfig, problems, unexplained: [] };
  const inherited = (base?.customRules ?? []).flatMap(each => each.rules);
  const byId = new Map([...rules, ...inherited].map(rule => [rule.id, rule]));
  const { document, base: start } = first;
  const found: ConfigProblem[] = document.problems.map(({ range, message }) => ({ range, message: sentence(message) }));
  const broken = found.length > 0;
  const second = documents[1];
  if (second)
    problems.push({
      range: { start: second.base, end: second.base + 1 },
      message: 'A configuration must be a single document; this one is ignored',
    });

  let config: Config | null = null;
  let unexplained: readonly UnexplainedException[] = [];
  const { root } = document;
  if (root === null || scalarOf(root)?.value === null) config = broken ? null : emptyConfig;
  else if (mapOf(root)) {
    const read = readRoot(root, document, { ...createReader(found), locks: base?.locks ?? null }, byId);
    // half of a broken file is worse than the last good one
    config = broken ? null : read;
    if (config) unexplained = findUnexplained(root, config, start);
  } else found.push({ range: root.range, message: 'A configuration must be a map, such as "profile: recommended"' });

  for (const { range, message } of found) problems.push({ range: { start: range.start + start, end: range.end + start }, message });
  problems.sort((a, b) => a.range.start - b.range.start || a.range.end - b.range.end);
  return { config, problems, unexplained };
}

function sentence(message: string): string {
  const line = message.split('\n', 1)[0] ?? '';
  return line.replace(/[.:]\s*$/, '');
}

function readRoot(root: YamlNode, document: YamlDocument, reader: LockedReader, rules: Map<string, Rule>): Config {
  const section: Mutable<ConfigSection> = { ...emptySection };
  const overrides: ConfigOverride[] = [];
  let exclude: readonly string[] = [];
  const signers: TrustedSigner[] = [];
  const answers: ConfigAnswer[] = [];
  let rulesVersion = null as RulesVersion | null;
  let base = null as ConfigBase | null;
  let locked: readonly string[] = [];
  let pinMinAge = null as number | null;
  let customRules: readonly CustomRule[] = [];
  reader.map(root, root.range, 'the configuration', {
    // first: what follows may name them
    customRules: (value, at) => {
      customRules = readCustomRules(value, at, document, reader, new Set(rules.keys()));
      for (const { id, rules: own } of customRules) rules.set(id, own[0]!);
    },
    ...sectionKeys(section, reader, rules),
    overrides: (value, at) =>
      reader.list(value, at, 'overrides', (item, range) => void overrides.push(...readOverride(item, range, reader, rules))),
    exclude: (value, at) => {
      if (!isLocked('exclude', at, reader)) exclude = reader.texts(value, at, 'exclude') ?? [];
    },
    extends: (value, at) => (base = readBase(value, at, reader)),
    locked: (value, at) => (locked = readLocked(value, at, reader, rules)),
    trustedSigners: (value, at) =>
      reader.list(value, at, 'trustedSigners', (item, range) => void signers.push(...readTrustedSigner(item, range, reader))),
    answers: (value, at) =>
      reader.list(value, at, 'answers', (item, range) => void answers.push(...readAnswer(item, range, reader, new Set(rules.keys())))),
    rulesVersion: (value, at) => (rulesVersion = reader.word<RulesVersion>(value, at, 'rulesVersion', rulesVersions)),
    pinMinAge: (value, at) => {
      const text = reader.text(value, at, 'pinMinAge');
      pinMinAge = text === null ? null : parseAge(text);
      if (text !== null && pinMinAge === null)
        reader.problem(at, `pinMinAge must be a number with h, d or w (hours, days, weeks), such as 7d, not "${text}"`);
    },
    // read by the workspace index; here it is only checked
    images: (value, at) =>
      reader.entries(value, at, 'images', (name, item, entry) => {
        if (imageKey(name) === null) reader.problem(keyRange(entry), `"${name}" is not an image name`);
        else reader.text(item, entry.range, `"${name}"`);
      }),
  });
  return {
    ...section,
    overrides,
    exclude,
    ...(signers.length > 0 && { trustedSigners: signers }),
    ...(answers.length > 0 && { answers }),
    ...(rulesVersion && { rulesVersion }),
    ...(customRules.length > 0 && { customRules }),
    ...(base && { extends: base }),
    ...(locked.length > 0 && { locked }),
    ...(pinMinAge !== null && { pinMinAge }),
  };
}

/** Where exceptions stand that should give a reason and do not. `base`: of the document in its text. */
function findUnexplained(root: YamlNode, config: Config, base: number): readonly UnexplainedException[] {
  const sections = [
    { node: root, required: config.requireReason === true },
    ...(sequenceOf(mapOf(root)?.get('overrides') ?? null)?.items ?? []).map(node => {
      const own = scalarOf(mapOf(node)?.get('requireReason') ?? null)?.value;
      return { node, required: typeof own === 'boolean' ? own : config.requireReason === true };
    }),
  ];
  return sections
    .flatMap(({ node, required }) => (required ? (sequenceOf(mapOf(node)?.get('exceptions') ?? null)?.items ?? []) : []))
    .flatMap(item => {
      const [rule, reason] = ['rule', 'reason'].map(key => scalarOf(mapOf(item)?.get(key) ?? null));
      if (!rule || (reason && reason.value !== null)) return [];
      return [{ rule: String(rule.value), range: { start: rule.range.start + base, end: rule.range.end + base } }];
    })
    .sort((a, b) => a.range.start - b.range.start);
}

function readOverride(node: YamlNode | null, at: Range, reader: LockedReader, rules: ReadonlyMap<string, Rule>): readonly ConfigOverride[] {
  const section: Mutable<ConfigSection> = { ...emptySection };
  let files: readonly string[] | null = null;
  reader.map(node, at, 'the override', {
    files: (value, range) => {
      // one glob need not be a list
      if (scalarOf(value)) {
        const glob = reader.text(value, range, 'files');
        if (glob !== null) files = [glob];
      } else files = reader.texts(value, range, 'files');
    },
    ...sectionKeys(section, reader, rules),
  });
  if (files !== null) return [{ ...section, files }];
  const map = mapOf(node);
  if (map && !map.entry('files'))
    reader.problem(map.entries[0] ? keyRange(map.entries[0]) : at, 'An override needs "files": globs of the files that it applies to');
  return [];
}

/** The keys that may be set for all files and in overrides. */
function sectionKeys(section: Mutable<ConfigSection>, reader: LockedReader, rules: ReadonlyMap<string, Rule>): Record<string, Handler> {
  return {
    profile: (value, at) => {
      const profile = reader.word<Profile>(value, at, 'profile', profiles);
      const why = profile && reader.locks?.profile(profile);
      if (why) reader.problem(at, why);
      else section.profile = profile;
    },
    rules: (value, at) => (section.rules = readRules(value, at, reader, rules)),
    trustedRegistries: (value, at) => {
      if (!isLocked('trustedRegistries', at, reader)) section.trustedRegistries = reader.texts(value, at, 'trustedRegistries');
    },
    kubernetesVersion: (value, at) => {
      const text = reader.text(value, at, 'kubernetesVersion');
      if (text === null) return;
      section.kubernetesMinor = parseKubernetesVersion(text);
      if (section.kubernetesMinor === null) reader.problem(at, `kubernetesVersion must be a version such as "1.37", not "${text}"`);
    },
    defaults: (value, at) => (section.defaults = readDefaults(value, at, reader)),
    peerDirectives: (value, at) => (section.peerDirectives = readSwitch(value, at, reader, 'peerDirectives')),
    requireReason: (value, at) => {
      const required = readSwitch(value, at, reader, 'requireReason');
      if (required !== false || !isLocked('requireReason', at, reader)) section.requireReason = required;
    },
    maxFileSize: (value, at) => {
      const text = reader.text(value, at, 'maxFileSize');
      const size = text === null ? null : parseFileSize(text);
      if (size !== null) section.maxFileSize = size;
      else if (text !== null) reader.problem(at, `maxFileSize must be a size up to 64Mi, such as 8Mi, not "${text}"`);
    },
    podPaths: (value, at) => {
      const podPaths: Record<string, string> = {};
      reader.entries(value, at, 'podPaths', (kind, item, entry) => {
        const path = reader.text(item, entry.range, `"${kind}"`);
        if (!/^[a-z0-9.-]+\/[A-Z][A-Za-z0-9]*$/.test(kind))
          reader.problem(keyRange(entry), `"${kind}" must be a group and a kind, such as "acme.example/Widget"`);
        else if (path !== null) podPaths[kind] = path;
      });
      section.podPaths = podPaths;
    },
    exceptions: (value, at) => {
      const exceptions: ConfigException[] = [];
      reader.list(value, at, 'exceptions', (item, range) => void exceptions.push(...readException(item, range, reader, rules)));
      section.exceptions = exceptions;
    },
  };
}

function readSwitch(node: YamlNode | null, at: Range, reader: Reader, name: string): boolean | null {
  const on = scalarOf(node)?.value;
  if (typeof on === 'boolean') return on;
  reader.problem(at, `${name} must be true or false`);
  return null;
}

function readRules(node: YamlNode | null, at: Range, reader: LockedReader, rules: ReadonlyMap<string, Rule>): Record<string, RuleSetting> {
  const settings: Record<string, RuleSetting> = {};
  reader.entries(node, at, 'rules', (id, value, entry) => {
    const rule = rules.get(id);
    if (!rule) {
      reader.problem(keyRange(entry), `Unknown rule "${id}"${didYouMean(id, rules.keys())}`);
      return;
    }
    if (value === null || scalarOf(value)?.value === null) {
      reader.problem(keyRange(entry), `"${id}" needs a severity: ${severityWords.join(', ')}`);
    } else if (mapOf(value)) {
      const setting: Mutable<RuleSetting> = { severity: 'default' };
      reader.map(value, value.range, `"${id}"`, {
        severity: (v, r) => (setting.severity = readSeverity(v, r, reader)),
        options: (v, r) => (setting.options = readOptions(v, r, reader, rule)),
      });
      settings[id] = setting;
    } else settings[id] = { severity: readSeverity(value, value.range, reader) };
    const written = settings[id];
    const why = written && reader.locks?.rule(rule, written.severity);
    if (!why) return;
    reader.problem(value?.range ?? keyRange(entry), why);
    settings[id] = { ...written, severity: 'default' };
  });
  return settings;
}

function readSeverity(node: YamlNode | null, at: Range, reader: Reader): RuleSetting['severity'] {
  const word = reader.word(node, at, 'The severity', severityWords);
  const parsed = word === null ? null : parseSeverity(word);
  return parsed ? parsed.severity : 'default';
}

function readOptions(node: YamlNode | null, at: Range, reader: Reader, rule: Rule): Record<string, unknown> {
  const options: Record<string, unknown> = {};
  const names = Object.keys(rule.options);
  reader.entries(node, at, `options of "${rule.id}"`, (name, value, entry) => {
    const definition = Object.hasOwn(rule.options, name) ? rule.options[name] : undefined;
    if (!definition) {
      const known = names.length === 0 ? '; it has none' : didYouMean(name, names);
      reader.problem(keyRange(entry), `"${rule.id}" has no option "${name}"${known}`);
      return;
    }
    const plain = plainValue(value);
    const problem = optionProblem(definition, plain);
    if (problem === null) options[name] = plain;
    else reader.problem(value?.range ?? keyRange(entry), `Option "${name}" ${problem}`);
  });
  return options;
}

/** A scalar's value or a list of them: options are nothing else. */
function plainValue(node: YamlNode | null): unknown {
  const scalar = scalarOf(node);
  if (scalar) return scalar.value;
  return sequenceOf(node)?.items.map(item => scalarOf(item)?.value);
}

function readDefaults(node: YamlNode | null, at: Range, reader: Reader): Partial<FixDefaults> {
  const defaults: Mutable<Partial<FixDefaults>> = {};
  const id =
    (name: 'uid' | 'gid'): Handler =>
    (value, range) => {
      const number = scalarOf(value)?.value;
      if (typeof number === 'number' && Number.isInteger(number) && number >= 1 && number <= 2147483647) defaults[name] = number;
      else reader.problem(range, `${name} must be a whole number from 1 to 2147483647`);
    };
  const quantity =
    (name: 'tmpSize' | 'memoryLimit' | 'memoryRequest' | 'cpuRequest' | 'cpuLimit' | 'storageLimit', example: string): Handler =>
    (value, range) => {
      const text = reader.text(value, range, name);
      if (text === null) return;
      if (isQuantity(text)) defaults[name] = text;
      else reader.problem(range, `${name} must be a quantity such as "${example}", not "${text}"`);
    };
  reader.map(node, at, 'defaults', {
    uid: id('uid'),
    gid: id('gid'),
    tmpSize: quantity('tmpSize', '64Mi'),
    tmpfsSize: (value, range) => {
      const text = reader.text(value, range, 'tmpfsSize');
      if (text === null) return;
      if (/^[0-9]{1,15}[bkmg]?$/i.test(text)) defaults.tmpfsSize = text;
      else reader.problem(range, `tmpfsSize must be a size such as "64m", not "${text}"`);
    },
    pidsLimit: (value, range) => {
      const number = scalarOf(value)?.value;
      if (typeof number === 'number' && Number.isInteger(number) && number >= 1) defaults.pidsLimit = number;
      else reader.problem(range, 'pidsLimit must be a whole number of at least 1');
    },
    resources: (value, range) =>
      reader.map(value, range, 'resources', {
        memoryLimit: quantity('memoryLimit', '256Mi'),
        memoryRequest: quantity('memoryRequest', '128Mi'),
        cpuRequest: quantity('cpuRequest', '100m'),
        cpuLimit: quantity('cpuLimit', '1'),
        storageLimit: quantity('storageLimit', '1Gi'),
      }),
  });
  return defaults;
}

function readException(
  node: YamlNode | null,
  at: Range,
  reader: LockedReader,
  rules: ReadonlyMap<string, Rule>,
): readonly ConfigException[] {
  const exception: Partial<Mutable<ConfigException>> = {};
  let wrong = false;
  const text =
    (name: Exclude<keyof ConfigException, 'rule' | 'until'>): Handler =>
    (value, range) => {
      const read = reader.text(value, range, name);
      if (read === null) wrong = true;
      else exception[name] = read;
    };
  const clean = reader.map(node, at, 'the exception', {
    rule: (value, range) => {
      const id = reader.text(value, range, 'rule');
      const why = id === null ? null : reader.locks?.exception(id);
      if (why) {
        wrong = true;
        reader.problem(range, why);
      } else if (id !== null && rules.has(id)) exception.rule = id;
      else {
        wrong = true;
        if (id !== null) reader.problem(range, `Unknown rule "${id}"${didYouMean(id, rules.keys())}`);
      }
    },
    path: text('path'),
    kind: text('kind'),
    name: text('name'),
    container: text('container'),
    reason: text('reason'),
    until: (value, range) => {
      const date = reader.text(value, range, 'until');
      if (date !== null && isDate(date)) exception.until = date;
      else {
        wrong = true;
        if (date !== null) reader.problem(range, `until must be a date such as "2026-11-24", not "${date}"`);
      }
    },
  });
  const { rule } = exception;
  const map = mapOf(node);
  if (map && rule === undefined && !wrong)
    reader.problem(map.entries[0] ? keyRange(map.entries[0]) : at, 'An exception needs "rule": the rule that it applies to');
  // an exception of which a part could not be read would suppress more than was meant
  return rule === undefined || wrong || !clean ? [] : [{ ...exception, rule }];
}
