import { remedyOf } from '../../container/edits';
import type { ContainerOptions } from '../../container/types';
import { noFix, type Report } from '../../define-rule';

/** Images that register emulators of other processors with the kernel and end: nothing less lets them. */
const emulators = /(?:^|\/)(?:multiarch\/qemu-user-static|(?:tonistiigi|docker|linuxkit)\/binfmt)(?:[:@]|$)/;

/** An engine of its own in a container, which mounts and makes networks as its host does. */
const engines = /(?:^|\/)docker:[^/]*dind/;

/** `privileged` but for what is a family's own. */
export const privileged = {
  title: 'Privileged container',
  severity: 'error',
  category: 'privilege',
  profile: 'baseline',
  references: {
    cisDocker: ['5.5'],
    nist800190: ['3.4.3', '4.4.3'],
    mitre: ['T1611'],
    cwe: ['CWE-250'],
    links: ['https://cheatsheetseries.owasp.org/cheatsheets/Docker_Security_Cheat_Sheet.html'],
  },
  messages: {
    privileged: { text: 'Container "{container}" has every capability and access to every device on the host' },
    emulators: {
      text: 'Container "{container}" is privileged because it registers emulators; it exits afterward',
      severity: 'hint',
    },
  },
  fixes: { remove: { title: 'Run without "privileged"', class: 'attended' } },
  assumptions: { 'no-host-access': "Nothing in the container needs the host's devices, mounts or kernel settings" },
  on: {
    container(container: ContainerOptions, report: Report<'privileged' | 'emulators', 'remove'>): void {
      const setting = container.get('privileged');
      if (setting?.value !== true || setting.inherited) return;
      if (emulators.test(container.image?.text ?? container.image?.name ?? '')) return report(setting.range, 'emulators');
      // of a command without a name it is the image as written
      if (engines.test(container.image?.text ?? container.name))
        return report(setting.range, 'privileged', {}, noFix('needs-root', 'an engine inside a container needs privileged mode'));
      const edit = container.edit.remove(setting);
      report(setting.range, 'privileged', {}, ...report.remedy('remove', remedyOf(edit, { assumes: [{ id: 'no-host-access' }] })));
    },
  },
} as const;
