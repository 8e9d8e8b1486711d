import { baseName, isPosixShell } from '../syntax/shell/interpreter';
import { isDescribed } from '../knowledge/configured-image';
import { servedFile, startedScript } from '../knowledge/image-facts';
import { namedFolders } from '../knowledge/folders';
import { reason, type Reason } from '../base/terms/evidence';
import type { Doubt, Place, Right, Testimony } from './testimony';
import { keepsEntryPoint, type Service } from './service';
import { startedPrograms } from './started';
import { isRoot, type RunAs, type RunFacts } from './user';
import type { StageFact } from '../workspace/types';

/** The whole project, as a source of a mount. */
const wholeProject = /^(?:\.{1,2}|\$\{?PWD\}?|\$\(pwd\))\/?$/;

/** What decides as which user it runs, as the declaration and the Dockerfile behind it tell. */
export function runFacts(service: Service): RunFacts {
  const { known, image, isBuilt, platform, words } = service;
  const { stage } = known;
  const run = stage?.run ?? null;
  const keeps = keepsEntryPoint(service);
  const isOther = platform === 'pod' && stage !== null && !keeps && known.profile?.kind === 'server';
  // arguments are a program's own, but for an image of which nothing is known, or that has none
  const isCommand = service.replacesEntryPoint || !isDescribed(known.profile) || known.profile.kind === 'base';
  const started = platform === 'engine' && isCommand ? startedPrograms(words) : [];
  return {
    profile: isOther ? null : known.profile,
    // what is built goes by a name of its own
    image: stage || isBuilt ? (stage?.base ?? null) : (image?.text ?? null),
    keepsEntryPoint: keeps,
    where: platform === 'pod' ? 'pod' : 'image',
    programs: [...started, ...(startsOwn(service) ? (run?.programs ?? []) : [])],
    // of an image that changes users its own rule speaks
    obstacle: run?.obstacle ?? (platform === 'image' ? null : dropsRoot(service)),
    named: run?.named ?? null,
  };
}

/** What the declaration itself says: what its variables and arguments name, what is mounted, what needs root. */
export function declaredWitness(service: Service, user: RunAs, capabilities: readonly string[] | null): Testimony {
  const doubt = (why: Reason, against: readonly Right[]): Doubt => ({ reason: why, against, witness: 'declared' });
  const { known, mounts, platform } = service;
  const folders =
    platform === 'pod' ? namedFolders(service.environment, [...service.words, ...(service.workdir === null ? [] : [service.workdir])]) : [];
  const lost = (known.stage?.run?.fileCapabilities ?? []).filter(name => name !== 'NET_BIND_SERVICE');
  const isDeveloped = mounts.some(({ kind, readOnly, source }) => kind === 'host' && !readOnly && wholeProject.test(source ?? ''));
  return {
    writes: folders.map((path): Place => ({ path, filled: false, given: false, witness: 'declared', level: 'guessed' })),
    doubts: [
      ...rootDoubts(service, user, capabilities).map(why => doubt(why, ['files', 'capabilities', 'escalation'])),
      ...(known.stage?.run?.doubts ?? []).map(why => doubt(why, isSettled(known.stage) ? ['files'] : ['user', 'files'])),
      ...(isDeveloped && (!isDescribed(known.profile) || known.profile.kind === 'runtime')
        ? [doubt(reason('project-mounted'), ['files'])]
        : []),
      ...(isInteractive(service.words)
        ? [doubt(reason('starts-shell'), ['user', 'files', 'capabilities', 'root-capabilities', 'escalation'])]
        : []),
      // no_new_privs takes from a file what it carries, but ports below 1024 are open to everybody
      ...(lost.length === 0
        ? []
        : [doubt(reason('file-capabilities', { capabilities: lost.join(', ') }), ['escalation', 'file-capabilities'])]),
      ...service.doubts.map(({ reason: why, against }) => doubt(why, against)),
    ],
  };
}

/** Whether nothing but a shell is started: what a person types in it is in no file. */
function isInteractive(words: readonly string[]): boolean {
  const [name = '', ...options] = words;
  return isPosixShell(baseName(name)) && options.every(option => /^-[il]$|^--login$/.test(option));
}

/** Whether a Dockerfile says as which other user than root what it builds runs: what it does, it does as that user. */
export const isSettled = (stage: StageFact | null): boolean => {
  const user = stage?.user?.value ?? null;
  return user !== null && !isRoot(user);
};

/** Whether what is written, or else the Dockerfile, names another user than root, or one that is not known. */
function startsAsOther({ known, user }: Service): boolean {
  const named = user ?? known.stage?.user ?? null;
  return named !== null && (named.value === null || !isRoot(named.value));
}

/** Whether it starts what its image does. */
const startsOwn = ({ platform, replacesCommand, replacesEntryPoint }: Service): boolean =>
  !(platform === 'pod' ? replacesEntryPoint : replacesCommand);

/** What goes on as another user by itself: a server with files and locks in places of its own. */
function dropsRoot(service: Service): Reason | null {
  const { known, replacesEntryPoint } = service;
  const isServer = keepsEntryPoint(service) && known.profile?.kind === 'server';
  const drops = known.stage?.run?.drops === true || (keepsEntryPoint(service) && startedScript(known.facts, servedFile)?.drops === true);
  return drops && !isServer && !replacesEntryPoint ? reason('drops-root') : null;
}

/** What works as root in a way that nobody has described: it may write anywhere, and use any of its capabilities. */
function rootDoubts(service: Service, user: RunAs, capabilities: readonly string[] | null): readonly Reason[] {
  if (service.platform === 'engine') return user.kind === 'root' && capabilities === null && !startsAsOther(service) ? [user.why] : [];
  const { known, needsRoot } = service;
  const run = startsOwn(service) ? (known.stage?.run ?? null) : null;
  const [program] = run?.programs ?? [];
  return [
    ...needsRoot.flatMap(({ reason: why, runs }) => (runs || !isDescribed(known.profile) ? why : [])),
    run?.obstacle ?? null,
    dropsRoot(service),
    program === undefined ? null : reason('program-needs-root', { program }),
  ].filter(why => why !== null);
}
