import { refusalAt } from '../fix/refusal';
import { removeInstruction, replaceText } from '../../../rule/fix/operations';
import { defineRule } from '../../../rule/define-rule';

/** The two signals that no process can handle (signal(7)), by name and by number: 19 is SIGSTOP on all that containers run on but MIPS. */
const unstoppable = /^(?:(?:SIG)?(?:KILL|STOP)|9|19)$/i;

export const rule = defineRule({
  id: 'dockerfile/unstoppable-signal',
  title: 'Stop signal that no program can handle',
  severity: 'warning',
  category: 'reliability',
  profile: 'recommended',
  references: { cwe: ['CWE-404'] },
  messages: {
    kill: { text: '{signal} ends the program at once: it finishes no request and writes nothing back' },
    stop: { text: '{signal} freezes the program: it never ends by itself, and is killed after the grace period' },
  },
  fixes: {
    remove: { title: 'Stop with SIGTERM, the default', class: 'review' },
    term: { title: 'Write SIGTERM', class: 'attended' },
  },
  assumptions: { inherited: 'The base image sets no other stop signal, and the program ends on SIGTERM' },
  on: {
    instruction(instruction, report) {
      if (instruction.keyword !== 'STOPSIGNAL') return;
      const [word] = instruction.words;
      const signal = word ? instruction.file.expand(word, instruction) : null;
      if (!word || signal === null || !unstoppable.test(signal)) return;
      const fix = report.fix('remove', () => [removeInstruction(instruction.index)], { assumes: [{ id: 'inherited' }] });
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
