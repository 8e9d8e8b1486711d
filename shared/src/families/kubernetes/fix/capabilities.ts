import { appendItem, setValue, type YamlOperation } from '../../../syntax/yaml/operations';
import { reason } from '../../../base/terms/evidence';
import { leave, type Remedy } from '../../../rule/fix/remedy';
import type { Assumption } from '../../../rule/fix/types';
import { containerName } from '../model/names';
import { capabilities, containerFlag } from '../model/security';
import type { Path } from '../../../syntax/yaml/types';
import type { ContainerView } from '../model/types';
import { podGroup, type FixSettings } from './settings';
import { imageAssumptions, knownImage } from './image';
import { runsOnWindows } from './windows';
import { servedFile, startedCapabilities } from '../../../knowledge/image-facts';
import { neededCapabilities } from '../../../knowledge/root-capabilities';
import { carriedCapabilities } from '../../../evidence/known-image';
import { doubtAgainst } from '../../../evidence/evidence';
import { evidenceFor } from './service';
import { provedBy } from '../../../rule/fix/proved';
import { endsNonRoot, isHarmless, userDecision } from './run-as';
import { userChange } from './user';

/** Drops all capabilities, and adds those that are listed and not added yet. */
function dropAll(container: ContainerView, needed: readonly string[]): YamlOperation[] {
  const drop = capabilities(container, 'drop');
  const add = capabilities(container, 'add');
  const has = new Set(add.items.map(({ name }) => name));
  return [setValue(drop.path, ['ALL']), ...needed.filter(name => !has.has(name)).map(value => appendItem(add.path, value))];
}

/** How a dropped `all` comes to be what the API server compares with: container engines take both. */
export function caseRemedy(path: Path): Remedy {
  return { fix: { operations: () => [setValue(path, 'ALL')], class: 'safe' }, noFix: null };
}

/** How a container comes to drop all capabilities. */
export function capabilityRemedy(container: ContainerView, settings: FixSettings): Remedy {
  if (runsOnWindows(container.pod)) return leave('windows');
  if (containerFlag(container, 'privileged')?.value === true) return leave('needs-root', reason('privileged'));
  const user = userDecision(container, settings);
  const image = knownImage(container, settings);
  const profile = image?.profile ?? null;
  const name = containerName(container);
  const evidence = evidenceFor(container, settings);
  // what a container may do goes with who it is, as soon as one of the two changes the other
  const group = user.kind === 'set' || profile?.privilegeDrop ? podGroup(container.pod) : undefined;
  const known = profile !== null && profile.nonRootInPod !== 'app-decides' && profile.nonRootInPod !== 'unknown';
  const unknown: readonly Assumption[] = known ? [] : [{ id: 'no-capabilities', data: { container: name } }];
  const assumes: Assumption[] = [...imageAssumptions(container, image), ...unknown];
  const proved = provedBy(evidence, 'capabilities');
  // it was tried as that user
  const asUser = provedBy(evidence, 'user') !== null;
  if (proved && (!asUser || isHarmless(user))) {
    const change = asUser && user.kind === 'set' ? userChange(container, settings) : null;
    const operations = (): YamlOperation[] => [...(change?.operations() ?? []), ...dropAll(container, evidence.capabilities ?? [])];
    const all = [...imageAssumptions(container, image), ...proved];
    // what is reported once it is there is for a person to add
    const entry = (profile?.privilegeDrop && neededCapabilities(profile)) || [];
    const other = (evidence.capabilities ?? []).filter(one => one !== 'NET_BIND_SERVICE' && !entry.includes(one));
    if (other.length === 0) return { fix: { operations, class: 'review', assumes: all, group }, noFix: null };
    const detail = reason('trial-keeps', { date: evidence.trial!.facts.date, capabilities: other.join(', ') });
    return { fix: { operations, class: 'attended', assumes: all }, noFix: { reason: 'attended', detail } };
  }
  const seen = evidence.trial && doubtAgainst(evidence, 'capabilities');
  if (seen) {
    const doubted: Assumption = { id: 'unread-capabilities', data: { container: name, seen }, evidence: true };
    const operations = (): YamlOperation[] => dropAll(container, []);
    return { fix: { operations, class: 'attended', assumes: [...assumes, doubted] }, noFix: { reason: 'attended', detail: seen } };
  }
  if (endsNonRoot(container, settings)) {
    const built = image?.stage?.run?.fileCapabilities ?? startedCapabilities(image?.facts ?? null, servedFile) ?? [];
    const needed = image ? carriedCapabilities(image).filter(one => one === 'NET_BIND_SERVICE' || built.includes(one)) : [];
    // an entry point that changes its user needs capabilities unless it starts as that user
    const change = user.kind === 'set' && profile?.privilegeDrop ? userChange(container, settings) : null;
    const operations = (): YamlOperation[] => [...(change?.operations() ?? []), ...dropAll(container, needed)];
    // what the file of a program carries, no configuration says
    const unread = image?.facts ? doubtAgainst(evidence, 'file-capabilities') : null;
    if (unread !== null) {
      const doubted: Assumption = { id: 'unread-capabilities', data: { container: name, seen: unread }, evidence: true };
      return {
        fix: { operations, class: 'attended', assumes: [...assumes, doubted], group },
        noFix: { reason: 'attended', detail: unread },
      };
    }
    // a pod that is restricted may add no other
    const other = needed.filter(one => one !== 'NET_BIND_SERVICE');
    const all = change ? [...change.assumes, ...unknown] : assumes;
    if (other.length === 0) return { fix: { operations, class: 'review', assumes: all, group }, noFix: null };
    const detail = reason('file-capabilities', { capabilities: other.join(', ') });
    return { fix: { operations, class: 'attended', assumes: all }, noFix: { reason: 'attended', detail } };
  }
  const needed = neededCapabilities(profile);
  // whoever stays root keeps what its entry point needs to become another user
  if (needed && image?.guess == null && (user.kind === 'left' || user.kind === 'set')) {
    const data = { container: name, capabilities: needed.join(', ') };
    return {
      fix: {
        operations: () => dropAll(container, needed),
        class: 'review',
        assumes: [...imageAssumptions(container, image), { id: 'root-capabilities', data }],
        group,
      },
      noFix: null,
    };
  }
  const noFix = user.kind === 'kept' ? null : user.kind === 'left' ? user : user.noFix;
  return { fix: { operations: () => dropAll(container, []), class: 'attended', assumes }, noFix };
}
