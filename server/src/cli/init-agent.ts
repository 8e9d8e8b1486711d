import { dirname, resolve } from 'node:path';
import { masked, plain, trusted } from '../../../shared/src/early';
import { createFolder } from '../host/node/output-file';
import { type HookAgent, hooks } from './hook-agents';
import type { Output } from './output';
import { skillText } from './pages';
import type { Reading } from './reading';
import { refuseNew, writeNew } from './write-new';

const skillPath = '.agents/skills/container-hardening/SKILL.md';
const notesPath = 'AGENTS.md';

/** What `AGENTS.md` says, between marks by which it is found again. */
const notes = [
  '<!-- bulkhead -->',
  '',
  '## Container configuration',
  '',
  'For Dockerfiles, Compose files, Kubernetes manifests, workflows and policies:',
  '',
  '- After you change one, run `bulkhead lint --format concise FILE`; fix errors and warnings, or say why they stay.',
  '- To harden one, run `bulkhead harden FILE`, read the diff and what it assumes, then `bulkhead harden --write FILE`. Do not write `securityContext`, `USER` or digests by hand.',
  '- `bulkhead explain RULE` says what a rule is about; `bulkhead pin --write FILE` pins images, which asks registries.',
  '- Do not silence findings: no `bulkhead-ignore` or other ignore comments, no change to `.bulkhead.yaml` or to a baseline. A person decides that.',
  '- What harden leaves, and fixes of class `attended`, are for a person: list them with their reasons.',
  '',
  '<!-- /bulkhead -->',
  '',
].join('\n');

/** `bulkhead init agent`: a skill, lines for AGENTS.md, and hooks that are asked for. What is there stays as it is, and what it lacks is printed. Gives the exit code. */
export function initAgent(agents: readonly HookAgent[], reading: Reading, guarded: readonly string[], output: Output): number {
  let failed = false;
  const write = (name: string, text: string): void => {
    const made = createFolder(resolve(dirname(name)), guarded);
    if (!made.ok) failed = refuseNew(name, masked`not written: ${trusted(made.message)}`, output) > 0;
    else failed = !writeNew(name, guarded, text, output) || failed;
  };
  /** What a file holds; `null`: there is none; `''`: it cannot be read. */
  const textAt = (name: string): string | null => {
    const read = reading.sideText(resolve(name));
    return read.ok ? read.value : read.shortfall === null ? null : '';
  };
  const skill = skillText();
  if (skill === null) return refuseNew(skillPath, plain("not written: its source file is missing from the program's directory"), output);
  if (textAt(skillPath) === skill) output.say(masked`${trusted(skillPath)} is up to date`);
  else write(skillPath, skill);
  const known = textAt(notesPath);
  if (known === null) write(notesPath, notes);
  else if (known.includes('<!-- bulkhead -->')) output.say(masked`${trusted(notesPath)} already contains the lines for agents`);
  else offer(notesPath, notes, output);
  for (const agent of agents) {
    const { file, settings } = hooks[agent];
    const text = `${JSON.stringify(settings, null, 2)}\n`;
    const has = textAt(file);
    if (has === null) write(file, text);
    else if (has.includes(`bulkhead hook ${agent}`)) output.say(masked`${trusted(file)} already contains the hook`);
    else offer(file, text, output);
  }
  return failed ? 2 : 0;
}

/** Prints what a person can add to a file of theirs. */
function offer(name: string, text: string, output: Output): void {
  output.say(masked`${trusted(name)} already exists and was left unchanged; add this to it:`);
  output.print(trusted(text));
}
