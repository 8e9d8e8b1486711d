/** How bad a finding is. `error`: hardly ever right; `hint`: an opinion worth knowing. */
export type Severity = 'error' | 'warning' | 'info' | 'hint';

/** Nested sets of rules, each within the next: `baseline` < `restricted` < `recommended` (the default) < `strict`. */
export type Profile = 'baseline' | 'restricted' | 'recommended' | 'strict';

/** What a finding is about. */
export type Category =
  'privilege' | 'supply-chain' | 'isolation' | 'network' | 'secrets' | 'reliability' | 'access' | 'surface' | 'correctness';

/** How far a fix may go without a person; see docs/fix-classes.md. */
export type FixClass = 'safe' | 'review' | 'attended' | 'manual';

/** A level of the Kubernetes Pod Security Standards. */
export type PssLevel = 'baseline' | 'restricted';

/** Least to most severe. */
export const severities: readonly Severity[] = ['hint', 'info', 'warning', 'error'];

/** Innermost to outermost. */
export const profiles: readonly Profile[] = ['baseline', 'restricted', 'recommended', 'strict'];

/** Whether `inner` belongs to `outer`: every profile holds those before it. */
export function isWithin(inner: Profile, outer: Profile): boolean {
  return profiles.indexOf(inner) <= profiles.indexOf(outer);
}

/** Whether `severity` is at or above `threshold`. */
export function atLeast(severity: Severity, threshold: Severity): boolean {
  return severities.indexOf(severity) >= severities.indexOf(threshold);
}

/** What a rule serves, by the numbers of public standards. */
export interface References {
  /** CIS Docker Benchmark 1.6.0. */
  readonly cisDocker?: readonly string[];
  /** CIS Kubernetes Benchmark 1.12. */
  readonly cisKubernetes?: readonly string[];
  /** NIST SP 800-190 (2017). */
  readonly nist800190?: readonly string[];
  /** NSA/CISA Kubernetes Hardening Guidance, numbers as in the trivy-checks specification. */
  readonly nsaCisa?: readonly string[];
  /** Control names of the Pod Security Standards. */
  readonly pss?: readonly string[];
  /** MITRE ATT&CK techniques. */
  readonly mitre?: readonly string[];
  readonly cwe?: readonly string[];
  /** Further reading, https addresses only. */
  readonly links?: readonly string[];
}

/** The checks of other tools that a rule covers: tool name to its ids. */
export type Peers = Readonly<Record<string, readonly string[]>>;

/** One message of a rule. `text` may hold `{name}` places, filled from the finding's data. */
export interface MessageDefinition {
  readonly text: string;
  /** Where this message differs from its rule. */
  readonly severity?: Severity;
  readonly profile?: Profile;
  /** Ids of the rule's peers that this message answers and the rule's others do not: a suppression of such an id spares the others. */
  readonly peers?: Peers;
  /** Whether what fills its places identifies a finding; absent: it does. */
  readonly keyed?: false;
}

/** One fix of a rule. `title` may hold `{name}` places, filled from the fix's data. */
export interface FixDefinition {
  readonly title: string;
  readonly class: FixClass;
}

/** One option of a rule, written under `rules.<id>.options` of the configuration. */
export type OptionDefinition = { readonly description: string } & (
  | { readonly type: 'string'; readonly default: string; readonly enum?: readonly string[] }
  | { readonly type: 'number'; readonly default: number; readonly minimum?: number }
  | { readonly type: 'boolean'; readonly default: boolean }
  | { readonly type: 'strings'; readonly default: readonly string[] }
);

/** The value type of an option. */
export type OptionValue<O extends OptionDefinition> = O extends { type: 'string' }
  ? string
  : O extends { type: 'number' }
    ? number
    : O extends { type: 'boolean' }
      ? boolean
      : readonly string[];

/** The data that fills the `{name}` places of a message or title. */
export type MessageData = Readonly<Record<string, string | number>>;
