import type { ContainerOptions, EngineContainers, Mount } from '../../container/types';
import type { RuleContext } from '../../define-rule';
import { evidenceFor, serviceOf } from '../../container/service';
import { engineStart, type EngineStart, type StartUser } from '../../../evidence/engine-start';
import type { Evidence } from '../../../evidence/testimony';
import { carriedCapabilities } from '../../../evidence/known-image';
import { keepsEntryPoint } from '../../../evidence/service';
import { isWithinPath, normalizeHostPath } from '../../../knowledge/host-paths';
import type { ImageProfile } from '../../../knowledge/image-profiles';
import { isWindowsReference } from '../../../syntax/image/windows';
import { memoizeFor } from '../../../base/text/memoize';
import type { StageFact } from '../../../workspace/types';

/** What is known of what a container starts. */
export interface Start extends EngineStart {
  /** What is known of its image, or of the one that a Dockerfile of the workspace builds it on. */
  readonly profile: ImageProfile | null;
  /** Whether the image's own entry point is what starts, so that the profile speaks of that, too. */
  readonly keepsEntryPoint: boolean;
  /** The stage that it is built from; `null`: it is not built here. */
  readonly stage: StageFact | null;
  /** The capabilities that the file of its program carries. */
  readonly carried: readonly string[];
  readonly evidence: Evidence;
  /** As whom it starts, as far as is known without a trial: findings go by it, fixes by `user`. */
  readonly untriedUser: StartUser;
}

/** What is taken for granted wherever a container gets another user. */
export const volumeFiles =
  'The files in the volumes of container "{container}" are already owned by user {user}, as they are in new volumes';

type Workspace = Pick<RuleContext, 'workspace'>;

/** What is known of what a container starts. Several rules ask it of each. */
export function startOf(container: ContainerOptions, { workspace }: Workspace): Start {
  return startIn(container, workspace);
}

const startIn = memoizeFor((container: ContainerOptions, workspace: RuleContext['workspace']): Start => {
  const service = serviceOf(container, { workspace });
  const evidence = evidenceFor(container, { workspace });
  const { profile, stage } = service.known;
  const start = engineStart(service, evidence);
  return {
    profile,
    stage,
    keepsEntryPoint: keepsEntryPoint(service),
    evidence,
    carried: carriedCapabilities(service.known),
    ...start,
    untriedUser: evidence.untried ? engineStart(service, evidence.untried).user : start.user,
  };
});

/** What a container needs to listen on the ports that its Dockerfile names: below 1024 of its host, root too is asked for a capability. */
export function portCapabilities(container: ContainerOptions, { stage }: Start): readonly string[] {
  const isLow = stage?.ports.some(({ port }) => port < 1024) === true;
  return isLow && (container.guardsLowPorts === true || container.get('network')?.value === 'host') ? ['NET_BIND_SERVICE'] : [];
}

/** Whether a container runs programs that it unpacks into a folder: Java does so with its libraries, in `/tmp`. */
export function unpacksPrograms({ profile }: Start, folder: string): boolean {
  return profile?.isJvm === true && normalizeHostPath(folder) === '/tmp';
}

/**
 * Whether what is written to a folder may be of any size: where a server puts what its memory does not hold, as MySQL's `tmpdir` takes sorts and the
 * tables that are rebuilt, whatever the program of an unknown image writes, or of one that is built here, and where nginx buffers requests and caches answers, by a configuration that
 * is not read.
 */
export function isSpill(folder: string, { profile, stage, evidence }: Start, container: ContainerOptions): boolean {
  // a trial has shown what an unknown program writes
  if (profile === null) return evidence.trial === null;
  // of what is built on a language or a distribution, and listens, nothing says how large the uploads get
  if (
    stage !== null &&
    evidence.trial === null &&
    profile.kind !== 'server' &&
    profile.kind !== 'tool' &&
    container.list('ports').items.length > 0
  )
    return true;
  if (profile.name === 'nginx' && /^\/(?:var\/)?(?:cache|run)(?:\/|$)/.test(folder)) {
    const isCache = ({ path, witness }: (typeof evidence.writes)[number]): boolean =>
      witness === 'program' && /cache/.test(path.slice(folder.length)) && isWithinPath(path, folder);
    return (
      evidence.writes.some(isCache) || container.list('mounts').items.some(({ value }) => value === null || isUnreadConfiguration(value))
    );
  }
  return (profile.name === 'mysql' || profile.name === 'mariadb') && normalizeHostPath(folder) === '/tmp';
}

/** Whether a mount lays settings over those of nginx that are not in the workspace as a file of their own. */
function isUnreadConfiguration({ source, target }: Mount): boolean {
  return target !== null && /^\/etc\/nginx(?:\/|$)/.test(target) && !/^\.{1,2}\/[^$]*\.(?:conf|template)$/.test(source ?? '');
}

/** Whether Windows runs it, where nothing of Linux applies: an engine has one system, so that one container tells of all that it starts. */
export function runsOnWindows(container: ContainerOptions, { workspace }: Workspace): boolean {
  return startsOnWindows(container, { workspace }) || isOfWindows(container.engine, workspace);
}

const isOfWindows = memoizeFor((engine: EngineContainers, workspace: RuleContext['workspace']): boolean =>
  engine.containers().some(container => startsOnWindows(container, { workspace })),
);

/** A pipe of Windows, as a source or target of a mount. */
const pipe = /^(?:\\\\|\/\/)\.[\\/]pipe[\\/]/;

function startsOnWindows(container: ContainerOptions, context: Workspace): boolean {
  const isolation = container.get('isolation')?.value ?? '';
  return (
    /^windows\b/.test(container.get('platform')?.value ?? '') ||
    isolation === 'hyperv' ||
    isolation === 'process' ||
    (!container.isBuilt && isWindowsReference(container.image?.text ?? container.image?.name ?? '')) ||
    container.list('mounts').items.some(({ value }) => pipe.test(value?.source ?? '')) ||
    startOf(container, context).profile?.os === 'windows'
  );
}

/** The name of the group of what belongs together when a container is hardened: its user, capabilities, root file system and mounts. */
export function startGroup(container: ContainerOptions): string {
  return `start ${container.key}`;
}

/** Why harden leaves to a person what is in doubt: something is known to need root, or may, by the image's name or what is mounted. */
export function doubtReason({ user }: Start): 'needs-root' | 'attended' {
  return user.kind === 'root' ? 'needs-root' : 'attended';
}
