import type { Assumption } from '../../../rule/fix/types';
import { defineRule } from '../../../rule/define-rule';
import { setValue } from '../../../syntax/yaml/operations';
import { booleanOf, stringOf } from '../../../syntax/yaml/values';
import { doesStep, ownRelease } from '../model/needs';
import { levelOf } from '../model/permissions';
import type { StepView } from '../model/types';
import { textOf, valueOf } from '../model/values';

/** Commands that talk to the repository, with the credentials that a checkout leaves. */
const gitCommand =
  /\bgit\b[^\n|&;]{0,100}?[ \t](push|fetch|pull|submodule|lfs|ls-remote|clone)\b|\b(semantic-release|goreleaser|release-please|lerna[ \t]+publish|lerna[ \t]+version|changeset[ \t]+publish|mvn[^\n]{0,100}release:|standard-version|cargo[ \t]+release|bump2?version)\b/;

/** The token that every job has, and that a checkout takes by itself. */
const isOfJob = /^\$\{\{\s{0,9}(?:github\.token|secrets\.GITHUB_TOKEN)\s{0,9}\}\}$/i;

/** Commands that need the credentials: they send to the repository, or get from it. */
const needing = /\bgit\b[^\n|&;]{0,100}?[ \t](?:push|fetch|pull)\b|\bgh[ \t]+pr[ \t]+checkout\b/;

/** Whether a step works in the folder of a checkout, where others are checked out beside it. */
function worksIn({ run, node }: StepView, checkout: StepView, others: readonly StepView[]): boolean {
  if (others.length === 0) return true;
  const text = `${stringOf(node.get('working-directory')) ?? ''}\n${run?.text ?? ''}`;
  const [folder, ...rest] = [checkout, ...others].map(({ inputs }) => textOf(inputs, 'path')?.replace(/^\.\/|\/$/g, '') ?? null);
  const isNamed = (path: string | null | undefined): boolean => path != null && text.includes(path);
  return folder === null ? !rest.some(isNamed) : isNamed(folder);
}

/** The steps of the job, or of the action, that a step is one of. */
const stepsAround = ({ job, file }: StepView): readonly StepView[] => (job ? job.steps : file.target === 'action' ? file.steps : []);

/** Whether the credentials are kept for a later step that surely needs them. */
function isNeeded(checkout: StepView): boolean {
  const steps = stepsAround(checkout);
  const others = steps.filter(step => step !== checkout && step.uses?.name === 'actions/checkout');
  return steps
    .slice(checkout.index + 1)
    .some(step => (needing.test(step.run?.text ?? '') || doesStep(step, 'git-push')) && worksIn(step, checkout, others));
}

/** What uses the credentials behind a checkout, as far as that is seen; `null`: nothing does. */
function userOf(checkout: StepView): string | null {
  const { job } = checkout;
  for (const step of stepsAround(checkout).slice(checkout.index + 1)) {
    const [, git, tool] = gitCommand.exec(step.run?.text ?? '') ?? [];
    if (git !== undefined) return `git ${git}`;
    if (tool !== undefined) return tool;
    const own = ownRelease(step.run?.text ?? '');
    if (own !== null) return own;
    if (doesStep(step, 'git-push')) return step.uses!.text;
  }
  if (!job) return 'the steps that follow this action';
  // a checkout needs none of one's own unless something later goes on with it
  const token = textOf(checkout.inputs, 'token');
  if (textOf(checkout.inputs, 'ssh-key') !== null || (token !== null && !isOfJob.test(token) && job.steps.length > checkout.index + 1))
    return 'a step that uses the token passed to the checkout step';
  // somebody gave the job what pushing needs
  const { effective } = job;
  const mayPush = effective !== null && effective.all === null && levelOf(effective, 'contents') === 'write';
  return mayPush ? 'a step that uses "contents: write"' : null;
}

/** Whether a later step uploads the folder of the checkout, hidden files included. */
function publisherOf(checkout: StepView): StepView | undefined {
  if (textOf(checkout.inputs, 'path') !== null) return undefined;
  return checkout.job?.steps.slice(checkout.index + 1).find(({ uses, inputs }) => {
    if (uses?.name !== 'actions/upload-artifact') return false;
    const paths = (textOf(inputs, 'path') ?? '').split('\n').map(path => path.trim().replace(/\/$/, ''));
    const isWhole = paths.some(
      path => ['.', '**', './**', '**/*'].includes(path) || /^\$\{\{\s{0,9}github\.workspace\s{0,9}\}\}$/.test(path),
    );
    const [, major] = /^v?([0-9]{1,4})/.exec(uses.ref) ?? [];
    // since v4.4 hidden files stay out unless that is asked for
    return isWhole && (textOf(inputs, 'include-hidden-files') === 'true' || (major !== undefined && Number(major) < 4));
  });
}

/** Whether the version is one that keeps the token outside of the checkout. */
function isOutside({ uses, file: { document } }: StepView): boolean {
  if (!uses) return false;
  const line = document.text.slice(uses.range.end, document.text.indexOf('\n', uses.range.end));
  const [, major] = /^v([0-9]{1,4})\b/.exec(uses.ref) ?? /#.{0,40}?\bv([0-9]{1,4})\b/.exec(line.slice(0, 100)) ?? [];
  return major !== undefined && Number(major) >= 6;
}

export const rule = defineRule({
  id: 'workflow/persisted-credentials',
  title: 'Checkout leaves the token on disk',
  severity: 'info',
  category: 'secrets',
  profile: 'recommended',
  references: { cwe: ['CWE-522', 'CWE-538'], links: ['https://github.com/actions/checkout#usage'] },
  peers: { zizmor: ['artipacked'] },
  messages: {
    kept: { text: 'The token stays in .git/config, where every later step can read it' },
    outside: { text: 'The token stays on the runner, where every later step can read it', severity: 'hint' },
    published: { text: 'The token stays in .git/config, and is uploaded with the folder', severity: 'warning' },
    uploaded: { text: 'Uploads .git with the token in it' },
  },
  fixes: { forget: { title: 'Set persist-credentials: false', class: 'review' } },
  assumptions: {
    unused: 'No later step accesses the repository with git',
    'used-later': "{what} does not need the checkout's credentials",
  },
  on: {
    step(step, report) {
      const { uses, inputs, path } = step;
      if (uses?.name !== 'actions/checkout') return;
      const given = valueOf(inputs, 'persist-credentials');
      const keeps = given ? booleanOf(given.node) !== false && given.text !== 'false' : true;
      if (!keeps || given?.text?.includes('${{')) return;
      const publisher = isOutside(step) ? undefined : publisherOf(step);
      // who writes it down means it, unless it is published
      if ((given || isNeeded(step)) && !publisher) return;
      const user = userOf(step);
      const assumes: readonly Assumption[] =
        user === null ? [{ id: 'unused' }] : [{ id: 'used-later', data: { what: user }, evidence: true }];
      const name = given?.name ?? 'persist-credentials';
      const operations = () =>
        step.node.entry('with') ? [setValue([...path, 'with', name], false)] : [setValue([...path, 'with'], { [name]: false }, 'uses')];
      const fix = report.fix('forget', operations, { assumes });
      const range = given?.node?.range ?? uses.range;
      if (publisher) report(range, 'published', {}, fix, report.related(publisher.reportRange, 'uploaded'));
      else report(range, isOutside(step) ? 'outside' : 'kept', {}, fix);
    },
  },
});
