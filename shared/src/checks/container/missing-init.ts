import { remedyOf } from '../../container/edits';
import type { ContainerOptions } from '../../container/types';
import type { Report, RuleContext } from '../../rule/define-rule';
import { startOf, type Start } from './start';

/** Shells and runtimes of languages: they pass no signals on, or collect no children. */
const withoutDuties = /^(?:(?:ba|da|a)?sh|node|npm|yarn|pnpm|python3?|ruby|php|java|flask|gunicorn)$/;

/** The first process of a container, as a name without folders; `null` where nobody knows. */
function firstProcess(container: ContainerOptions, { profile, stage }: Start): string | null {
  const entrypoint = container.list('entrypoint').items;
  const [first] = entrypoint.length > 0 ? entrypoint : profile?.kind === 'runtime' && stage === null ? container.list('args').items : [];
  if (!first) return stage?.run?.programs[0] ?? null;
  if (first.value === null) return null;
  // the image of a language starts its runtime with a script that it is given
  const isScript = entrypoint.length === 0 && /\.(?:[cm]?js|py|rb|php)$/.test(first.value);
  const name = isScript ? profile!.name : first.value;
  return name.slice(name.lastIndexOf('/') + 1);
}

/** `missing-init` but for what is a family's own. */
export const missingInit = {
  title: 'No init process',
  severity: 'hint',
  category: 'reliability',
  profile: 'strict',
  references: { links: ['https://docs.docker.com/reference/cli/docker/container/run/#init'] },
  messages: {
    missing: { text: '"{program}" is the first process of container "{container}": it passes no signals on and collects no children' },
  },
  fixes: { init: { title: 'Start an init process', class: 'attended' } },
  assumptions: { 'no-other-init': 'The image starts no init process of its own' },
  on: {
    container(container: ContainerOptions, report: Report<'missing', 'init'>, context: RuleContext): void {
      const setting = container.get('init');
      if (setting ? setting.value !== false || setting.inherited : !container.lacks('init')) return;
      const start = startOf(container, context);
      if (start.profile?.init) return;
      const program = firstProcess(container, start);
      if (program === null || !withoutDuties.test(program)) return;
      const remedy = remedyOf(container.edit.set('init', true), { assumes: [{ id: 'no-other-init' }] });
      report(setting?.range ?? container.reportRange, 'missing', { program }, ...report.remedy('init', remedy));
    },
  },
} as const;
