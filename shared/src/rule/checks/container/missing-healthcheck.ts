import { onlySchedules, startedWords } from '../../../evidence/program/started-command';
import { developmentWord } from '../../../knowledge/development';
import { lacksProgram, mayBringPrograms } from '../../../knowledge/health-checks';
import { serviceOf } from '../../container/service';
import { remedyOf } from '../../container/edits';
import { isTaskAlone, ownWords } from '../../container/task';
import { ownSetting, type ContainerOptions, type Setting } from '../../container/types';
import { partOf } from '../../container/values';
import { noFix, type Report, type RuleContext } from '../../define-rule';
import { startOf } from './start';

/** Images that bring a check of their own. */
const checked =
  /(?:^|\/)(?:gitlab-[ce]e|vaultwarden\/server|nextcloud-aio[\w-]*|linuxserver\/[\w-]+|keycloak|portainer|pihole|mailserver|traefik\/whoami)(?:[:@]|$)/;

/** Whether the image of a container has a health check; `null`: nobody knows. Images with a profile have none, tools aside. */
export function imageHealth(container: ContainerOptions, context: RuleContext): boolean | null {
  const { profile, stage } = startOf(container, context);
  if (stage && stage.health !== 'base') return stage.health === 'own';
  if (!stage && (container.isBuilt || container.image?.text == null)) return null;
  const text = stage ? stage.base : container.image!.text;
  if (text === null || checked.test(text)) return null;
  return text === 'scratch' || (profile && profile.kind !== 'tool') ? false : null;
}

/** Whether nothing speaks for a check of the image: of one that is built here its Dockerfile is told. */
function isMissing(container: ContainerOptions, context: RuleContext): boolean {
  const text = container.image?.text ?? null;
  return (
    text !== null &&
    !container.isBuilt &&
    !isTaskAlone(container) &&
    !onlySchedules(ownWords(container)) &&
    !checked.test(text) &&
    startOf(container, context).stage === null
  );
}

/** The program of a check that the image lacks, where nothing that is seen may bring it; `null`: none is known to be missing. */
function lackedProgram(container: ContainerOptions, test: Setting<string>, context: RuleContext): string | null {
  const reference = container.image?.reference;
  const [, program = ''] = /^(?:CMD |CMD-SHELL )?(curl|wget)(?= |$)/.exec(test.value ?? '') ?? [];
  if (program === '' || reference?.invalid !== null || container.isBuilt || startOf(container, context).stage) return null;
  const folders = container.list('mounts').items.map(({ value }) => value?.target ?? null);
  const isBrought = mayBringPrograms(ownWords(container), folders);
  return !isBrought && lacksProgram(reference, serviceOf(container, context).known.facts, program) ? program : null;
}

/** Whether a container starts a server for development, which the check of its image does not fit. */
function isForDevelopment(container: ContainerOptions): boolean {
  return startedWords(ownWords(container), []).commands.some(command => developmentWord(command) !== null);
}

/** `missing-healthcheck` but for what is a family's own. */
export const missingHealthcheck = {
  title: 'No health check',
  severity: 'info',
  category: 'reliability',
  profile: 'recommended',
  references: { cisDocker: ['5.27'] },
  messages: {
    disabled: { text: 'The health check of container "{container}" is disabled' },
    lacks: { text: 'The image of container "{container}" has no {program}: the health check always fails', severity: 'warning' },
    missing: { text: 'Nothing checks whether container "{container}" still responds', severity: 'hint', profile: 'strict' },
  },
  fixes: { enable: { title: "Use the image's health check", class: 'attended' } },
  on: {
    container(container: ContainerOptions, report: Report<'disabled' | 'lacks' | 'missing', 'enable'>, context: RuleContext): void {
      const off = ownSetting(container, 'noHealthcheck');
      const test = ownSetting(container, 'healthTest');
      if ((off?.value || /^NONE\b/.test(test?.value ?? '')) && (isForDevelopment(container) || isTaskAlone(container))) return;
      if (off?.value) report(off.range, 'disabled', {}, ...report.remedy('enable', remedyOf(container.edit.remove(off))));
      else if (test && /^NONE\b/.test(test.value))
        report(test.range, 'disabled', {}, ...report.remedy('enable', remedyOf(container.edit.remove(test))));
      else if (container.lacks('healthTest') && container.lacks('noHealthcheck') && isMissing(container, context))
        report(container.reportRange, 'missing', {}, noFix('manual'));
      const program = test ? lackedProgram(container, test, context) : null;
      if (program !== null) report(partOf(test!, program), 'lacks', { program }, noFix('manual'));
    },
  },
} as const;
