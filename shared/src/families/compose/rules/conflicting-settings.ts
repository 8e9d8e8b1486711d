import { defineRule, type Attachment } from '../../../rule/define-rule';
import { moveKey, removeNode } from '../../../syntax/yaml/operations';
import type { Path, YamlDocument, YamlNode } from '../../../syntax/yaml/types';
import { placeOf } from '../model/places';
import { injectedInto } from '../model/injected';
import type { Origin, Problem } from '../model/value';

/** Where the item stands that a problem is about; `null` where it is not sure to be its own. */
function problemPlace({ range }: Problem, document: YamlDocument): Path | null {
  const found = range && innermost(document, range.start);
  return found && placeOf(document, found);
}

/** The scalar that starts at an offset. */
function innermost(document: YamlDocument, offset: number): YamlNode | null {
  const stack: (YamlNode | null)[] = [document.root];
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    if (node?.kind === 'scalar' && node.range.start === offset) return node;
    if (node?.kind === 'map') for (const { value } of node.entries) stack.push(value);
    if (node?.kind === 'sequence') stack.push(...node.items);
  }
  return null;
}

export const rule = defineRule({
  id: 'compose/conflicting-settings',
  title: 'Conflicting settings',
  severity: 'error',
  category: 'correctness',
  profile: 'baseline',
  references: { links: ['https://docs.docker.com/reference/compose-file/deploy/#resources'] },
  messages: {
    limits: { text: 'Compose rejects "{setting}" because it differs from {other}' },
    mounted: { text: '{target} is mounted twice: Compose rejects the project' },
    equal: { text: 'This entry is a duplicate: Compose rejects the project' },
    network: { text: 'network_mode and networks are mutually exclusive' },
    swap: { text: 'memswap_limit includes memory, but is less than the memory limit' },
    reservation: { text: 'The memory reservation is higher than the memory limit' },
    injected: { text: 'Compose cannot copy this content into a container with a read-only root filesystem: use a file instead' },
    other: { text: 'Here' },
  },
  fixes: {
    move: { title: 'Move {setting} to {other}', class: 'review' },
    drop: { title: 'Remove the duplicate entry', class: 'safe' },
    unmount: { title: 'Remove the conflicting tmpfs mount', class: 'attended' },
  },
  assumptions: { 'volume-meant': 'The volume is the intended mount at {target}' },
  on: {
    project({ document, project }, report) {
      // which of two settings a template prints is not seen
      if (document.templated) return;
      const related = (other: Origin | null | undefined): Attachment | null =>
        other?.file.document === document && other.node ? report.related(other.node.range, 'other') : null;
      const place = (at: Origin | null | undefined) =>
        at?.file.document === document && at.node && !at.node.shared ? placeOf(document, at.node) : null;
      const limits = ({ steps, data }: Problem): Attachment | null => {
        const group = data?.name?.split('.') ?? [];
        const service = steps.slice(0, 2);
        // another value there is another matter: which of the two is meant, nobody knows
        if (data?.other?.node?.kind !== 'map' || group.length < 3) return null;
        return report.fix('move', () => [moveKey([...steps], [...service, ...group])], {
          data: { setting: String(steps[2]), other: data.name! },
        });
      };
      for (const problem of project.problems) {
        const { code, file, range, steps, data } = problem;
        if (file.document !== document || !range) continue;
        const other = related(data?.other);
        if (code === 'limits') report(range, 'limits', { setting: data?.kind ?? '', other: data?.name ?? '' }, limits(problem), other);
        else if (code === 'network-mode') report(range, 'network', {}, other);
        else if (code === 'mounted-twice') {
          const target = data?.name ?? '';
          const tmpfs = data?.kind === 'volumes' && data.other?.node?.kind === 'scalar' ? place(data.other) : null;
          const fix =
            tmpfs && report.fix('unmount', () => [removeNode(tmpfs, true)], { assumes: [{ id: 'volume-meant', data: { target } }] });
          report(range, 'mounted', { target }, fix, other);
        } else if (code === 'equal-items' && steps.includes('security_opt')) {
          const item = problemPlace(problem, document);
          report(range, 'equal', {}, item && report.fix('drop', () => [removeNode(item)]), other);
        }
      }
    },
    container(container, report) {
      const [memory, swap, reserved] = [container.get('memory'), container.get('memorySwap'), container.get('memoryReservation')];
      if (memory?.value && swap && !swap.inherited && swap.value !== null && swap.value > 0 && swap.value < memory.value)
        report(swap.range, 'swap');
      if (memory?.value && reserved && !reserved.inherited && reserved.value !== null && reserved.value > memory.value)
        report(reserved.range, 'reservation');
      const readOnly = container.get('readOnly');
      const copied = readOnly?.value === true ? injectedInto(container) : null;
      if (copied && !container.isInherited(copied))
        report(container.settingOf(copied).range, 'injected', {}, report.related(readOnly!.range, 'other'));
    },
  },
});
