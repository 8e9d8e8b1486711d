import { trusted } from '../../../shared/src/early';
import type { Finding } from '../../../shared/src/index';
import { commands } from '../../../shared/src/output/protocol/messages';
import { pickerCommands, type RuleChoice } from '../../../shared/src/output/protocol/pickers';
import type { ServerContext } from '../session/context';
import type { MaskedAction } from '../lsp/gate';
import type { Shown } from './diagnostics';
import { actionKinds } from './action-kinds';

/** One entry that leads to the page of a rule, by way of a choice where there are several. Where the client can ask nobody, it is the worst finding's. */
export function documentationActions(context: ServerContext, findings: readonly Finding[], shown: Shown): MaskedAction[] {
  const { say, words, pickers, support } = context;
  const rules = [...new Set(findings.map(({ rule }) => rule))].filter(rule => canShowPage(context, rule));
  const [first] = rules;
  if (first === undefined) return [];
  const several = rules.length > 1 && (pickers || support.showMessageRequest);
  const title = several ? say('chooseDocumentation') : say('documentation', { rule: trusted(first) });
  const named = several ? rules : [first];
  const choices = rules.map((rule): RuleChoice => ({ rule, title: words.ruleTitle(rule) }));
  return [
    {
      title,
      kind: actionKinds.documentation,
      diagnostics: shown(findings.filter(({ rule }) => named.includes(rule))),
      command:
        several && pickers
          ? { title, command: pickerCommands.documentation, arguments: [choices] }
          : { title, command: commands.openDocumentation, arguments: [several ? rules : first] },
    },
  ];
}

/** Whether the client can be brought to show the page of a rule; the engine's own findings have none. */
function canShowPage({ engine, support, showsPages, address }: ServerContext, rule: string): boolean {
  return engine.rules.some(({ id }) => id === rule) && (showsPages || (support.showDocument && address(rule) !== null));
}
