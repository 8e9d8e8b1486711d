import { markOf } from '../../../rule/fix/places';
import { mayChange, mayGain } from '../../../syntax/yaml/certainty';
import { setValue } from '../../../syntax/yaml/operations';
import { defineRule, noFix } from '../../../rule/define-rule';
import { isTemporary } from '../fix/root-filesystem';
import { mapOf, stringOf } from '../../../syntax/yaml/values';
import { everyContainer } from '../model/pod';
import { resource } from '../model/security';
import type { PodView } from '../model/types';
import { usesOf } from '../model/volumes';

/** Whether all is known that containers mount and are limited to. */
const areMountsKnown = (pod: PodView): boolean =>
  everyContainer(
    pod,
    ({ complete, node, mounts }) =>
      complete && !mayGain(pod.object.document, node.get('volumeMounts')) && !mounts.some(mount => mayChange(mount.node.get('name'))),
  );

export const rule = defineRule({
  id: 'kubernetes/emptydir-size-limit',
  title: 'emptyDir without a size limit',
  severity: 'hint',
  category: 'reliability',
  profile: 'recommended',
  references: { nist800190: ['3.4.3', '4.4.3'], nsaCisa: ['4.0'], mitre: ['T1499'], cwe: ['CWE-770'] },
  peers: { 'kyverno-policies': ['require-emptydir-requests-limits', 'add-emptydir-sizelimit'] },
  messages: {
    disk: { text: 'Volume "{volume}" may fill up the node\'s disk', profile: 'strict' },
    memory: { text: 'Volume "{volume}" may fill up the node\'s memory', severity: 'info' },
  },
  fixes: {
    limit: { title: 'Limit the emptyDir volume to {size}', class: 'review' },
    enter: { title: 'Limit the emptyDir volume to a size that you enter', class: 'attended' },
  },
  assumptions: { fits: 'The contents of volume "{volume}" always fit in {size}' },
  on: {
    pod(pod, report, { defaults }) {
      const { document } = pod.object;
      // a template may limit what a container writes, or mount the volume in one
      if (!pod.complete || !pod.node.get('volumes') || !areMountsKnown(pod)) return;
      for (const volume of pod.volumes) {
        if (volume.type !== 'emptyDir' && volume.type !== null) continue;
        const source = mapOf(volume.source);
        if (mayChange(volume.node.get('name')) || mayChange(source?.get('medium'))) continue;
        if (source?.get('sizeLimit') || mayGain(document, volume.node) || mayGain(document, volume.source)) continue;
        const medium = stringOf(source?.get('medium')) === 'Memory' ? 'memory' : 'disk';
        const uses = usesOf(volume);
        // what is mounted read-only everywhere stays empty, also where a template makes it so
        if (uses.length > 0 && uses.every(({ mount }) => mount.readOnly || mayChange(mount.node.get('readOnly')))) continue;
        const limit = medium === 'memory' ? 'memory' : 'ephemeral-storage';
        if (uses.length > 0 && uses.every(({ container }) => resource(container, 'limits', limit))) continue;
        const { tmpSize: size } = defaults;
        const temporary = uses.every(({ mount: { mountPath } }) => mountPath !== null && isTemporary(mountPath));
        const name = volume.name ?? '';
        const path = [...volume.path, 'emptyDir', 'sizeLimit'];
        const fix =
          size === null
            ? report.fix('enter', () => [setValue(path, markOf(1))], { places: [{ text: '', sample: '64Mi' }] })
            : report.fix('limit', () => [setValue(path, size)], {
                data: { size },
                ...(!temporary && { class: 'attended' }),
                assumes: [{ id: 'fits', data: { volume: name, size } }],
              });
        const reason = (!temporary || size === null) && noFix('needs-value', 'how much data the volume stores is unknown');
        report(volume.typeKey?.range ?? volume.reportRange, medium, { volume: name }, fix, reason);
      }
    },
  },
});
