import { refusalAt } from '../fix/refusal';
import { replaceText } from '../../../rule/fix/operations';
import { isVerified } from '../model/downloads';
import type { Instruction, RunCommand } from '../model/types';
import { plainName, plainText } from '../../../syntax/shell/downloads';
import { fetchedWords, isPlainHttp, plainAddress } from '../../../syntax/shell/plain-http';
import { sliceMapped, type MappedText } from '../../../syntax/shell/mapped-text';
import type { ShellWord } from '../../../syntax/shell/types';
import { range } from '../../../base/text/range';
import { defineRule, noFix, type Report } from '../../../rule/define-rule';

type HttpReport = Report<'plain' | 'variable', 'https'>;

/** Reports scheme and host of an address. */
function reportUrl(mapped: MappedText, instruction: Instruction, report: HttpReport): void {
  const found = plainAddress(mapped);
  if (!found) return;
  const { host, range: place, schemeEnd } = found;
  report(place, 'plain', { host }, refusalAt(instruction) ?? report.fix('https', () => [replaceText(range(schemeEnd), 's')]));
}

/** The words of a command that are fetched. */
function addressesOf({ command, instruction, stage }: RunCommand): readonly ShellWord[] {
  return fetchedWords(command, file => stage !== null && isVerified(stage, instruction, file));
}

export const rule = defineRule({
  id: 'dockerfile/plain-http-download',
  title: 'Download over plain HTTP',
  severity: 'warning',
  category: 'supply-chain',
  profile: 'baseline',
  references: { cisDocker: ['4.11'], nist800190: ['3.2.1', '4.2.1'], mitre: ['T1195'], cwe: ['CWE-319', 'CWE-494'] },
  peers: { 'kics-datadog': ['Avoid HTTP'] },
  messages: {
    plain: { text: 'Anyone on the network path to {host} can change a download over plain HTTP' },
    variable: { text: '"{variable}" is a plain HTTP URL: anyone on the network path can change the download' },
  },
  fixes: { https: { title: 'Use https', class: 'attended' } },
  on: {
    command(view, report) {
      for (const word of addressesOf(view)) {
        const { variables, text } = word;
        if (variables.length > 0 && /^\$/.test(plainText(word))) {
          const value = view.stage?.variable(variables[0]!.name, view.instruction)?.value;
          if (value != null && isPlainHttp(value)) report(word.range, 'variable', { variable: variables[0]!.name }, noFix('variable'));
        } else if (text === null || text.includes('http:') || text.includes('HTTP:')) reportUrl(word.mapped(), view.instruction, report);
      }
    },
    instruction(instruction, report) {
      const { keyword, words, stage, logical } = instruction;
      if (keyword !== 'ADD' || instruction.flag('checksum')) return;
      for (const { text, offset, raw } of words.slice(0, -1)) {
        if (!/^http:/i.test(text) || (stage && isVerified(stage, instruction, plainName(text)))) continue;
        const quote = raw.indexOf(text.slice(0, 5));
        reportUrl(sliceMapped(logical, offset + Math.max(quote, 0), offset + raw.length), instruction, report);
      }
    },
  },
});
