import { defineRule, noFix } from '../../../rule/define-rule';
import { scriptsOf } from '../model/scripts';
import { sourceRange } from '../../../shell/mapped-text';
import { commandString, readsStandardInput } from '../../../shell/wrappers';
import type { PipelineMember, ShellCommand, ShellScript, ShellWord } from '../../../shell/types';
import type { Range } from '../../../text/range';

const downloaders = new Set(['curl', 'wget', 'aria2c', 'fetch', 'http', 'https', 'xh']);
const shells = new Set(['sh', 'bash', 'dash', 'ash', 'zsh', 'ksh', 'mksh', 'fish']);
const languages = /^(?:python|perl|ruby|node|php|lua)[\d.]*$/;
const webRequest = /\b(?:iwr|irm|curl|wget|invoke-webrequest|invoke-restmethod|downloadstring)\b/i;
const invoke = /\b(?:iex|invoke-expression)\b/i;

/** Commands of the shell itself: it is the one that runs what they read. */
const sourcing = new Set(['.', 'source', 'eval']);

interface Hit {
  readonly range: Range;
  readonly interpreter: string;
  readonly download: Range | null;
}

const isDownload = (command: ShellCommand): boolean => command.name !== null && downloaders.has(command.name);
const isInterpreter = (name: string | null): name is string => name !== null && (shells.has(name) || languages.test(name));

/** The download among the commands of a word's substitutions. */
function downloadIn(word: ShellWord | null | undefined, kind?: 'process'): ShellCommand | undefined {
  return word?.substitutions
    .filter(s => kind === undefined || s.kind === kind)
    .flatMap(s => s.commands)
    .find(isDownload);
}

/** The interpreter that reads a member's standard input as its program. */
function readerOf(member: PipelineMember): ShellCommand | undefined {
  return member.commands.find(c => c.inner === null && isInterpreter(c.name) && readsStandardInput(c.args));
}

function pipedHits(script: ShellScript): Hit[] {
  return script.pipelines.flatMap(({ members }) => {
    const from = members.findIndex(member => member.commands.some(isDownload));
    const reader =
      from < 0
        ? undefined
        : members
            .slice(from + 1)
            .map(readerOf)
            .find(c => c !== undefined);
    if (!reader) return [];
    return [
      { range: reader.nameWord!.range, interpreter: reader.name!, download: members[from]!.commands.find(isDownload)!.nameWord!.range },
    ];
  });
}

/** `bash <(curl …)`, `source <(curl …)`, `sh -c "$(curl …)"`, `eval "$(curl …)"`. */
function substitutedHits(command: ShellCommand): Hit[] {
  const { name, args, nameWord } = command;
  if (name === null || nameWord === null) return [];
  const reads = isInterpreter(name) || name === 'source' || name === '.';
  const text =
    name === 'eval' || shells.has(name) ? (commandString(name, args, shells.has(name)) ?? (name === 'eval' ? args[0] : null)) : null;
  const download = (reads ? args.map(arg => downloadIn(arg, 'process')).find(c => c !== undefined) : undefined) ?? downloadIn(text);
  return download ? [{ range: nameWord.range, interpreter: name, download: download.nameWord!.range }] : [];
}

/** PowerShell is not parsed: its script holds both words. */
function powershellHits({ interpreter, text }: ShellScript): Hit[] {
  const found = interpreter.dialect === 'powershell' && webRequest.test(text.text) ? invoke.exec(text.text) : null;
  return found ? [{ range: sourceRange(text, found.index, found.index + found[0].length), interpreter: found[0], download: null }] : [];
}

export const rule = defineRule({
  id: 'dockerfile/pipe-to-shell',
  title: 'Download piped into an interpreter',
  severity: 'error',
  category: 'supply-chain',
  profile: 'baseline',
  references: { cisDocker: ['4.11'], nist800190: ['3.1.3', '3.1.5', '4.1.3', '4.1.5'], cwe: ['CWE-494'] },
  messages: {
    piped: { text: '{interpreter} runs a download that no one has verified' },
    download: { text: 'Downloaded here' },
  },
  on: {
    instruction(instruction, report) {
      if (instruction.keyword !== 'RUN') return;
      for (const script of scriptsOf(instruction)) {
        for (const hit of [...pipedHits(script), ...script.commands.flatMap(substitutedHits), ...powershellHits(script)]) {
          const interpreter = sourcing.has(hit.interpreter) ? 'The shell' : hit.interpreter;
          report(hit.range, 'piped', { interpreter }, hit.download && report.related(hit.download, 'download'), noFix('manual'));
        }
      }
    },
  },
});
