import { mayBeRegistry, tailOf } from './images';
import { isPattern } from './globs';
import { memoize } from '../../../base/text/memoize';
import type { PatternEngine, PatternView, VerificationView } from './types';

/** Why a pattern matches no image, or hardly one, and the patterns that were meant; none where nobody can tell. */
export interface PatternProblem {
  /**
   * `characters`: no reference holds some of them. `scheme`: `https://`. `uppercase`: in a repository. `registry`: images are compared with their
   * registry in front. `version`: with their tag or digest behind. `both`: never with tag and digest. `untagged`: only what is written without both.
   * `fallback`: only the text as written, where policy-controller falls back to it.
   */
  readonly id: 'characters' | 'scheme' | 'uppercase' | 'registry' | 'version' | 'both' | 'untagged' | 'fallback';
  readonly instead: readonly string[];
}

const anyRun = { kyverno: '*', 'kyverno-cel': '*', sigstore: '**' } as const;

/** A pattern of one repository as two, for its tags and its digests. */
export function byTagAndDigest(engine: PatternEngine, repository: string): readonly string[] {
  return [`${repository}:${anyRun[engine]}`, `${repository}@${anyRun[engine]}`];
}

/** The same where images are compared as they are written: without both, too. */
function inEveryForm(engine: PatternEngine, repository: string): readonly string[] {
  return [...(engine === 'kyverno-cel' ? [repository] : []), ...byTagAndDigest(engine, repository)];
}

const strange: Readonly<Record<PatternEngine, RegExp>> = {
  kyverno: /[^\w.\-/:@*?+]/,
  'kyverno-cel': /[^\w.\-/:@*?+[\]{}!,\\]/,
  sigstore: /[^\w.\-/:@*]/,
};

/** Hosts that a pattern without a slash may be the beginning of. */
const knownHosts = [
  'docker.io',
  'index.docker.io',
  'ghcr.io',
  'gcr.io',
  'quay.io',
  'registry.',
  'public.ecr.aws',
  'mcr.',
  'localhost',
  'k8s.gcr.io',
];

/** What stands before the first wildcard. */
function literalOf(pattern: string): string {
  return /^[^*?[{]*/.exec(pattern)![0];
}

/** Whether what a pattern begins with cannot be a registry, though its engine compares with one in front. */
function lacksRegistry(pattern: string): boolean {
  const slash = pattern.indexOf('/');
  if (slash >= 0) return slash > 0 && !mayBeRegistry(pattern.slice(0, slash));
  const name = literalOf(pattern).split(/[:@]/, 1)[0]!;
  return name !== '' && !name.includes('.') && !knownHosts.some(host => host.startsWith(name));
}

/** What is wrong with a pattern as its engine compares it; `null`: it may match, or the engine refuses it. */
export function patternProblem(engine: PatternEngine, pattern: string): PatternProblem | null {
  if (pattern === '' || (engine === 'sigstore' && !isPattern(engine, pattern))) return null;
  if (/^[a-z]+:\/\//i.test(pattern)) return { id: 'scheme', instead: [pattern.replace(/^[a-z]+:\/\//i, '')] };
  if (strange[engine].test(pattern)) return { id: 'characters', instead: [] };
  const slash = pattern.indexOf('/');
  const literal = literalOf(pattern);
  const path = /^[^:@]*/.exec(literal.slice(Math.max(slash, 0)))![0];
  if (path !== path.toLowerCase() && slash >= 0 && slash < literal.length)
    return { id: 'uppercase', instead: [pattern.replace(path, path.toLowerCase())] };
  const { head, tail } = tailOf(pattern);
  const colon = tail.indexOf(':');
  const at = tail.indexOf('@');
  if (engine !== 'kyverno-cel' && colon >= 0 && at > colon && head.length + colon <= literal.length)
    return { id: 'both', instead: [head + tail.slice(0, colon) + tail.slice(at)] };
  const isBare = !/[:@*?[{]/.test(tail);
  if (engine === 'sigstore') return sigstoreProblem(pattern, slash, isBare);
  const found = (id: PatternProblem['id'], full: string): PatternProblem => ({
    id,
    instead: tail === '' ? [`${full}*`] : isBare ? inEveryForm(engine, full) : [full],
  });
  if (engine === 'kyverno' && lacksRegistry(pattern)) return found('registry', `docker.io/${pattern}`);
  return isBare ? found(engine === 'kyverno' || tail === '' ? 'version' : 'untagged', pattern) : null;
}

/** policy-controller compares with the name that go-containerregistry makes of an image, where Docker Hub is `index.docker.io`. */
function sigstoreProblem(pattern: string, slash: number, isBare: boolean): PatternProblem | null {
  if (pattern === '*' || pattern === '*/*') return null;
  const host = slash < 0 ? '' : pattern.slice(0, slash);
  const rest = pattern.slice(slash + 1);
  const isHub = host === 'docker.io' || host === 'index.docker.io';
  const isShort = slash < 0 ? lacksRegistry(pattern) : !mayBeRegistry(host) && slash > 0;
  const name = isHub ? rest : pattern;
  // one name without a path is an official image
  const isOfficial = !name.includes('/') && !name.includes('**') && !name.startsWith('*');
  const isOther = isShort || host === 'docker.io' || (isHub && isOfficial);
  const full = isOther ? `index.docker.io/${isOfficial ? 'library/' : ''}${name}` : pattern;
  const instead = isBare && name !== '' ? byTagAndDigest('sigstore', full) : [rest === '' ? `${full}**` : full];
  return isOther ? { id: 'fallback', instead } : isBare ? { id: 'untagged', instead } : null;
}

const textsOf = memoize(
  ({ patterns, skips }: VerificationView): ReadonlySet<string> => new Set([...patterns, ...skips].map(({ spot }) => spot.text)),
);

/** The same of a pattern among others: what matches an image without tag and digest alone is right beside those that match it with them. */
export function problemAmong({ engine, spot, verification }: PatternView): PatternProblem | null {
  const problem = patternProblem(engine, spot.text);
  return problem?.id === 'untagged' && problem.instead.length > 1 && problem.instead.every(other => textsOf(verification).has(other))
    ? null
    : problem;
}
