import type { Operation } from '../../../rule/fix/types';
import { memoize } from '../../../base/text/memoize';
import type { Range } from '../../../base/text/range';
import { removeNode, setValue } from '../../../syntax/yaml/operations';
import type { Path } from '../../../syntax/yaml/types';
import { stringOf, valueRange } from '../../../syntax/yaml/values';
import { majorOf } from './pins';
import { does, linesOf, pushesOf } from './pipeline';
import type { JobView, StepView, WorkflowView } from './types';
import { guardOf, headCheckouts, privilegesOf, runsCheckout } from './untrusted';
import type { Uses } from './uses';
import { valueOf } from './values';

/** A step that brings back files that another run has left. */
export interface CacheRead {
  readonly step: StepView;
  /** The input that turns it on, else the action. */
  readonly range: Range;
  /** Leaves the cache alone from then on. */
  readonly off: () => readonly Operation[];
}

/**
 * How actions restore caches, by name (their action.yml, 2026-08): `always`; `-NAME`: unless the input is true; `+NAME`: where the input is given and not false;
 * `!NAME`: unless the input is false. Behind that what switches it off: `NAME=VALUE`, or nothing, where the input that turns it on is removed. `@N`: from that
 * version on.
 */
const readers: Readonly<Record<string, string>> = {
  'actions/cache': '-lookup-only lookup-only=true',
  'actions/cache/restore': '-lookup-only lookup-only=true',
  'actions/setup-node': '+cache',
  'actions/setup-python': '+cache',
  'actions/setup-java': '+cache',
  'actions/setup-dotnet': '+cache',
  'actions/setup-go@4': '!cache cache=false',
  'actions/setup-go': '+cache',
  'ruby/setup-ruby': '+bundler-cache',
  'pnpm/action-setup': '+cache',
  'astral-sh/setup-uv': '+enable-cache enable-cache=false',
  'swatinem/rust-cache': '-lookup-only lookup-only=true',
  'gradle/actions/setup-gradle': '-cache-disabled cache-disabled=true',
  'gradle/gradle-build-action': '-cache-disabled cache-disabled=true',
};

const isFalse = (text: string): boolean => /^(?:false|''|"")?$/i.test(text.trim());
/** Conditions that may leave the step out where something is published. */
const choosing = /\bgithub\.(?:ref|ref_type|ref_name|event_name|head_ref|base_ref|event)\b/;

function isChosen({ condition }: StepView): boolean {
  return choosing.test(stringOf(condition) ?? '');
}

/** Takes an input away, and `with` where nothing else is in it. */
function without({ inputs }: StepView, path: Path): Operation {
  return removeNode(inputs.values.length === 1 ? inputs.path : path);
}

function readerOf({ file }: StepView, uses: Uses): string | undefined {
  const isNew = uses.name === 'actions/setup-go' && (majorOf(file.document, uses) ?? 4) >= 4;
  const name = isNew ? `${uses.name}@4` : uses.name;
  return Object.hasOwn(readers, name) ? readers[name] : undefined;
}

function readOf(step: StepView): CacheRead | null {
  const { uses, inputs, path } = step;
  const known = uses?.kind === 'repository' ? readerOf(step, uses) : undefined;
  if (known === undefined || isChosen(step)) return builderRead(step);
  const [rule = '', replacement] = known.split(' ');
  const name = rule.slice(1);
  const value = valueOf(inputs, name);
  // an expression decides
  if (value?.text?.includes('${{') || (value && value.text === null) || inputs.open) return null;
  const isOff = value ? (rule.startsWith('-') ? /^true$/i.test(value.text!.trim()) : isFalse(value.text!)) : rule.startsWith('+');
  if (isOff) return null;
  const [input, off] = replacement?.split('=') ?? [];
  const at: Path = [...path, 'with'];
  return {
    step,
    range: value && rule.startsWith('+') ? valueRange(value.entry) : step.reportRange,
    off: () => [input === undefined ? without(step, value!.path) : setValue(value?.path ?? [...at, input], off === 'true')],
  };
}

/** What a builder takes from GitHub's cache: other caches are kept in registries, which have rights of their own. */
function builderRead(step: StepView): CacheRead | null {
  const from = does(step, 'build') ? valueOf(step.inputs, 'cache-from') : undefined;
  const lines = linesOf(from?.text ?? null);
  if (!from?.node || isChosen(step) || from.text!.includes('${{') || !lines.some(line => /^type=gha$/.test(line))) return null;
  return { step, range: from.node.range, off: () => [without(step, from.path)] };
}

/** The steps of a job that bring back what other runs have left in the repository's cache. */
export const cacheReads = memoize((job: JobView): readonly CacheRead[] => job.steps.flatMap(step => readOf(step) ?? []));

/** Actions that publish, beside those that push images. */
const publishers =
  /^(?:softprops\/action-gh-release|ncipollo\/release-action|pypa\/gh-action-pypi-publish|goreleaser\/goreleaser-action|js-devtools\/npm-publish|rubygems\/release-gem|changesets\/action|helm\/chart-releaser-action|actions\/attest(?:-build-provenance)?)$/;
const publishing =
  /\b(?:(?:npm|yarn|pnpm|bun|cargo|uv|poetry|flit|hatch)[ \t]+publish\b|twine[ \t]+upload\b|gem[ \t]+push\b|helm[ \t]+push\b|(?:mvn|mvnw)\b[^\n]{0,200}[ \t]deploy\b|gradlew?\b[^\n]{0,200}[ \t]publish|gh[ \t]+release[ \t]+(?:create|upload)\b|dotnet[ \t]+nuget[ \t]+push\b|goreleaser[ \t]+release\b|cosign[ \t]+sign\b)/;

/** Whether a job gives something to others: images, packages, releases. */
export const publishes = memoize(
  (job: JobView): boolean =>
    pushesOf(job).length > 0 ||
    job.steps.some(({ uses, run }) => (uses?.kind === 'repository' && publishers.test(uses.name)) || publishing.test(run?.text ?? '')),
);

/** A place where anybody's code runs with the cache of the default branch at hand, which the runs for tags and releases read. */
export interface OpenCache {
  readonly event: string;
  readonly range: Range;
}

/**
 * Where a workflow lets strangers fill the cache that published builds read. Runs for a pull request have a cache of their own; those that an event of the default
 * branch starts have that branch's, whatever code they check out (docs.github.com, "Dependency caching reference", 2026-08).
 */
export const openCaches = memoize((workflow: WorkflowView): readonly OpenCache[] => {
  const [event] = privilegesOf(workflow);
  if (event === undefined) return [];
  return workflow.jobs.flatMap(job => {
    const [checkout] = headCheckouts(job).filter(({ step }) => guardOf(job, step) === null);
    if (!checkout) return [];
    const later = job.steps.filter(step => step.index > checkout.step.index);
    const filler = later.find(step => runsCheckout(step, checkout.step) !== null) ?? cacheReads(job)[0]?.step;
    return filler ? [{ event, range: filler.reportRange }] : [];
  });
});
