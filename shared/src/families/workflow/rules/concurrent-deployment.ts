import type { Range } from '../../../base/text/range';
import { defineRule, noFix } from '../../../rule/define-rule';
import { setValue } from '../../../syntax/yaml/operations';
import { mapOf, resolve, stringOf } from '../../../syntax/yaml/values';
import { isCalled } from '../model/events';
import { written } from '../../../rule/pipeline/commands';
import { commandsOf } from '../model/pipeline';
import { isSwitchedOff } from '../model/refs';
import type { JobView, StepView, WorkflowView } from '../model/types';

/** Actions that put a version where users see it (their README, 2026-11). */
const actions =
  /^(?:actions\/deploy-pages|azure\/(?:webapps-deploy|functions-action|k8s-deploy|container-apps-deploy-action|static-web-apps-deploy)|aws-actions\/(?:amazon-ecs-deploy-task-definition|aws-cloudformation-github-deploy)|google-github-actions\/deploy-(?:cloudrun|appengine|cloud-functions)|firebaseextended\/action-hosting-deploy)$/;

/** Commands that do. */
const commands =
  /^(?:(?:terraform|tofu|terragrunt) (?:\S+ ){0,6}apply|helm upgrade|helmfile (?:\S+ ){0,6}(?:apply|sync)|kubectl (?:\S+ ){0,6}(?:apply|set image|replace)|pulumi (?:up|update)|cdk deploy|(?:sls|serverless|sam|flyctl|fly|firebase|wrangler) deploy|gcloud (?:run|app|functions) deploy|az webapp deploy|aws (?:ecs update-service|cloudformation deploy)|ansible-playbook|kamal deploy)(?= |$)/;

/** Conditions that may leave a job or a step out where a branch is pushed. */
const choosing = /refs\/tags|\bref_type\b|\bevent_name\b/;

/** What a step deploys with: the action or the command. */
function deploymentOf(step: StepView): Range | null {
  const { uses } = step;
  if (isSwitchedOff(step) || choosing.test(stringOf(step.condition) ?? '')) return null;
  if (uses) return actions.test(uses.name) ? uses.nameRange : null;
  for (const command of commandsOf(step)) {
    const line = [command.name, ...command.args.map(word => written(step, word))].join(' ').slice(0, 400);
    if (commands.test(line) && !/ --dry-run\b| -h\b| --help\b/.test(line)) return command.range;
  }
  return null;
}

/** Whether pushes to a branch start a workflow: two may come within a minute. */
function runsForBranches({ triggers }: WorkflowView): boolean {
  const push = triggers.get('push');
  return (
    push !== undefined &&
    !(push.settings && (push.settings.get('tags') ?? push.settings.get('tags-ignore')) && !push.settings.get('branches'))
  );
}

const limits = ({ node }: Pick<JobView, 'node'>): boolean => resolve(node.get('concurrency')) !== null;

export const rule = defineRule({
  id: 'workflow/concurrent-deployment',
  title: 'Two runs may deploy at the same time',
  severity: 'info',
  category: 'reliability',
  profile: 'recommended',
  references: {
    links: ['https://docs.github.com/actions/how-tos/write-workflows/choose-when-workflows-run/control-workflow-concurrency'],
  },
  messages: {
    collides: { text: 'Two pushes in a row deploy at the same time, and the older deployment may finish last: set "concurrency"' },
  },
  fixes: { queue: { title: 'Add concurrency: only one run of the job at a time', class: 'review' } },
  assumptions: { newest: 'A waiting run may be replaced by a newer one' },
  needsWhole: true,
  on: {
    workflow(workflow, report) {
      if (isCalled(workflow) || !runsForBranches(workflow) || limits({ node: workflow.root })) return;
      for (const job of workflow.jobs) {
        // without an environment it may be a cluster that the job itself makes
        if (!job.guarded || limits(job) || choosing.test(stringOf(job.condition) ?? '')) continue;
        const found = job.steps.map(deploymentOf).find(one => one !== null);
        if (!found) continue;
        const isMany = mapOf(job.node.get('strategy')) !== null;
        const group = `\${{ github.workflow }}-${job.id}`;
        const fix = isMany
          ? noFix('manual', 'each job of a matrix needs its own group')
          : report.fix('queue', () => [setValue([...job.path, 'concurrency'], group, 'environment')], { assumes: [{ id: 'newest' }] });
        report(found, 'collides', {}, fix);
      }
    },
  },
});
