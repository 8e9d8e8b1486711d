import { closest, editDistance } from '../../../base/text/closest';
import { range } from '../../../base/text/range';
import { skipSpace } from './characters';
import { execFormOf, keywords } from './instruction';
import type { DockerfileModel, DockerfileProblem, Flag, Instruction, ProblemCode } from './types';
import { wordParts } from './words';

type FlagKind = 'string' | 'boolean' | 'strings';

/** The flags of each instruction; what is not here takes none. */
const flagsOf: Readonly<Record<string, Readonly<Record<string, FlagKind>>>> = {
  FROM: { platform: 'string' },
  ADD: {
    chown: 'string',
    chmod: 'string',
    link: 'boolean',
    'keep-git-dir': 'boolean',
    checksum: 'string',
    unpack: 'boolean',
    exclude: 'strings',
  },
  COPY: { chown: 'string', chmod: 'string', from: 'string', link: 'boolean', parents: 'boolean', exclude: 'strings' },
  RUN: { mount: 'strings', network: 'string', security: 'string', device: 'strings' },
  HEALTHCHECK: { interval: 'string', timeout: 'string', 'start-period': 'string', 'start-interval': 'string', retries: 'string' },
};

/** Instructions whose flags BuildKit never looks at. */
const flagsIgnored = new Set(['ARG', 'STOPSIGNAL']);
/** Instructions in whose words BuildKit expands variables. */
const expanding = new Set(['FROM', 'ADD', 'COPY', 'ENV', 'LABEL', 'ARG', 'EXPOSE', 'USER', 'VOLUME', 'WORKDIR', 'STOPSIGNAL']);
const duration = /^[+-]?(?:0|(?:(?:\d+(?:\.\d*)?|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+)$/;

/** The signals that STOPSIGNAL may name, with or without SIG in front: `SignalMap` of moby/sys for Linux, which BuildKit asks. */
const signals: ReadonlySet<string> = new Set([
  ...(
    'ABRT ALRM BUS CHLD CLD CONT FPE HUP ILL INT IO IOT KILL PIPE POLL PROF PWR QUIT SEGV STKFLT STOP SYS TERM TRAP TSTP TTIN TTOU URG ' +
    'USR1 USR2 VTALRM WINCH XCPU XFSZ RTMIN RTMAX'
  ).split(' '),
  ...Array.from({ length: 15 }, (_, i) => `RTMIN+${i + 1}`),
  ...Array.from({ length: 14 }, (_, i) => `RTMAX-${i + 1}`),
]);

/** What BuildKit objects to in the instructions of a file, one finding for each instruction at most where they exclude each other. */
export function findProblems(model: DockerfileModel): DockerfileProblem[] {
  const problems: DockerfileProblem[] = [];
  let sawFrom = false;
  const add = (
    instruction: Instruction,
    code: ProblemCode,
    place: { start: number; end: number },
    data: DockerfileProblem['data'] = {},
  ): void => {
    problems.push({ code, range: range(place.start, place.end), data, instruction });
  };
  for (const instruction of model.instructions) {
    if (instruction.keyword === 'FROM') sawFrom = true;
    else if (!sawFrom && instruction.keyword !== 'ARG') {
      add(instruction, model.stages.length === 0 ? 'no-stage' : 'before-from', instruction.keywordRange, { keyword: instruction.keyword });
    }
    checkInstruction(instruction, add);
    for (const blank of instruction.blankLines) add(instruction, 'empty-continuation', blank);
  }
  if (!sawFrom && model.instructions.length > 0 && problems.every(problem => problem.code !== 'no-stage')) {
    const first = model.instructions[0]!;
    add(first, 'no-stage', first.keywordRange, { keyword: first.keyword });
  }
  return problems;
}

type Add = (instruction: Instruction, code: ProblemCode, place: { start: number; end: number }, data?: DockerfileProblem['data']) => void;

function checkInstruction(instruction: Instruction, add: Add): void {
  const { keyword, keywordRange } = instruction;
  if (!(keywords as readonly string[]).includes(keyword)) {
    add(instruction, 'unknown-instruction', keywordRange, { keyword, suggestion: closest(keyword, keywords) || beginningOf(keyword) });
    return;
  }
  const form = execFormOf(instruction);
  if (form === 'not-strings') add(instruction, 'not-strings', instruction.argumentsRange);
  else if (form === 'broken' && (keyword === 'SHELL' || looksLikeArray(instruction))) {
    add(instruction, keyword === 'SHELL' ? 'shell-not-json' : 'invalid-json-form', instruction.argumentsRange, { keyword });
  } else if (keyword === 'SHELL' && form === 'none' && instruction.words.length > 0)
    add(instruction, 'shell-not-json', instruction.argumentsRange);
  checkFlags(instruction, add);
  checkArguments(instruction, add);
  if (expanding.has(keyword)) {
    for (const word of instruction.words)
      if (wordParts(word) === null) add(instruction, 'bad-substitution', word.range, { word: word.raw });
  }
}

/** The one instruction that a word of four letters or more begins. */
function beginningOf(word: string): string {
  const [only, ...more] = word.length > 3 ? keywords.filter(keyword => keyword.startsWith(word)) : [];
  return more.length === 0 ? (only ?? '') : '';
}

function checkArguments(instruction: Instruction, add: Add): void {
  const { keyword, keywordRange } = instruction;
  if (keyword === 'RUN') return checkMounts(instruction, add);
  // their words are not looked at, so that they need not be split
  if (keyword === 'CMD' || keyword === 'ENTRYPOINT') return;
  const { words } = instruction;
  switch (keyword) {
    case 'FROM': {
      const named = words.length === 3 && words[1]!.text.toLowerCase() === 'as';
      if (words.length !== 1 && !named) add(instruction, 'from-arguments', words.length === 0 ? keywordRange : instruction.argumentsRange);
      else if (named && !/^[a-z][a-z0-9-_.]*$/.test(words[2]!.raw.toLowerCase()))
        add(instruction, 'invalid-stage-name', words[2]!.range, { name: words[2]!.raw });
      break;
    }
    case 'ADD':
    case 'COPY':
      if (words.length < 2) add(instruction, 'missing-destination', keywordRange, { keyword });
      else if (/^\d*<<-?[^<]+$/.test(words.at(-1)!.raw)) add(instruction, 'heredoc-destination', words.at(-1)!.range);
      break;
    case 'ENV':
    case 'LABEL':
      checkPairs(instruction, add);
      break;
    case 'HEALTHCHECK':
      checkHealthcheck(instruction, add);
      break;
    case 'STOPSIGNAL':
      checkSignal(instruction, add);
      break;
    case 'ONBUILD': {
      const inner = instruction.trigger;
      if (inner === null && instruction.onbuildParent !== null) break;
      if (inner === null) add(instruction, 'missing-arguments', keywordRange, { keyword });
      else if (['ONBUILD', 'FROM', 'MAINTAINER'].includes(inner.keyword))
        add(instruction, 'onbuild-trigger', inner.keywordRange, { keyword: inner.keyword });
      else checkInstruction(inner, add);
      break;
    }
    default:
      if (words.length === 0) add(instruction, 'missing-arguments', keywordRange, { keyword });
      else if (keyword === 'ARG')
        for (const pair of instruction.pairs) if (pair.name === '') add(instruction, 'blank-name', pair.range, { keyword });
  }
  if (keyword === 'COPY') {
    const from = instruction.flag('from');
    if (from?.value && from.valueRange && /\$./.test(from.value))
      add(instruction, 'variable-in-from', from.valueRange, { value: from.value });
  }
}

function checkMounts(instruction: Instruction, add: Add): void {
  for (const mount of instruction.mounts) {
    const from = mount.fields.findLast(field => field.key === 'from');
    if (from?.value && from.valueRange && /\$./.test(from.value))
      add(instruction, 'variable-in-from', from.valueRange, { value: from.value });
  }
}

function checkPairs(instruction: Instruction, add: Add): void {
  const { keyword, keywordRange, pairs, words } = instruction;
  if (words.length === 0) add(instruction, 'missing-arguments', keywordRange, { keyword });
  else if (pairs.length === 0) add(instruction, 'pair-without-value', words[0]!.range, { keyword });
  else if (!pairs[0]!.legacy) {
    for (const word of words) if (!word.raw.includes('=')) add(instruction, 'pair-without-equals', word.range, { keyword, word: word.raw });
    for (const pair of pairs) if (pair.name === '') add(instruction, 'blank-name', pair.range, { keyword });
  }
}

function checkHealthcheck(instruction: Instruction, add: Add): void {
  const { keyword, keywordRange, words } = instruction;
  const type = words[0]?.text.toUpperCase();
  if (type === undefined) add(instruction, 'missing-arguments', keywordRange, { keyword });
  else if (type === 'NONE') {
    if (words.length > 1) add(instruction, 'healthcheck-arguments', range(words[1]!.range.start, instruction.argumentsRange.end));
  } else if (type !== 'CMD') add(instruction, 'healthcheck-type', words[0]!.range, { type: words[0]!.text });
  else if (words.length === 1) add(instruction, 'missing-arguments', words[0]!.range, { keyword });
}

function checkSignal(instruction: Instruction, add: Add): void {
  const { keyword, keywordRange, words, stage } = instruction;
  const [word] = words;
  if (!word) return add(instruction, 'missing-arguments', keywordRange, { keyword });
  const name = word.text.toUpperCase().replace(/^SIG/, '');
  if (word.variables.length > 0 || stage?.windows || signals.has(name) || (/^[+-]?\d+$/.test(name) && Number(name) !== 0)) return;
  const near = closest(name, signals);
  // In names this short two letters make another one.
  const suggestion = near !== '' && editDistance(name, near) === 1 ? `SIG${near}` : '';
  add(instruction, 'unknown-signal', word.range, { value: word.text, suggestion });
}

function checkFlags(instruction: Instruction, add: Add): void {
  const { keyword, flags } = instruction;
  if (flags.length === 0 || flagsIgnored.has(keyword) || (keyword === 'HEALTHCHECK' && instruction.words[0]?.text.toUpperCase() === 'NONE'))
    return;
  const known = flagsOf[keyword];
  const seen = new Set<string>();
  for (const flag of flags) {
    const kind = known?.[flag.name];
    if (known === undefined) add(instruction, 'flag-not-allowed', flag.range, { flag: flag.name, keyword });
    else if (kind === undefined) {
      add(instruction, 'unknown-flag', flag.nameRange, {
        flag: flag.name,
        keyword,
        suggestion: closest(flag.name, Object.keys(known)) || meantFlag(flag.name, known),
      });
    } else if (kind !== 'strings' && seen.has(flag.name)) add(instruction, 'repeated-flag', flag.range, { flag: flag.name });
    else if (flag.value === null ? kind !== 'boolean' : kind === 'boolean' && flag.value === '')
      add(instruction, 'flag-without-value', flag.range, { flag: flag.name });
    else if (!isValidValue(keyword, flag, kind))
      add(instruction, 'invalid-flag-value', flag.valueRange ?? flag.range, { flag: flag.name, value: flag.value! });
    seen.add(flag.name);
  }
}

/** The flag that has the meaning of a name in other tools. */
function meantFlag(name: string, known: Readonly<Record<string, FlagKind>>): string {
  const meant = /^(?:user|owner)$/i.test(name) ? 'chown' : /^(?:mode|permissions?)$/i.test(name) ? 'chmod' : '';
  return Object.hasOwn(known, meant) ? meant : '';
}

function isValidValue(keyword: string, flag: Flag, kind: FlagKind): boolean {
  const value = flag.value ?? '';
  if (kind === 'boolean') return /^(?:true|false|)$/i.test(value);
  if (keyword === 'HEALTHCHECK')
    return value === '' || (flag.name === 'retries' ? /^\+?\d{1,9}$/.test(value) : duration.test(value) && !value.startsWith('-'));
  if (keyword === 'RUN' && flag.name === 'network') return /^(?:default|none|host)$/.test(value) || value.includes('$');
  if (keyword === 'RUN' && flag.name === 'security') return /^(?:sandbox|insecure)$/.test(value) || value.includes('$');
  return true;
}

/** Whether text in brackets was meant as an array rather than as the shell's test command. */
function looksLikeArray(instruction: Instruction): boolean {
  const { keyword, logical, argumentsEnd } = instruction;
  let start = instruction.argumentsStart;
  if (keyword === 'HEALTHCHECK') start = skipSpace(logical.text, start + 'CMD'.length, argumentsEnd);
  const text = logical.text.slice(start, Math.min(argumentsEnd, start + 200));
  if (/^\[(?:["'“”]|\s+(?:"[^"']*"|'[^"']*')\s*,|[\w./-]+\s*,)/.test(text)) return true;
  return keyword !== 'RUN' && keyword !== 'HEALTHCHECK' && /^\[\s*(?:"[^"']*"|'[^"']*'|[\w./-]+)\s*\]/.test(text);
}
