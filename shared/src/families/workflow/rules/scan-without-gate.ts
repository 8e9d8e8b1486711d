import { defineRule, noFix, weighs, type Attachment, type FixExtras, type Report } from '../../../rule/define-rule';
import type { Range } from '../../../base/text/range';
import type { Operation } from '../../../rule/fix/types';
import { removeNode, setValue } from '../../../syntax/yaml/operations';
import { scalarOf } from '../../../syntax/yaml/values';
import { runAnyway } from '../fix/report-upload';
import { isIgnored, scanByCommand } from '../../../rule/pipeline/commands';
import type { ScriptLine } from '../../../rule/pipeline/types';
import { continuesOnError, does, inputOf, scansOf, survivesFailure, type StepScan } from '../model/pipeline';
import type { JobView, StepView } from '../model/types';
import { textOf } from '../model/values';

/** The severities that matter where trivy is given none. */
const severe = 'HIGH,CRITICAL';

/** Whether a gate leaves fewer severities in a report in SARIF than it has now. */
function limitsReport({ step }: StepScan): boolean {
  return (
    step.uses?.name === 'aquasecurity/trivy-action' &&
    textOf(step.inputs, 'format') === 'sarif' &&
    !inputOf(step, 'limit-severities-for-sarif')
  );
}

/** Sets the input that makes the step fail, as the file writes it, with severities where trivy is given none. */
function gateOperations(scan: StepScan): readonly Operation[] {
  const { step, gate } = scan;
  if (!gate) return [];
  const { input: name, value } = gate;
  const old = inputOf(step, name);
  const isNumber = typeof old?.node?.value === 'number';
  const isBoolean = typeof old?.node?.value === 'boolean';
  const path = [...step.path, 'with', name];
  const set = setValue(path, isNumber ? Number(value) : isBoolean ? value === 'true' : value);
  if (step.uses?.name !== 'aquasecurity/trivy-action') return [set];
  const input = (name: string, value: string | boolean): readonly Operation[] =>
    inputOf(step, name) ? [] : [setValue([...step.path, 'with', name], value)];
  // a report in SARIF has all severities otherwise, and the gate with it
  const limited = limitsReport(scan) ? input('limit-severities-for-sarif', true) : [];
  return [set, ...input('severity', severe), ...limited];
}

function fixOf(job: JobView, scan: StepScan, report: Report<never, 'gate' | 'stop'>, isSeen: boolean): Attachment {
  const { step } = scan;
  // once the step fails, what takes its report has to run all the same
  const skipped = job.steps.filter(later => later.index > step.index && !survivesFailure(later));
  const readers = skipped.filter(later => does(later, 'report') || readsOutput(later, scan));
  const changes = readers.map(runAnyway);
  if (changes.includes(null)) return noFix('manual');
  const also = changes.flatMap(change => change?.operation ?? []);
  const kept = skipped.some(later => does(later, 'upload') && !readers.includes(later));
  // who looks at the findings elsewhere has chosen so: a job that fails for what is known already stops everybody
  const extras: FixExtras = kept || isSeen ? { class: 'attended', ...(isSeen && { assumes: [{ id: 'clean' }] }) } : {};
  if (continuesOnError(step)) return report.fix('stop', () => [removeNode([...step.path, 'continue-on-error']), ...also], extras);
  if (!scan.gate) return noFix('manual');
  // what code scanning shows of today is not to be gone unseen
  const hides = limitsReport(scan) && reportsAfter(job, scan).length > 0;
  const severity = textOf(step.inputs, 'severity') ?? severe;
  const asked: FixExtras = hides
    ? { class: 'attended', assumes: [{ id: 'limited', data: { severity } }, ...(extras.assumes ?? [])] }
    : extras;
  return report.fix('gate', () => [...gateOperations(scan), ...also], asked);
}

/** Whether a step names the file that a scan writes. */
function readsOutput({ run, inputs }: StepView, scan: StepScan): boolean {
  return [run?.text, ...inputs.values.map(({ text }) => text)].some(text => text != null && namesFile(text, scan));
}

/** Whether a text names the file that a scan writes. */
function namesFile(text: string, { step, report }: StepScan): boolean {
  const file = textOf(step.inputs, 'output') ?? report;
  return file !== null && file !== '' && text.includes(file);
}

/** The later steps that upload a report, so that code scanning can stop a pull request. */
function reportsAfter({ steps }: JobView, { step }: StepScan): readonly StepView[] {
  return steps.filter(later => later.index > step.index && does(later, 'report'));
}

/** Whether a comment on its line says why the value is as it is. */
const isExplained = (text: string, { end }: Range): boolean => /^["']?[ \t]{1,80}#/.test(text.slice(end, end + 90));

/** Checks of dependencies, by their first words. */
const audit = /^(?:(?:npm|yarn|pnpm|composer|cargo|bundle) audit|snyk test|safety check|(?:pip-audit|osv-scanner)(?: .*)?)(?: |$)/;

/** Checks of dependencies of which the shell takes the result away (`|| true`). */
function silencedAudits({ script }: ScriptLine): readonly Range[] {
  return (script()?.commands ?? []).flatMap(command => {
    const isAudit = audit.test([command.name, ...command.args.slice(0, 2).map(({ raw }) => raw)].join(' '));
    return isAudit && isIgnored(command) ? [command.range] : [];
  });
}

/** The scans of a line of a script. */
const scansIn = (line: ScriptLine) => (line.script()?.commands ?? []).flatMap(command => scanByCommand(line, command) ?? []);

export const rule = defineRule({
  id: 'workflow/scan-without-gate',
  title: 'Scan that cannot fail',
  severity: 'warning',
  category: 'supply-chain',
  profile: 'recommended',
  references: { nist800190: ['3.1.1', '4.1.1'], cwe: ['CWE-1395'] },
  peers: { glsec: ['GL039'] },
  messages: {
    passes: { text: 'The job continues, whatever this scan finds' },
    audit: { text: 'The job continues, whatever this dependency check finds', severity: 'info' },
    reported: { text: 'The job continues, whatever this scan finds; findings appear only in code scanning', severity: 'info' },
    scheduled: { text: 'Nothing fails and no one is notified, whatever this scan finds', severity: 'info' },
    report: {
      text: 'The pipeline continues, whatever this scan finds; findings appear only in its report',
      severity: 'hint',
      profile: 'strict',
    },
    script: { text: "The script continues, whatever this scan finds, and the script's caller is not notified", severity: 'info' },
  },
  fixes: {
    exit: { title: 'Fail the script when the scan finds something', class: 'review' },
    gate: { title: 'Fail the step when something is found', class: 'review' },
    stop: { title: 'Remove continue-on-error', class: 'review' },
  },
  assumptions: {
    limited: 'Code scanning should show only {severity}: the report currently contains all severities',
    clean: 'The scan currently finds nothing, or ignores what it finds',
  },
  on: {
    job(job, report) {
      const scans = scansOf(job);
      const isGated = ({ image, step }: StepScan): boolean =>
        scans.some(other => other.step !== step && other.gates !== false && !continuesOnError(other.step) && other.image === image);
      for (const scan of scans) {
        const { step } = scan;
        const goesOn = continuesOnError(step);
        if ((scan.gates !== false && !goesOn) || isGated(scan)) continue;
        // who keeps what was found of secrets looks at it
        if (scan.kind === 'secrets' && job.steps.some(later => later.index >= step.index && later !== step && readsOutput(later, scan)))
          continue;
        const onlyScheduled = job.workflow.triggers.all.every(({ name }) => name === 'schedule' || name === 'workflow_dispatch');
        const message = reportsAfter(job, scan).length > 0 ? 'reported' : onlyScheduled ? 'scheduled' : 'passes';
        // a script of the job looks at what was found, and may tell somebody
        if (message !== 'passes' && job.steps.some(({ index, run }) => index > step.index && run && namesFile(run.text, scan))) continue;
        const switchRange = goesOn ? scalarOf(step.node.get('continue-on-error'))?.range : undefined;
        const range = switchRange ?? scan.range;
        const isMeant = message === 'passes' && isExplained(job.workflow.document.text, range);
        report(range, message, {}, fixOf(job, scan, report, message !== 'passes'), isMeant && weighs('info'));
      }
    },
    commands(view, report) {
      const scans = view.scripts
        .flatMap(({ commands }) => commands)
        .flatMap(command => {
          const scan = scanByCommand(view, command);
          return scan ? [{ command, scan }] : [];
        });
      // what a script runs beside it may be the gate
      if (scans.some(({ scan }) => scan.gates !== false)) return;
      for (const { command, scan } of scans) {
        const [verb] = command.args;
        const fix =
          command.name === 'trivy' && verb?.text && scan.range.start === command.range.start
            ? report.fix('exit', () => [
                { type: 'command.replace', range: { start: verb.range.end, end: verb.range.end }, text: ' --exit-code 1' },
              ])
            : noFix('manual');
        report(scan.range, 'script', {}, fix);
      }
    },
    pipeline({ reportingScans }, report) {
      for (const range of reportingScans()) report(range, 'report', {}, noFix('manual'));
    },
    script(line, report) {
      for (const range of silencedAudits(line)) report(range, 'audit', {}, noFix('manual'));
      // what lets the job go on is one finding, however many scans it has
      const { mayFail } = line;
      const before = line.file.scripts.slice(0, line.file.scripts.indexOf(line));
      const isSaid = mayFail !== null && before.some(other => other.mayFail?.start === mayFail.start && scansIn(other).length > 0);
      for (const scan of isSaid ? [] : scansIn(line).slice(0, mayFail ? 1 : undefined)) {
        const isGated = line.file.scripts.some(other => !other.mayFail && scansIn(other).some(({ gates }) => gates !== false));
        if (line.mayFail ? scan.gates !== false || !isGated : scan.gates === false && !isGated)
          report(
            line.mayFail ?? scan.range,
            'passes',
            {},
            noFix('manual'),
            isExplained(line.file.document.text, line.mayFail ?? scan.range) && weighs('info'),
          );
      }
    },
  },
});
