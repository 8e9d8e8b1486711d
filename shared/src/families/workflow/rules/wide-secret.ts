import type { Operation } from '../../../rule/fix/types';
import { defineRule, type Report } from '../../../rule/define-rule';
import { removeNode, setValue } from '../../../syntax/yaml/operations';
import { valueRange } from '../../../syntax/yaml/values';
import { sharedEnvironments } from '../model/environments';
import { expressionsIn } from '../model/expression/find';
import { nameOf, resultsOf } from '../model/expression/walk';
import { isPublic } from '../model/secrets';
import type { NamedValue, StepView } from '../model/types';

type OwnReport = Report<'wide', 'move'>;

/** Actions that take nothing from the environment by a name of its own. */
const silent =
  /^(?:actions\/(?:checkout|setup-\w+|cache(?:\/\w+)?|upload-artifact|download-artifact)|docker\/(?:setup-\w+-action|metadata-action|login-action|build-push-action))$/;

/** Whether a step names a variable (`$NAME`, `env.NAME`, `process.env.NAME`, `%NAME%`), or runs what reads it under that name, as `gh` does. */
function names({ node, run, file: { document } }: StepView, name: string): boolean {
  if (/^(?:GH|GITHUB)_(?:ENTERPRISE_)?TOKEN$/.test(name) && /\bgh[ \t]+[a-z]/.test(run?.text ?? '')) return true;
  return new RegExp(`\\b${name}\\b`).test(document.text.slice(node.range.start, node.range.end)); // regex: like /\bNAME\b/: of letters
}

/** Whether a step gives all later ones what a variable holds. */
function handsOn({ run }: StepView, name: string): boolean {
  const isNamed = new RegExp(`\\$\\{?${name}\\b`); // regex: like /\$\{?NAME\b/: of letters
  return run?.text.includes('GITHUB_ENV') === true && run.text.split('\n').some(line => line.includes('GITHUB_ENV') && isNamed.test(line));
}

/** Moves a variable into the steps that name it. */
function move({ name, text, path }: NamedValue, users: readonly StepView[]): readonly Operation[] {
  return [
    removeNode(path, true),
    ...users.filter(({ env }) => !env.values.some(own => own.name === name)).map(step => setValue([...step.path, 'env', name], text ?? '')),
  ];
}

function check(value: NamedValue, steps: readonly StepView[], report: OwnReport): void {
  const { name, node, entry } = value;
  const [first] = steps;
  if (!node || !first || steps.length < 2 || !/^[A-Za-z_]\w{0,200}$/.test(name) || isPublic(name)) return;
  // whether a secret is there is none
  const results = expressionsIn(first.file.document, node).flatMap(({ expression }) => (expression ? resultsOf(expression) : []));
  const isSecret = results.some(
    result =>
      result.kind === 'reference' && result.root === 'secrets' && nameOf(result) !== 'secrets.github_token' && !isPublic(nameOf(result)),
  );
  if (!isSecret) return;
  const users = steps.filter(step => names(step, name));
  const others = steps.filter(step => !users.includes(step));
  // what a step hands on to all others is meant for them
  if (others.length === 0 || users.some(step => handsOn(step, name))) return;
  const mayRead = others.some(({ run, uses }) => run !== null || uses?.kind !== 'repository' || !silent.test(uses.name));
  const fix =
    users.length > 0 &&
    report.fix('move', () => move(value, users), {
      data: { name },
      assumes: mayRead ? [{ id: 'others', data: { name }, evidence: true }] : [],
    });
  report(valueRange(entry), 'wide', { name, count: steps.length }, fix);
}

export const rule = defineRule({
  id: 'workflow/wide-secret',
  title: 'Secret in the environment of every step',
  severity: 'info',
  category: 'secrets',
  profile: 'recommended',
  references: { cwe: ['CWE-522', 'CWE-526'], links: ['https://docs.github.com/actions/reference/security/secure-use'] },
  messages: { wide: { text: 'All {count} steps, and anything they download and run, get {name}' } },
  fixes: { move: { title: 'Move {name} to the steps that use it', class: 'review' } },
  assumptions: { others: 'No program in another step reads {name} from its environment' },
  on: {
    workflow(workflow, report) {
      for (const { values, steps } of sharedEnvironments(workflow)) for (const value of values.values) check(value, steps, report);
    },
  },
});
