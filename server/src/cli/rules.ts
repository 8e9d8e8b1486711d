import { masked, plain, profiles, trusted, spoken, translated } from '../../../shared/src/early';
import { createWords, findRules, maskAlone, rulesAbout, type Profile, type Rule, rules } from '../../../shared/src/index';
import { version } from '../../../shared/host/version';
import { ruleFacts } from '../agents/rule-facts';
import type { Attempt } from './attempt';
import { customRulesHere, explainCustom, testCustomRules } from './custom-rules';
import type { Output } from './output';
import { pageOf } from './pages';
import { UsageError, type Arguments } from './usage';

/** `bulkhead rules`. Gives the exit code. */
export function listRules(args: Arguments, output: Output, attempt: Attempt): number {
  const custom = customRulesHere(args, output, attempt);
  if (args.has('test')) return testCustomRules(custom, output);
  const format = args.get('format') ?? 'text';
  const upTo = profiles.indexOf((args.get('profile') as Profile | undefined) ?? 'strict');
  const all = [...rules, ...custom.rules.flatMap(({ rules: [rule] }) => rule ?? [])];
  const shown = all.filter(({ profile }) => profiles.indexOf(profile) <= upTo);
  const text = format === 'json' ? rulesJson(shown) : format === 'markdown' ? rulesMarkdown(shown) : table(shown);
  output.print(custom.rules.length > 0 ? maskAlone(text) : trusted(text));
  return 0;
}

/** `bulkhead explain`: the page of a rule, or the rules that a name of another tool or a standard stands for. Gives the exit code. */
export function explain(args: Arguments, output: Output, attempt: Attempt): number {
  const [name] = args.operands;
  if (name === undefined) throw new UsageError('explain needs RULE, or --file FILE');
  if (name.startsWith('custom/')) return explainCustom(name, customRulesHere(args, output, attempt), output);
  const { rules: ids, near } = findRules(rules, name);
  const [rule, ...more] = rules.filter(({ id }) => ids.includes(id));
  const about = rule ? [rule, ...more] : rulesAbout(rules, name, pageOf);
  if (!rule && about.length === 0) throw new UsageError(`unknown rule "${name}"${near === null ? '' : `; did you mean ${near}?`}`);
  if (!rule || more.length > 0) {
    const what = rule ? plain('have this name') : plain('are about this topic');
    output.print(masked`${about.length} rules ${what}; run bulkhead explain with the ID of one of them:\n\n${trusted(table(about))}`);
    return 0;
  }
  const page = pageOf(rule.id);
  output.print(trusted(`${(page ?? `# ${rule.title}`).trimEnd()}\n\n${facts(rule)}`));
  return 0;
}

function facts(rule: Rule): string {
  const id = trusted(rule.id);
  return `${[masked`Rule: ${id}`, ...ruleFacts(rule).map(translated), masked`Suppress: # bulkhead-ignore ${id} -- reason`].join('\n')}\n`;
}

function table(shown: readonly Rule[]): string {
  const width = Math.max(0, ...shown.map(rule => rule.id.length));
  const words = createWords(shown, spoken() ?? undefined);
  const titleOf = ({ id, title }: Rule): string => (id.startsWith('custom/') ? title : words.ruleTitle(id));
  return shown
    .map(rule => [rule, titleOf(rule)] as const)
    .map(([{ id, severity, profile }, title]) => `${id.padEnd(width)}  ${severity.padEnd(7)}  ${profile.padEnd(11)}  ${title}\n`)
    .join('');
}

function rulesMarkdown(shown: readonly Rule[]): string {
  const rows = shown.map(({ id, title, severity, profile, category, fixes }) => {
    const classes = [...new Set(Object.values(fixes).map(fix => fix.class))];
    return `| \`${id}\` | ${title.replace(/\|/g, '\\|')} | ${severity} | ${profile} | ${category} | ${classes.join(', ')} |\n`;
  });
  return `| Rule | Finds | Severity | Profile | Category | Fixes |\n| --- | --- | --- | --- | --- | --- |\n${rows.join('')}`;
}

/** The metadata of rules. */
function rulesJson(shown: readonly Rule[]): string {
  const all = shown.map(
    ({ id, family, title, severity, category, profile, references, peers, supersedes, options, messages, fixes, assumptions }) => ({
      id,
      family,
      title,
      severity,
      category,
      profile,
      references,
      peers,
      supersedes,
      options,
      messages,
      fixes,
      assumptions,
    }),
  );
  return `${JSON.stringify({ schemaVersion: 1, version, rules: all }, null, 2)}\n`;
}
