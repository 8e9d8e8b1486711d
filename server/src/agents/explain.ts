import { masked, type MaskedText, plain, trusted } from '../../../shared/src/early';
import { findRules, maskAlone } from '../../../shared/src/index';
import { type Answer, answerOf, failed, fittingText, quote } from './answer';
import type { AgentHost } from './port';
import type { ToolArguments } from './read-arguments';
import { ruleFacts } from './rule-facts';

const maxPageBytes = 36_000;

/** `explain_container_rule`. */
export async function explain(args: ToolArguments, host: AgentHost): Promise<Answer> {
  const name = args['rule'] as string;
  const { rules: ids } = findRules(host.engine.rules, name);
  const [rule, ...others] = host.engine.rules.filter(({ id }) => ids.includes(id));
  if (!rule) return failed(unknownRule(host, name));
  const page = trusted((await host.page(rule.id)) ?? `# ${rule.title}`);
  const { text, cut } = fittingText(trusted(page.trimEnd()), maxPageBytes);
  return answerOf({
    rule: trusted(rule.id),
    title: trusted(rule.title),
    facts: ruleFacts(rule).map(trusted),
    page: cut ? masked`${text}\n(cut)` : text,
    // a name of another tool may mean several rules
    others: others.map(({ id }) => trusted(id)),
  });
}

/** Says that a name means no rule, and which one may be meant. */
export function unknownRule({ engine }: Pick<AgentHost, 'engine'>, name: string): MaskedText {
  const { near } = findRules(engine.rules, name);
  const hint = near === null ? plain('take the id of a finding') : masked`did you mean ${trusted(near)}?`;
  return masked`unknown rule "${quote(maskAlone(name.slice(0, 80)))}"; ${hint}`;
}
