import { masked, suggest, trusted } from '../../../shared/src/early';
import {
  createLineTable,
  type CustomRule,
  type CustomTest,
  defaultConfig,
  emptyWorkspace,
  type Engine,
  maskAlone,
  type Range,
  samplePathOf,
} from '../../../shared/src/index';
import type { Attempt } from './attempt';
import { shownPath } from './inputs';
import type { Output } from './output';
import { startRun } from './run';
import { UsageError, type Arguments } from './usage';

/** The rules of the configuration that holds in the working directory. */
export interface CustomRules {
  readonly rules: readonly CustomRule[];
  /** `.bulkhead.yaml:12` of a place in the configuration. */
  readonly placeOf: (range: Range) => string;
  readonly problems: readonly string[];
  readonly engine: Engine;
  readonly today: string;
}

/** Reads the rules of the configuration that holds in the working directory. Throws `InputError` where one that was named is wrong. */
export function customRulesHere(args: Arguments, output: Output, attempt: Attempt): CustomRules {
  const { findScope, engine, today } = startRun(args, attempt, output, null);
  const { config } = findScope(process.cwd());
  const lines = createLineTable(config?.text ?? '');
  const placeOf = ({ start }: Range): string => `${config ? shownPath(config.path) : ''}:${lines.position(start).line + 1}`;
  const problems = (config?.problems ?? []).map(({ range, message }) => `${placeOf(range)}: ${message}`);
  return { rules: config?.config.customRules ?? [], placeOf, problems, engine, today };
}

/** How many findings a rule has in the text of a test; `null`: no family takes the text for its own. */
function findingsIn(rule: CustomRule, { text }: CustomTest, { engine, today }: CustomRules): number | null {
  // a name such as `Dockerfile` says what a file is whatever its text says: asked last
  const paths = rule.rules.map(({ family }) => ({ family, path: samplePathOf(family) }));
  const ordered = paths.sort((a, b) => Number(/\.ya?ml$/.test(b.path)) - Number(/\.ya?ml$/.test(a.path)));
  for (const { family, path } of ordered) {
    const opened = engine.open({ path, text });
    if (opened.source.family !== family) continue;
    const config = { ...defaultConfig, customRules: [rule] };
    const { findings } = opened.lint({ config, today, workspace: emptyWorkspace, digest: () => null, noSuppress: true });
    return findings.filter(finding => finding.rule === rule.id && finding.messageId !== 'unjudged').length;
  }
  return null;
}

/** Why a test fails; `null`: it does not. */
function failureOf(rule: CustomRule, test: CustomTest, custom: CustomRules): string | null {
  const count = findingsIn(rule, test, custom);
  if (count === null) return 'its text is not what the rule is asked about';
  if (count > 0 === test.reports) return null;
  return test.reports ? 'it reports nothing, and should' : `it reports ${count}, and should report nothing`;
}

/** `bulkhead rules --test`. Gives the exit code. */
export function testCustomRules(custom: CustomRules, output: Output): number {
  const { rules, problems, placeOf } = custom;
  for (const problem of problems) output.say(masked`bulkhead: ${maskAlone(problem)}`);
  let failed = 0;
  let count = 0;
  for (const rule of rules) {
    if (rule.tests.length === 0) output.say(masked`bulkhead: ${trusted(rule.id)} has no tests`);
    for (const [index, test] of rule.tests.entries()) {
      count++;
      const why = failureOf(rule, test, custom);
      if (why === null) continue;
      failed++;
      output.print(masked`${trusted(placeOf(test.range))}: ${trusted(rule.id)}: test ${index + 1}: ${trusted(why)}\n`);
    }
  }
  output.print(
    trusted(`${count} ${count === 1 ? 'test' : 'tests'} of ${rules.length} ${rules.length === 1 ? 'rule' : 'rules'}, ${failed} failed\n`),
  );
  return problems.length > 0 ? 2 : failed > 0 ? 1 : 0;
}

/** `bulkhead explain custom/x`. Gives the exit code. */
export function explainCustom(name: string, { rules, placeOf }: CustomRules, output: Output): number {
  const rule = rules.find(({ id }) => id === name);
  const near = suggest(
    name,
    rules.map(({ id }) => id),
  );
  if (!rule) throw new UsageError(`no configuration here has a rule "${name}"${near === null ? '' : `; did you mean ${near}?`}`);
  const { id, message, cel, severity, kinds, family, files, at } = rule;
  const facts = [
    `Rule: ${id} (${placeOf(rule.range)})`,
    `Severity: ${severity}`,
    ...(family === null ? [] : [`Family: ${family}`]),
    ...(kinds.length > 0 ? [`Kind: ${kinds.join(', ')}`] : []),
    ...(files === null ? [] : [`Files: ${files.join(', ')}`]),
    ...(at === null ? [] : [`Reported at: ${at.join('.')}`]),
    `Tests: ${rule.tests.length}`,
    `Suppress: # bulkhead-ignore ${id} -- reason`,
  ];
  output.print(
    maskAlone(`# ${message}\n\nWhat has to hold (CEL):\n\n    ${cel.trimEnd().replaceAll('\n', '\n    ')}\n\n${facts.join('\n')}\n`),
  );
  return 0;
}
