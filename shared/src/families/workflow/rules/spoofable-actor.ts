import { defineRule, type Report } from '../../../rule/define-rule';
import { editText } from '../../../syntax/yaml/operations';
import type { YamlDocument } from '../../../syntax/yaml/types';
import { conditionsOf, type Condition } from '../model/conditions';
import { conditionIn } from '../model/expression/find';
import type { Expression, Reference } from '../model/expression/types';
import { nameOf } from '../model/expression/walk';
import type { WorkflowView } from '../model/types';

type OwnReport = Report<'alone' | 'compared' | 'skipped', 'author'>;

/** Who caused the run, not who wrote what it runs on. */
const actors = /^github\.(?:actor|triggering_actor|event\.sender\.login)$/;

const isBot = (expression: Expression): boolean => expression.kind === 'literal' && /\[bot\]'?$/i.test(String(expression.value));
const isActor = (expression: Expression): expression is Reference => expression.kind === 'reference' && actors.test(nameOf(expression));

/** The actor that an expression compares with the name of a bot. */
function comparedActor(expression: Expression): Reference | null {
  if (expression.kind === 'binary' && (expression.operator === '==' || expression.operator === '!=')) {
    const { left, right } = expression;
    return isActor(left) && isBot(right) ? left : isActor(right) && isBot(left) ? right : null;
  }
  if (expression.kind !== 'call' || !['contains', 'endswith', 'startswith'].includes(expression.name)) return null;
  const [one, other] = expression.args;
  return one && other && isActor(one) && isBot(other) ? one : null;
}

/** Calls `found` for each comparison, with whether it lets in by itself and whether it is turned around. */
function visit(
  expression: Expression,
  alone: boolean,
  negated: boolean,
  found: (actor: Reference, alone: boolean, negated: boolean) => void,
): void {
  const actor = comparedActor(expression);
  if (actor) return found(actor, alone, negated !== (expression.kind === 'binary' && expression.operator === '!='));
  if (expression.kind === 'not') visit(expression.of, false, !negated, found);
  else if (expression.kind === 'binary' && (expression.operator === '&&' || expression.operator === '||'))
    for (const side of [expression.left, expression.right]) visit(side, alone && expression.operator === '||', negated, found);
}

/** What names the author of what a workflow runs on, where all its events have it. */
function authorOf({ triggers }: WorkflowView): string | null {
  const names = triggers.all.map(({ name }) => name);
  if (names.length === 0) return null;
  if (names.every(name => /^pull_request(?:_target|_review|_review_comment)?$/.test(name))) return 'github.event.pull_request.user.login';
  return names.every(name => name === 'issue_comment') ? 'github.event.comment.user.login' : null;
}

function check(workflow: WorkflowView, condition: Condition, document: YamlDocument, report: OwnReport): void {
  const expression = conditionIn(document, condition.node)?.expression;
  if (!expression) return;
  const isPrivileged = ['pull_request_target', 'workflow_run', 'issue_comment'].some(name => workflow.triggers.get(name));
  const author = authorOf(workflow);
  const found = new Map<string, { readonly message: 'alone' | 'compared' | 'skipped'; readonly actors: Reference[] }>();
  visit(expression, true, false, (actor, alone, negated) => {
    const message = negated ? 'skipped' : alone && isPrivileged ? 'alone' : 'compared';
    const key = `${message} ${nameOf(actor)}`;
    found.set(key, { message, actors: [...(found.get(key)?.actors ?? []), actor] });
  });
  // a condition that takes the actor for several bots is one finding, with one fix
  for (const { message, actors } of found.values()) {
    const edits = actors.map(({ range }) => ({ range, text: author ?? '' }));
    const fix = author !== null && report.fix('author', () => [editText(condition.path, edits)], { data: { author } });
    report(actors[0]!.range, message, { actor: nameOf(actors[0]!) }, fix);
  }
}

export const rule = defineRule({
  id: 'workflow/spoofable-actor',
  title: 'Bot recognized by github.actor',
  severity: 'warning',
  category: 'access',
  profile: 'recommended',
  references: { cwe: ['CWE-290'], links: ['https://www.synacktiv.com/publications/github-actions-exploitation-dependabot'] },
  peers: { zizmor: ['bot-conditions'], poutine: ['confused_deputy_auto_merge'] },
  messages: {
    alone: {
      text: 'Anyone can pass this check: {actor} is the account that last triggered this run, and a bot can be made to trigger it',
      severity: 'error',
    },
    compared: { text: '{actor} is the account that last triggered this run, not the author of what the run processes' },
    skipped: {
      text: '{actor} is the account that last triggered this run: others can impersonate this bot, so this is skipped for their runs, too',
      severity: 'hint',
      profile: 'strict',
    },
  },
  fixes: { author: { title: 'Compare {author} instead', class: 'review' } },
  on: {
    workflow(workflow, report) {
      if (!/\[bot\]/i.test(workflow.document.text)) return;
      for (const condition of conditionsOf(workflow)) check(workflow, condition, workflow.document, report);
    },
  },
});
