import type { Range } from '../../base/text/range';
import type { FixDefaults, Rule } from '../../rule/define-rule';
import type { Cel } from '../../syntax/cel/types';
import type { Path } from '../../syntax/yaml/types';
import type { RulesVersion } from './rules-versions';
import type { Profile, Severity } from '../../base/terms/types';

/** The settings of one rule after profile, configuration and command line are merged; `severity: null` is off, `on` the rule's own, whatever the profile. */
export interface RuleSetting {
  readonly severity: Severity | null | 'on' | 'default';
  readonly options?: Readonly<Record<string, unknown>>;
}

/** An exception of the configuration: findings that match are suppressed. Every member that is set must match. */
export interface ConfigException {
  readonly rule: string;
  readonly path?: string;
  readonly kind?: string;
  readonly name?: string;
  readonly container?: string;
  /** Of an answer: the image without tag and digest that the container runs, or it holds no longer. */
  readonly image?: string;
  /** Of an answer: its ISO date. */
  readonly answered?: string;
  readonly reason?: string;
  /** ISO date after which the exception no longer holds. */
  readonly until?: string;
}

/** `needed`: what was asked about has to stay as it is. `later`: somebody decides another time. */
export const answerWords = ['needed', 'later'] as const;

/** One of `answerWords`. */
export type AnswerWord = (typeof answerWords)[number];

/** Where the findings are that an answer is about: what is set must match. */
export interface AnswerPlace {
  /** No glob. */
  readonly path: string;
  readonly kind?: string;
  readonly name?: string;
  readonly container?: string;
}

/** What a person answered harden, once for all containers of an image. */
export interface Answered {
  /** The rules whose findings were asked about. */
  readonly question: readonly string[];
  readonly where: readonly AnswerPlace[];
  /** The image that they all run, without tag and digest; absent: no image was asked about. */
  readonly image?: string;
  readonly answer: AnswerWord;
  /** Always there where it is `needed`. */
  readonly reason?: string;
  /** ISO date. */
  readonly date: string;
}

/** An answer as it is kept. */
export interface ConfigAnswer extends Answered {
  /** Of the rules, in the text of the configuration. */
  readonly range: Range;
}

/** What is not what runs: tests, of which secrets alone are reported; what is kept as it was released, or for its repository; what a developer builds and starts. */
export type Aside = 'tests' | 'kept' | 'development';

/** A text on which a rule of a configuration is tried. */
export interface CustomTest {
  readonly text: string;
  /** Whether the rule reports something in it. */
  readonly reports: boolean;
  /** In the text of the configuration. */
  readonly range: Range;
}

/** A rule that a configuration has of its own. */
export interface CustomRule {
  /** `custom/...`. */
  readonly id: string;
  /** Globs, relative to the folder of the configuration; `null`: all files. */
  readonly files: readonly string[] | null;
  /** `null`: each that has such things. */
  readonly family: string | null;
  /** What it is asked about; empty: whatever there is. */
  readonly kinds: readonly string[];
  readonly cel: string;
  readonly tree: Cel;
  readonly message: string;
  readonly severity: Severity;
  /** The field that is reported; `null`: the one that decides. */
  readonly at: Path | null;
  readonly tests: readonly CustomTest[];
  /** Of the id, in the text of the configuration. */
  readonly range: Range;
  /** What the engine runs: one for each family. */
  readonly rules: readonly Rule[];
}

/** What is in force for one file. */
export interface EffectiveConfig {
  readonly profile: Profile;
  /** What the file is beside what runs, where no profile is configured; absent or `null`: it is none of that. */
  readonly aside?: Aside | null;
  readonly rules: Readonly<Record<string, RuleSetting>>;
  readonly exceptions: readonly ConfigException[];
  readonly trustedRegistries: readonly string[];
  readonly kubernetesMinor: number;
  readonly defaults: FixDefaults;
  /** Whether suppressions in the words of other tools hold. */
  readonly peerDirectives: boolean;
  /** Whether a suppression without a reason is a finding itself. */
  readonly requireReason: boolean;
  /** UTF-16 units of the largest text that is checked; absent: what the host says. */
  readonly maxFileSize?: number;
  /** Where objects of further kinds keep their pod: `acme.example/Widget` to `spec.worker.pod`. */
  readonly podPaths?: Readonly<Record<string, string>>;
  /** Whose severities count; absent: those of the newest. */
  readonly rulesVersion?: RulesVersion;
  /** Milliseconds: what is younger is not pinned; absent: whatever its age. */
  readonly pinMinAge?: number;
  /** Rules of the configuration's own that are asked about the file, as they are written: what is kept between runs follows from that. Absent: none. */
  readonly customRules?: readonly CustomRule[];
}

/** What may be set for all files or, in an override, for some. What is `null` or absent is not set. */
export interface ConfigSection {
  readonly profile: Profile | null;
  readonly rules: Readonly<Record<string, RuleSetting>>;
  readonly exceptions: readonly ConfigException[];
  readonly trustedRegistries: readonly string[] | null;
  /** Minor release: 25 for `1.25`. */
  readonly kubernetesMinor: number | null;
  readonly defaults: Partial<FixDefaults>;
  readonly peerDirectives: boolean | null;
  readonly requireReason: boolean | null;
  /** UTF-16 units of the largest text that is checked. Absent: not set. */
  readonly maxFileSize?: number;
  /** Where objects of further kinds keep their pod: `acme.example/Widget` to `spec.worker.pod`. Absent: not set. */
  readonly podPaths?: Readonly<Record<string, string>>;
}

/** Settings for the files that match. */
export interface ConfigOverride extends ConfigSection {
  /** Globs, relative to the folder of the configuration. */
  readonly files: readonly string[];
}

/** Whose signature some images must have: that of a key, or of an identity. */
export interface TrustedSigner {
  /** Registries, or first segments of names, as in `trustedRegistries`. */
  readonly images: readonly string[];
  /** The path of a file with a public key, relative to the folder of the configuration; `null`: an identity signs. */
  readonly key: string | null;
  /** Who signs: the subject of the certificate, in which `*` stands for any characters; `null`: a key does. */
  readonly identity: string | null;
  /** Who vouches for the identity: the address of the OpenID Connect issuer. */
  readonly issuer: string | null;
}

/** A configuration file, read and checked. */
export interface Config extends ConfigSection {
  /** In the order of the file: a later one wins. */
  readonly overrides: readonly ConfigOverride[];
  /** Globs of files that are not checked at all, relative to the folder of the configuration. */
  readonly exclude: readonly string[];
  /** Whose signatures are asked for when somebody asks; absent: nobody's. */
  readonly trustedSigners?: readonly TrustedSigner[];
  /** What harden does not ask again; absent: nothing was answered. */
  readonly answers?: readonly ConfigAnswer[];
  /** Whose severities count; absent: those of the newest. */
  readonly rulesVersion?: RulesVersion;
  /** Milliseconds: what is younger is not pinned; absent: whatever its age. */
  readonly pinMinAge?: number;
  /** Rules of its own; absent: none. */
  readonly customRules?: readonly CustomRule[];
  /** The configuration that it extends; absent: none. */
  readonly extends?: ConfigBase;
  /** Rules and keys that configurations which extend it cannot weaken. */
  readonly locked?: readonly string[];
}

/** A configuration that another one extends. */
export interface ConfigBase {
  /** Relative to the folder of the configuration, in or below it. */
  readonly file: string;
  /** What its bytes hash to; `null`: it is not said. */
  readonly sha256: string | null;
  /** Where it is named. */
  readonly range: Range;
}

/** Something wrong in a configuration file. */
export interface ConfigProblem {
  /** In the text of the configuration file. */
  readonly range: Range;
  /** One English sentence without a final full stop. */
  readonly message: string;
}

/** An exception that gives no reason though the configuration requires one. */
export interface UnexplainedException {
  readonly rule: string;
  /** Of the rule's name, in the text of the configuration file. */
  readonly range: Range;
}

/** Settings that win over the configuration: from the command line, or from an editor. What is absent is not set. */
export interface Overrides {
  readonly profile?: Profile;
  readonly rules?: Readonly<Record<string, RuleSetting>>;
  /** Minor release: 25 for `1.25`. */
  readonly kubernetesMinor?: number;
  /** UTF-16 units of the largest text that is checked. */
  readonly maxFileSize?: number;
}

/** The name that a configuration file has. */
export const configFileName = '.bulkhead.yaml';
