import { speaksOf } from '../../../evidence/signals';
import { refusalAt } from '../fix/refusal';
import { startOf } from '../model/start';
import { startedFiles } from '../model/started-files';
import { stageProfile } from '../model/stage-image';
import type { Stage } from '../model/types';
import { removeInstruction, replaceText } from '../../../rule/fix/operations';
import { defineRule, type RuleContext } from '../../../rule/define-rule';

/** The two signals that no process can handle (signal(7)), by name and by number: 19 is SIGSTOP on all that containers run on but MIPS. */
const unstoppable = /^(?:(?:SIG)?(?:KILL|STOP)|9|19)$/i;

/** Whether it is known that what a stage starts ends on SIGTERM: the server that its image starts, or a program here that speaks of the signal. */
function endsOnTerm(stage: Stage | null, { path, workspace }: RuleContext): boolean {
  if (!stage) return false;
  if (startOf(stage).words.length === 0) return stageProfile(stage)?.kind === 'server';
  return speaksOf('SIGTERM', startedFiles(stage), path, workspace) === true;
}

export const rule = defineRule({
  id: 'dockerfile/unstoppable-signal',
  title: 'Stop signal that no program can handle',
  severity: 'warning',
  category: 'reliability',
  profile: 'recommended',
  references: { cwe: ['CWE-404'] },
  messages: {
    kill: { text: '{signal} ends the program immediately, before it can finish requests or save its data' },
    stop: { text: '{signal} freezes the program, which cannot exit on its own and is killed after the grace period' },
  },
  fixes: {
    remove: { title: 'Remove STOPSIGNAL, so that SIGTERM is used', class: 'attended' },
    term: { title: 'Set STOPSIGNAL to SIGTERM', class: 'attended' },
  },
  assumptions: { inherited: 'The base image sets no other stop signal, and the program exits on SIGTERM' },
  on: {
    instruction(instruction, report, context) {
      if (instruction.keyword !== 'STOPSIGNAL') return;
      const [word] = instruction.words;
      const signal = word ? instruction.file.expand(word, instruction) : null;
      if (!word || signal === null || !unstoppable.test(signal)) return;
      const fix = report.fix('remove', () => [removeInstruction(instruction.index)], {
        class: endsOnTerm(instruction.stage, context) ? 'review' : undefined,
        assumes: [{ id: 'inherited' }],
      });
      const term = report.fix('term', () => [replaceText(word.range, 'SIGTERM')]);
      report(
        word.range,
        /STOP|19/i.test(signal) ? 'stop' : 'kill',
        { signal },
        refusalAt(instruction, 'any') ?? fix,
        refusalAt(instruction, 'any', word) ?? term,
      );
    },
  },
});
