import { reason, type Reason } from '../base/terms/evidence';
import type { ImageProfile } from '../knowledge/image-profiles';
import type { Doubt, Place, Right, Testimony } from './testimony';
import { isDescribed } from '../knowledge/configured-image';
import { servedFile, startedCapabilities, startsSetuid, verifiedFile } from '../knowledge/image-facts';
import { isWithinPath } from '../knowledge/host-paths';
import { renderedSettings, rewrittenSettings, writtenSettings } from '../knowledge/written-settings';
import { folderOf } from '../workspace/paths';
import { calledKind, isVerifiedUser, unknownImage } from './known-image';
import { keepsEntryPoint, type Platform, type Service } from './service';
import { startedPrograms } from './started';

/** Images that go on where they cannot write to what they ship: only a setting of the user makes them write. */
const tolerant: Readonly<Record<Platform, ReadonlySet<string>>> = {
  pod: new Set(['nginx', 'tomcat', 'hashicorp/vault', 'hashicorp/consul']),
  engine: new Set(['nginx', 'tomcat', 'hashicorp/vault', 'hashicorp/consul', 'rabbitmq', 'elasticsearch']),
  image: new Set(),
};

/** Images of which nothing else is known here that write among their own files when they start: settings, logs, what is deployed in them. */
const amongOwn =
  /^confluentinc\/cp-|(?:^|[/-])(?:airflow|wildfly|jboss|glassfish|payara|weblogic|hadoop|hdfs|spark|flink|nifi|druid|hive|hbase|nexus3?|artifactory|geonetwork|geoserver|liferay)(?:$|-)/;

/**
 * Servers that run jobs, of which what they need themselves says nothing. Jenkins also starts none where less than 1 GiB of its temporary folder is free
 * (jenkins.io, Managing nodes: Node monitoring).
 */
const jobRunners: ReadonlySet<string> = new Set(['jenkins/jenkins']);

/** Whether the table of images says all that an image writes: of systems and languages it cannot, since anything may be started there. */
export function hasKnownWrites(profile: ImageProfile | null, keepsStart: boolean): boolean {
  return (profile?.kind === 'server' || profile?.kind === 'tool') && keepsStart;
}

/** What the table of images says, and what the name of an image that is not in it tells. */
export function imageWitness(service: Service): Testimony {
  const { known, image, platform } = service;
  const { profile, stage } = known;
  const doubt = (why: Reason, against: readonly Right[]): Doubt => ({ reason: why, against, witness: 'image' });
  const isTolerant = profile !== null && tolerant[platform].has(profile.name);
  const paths =
    profile && !service.prepares && (platform === 'pod' || hasKnownWrites(profile, keepsEntryPoint(service))) ? profile.writablePaths : [];
  const repository = image?.reference?.repository ?? null;
  const kind = calledKind(service);
  const settings = settingsDoubt(service);
  const other = otherProgram(service);
  const unknown = platform === 'image' ? null : unknownImage(service);
  // a configuration says as whom it starts, and nothing of what the file of its program carries
  const isOther = stage === null && isVerifiedUser(known);
  const ofUser: readonly Right[] = isOther ? [] : ['user'];
  const carried = keepsStart(service) ? startedCapabilities(known.facts, servedFile) : null;
  const isRead = carried !== null && keepsStart(service) && startedCapabilities(known.facts, verifiedFile) !== null;
  const unread: readonly Right[] =
    platform === 'pod' && known.facts !== null && !isDescribed(profile) && !isRead ? ['file-capabilities'] : [];
  // ports below 1024 are open to everybody there
  const lost = (stage === null ? (carried ?? []) : []).filter(one => one !== 'NET_BIND_SERVICE');
  const volumes = isDescribed(profile) || platform !== 'pod' || service.prepares ? [] : (profile?.volumes ?? []);
  return {
    writes: [
      ...paths.flatMap(({ path, hasContent }): readonly Place[] =>
        hasContent && isTolerant ? [] : [{ path, filled: hasContent, given: false, witness: 'image', level: 'known' }],
      ),
      ...volumes.map((path): Place => ({ path, filled: false, given: false, witness: 'image', level: 'guessed' })),
    ],
    doubts: [
      ...(kind ? [doubt(kind.reason, [...ofUser, 'files', 'capabilities', 'escalation'])] : []),
      ...(profile && jobRunners.has(profile.name) && keepsEntryPoint(service)
        ? [doubt(reason('runs-jobs', { image: profile.name }), service.user ? ['files', 'capabilities'] : ['files'])]
        : []),
      // it makes pipes and locks in the folders of the services that it starts
      ...(profile?.init === 's6' && keepsEntryPoint(service) ? [doubt(reason('init-writes', { init: profile.init }), ['files'])] : []),
      ...(!isDescribed(profile) && stage === null && repository !== null && amongOwn.test(repository)
        ? [doubt(reason('image-writes-own', { image: repository }), ['files'])]
        : []),
      // another user writes them as little: they are root's
      ...(settings ? [doubt(settings, ['user', 'files'])] : []),
      ...(other === null ? [] : [doubt(reason('starts-other', { program: other }), ['user', 'files', 'capabilities'])]),
      ...(keepsStart(service) && startsSetuid(known.facts) ? [doubt(reason('setuid-program'), ['escalation', 'file-capabilities'])] : []),
      ...(lost.length === 0
        ? []
        : [doubt(reason('file-capabilities', { capabilities: lost.join(', ') }), ['escalation', 'file-capabilities'])]),
      ...(unknown ? [doubt(unknown, [...ofUser, 'files', 'capabilities', ...unread])] : []),
    ],
  };
}

/** Whether it starts what its image does. */
const keepsStart = (service: Service): boolean => keepsEntryPoint(service) && !service.replacesEntryPoint && !service.replacesCommand;

/** Why it writes settings outside its mounts; `null`: nothing tells of that. */
function settingsDoubt(service: Service): Reason | null {
  const { environment, known, mounts, words } = service;
  const { profile, stage } = known;
  const isKept = (folder: string): boolean => mounts.some(mount => !mount.readOnly && isWithinPath(folder, mount.path));
  if (profile && keepsEntryPoint(service)) {
    const written = writtenSettings(
      profile.name,
      environment.map(({ name }) => name),
    );
    if (written) return reason('image-writes-settings', { image: profile.name, path: written.path, variable: written.variable });
    const templates = renderedSettings(profile.name, environment);
    const filled = [...mounts.map(({ path }) => path), ...(stage?.run?.start?.copies ?? []).map(({ to }) => to)];
    if (templates && !isKept(templates.to) && filled.some(path => isWithinPath(path, templates.from)))
      return reason('image-renders-settings', { image: profile.name, path: templates.to, from: templates.from });
  }
  const path = rewrittenSettings(words);
  return path === null || isKept(folderOf(path)) ? null : reason('rewrites-settings', { program: words[0]!, path });
}

/** A program that is started in place of a server's own, so that what is known of the server says nothing of it; `null`: there is none. */
function otherProgram({ known: { profile, stage }, platform, replacesEntryPoint, words }: Service): string | null {
  if (platform !== 'engine' || stage !== null || profile?.kind !== 'server' || !replacesEntryPoint) return null;
  const programs = startedPrograms(words);
  const server = profile.name.slice(profile.name.lastIndexOf('/') + 1).replace(/:.*/, '');
  return programs.some(program => program.startsWith(server)) ? null : (programs[0] ?? null);
}
