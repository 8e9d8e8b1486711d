import { joined, remedyOf } from '../../container/edits';
import { ownSetting, type ContainerOptions, type Edit } from '../../container/types';
import type { Remedy } from '../../fix/remedy';
import type { Assumption } from '../../fix/types';
import type { Report, RuleContext } from '../../define-rule';
import { doubtAgainst } from '../../../evidence/evidence';
import { isDescribed } from '../../../knowledge/configured-image';
import { provedAssumptions, provedBy } from '../../fix/proved';
import { holdsOwnFiles, hostMountsOf } from './host-mounts';
import { doubtReason, volumeFiles, portCapabilities, runsOnWindows, startGroup, startOf, type Start } from './start';

function remedyFor(container: ContainerOptions, start: Start): Remedy {
  const { carried, owner, profile, user, evidence } = start;
  const proved = provedBy(evidence, 'capabilities');
  const added = new Set(container.list('capAdd').items.map(({ value }) => value));
  // who should be asked first whether another user fits goes on as root
  const staysRoot =
    proved === null && user.kind === 'settable' && profile?.privilegeDrop != null && doubtAgainst(evidence, 'user') !== null;
  const ofImage = (user.kind === 'root' ? user.capabilities : staysRoot ? evidence.capabilities : null) ?? [];
  // files of the host belong to the person who put them there, and some to that person alone
  const isRoot = proved === null && (user.kind === 'root' || user.kind === 'unknown' || staysRoot);
  const ofOthers = isRoot && hostMountsOf(container).some(({ source }) => holdsOwnFiles(source)) ? ['DAC_OVERRIDE'] : [];
  const asRoot = [...new Set([...ofImage, ...ofOthers])];
  const known = proved ? (evidence.capabilities ?? []) : [...asRoot, ...portCapabilities(container, start), ...carried];
  const needed = [...new Set(known)].filter(name => !added.has(name));
  const edits: Edit[] = [container.edit.dropAll()];
  if (needed.length > 0) edits.push(container.edit.append('capAdd', needed));
  // an entry point that changes users needs capabilities unless it starts as that user, and so does what was tried as one
  const becomes = user.kind === 'settable' && (profile?.privilegeDrop || proved) && !staysRoot ? user.user : null;
  if (becomes !== null) {
    const written = ownSetting(container, 'user');
    edits.push(written ? container.edit.replace(written, becomes) : container.edit.set('user', becomes));
  }
  const ofRoot: readonly Assumption[] = proved
    ? proved
    : asRoot.length > 0
      ? [{ id: 'needs-these', data: { capabilities: asRoot.join(', ') } }]
      : user.kind === 'unknown' || user.kind === 'root'
        ? [{ id: 'needs-none' }]
        : [];
  const assumes: Assumption[] = [...ofRoot, ...(becomes === null ? [] : [{ id: 'own-files', data: { user: becomes } }])];
  const asUnknown = user.kind === 'unknown' ? doubtAgainst(evidence, 'root-capabilities') : null;
  const seen = doubtAgainst(evidence, 'capabilities') ?? owner ?? asUnknown;
  const isNeeded = evidence.trial?.facts.needs.includes('capabilities') === true;
  // of an image that is another user's by its configuration alone, the file of its program was not read
  const isUnread = profile !== null && !isDescribed(profile) && container.lacks('user');
  if (seen === null || (user.kind === 'kept' && !isUnread && !isNeeded))
    return remedyOf(joined(edits), { assumes, group: startGroup(container) });
  const { fix, noFix } = remedyOf(joined(edits), {
    assumes: [...assumes, { id: 'drops-all', data: { seen }, evidence: true }],
    class: 'attended',
  });
  return { fix, noFix: noFix ?? { reason: doubtReason(start), detail: seen } };
}

/** `capabilities-not-dropped` but for what is a family's own. */
export const capabilitiesNotDropped = {
  title: 'Capabilities not dropped',
  severity: 'info',
  category: 'privilege',
  profile: 'restricted',
  references: {
    cisDocker: ['5.4'],
    nist800190: ['3.4.3', '4.4.3'],
    mitre: ['T1611'],
    cwe: ['CWE-250'],
    links: ['https://cheatsheetseries.owasp.org/cheatsheets/Docker_Security_Cheat_Sheet.html'],
  },
  messages: {
    missing: { text: 'Container "{container}" keeps the engine\'s default capabilities' },
    partial: { text: 'Container "{container}" drops some capabilities but keeps the rest' },
  },
  fixes: { drop: { title: 'Drop all capabilities and add back those that the image needs', class: 'review' } },
  assumptions: {
    ...provedAssumptions,
    'own-files': volumeFiles,
    'needs-none': 'Container "{container}" does not change file owners or switch users when it starts',
    'drops-all': 'Container "{container}" works without the dropped capabilities, although {seen}',
    'needs-these': 'As root, container "{container}" needs only these capabilities: {capabilities}',
  },
  on: {
    container(container: ContainerOptions, report: Report<'missing' | 'partial', 'drop'>, context: RuleContext): void {
      if (container.get('privileged')?.value === true || runsOnWindows(container, context)) return;
      const { items, open } = container.list('capDrop');
      if (open || items.some(({ value }) => value === 'ALL' || value === null)) return;
      if (container.list('capAdd').items.some(({ value }) => value === 'ALL')) return;
      const own = items.find(({ inherited }) => !inherited);
      if (items.length > 0 ? !own || !container.complete : !container.lacks('capDrop')) return;
      const remedy = remedyFor(container, startOf(container, context));
      report(own?.range ?? container.reportRange, own ? 'partial' : 'missing', {}, ...report.remedy('drop', remedy));
    },
  },
} as const;
