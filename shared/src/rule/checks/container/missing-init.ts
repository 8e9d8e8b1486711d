import { remedyOf } from '../../container/edits';
import type { ContainerOptions } from '../../container/types';
import type { Report, RuleContext } from '../../define-rule';
import { provedAssumptions } from '../../fix/proved';
import { startOf, type Start } from './start';

/** Shells and runtimes of languages: they pass no signals on, or collect no children. */
const withoutDuties = /^(?:(?:ba|da|a)?sh|node|npm|yarn|pnpm|python3?|ruby|php|java|flask|gunicorn)$/;

const fileName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

/** What takes the place of a shell that is given as a list of words; the shell itself where nothing does. */
function behindExec([shell = null, option, script]: readonly (string | null)[]): string | null {
  const isScript = shell !== null && /^(?:ba|da|a)?sh$/.test(fileName(shell)) && /^-[a-z]*c$/.test(option ?? '');
  return (isScript && /^\s*exec\s+([^\s;&|]+)/.exec(script ?? '')?.[1]) || shell;
}

/**
 * The first process of a container, as a name without folders; `null` where nobody knows, and where a Dockerfile here says it: then the finding is
 * there, where its fix helps whoever starts the image.
 */
function firstProcess(container: ContainerOptions, { profile, stage }: Start): string | null {
  const entrypoint = container.list('entrypoint').items.map(({ value }) => value);
  const args = container.list('args').items.map(({ value }) => value);
  if (entrypoint.length > 0) {
    const first = behindExec(entrypoint);
    return first && fileName(first);
  }
  const first = profile?.kind === 'runtime' && stage === null ? behindExec(args) : null;
  // the image of a language starts its runtime with a script that it is given
  return first && fileName(/\.(?:[cm]?js|py|rb|php)$/.test(first) ? profile!.name : first);
}

/** `missing-init` but for what is a family's own. */
export const missingInit = {
  title: 'No init process',
  severity: 'hint',
  category: 'reliability',
  profile: 'strict',
  references: { links: ['https://docs.docker.com/reference/cli/docker/container/run/#init'] },
  messages: {
    missing: { text: '"{program}" runs as PID 1 in container "{container}": it does not forward signals or reap child processes' },
  },
  fixes: { init: { title: 'Add an init process', class: 'attended' } },
  assumptions: { proved: provedAssumptions.proved, 'no-other-init': 'The image does not start its own init process' },
  on: {
    container(container: ContainerOptions, report: Report<'missing', 'init'>, context: RuleContext): void {
      const setting = container.get('init');
      if (setting ? setting.value !== false || setting.inherited : !container.lacks('init')) return;
      const start = startOf(container, context);
      if (start.profile?.init) return;
      const program = firstProcess(container, start);
      if (program === null || !withoutDuties.test(program)) return;
      const { trial } = start.evidence;
      const remedy = remedyOf(
        container.edit.set('init', true),
        trial?.facts.init
          ? { assumes: [{ id: 'proved', data: { seen: trial.shown } }], class: 'review' }
          : { assumes: [{ id: 'no-other-init' }] },
      );
      report(setting?.range ?? container.reportRange, 'missing', { program }, ...report.remedy('init', remedy));
    },
  },
} as const;
