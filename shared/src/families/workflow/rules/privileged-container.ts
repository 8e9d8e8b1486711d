import { defineRule, noFix, type Report } from '../../../rule/define-rule';
import type { Operation } from '../../../rule/fix/types';
import type { Range } from '../../../base/text/range';
import { editText, removeNode } from '../../../syntax/yaml/operations';
import { textRange } from '../../../syntax/yaml/text-range';
import type { Path, YamlDocument, YamlScalar } from '../../../syntax/yaml/types';
import { scalarOf, sequenceOf, stringOf } from '../../../syntax/yaml/values';
import { doesStep } from '../model/needs';
import type { JobView, StepView, WorkflowView } from '../model/types';
import { valueOf } from '../model/values';

type OwnReport = Report<'own' | 'hosted' | 'unconfined', 'remove'>;

/** Values that give a container rights of its host, by their options. */
const values: Readonly<Record<string, RegExp>> = {
  '--pid': /^host$/,
  '--ipc': /^host$/,
  '--net': /^host$/,
  '--network': /^host$/,
  '--userns': /^host$/,
  '--uts': /^host$/,
  '--cap-add': /^(?:ALL|(?:CAP_)?SYS_ADMIN)$/i,
  '--security-opt': /^(?:seccomp|apparmor)[=:]unconfined$/,
  '-v': /^(?:(?:\/var)?\/run\/docker\.sock|\/):/,
  '--volume': /^(?:(?:\/var)?\/run\/docker\.sock|\/):/,
};

/** A part of a text. */
interface Found {
  readonly index: number;
  readonly text: string;
}

/** The options in a text that give rights of the host. */
function optionsIn(text: string): readonly Found[] {
  const words = [...text.matchAll(/\S+/g)];
  return words.flatMap(({ index, 0: word }, i): Found[] => {
    if (word === '--privileged' || word === '--privileged=true') return [{ index, text: word }];
    const equals = word.indexOf('=');
    const name = equals < 0 ? word : word.slice(0, equals);
    const next = words[i + 1];
    const value = equals < 0 ? next?.[0] : word.slice(equals + 1);
    if (value === undefined || !Object.hasOwn(values, name) || !values[name]!.test(value)) return [];
    return [{ index, text: equals < 0 ? text.slice(index, next!.index + value.length) : word }];
  });
}

/** The entitlements in a text, with the option in front of them. */
function entitlementsIn(text: string): readonly Found[] {
  return [...text.matchAll(/(?:--allow-insecure-entitlement[= ])?(?:security\.insecure|network\.host)\b/g)].map(({ index, 0: word }) => ({
    index,
    text: word,
  }));
}

const mounts = /^(?:(?:\/var)?\/run\/docker\.sock|\/):/;

/** Whether a job's machine lives on, or its rights are those of the repository though anybody starts it. */
function isExposed({ runner, workflow }: Pick<JobView, 'runner' | 'workflow'>): boolean {
  const own = runner.group !== null || runner.labels.some(({ text }) => /^self-hosted$/i.test(text));
  return own || (workflow satisfies WorkflowView).triggers.get('pull_request_target') !== undefined;
}

/** Takes one option out of a text of options, with the blank in front of it. */
function withoutOption(document: YamlDocument, node: YamlScalar, path: Path, range: Range): () => readonly Operation[] {
  const place = textRange(document, node).range;
  if (place.start === range.start && place.end === range.end) return () => [removeNode(path, true)];
  const { text } = document;
  const atStart = range.start === place.start;
  const start = !atStart && text[range.start - 1] === ' ' ? range.start - 1 : range.start;
  const end = atStart && text[range.end] === ' ' ? range.end + 1 : range.end;
  return () => [editText(path, [{ range: { start, end }, text: '' }])];
}

function checkText(job: JobView, node: YamlScalar | null, path: Path, find: (text: string) => readonly Found[], report: OwnReport): void {
  const { document } = job.workflow;
  const text = stringOf(node);
  const place = node && textRange(document, node);
  if (!node || text === null || !place) return;
  for (const { index, text: what } of find(text)) {
    const range = place.exact ? { start: place.range.start + index, end: place.range.start + index + what.length } : place.range;
    const fix =
      place.exact && report.fix('remove', withoutOption(document, node, path, range), { data: { what }, assumes: [{ id: 'unneeded' }] });
    report(range, what.startsWith('--security-opt') ? 'unconfined' : isExposed(job) ? 'own' : 'hosted', { what }, fix);
  }
}

function checkStep(step: StepView, report: OwnReport): void {
  const { job, inputs, uses } = step;
  if (!job || !uses) return;
  const name = doesStep(step, 'build') ? 'allow' : uses.name === 'docker/setup-buildx-action' ? 'buildkitd-flags' : null;
  const value = name === null ? undefined : valueOf(inputs, name);
  if (value) checkText(job, value.node, value.path, entitlementsIn, report);
}

export const rule = defineRule({
  id: 'workflow/privileged-container',
  title: 'Step or job container with host privileges',
  severity: 'warning',
  category: 'privilege',
  profile: 'recommended',
  references: { nist800190: ['3.4.3', '4.4.3'], cwe: ['CWE-250'], mitre: ['T1611'] },
  peers: { glsec: ['GL031', 'GL055'] },
  messages: {
    own: { text: '{what} gives host privileges to anything that runs in the container' },
    hosted: { text: '{what} gives host privileges to anything that runs in the container, until the job ends', severity: 'info' },
    unconfined: { text: '{what} turns off a filter between the container and the host kernel', severity: 'info' },
    open: { text: 'Without TLS, the Docker-in-Docker daemon, which has host privileges, obeys anyone who reaches it' },
    socket: {
      text: 'Anyone who can change this job controls Docker on the runner through its socket, and therefore the machine',
      severity: 'info',
    },
  },
  fixes: { remove: { title: 'Remove {what}', class: 'attended' } },
  assumptions: { unneeded: 'Nothing in the container needs host privileges' },
  on: {
    job(job, report) {
      for (const { map, path } of job.containers) {
        if (!map) continue;
        checkText(job, scalarOf(map.get('options')), [...path, 'options'], optionsIn, report);
        sequenceOf(map.get('volumes'))?.items.forEach((item, index) => {
          const node = scalarOf(item);
          const text = stringOf(node) ?? '';
          if (!node || !mounts.test(text)) return;
          const fix = report.fix('remove', () => [removeNode([...path, 'volumes', index], true)], {
            data: { what: text },
            assumes: [{ id: 'unneeded' }],
          });
          report(textRange(job.workflow.document, node).range, isExposed(job) ? 'own' : 'hosted', { what: text }, fix);
        });
      }
    },
    step: checkStep,
    pipeline({ openDaemons, hostSockets }, report, { workspace }) {
      for (const range of openDaemons(workspace)) report(range, 'open', {}, noFix('manual'));
      for (const range of hostSockets()) report(range, 'socket', {}, noFix('manual'));
    },
  },
});
