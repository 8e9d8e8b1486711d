import { permissionsOf } from '../../../knowledge/action-roles';
import { defineRule, noFix, type Attachment, type Report } from '../../../rule/define-rule';
import { upTo } from '../../../base/text/ends';
import type { Range } from '../../../base/text/range';
import { setValue } from '../../../syntax/yaml/operations';
import { written } from '../../../rule/pipeline/commands';
import { callOf, commandsOf, pushesOf } from '../model/pipeline';
import { levelOf, type Permissions } from '../model/permissions';
import type { JobView, StepView } from '../model/types';
import { textOf } from '../model/values';

interface Lack {
  readonly scope: string;
  readonly level: 'read' | 'write';
  readonly range: Range;
  readonly what: string;
  /** The input that is not given, and that would say that it is not needed. */
  readonly byDefault?: string | null;
}

const ownToken = /\bgithub\.token\b|\bsecrets\.GITHUB_TOKEN\b/i;

/** Whether a step works with another token than that of the job, so that permissions say nothing of it. */
function hasOtherToken({ inputs, env }: StepView): boolean {
  return [inputs, env].some(
    ({ values, open }) =>
      open ||
      values.some(
        ({ name, text }) =>
          /token|(?:^|[-_])pat$|app[-_]id|private[-_]key/i.test(name) && text !== null && text !== '' && !ownToken.test(text),
      ),
  );
}

/** What a step needs by its action. */
function needsOfAction(step: StepView): readonly Lack[] {
  const call = callOf(step);
  const needs = call && permissionsOf(call);
  if (!needs || /^(?:false|never)$/.test(textOf(step.inputs, 'upload') ?? '')) return [];
  const other = hasOtherToken(step);
  return needs.flatMap(({ scope, level, ifPrivate, goesOn, byDefault }) =>
    ifPrivate || goesOn || (other && scope !== 'id-token')
      ? []
      : [{ scope, level, range: step.reportRange, what: upTo(step.uses!.text, '@'), byDefault }],
  );
}

/** Keyless signing asks GitHub who the job is. */
function needsOfCommands(step: StepView): readonly Lack[] {
  return commandsOf(step).flatMap(command => {
    const words = command.name === 'cosign' ? command.args.map(word => written(step, word)) : [];
    if (!/^(?:sign|attest|sign-blob|attest-blob)$/.test(words[0] ?? '')) return [];
    if (
      words.some(word => /^(?:--key|--identity-token|--sk)(?:$|=)|^-k$/.test(word)) ||
      /COSIGN_EXPERIMENTAL.{0,5}0|SIGSTORE_ID_TOKEN/.test(step.run?.text ?? '')
    )
      return [];
    return [{ scope: 'id-token', level: 'write' as const, range: command.range, what: `keyless cosign ${words[0]}` }];
  });
}

/** A push to GitHub's registry with the token, where that registry is the only one that the job logs in to. */
function needsOfPush(job: JobView): readonly Lack[] {
  const logins = job.steps.filter(step => step.uses?.name === 'docker/login-action');
  const isGithub = (step: StepView): boolean =>
    /^ghcr\.io$/i.test(textOf(step.inputs, 'registry') ?? '') && ownToken.test(textOf(step.inputs, 'password') ?? '');
  if (logins.length !== 1 || !isGithub(logins[0]!)) return [];
  return pushesOf(job)
    .slice(0, 1)
    .map(({ range }) => ({ scope: 'packages', level: 'write', range, what: 'A push to ghcr.io' }));
}

/** Whether a scope is denied by name: what a step would do with it, it is not meant to do. */
function isDenied(permissions: Permissions | null, { scope }: Lack): boolean {
  return permissions?.scopes.some(entry => entry.scope === scope && entry.level === 'none') === true;
}

function fixOf(job: JobView, permissions: Permissions, lack: Lack, report: Report<never, 'grant'>): Attachment {
  const { scope, level, what, byDefault: input } = lack;
  const data = { scope, level };
  const assumes = input ? [{ id: 'meant', data: { what, input }, evidence: true as const }] : [];
  if (job.permissions?.map) return report.fix('grant', () => [setValue([...job.path, 'permissions', scope], level)], { data, assumes });
  // a job with permissions of its own has none of the workflow's
  if (!job.permissions && permissions.map && permissions.scopes.every(entry => entry.level !== ''))
    return report.fix(
      'grant',
      () => [
        setValue(
          [...job.path, 'permissions'],
          { ...Object.fromEntries(permissions.scopes.map(entry => [entry.scope, entry.level])), [scope]: level },
          job.node.entry('runs-on') ? 'runs-on' : undefined,
        ),
      ],
      { data, assumes, group: `${job.id} permissions` },
    );
  return noFix('manual');
}

export const rule = defineRule({
  id: 'workflow/missing-permission',
  title: 'Step that needs a permission its job does not have',
  severity: 'error',
  category: 'correctness',
  profile: 'baseline',
  references: { links: ['https://docs.github.com/actions/reference/workflows-and-actions/workflow-syntax#permissions'] },
  messages: { missing: { text: '{what} needs "{scope}: {level}", which the job does not have' } },
  fixes: { grant: { title: 'Grant the job "{scope}: {level}"', class: 'attended' } },
  assumptions: { meant: '{what} is meant to use this permission, so {input} does not need to be -1' },
  on: {
    job(job, report) {
      const { effective, steps, workflow } = job;
      if (job.uses) return;
      const isCalled = workflow.triggers.all.some(({ name }) => name === 'workflow_call');
      const seen = new Set<string>();
      for (const lack of [...steps.flatMap(step => [...needsOfAction(step), ...needsOfCommands(step)]), ...needsOfPush(job)]) {
        // what no declaration forbids the repository's setting may give, but never a token for OpenID Connect
        if (!effective && (lack.scope !== 'id-token' || isCalled)) continue;
        const has = effective ? levelOf(effective, lack.scope) : 'none';
        if (has === 'write' || has === lack.level || seen.has(lack.scope) || isDenied(effective, lack)) continue;
        seen.add(lack.scope);
        const { scope, level, what } = lack;
        report(lack.range, 'missing', { scope, level, what }, effective ? fixOf(job, effective, lack, report) : noFix('manual'));
      }
    },
  },
});
