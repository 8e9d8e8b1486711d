import { replaceText } from '../../../rule/fix/operations';
import { stageProfile } from '../model/stage-image';
import { memoize } from '../../../base/text/memoize';
import type { DockerfileModel, Instruction, KeyValue, Stage, VariableUse } from '../model/types';
import { builderVariables, declaredIn, globalNames, isDeclaredAt } from '../model/variables';
import { defineRule, type Report } from '../../../rule/define-rule';
import { closest } from '../../../base/text/closest';

type Reporter = Report<'undefined' | 'typo' | 'later' | 'global' | 'same', 'rename'>;

const plainSystems = ['debian', 'ubuntu', 'alpine', 'busybox', 'scratch'];
/** What language images set by themselves. */
const ofImages = /_(?:VERSION|HOME|PATH|ROOT|DIR|URL|SHA\d*|KEYS?)$|^(?:GOPATH|HOME|LANG|HOSTNAME|TERM|PWD|USER)$/;

/** The stages whose base image sets PATH and nothing else. */
const plainStages = memoize((file: DockerfileModel): ReadonlySet<Stage> => {
  const plain = new Set<Stage>();
  for (const stage of file.stages) {
    const profile = stage.base ? null : stageProfile(stage);
    if (stage.base ? plain.has(stage.base) : profile?.kind === 'base' && plainSystems.includes(profile.os ?? '')) plain.add(stage);
  }
  return plain;
});

/** Every name that the file declares somewhere. */
const allNames = memoize((file: DockerfileModel): ReadonlySet<string> => {
  const names = new Set(['PATH']);
  for (const stage of file.stages) for (const name of declaredIn(stage)) names.add(name);
  return names;
});

/** Whether two names differ by more than a digit, which tells brothers apart, or the head of a short word. */
const isTypo = (name: string, other: string): boolean => name.length > 3 && name.replace(/\d/g, '') !== other.replace(/\d/g, '');

/** Whether a variable is put into itself, as `PYTHONPATH=$PYTHONPATH:/app`: the base may set it, and nothing is lost where it does not. */
function isAppended({ name, range }: VariableUse, { pairs }: Instruction): boolean {
  return (
    /PATH$|FLAGS$|OPT(?:ION)?S$/.test(name) &&
    pairs.some(pair => pair.name === name && pair.range.start <= range.start && range.end <= pair.range.end)
  );
}

function check(use: VariableUse, instruction: Instruction, stage: Stage, report: Reporter): void {
  const { name, range, operator } = use;
  const { file } = stage;
  const known = plainStages(file).has(stage);
  if (name === 'PATH' || operator !== null || /^BUILDKIT_SBOM_/.test(name) || isAppended(use, instruction)) return;
  // `$1`, `$@` and the like are the shell's; to the builder they are names that nobody can set.
  if (!/^[\p{L}_]/u.test(name)) return report(range, 'undefined', { name });
  if (globalNames(file).has(name) && (known || !ofImages.test(name))) return report(range, 'global', { name });
  const own = declaredIn(stage);
  if (known && own.has(name) && stage.variable(name)!.instruction !== instruction) return report(range, 'later', { name });
  const other = closest(name, known ? allNames(file) : own);
  const start = range.start + file.text.slice(range.start, range.end).indexOf(name);
  if (other !== '' && isTypo(name, other) && (known || (name.length > 4 && isDeclaredAt(stage, other, instruction)))) {
    const operation = replaceText({ start, end: start + name.length }, other);
    const fix = report.fix('rename', () => [operation], { data: { other } });
    return report(range, 'typo', { name, other }, fix);
  }
  // A base image may set any name, but hardly one in lower case; a configuration file in a heredoc is full of those.
  if (
    known ||
    (name === name.toLowerCase() && instruction.heredocs.some(h => h.bodyRange.start <= range.start && range.end <= h.bodyRange.end))
  )
    report(range, 'undefined', { name });
}

/** Reports uses of a variable that the same ENV sets: its pairs all see what was there before. */
function checkSiblings({ pairs, stage }: Instruction, instruction: Instruction, report: Reporter): Set<number> {
  const places = new Set<number>();
  const set = new Map<string, KeyValue>();
  for (const pair of pairs) {
    for (const { name, range } of pair.value?.variables ?? []) {
      const sibling = set.get(name);
      if (!sibling || isDeclaredAt(stage!, name, instruction)) continue;
      places.add(range.start);
      report(range, 'same', { name });
    }
    set.set(pair.name, pair);
  }
  return places;
}

export const rule = defineRule({
  id: 'dockerfile/undefined-variable',
  title: 'Undefined variable',
  severity: 'info',
  category: 'correctness',
  profile: 'strict',
  peers: { buildkit: ['UndefinedVar'], hadolint: ['DL3044'], 'kics-datadog': ['ENV refers to itself'], dockerfilelint: ['dockerfilelint'] },
  messages: {
    undefined: { text: 'Nothing sets "{name}", so it is empty here' },
    typo: { text: 'Nothing sets "{name}"; did you mean "{other}"?' },
    later: { text: 'Nothing sets "{name}" before this line; the stage sets it later' },
    global: { text: 'The stage has no ARG "{name}": an ARG before the first FROM applies only to FROM' },
    same: { text: '"{name}" still has its previous value here: this ENV takes effect with the next instruction', severity: 'warning' },
  },
  fixes: { rename: { title: 'Use {other}', class: 'attended' } },
  on: {
    instruction(instruction, report) {
      const { keyword, stage, onbuildParent: parent } = instruction;
      if (!stage || parent || keyword === 'FROM' || keyword === 'CMD' || keyword === 'ENTRYPOINT') return;
      if (keyword === 'RUN' ? instruction.flags.length === 0 : instruction.heredocs.length === 0 && !instruction.logical.text.includes('$'))
        return;
      const siblings = keyword === 'ENV' ? checkSiblings(instruction, instruction, report) : null;
      for (const use of builderVariables(instruction)) {
        if (siblings?.has(use.range.start) || isDeclaredAt(stage, use.name, instruction, use.range.start)) continue;
        check(use, instruction, stage, report);
      }
    },
  },
});
