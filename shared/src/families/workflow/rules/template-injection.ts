import { defineRule, noFix, weighs } from '../../../rule/define-rule';
import type { Severity } from '../../../base/terms/types';
import type { WorkspaceIndex } from '../../../workspace/types';
import { weightOfInputs } from '../model/callers';
import { isCalled, outsiders, type Writer } from '../model/events';
import { expressionsIn, type Placed } from '../model/expression/find';
import { isOneLine, nameOf, referencesIn } from '../model/expression/walk';
import { commentedIn, passInVariables, type VariablesFix } from '../fix/variables';
import { sinksOf, type Sink } from '../model/sinks';
import { originOf } from '../model/sources';
import type { StepView } from '../model/types';
import { isOfOwnRepository, privilegedEvents } from '../model/untrusted';

/** An expression in a script, who writes it, and the inputs in which callers do. */
interface Found {
  readonly placed: Placed;
  readonly by: Writer | null;
  readonly inputs: readonly string[];
}

/** What it weighs that callers, and perhaps others who are let in, write a part of a script; who passes all of a script means it as code. */
function weightOf(found: readonly Found[], { text }: Sink, file: StepView['file'], workspace: WorkspaceIndex): Severity {
  if (found.some(({ by }) => by === 'dispatch')) return 'warning';
  const isWhole = found.some(({ placed: { range } }) => file.document.text.slice(range.start, range.end) === text.trim());
  const callers = isWhole ? 'hint' : weightOfInputs(file, [...new Set(found.flatMap(({ inputs }) => inputs))], workspace);
  return callers === 'hint' && found.some(({ by }) => by !== 'caller') ? 'info' : callers;
}

/**
 * Whether a pull request runs without secrets and with a token that reads, and so by its own version of the workflow: who opens one can write
 * there what the expression would let in.
 */
function isConfined({ file }: StepView): boolean {
  return !isCalled(file) && file.target === 'workflow' && !privilegedEvents.some(event => file.triggers.get(event));
}

/** What names the branch of a pull request. */
const branchName = /^github\.(?:head_ref|event\.pull_request\.head\.ref)$/;

export const rule = defineRule({
  id: 'workflow/template-injection',
  title: 'Expression expanded into a script',
  severity: 'error',
  category: 'isolation',
  profile: 'baseline',
  references: {
    cwe: ['CWE-94', 'CWE-78'],
    mitre: ['T1059'],
    links: ['https://docs.github.com/actions/concepts/security/script-injections'],
  },
  peers: {
    zizmor: ['template-injection'],
    actionlint: ['expression'],
    checkov: ['CKV_GHA_2'],
    poutine: ['injection'],
    semgrep: ['run-shell-injection', 'github-script-injection'],
    scorecard: ['Dangerous-Workflow'],
  },
  messages: {
    'pull-request': { text: 'Anyone who opens a pull request can run commands here: {expression} becomes code' },
    issue: { text: 'Anyone who opens an issue can run commands here: {expression} becomes code' },
    comment: { text: 'Anyone who comments can run commands here: {expression} becomes code' },
    discussion: { text: 'Anyone who starts a discussion can run commands here: {expression} becomes code' },
    commit: { text: 'Anyone who writes a commit that is pushed can run commands here: {expression} becomes code' },
    page: { text: 'Anyone who edits a wiki page can run commands here: {expression} becomes code' },
    run: { text: 'Anyone who starts the preceding workflow can run commands here: {expression} becomes code' },
    event: { text: 'Anyone who triggers the event can run commands here: {expression} becomes code' },
    escaped: {
      text: "Only the action's escaping keeps file names from running as commands here: {expression} becomes code",
      severity: 'info',
      profile: 'recommended',
    },
    caller: { text: 'What a caller passes in becomes code here: {expression}', severity: 'warning', profile: 'recommended' },
    input: {
      text: 'Anyone who starts the workflow can run commands here: {expression} becomes code',
      severity: 'info',
      profile: 'recommended',
    },
    ref: {
      text: 'Anyone who names a branch or tag can run commands here: {expression} becomes code',
      severity: 'info',
      profile: 'recommended',
    },
    dispatch: {
      text: 'Anyone who sends the event can run commands here: {expression} becomes code',
      severity: 'warning',
      profile: 'recommended',
    },
    expanded: { text: '{expression} becomes code, whatever it contains', severity: 'hint', profile: 'strict' },
  },
  fixes: { variables: { title: 'Pass values to the script as variables', class: 'review' } },
  on: {
    step(step, report, { workspace }) {
      const { file, job } = step;
      for (const sink of sinksOf(step)) {
        const found: Found[] = [];
        const script = step.run?.script() ?? null;
        const all = expressionsIn(file.document, sink.node);
        const commented = sink.language === 'posix' && script ? commentedIn(script, all) : [];
        for (const placed of all) {
          const { expression } = placed;
          if (commented.includes(placed) && expression?.kind === 'reference' && isOneLine(expression)) continue;
          const origin = expression && originOf(expression, { file, job, step });
          if (!origin || origin.kind === 'fixed') continue;
          const { by, inputs } = origin.kind === 'written' ? origin : { by: null, inputs: [] };
          // only those who may push name a branch of the repository itself
          const isNamedHere =
            by === 'pull-request' &&
            expression !== null &&
            referencesIn(expression)
              .map(nameOf)
              .every(name => branchName.test(name) || !/^github\.(?:head_ref|event)\b/.test(name)) &&
            isOfOwnRepository(job, step);
          found.push({ placed, by: isNamedHere ? 'ref' : by, inputs });
        }
        // what is trusted stays as it is, unless somebody asks for that too
        const named = found.filter(({ by }) => by !== null);
        const codes = (all: typeof found): VariablesFix =>
          passInVariables(
            step,
            sink,
            all.map(({ placed }) => placed),
            script,
          );
        const [fixNamed, fixAll] = [codes(named), codes(found)];
        const show = ({ placed, by }: Found, weight: Severity | null, more = 0): void => {
          const { replaced, operations } = by === null ? fixAll : fixNamed;
          const fix = replaced.has(placed.range.start)
            ? report.fix('variables', operations)
            : noFix('no-fix', 'a variable would have a different meaning in this place');
          const expression = more > 0 ? `${placed.text} (and ${more} more)` : placed.text;
          report(placed.range, by ?? 'expanded', { expression }, fix, weight && weighs(weight));
        };
        const isAnybodys = ({ by }: Found): boolean => by !== null && outsiders.has(by);
        for (const one of found) if (isAnybodys(one)) show(one, one.by === 'pull-request' && isConfined(step) ? 'warning' : null);
        // of what is let in by somebody one finding says enough: the fix is one for all
        for (const rest of [named.filter(one => !isAnybodys(one)), found.filter(({ by }) => by === null)]) {
          const first = rest.find(({ by }) => by === 'caller' || by === 'dispatch') ?? rest[0];
          if (first) show(first, first.by === 'caller' ? weightOf(rest, sink, file, workspace) : null, rest.length - 1);
        }
      }
    },
  },
});
