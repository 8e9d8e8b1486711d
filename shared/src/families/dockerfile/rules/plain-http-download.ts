import { refusalAt } from '../fix/refusal';
import { replaceText } from '../../../rule/fix/operations';
import { isVerified } from '../model/downloads';
import type { Instruction, RunCommand } from '../model/types';
import { downloadsOf, isDownloader, plainName, plainText } from '../../../syntax/shell/downloads';
import { sliceMapped, sourceRange, type MappedText } from '../../../syntax/shell/mapped-text';
import type { ShellWord } from '../../../syntax/shell/types';
import { range } from '../../../base/text/range';
import { defineRule, noFix, type Report } from '../../../rule/define-rule';

const plain =
  /^(?:-[\w-]*=?|git\+)?(http):\/\/(?!(?:localhost|127\.|0\.0\.0\.0|\[::1\]|host\.docker\.internal|[\w.-]+\.(?:local|localhost|internal|test|invalid)(?![\w.-])))/i;
/** Programs that fetch, unpack or trust what is at an address; apt and apk check signatures of their own. */
const fetchers = new Set('git svn hg pip pip3 pipx uv npm yarn pnpm gem bundle go cargo rpm dnf yum microdnf zypper composer conda fetch http xh axel apt-key'.split(' ')); // prettier-ignore

type HttpReport = Report<'plain' | 'variable', 'https'>;

/** Reports scheme and host of an address. */
function reportUrl(mapped: MappedText, instruction: Instruction, report: HttpReport): void {
  const match = plain.exec(mapped.text);
  if (!match) return;
  const hostStart = match[0].length;
  const start = hostStart - 'http://'.length;
  const [host] = /^[^/?#\s]*/.exec(mapped.text.slice(hostStart))!;
  const { end } = sourceRange(mapped, start, start + 'http'.length);
  report(
    sourceRange(mapped, start, hostStart + host.length),
    'plain',
    { host: host.slice(host.lastIndexOf('@') + 1) },
    refusalAt(instruction) ?? report.fix('https', () => [replaceText(range(end), 's')]),
  );
}

/** The words of a command that are fetched. */
function addressesOf({ command, instruction, stage }: RunCommand): readonly ShellWord[] {
  const { name, args } = command;
  if (!isDownloader(name)) return name !== null && fetchers.has(name) && !command.inner ? args : [];
  return downloadsOf(command).flatMap(({ url, file }) => (url && !(stage && isVerified(stage, instruction, file)) ? [url] : []));
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
    plain: { text: 'Anyone on the path to {host} can change a download over plain HTTP' },
    variable: { text: '"{variable}" is a plain HTTP URL: anyone on the path can change the download' },
  },
  fixes: { https: { title: 'Use https', class: 'attended' } },
  on: {
    command(view, report) {
      for (const word of addressesOf(view)) {
        const { variables, text } = word;
        if (variables.length > 0 && /^\$/.test(plainText(word))) {
          const value = view.stage?.variable(variables[0]!.name, view.instruction)?.value;
          if (value != null && plain.test(value)) report(word.range, 'variable', { variable: variables[0]!.name }, noFix('variable'));
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
