import { moveTrailingComment, replaceText } from '../../../rule/fix/operations';
import type { Instruction, Word } from '../model/types';
import { sourceRange } from '../../../syntax/shell/mapped-text';
import { defineRule, type Report } from '../../../rule/define-rule';
import { upTo, withoutEnd } from '../../../base/text/ends';

type Reporter = Report<'range' | 'order' | 'malformed' | 'comma' | 'mapping' | 'protocol', 'comma' | 'container' | 'protocol'>;

const protocols = ['', 'tcp', 'udp', 'sctp'];

/** A port as EXPOSE takes it, read from the right: `[ip:][host:]port[-port][/protocol]`. */
function readPort(text: string): { host: string | undefined; ports: string; protocol: string } {
  const colon = text.lastIndexOf(':');
  const own = text.slice(colon + 1);
  const ports = upTo(own, '/');
  return { host: colon < 0 ? undefined : text.slice(0, colon), ports, protocol: own.slice(ports.length + 1) };
}

/** Checks one word. Parts are underlined where the word is in the file as it is, else the whole of it. */
function checkPort(word: Word, instruction: Instruction, report: Reporter): void {
  const known = instruction.file.expand(word, instruction);
  // A variable may hold several ports, or none.
  const text = known ?? '';
  if (text === '' || /\s/.test(text)) return;
  const literal = word.raw === text;
  const place = (start: number, end: number) =>
    literal ? sourceRange(instruction.logical, word.offset + start, word.offset + end) : word.range;
  const replace = (wanted: string) => [replaceText(word.range, wanted)] as const;
  const { host, ports, protocol } = readPort(text);
  if (/^[\d/-]+,+$/.test(text))
    return report(place(text.indexOf(','), text.length), 'comma', {}, literal && report.fix('comma', () => replace(withoutEnd(text, ','))));
  if (!/^\d+(?:-\d+)?$/.test(ports) || !protocols.includes(protocol.toLowerCase()))
    return report(word.range, 'malformed', { text: text.slice(0, 40) });
  const portsStart = host === undefined ? 0 : host.length + 1;
  const [first = '', last = first] = ports.split('-');
  const over = [first, last].find(port => Number(port) > 65535);
  if (over !== undefined) {
    const start = portsStart + (over === first ? 0 : first.length + 1);
    return report(place(start, start + over.length), 'range', { port: over.slice(0, 20) });
  }
  if (Number(last) < Number(first)) return report(place(portsStart, portsStart + ports.length), 'order', { ports });
  if (host !== undefined) {
    const wanted = text.slice(portsStart).toLowerCase();
    report(place(0, portsStart - 1), 'mapping', { text }, literal && report.fix('container', () => replace(wanted), { data: { wanted } }));
  } else if (protocol !== protocol.toLowerCase()) {
    const wanted = text.toLowerCase();
    report(
      place(text.length - protocol.length, text.length),
      'protocol',
      { protocol },
      literal && report.fix('protocol', () => replace(wanted), { data: { wanted } }),
    );
  }
}

export const rule = defineRule({
  id: 'dockerfile/invalid-expose',
  title: 'Invalid EXPOSE',
  severity: 'error',
  category: 'correctness',
  profile: 'baseline',
  peers: {
    hadolint: ['DL3011'],
    trivy: ['DS-0008'],
    kics: ['UNIX Ports Out Of Range'],
    semgrep: ['invalid-port'],
    buildkit: ['ExposeInvalidFormat', 'ExposeProtoCasing'],
    'dockerfile-utils': ['INVALID_PORT'],
    dockerfilelint: ['expose_host_port'],
  },
  messages: {
    range: { text: 'Port {port} is above 65535' },
    order: { text: 'The range {ports} ends before it starts' },
    malformed: { text: '"{text}" is not a port: BuildKit rejects it' },
    comma: { text: 'Ports are separated by spaces: BuildKit rejects the comma' },
    comment: { text: 'EXPOSE does not allow a trailing comment: BuildKit reads its words as ports' },
    mapping: { text: 'EXPOSE names container ports only; host ports are mapped when the container is run', severity: 'warning' },
    protocol: { text: 'Protocol "{protocol}" is not lowercase', severity: 'info' },
  },
  fixes: {
    comma: { title: 'Remove the comma', class: 'safe' },
    comment: { title: 'Move the comment to its own line', class: 'safe' },
    container: { title: 'Change to {wanted}', class: 'safe' },
    protocol: { title: 'Change to {wanted}', class: 'safe' },
  },
  on: {
    instruction(instruction, report) {
      if (instruction.keyword !== 'EXPOSE') return;
      for (const word of instruction.words) {
        if (word.raw.startsWith('#')) {
          const range = { start: word.range.start, end: instruction.argumentsRange.end };
          const { index } = instruction;
          const fix = report.fix('comment', () => [moveTrailingComment(index, range)]);
          report(range, 'comment', {}, fix);
          return;
        }
        checkPort(word, instruction, report);
      }
    },
  },
});
