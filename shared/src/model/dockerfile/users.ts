import { findFlag, flagValue } from '../shell/package-manager';
import { chainInstructions } from './chain';
import { runCommands } from './scripts';
import type { Instruction, Stage } from './types';

/** A user that the file creates. */
export interface CreatedUser {
  readonly name: string;
  /** `null` where the system chooses it or a variable holds it. */
  readonly uid: number | null;
  readonly instruction: Instruction;
}

/** Flags of useradd and adduser whose value is the next word. */
const valueFlags = new Set(
  '-u --uid -g --gid -G --groups --ingroup -d --home -h --home-dir -s --shell -c --comment --gecos -k --skel -b --base-dir -e --expiredate -f --inactive -p --password -K --key -r_ --firstuid --lastuid'.split(
    ' ',
  ),
);

/** The users that the RUNs of a stage and its bases create, by useradd or adduser, in order. */
export function createdUsers(stage: Stage): readonly CreatedUser[] {
  return chainInstructions(stage)
    .filter(({ keyword }) => keyword === 'RUN')
    .flatMap(instruction =>
      runCommands(instruction).flatMap(({ command }) => (isUserTool(command.name) ? readUser(command.args, instruction) : [])),
    );
}

const isUserTool = (name: string | null): boolean => name === 'useradd' || name === 'adduser';

function readUser(args: Parameters<typeof flagValue>[0], instruction: Instruction): CreatedUser[] {
  const names: string[] = [];
  for (let i = 0; i < args.length; i++) {
    const text = args[i]!.text;
    if (text === null) return [];
    if (!text.startsWith('-')) names.push(text);
    else if (valueFlags.has(text) || /^-[a-zA-Z]*[ugGdshckbefpK]$/.test(text)) i++;
  }
  // `adduser user group` puts a user into a group.
  if (names.length !== 1 || !/^[a-z_][\w-]*\$?$/i.test(names[0]!)) return [];
  const attached = findFlag(args, ['-u', '--uid']);
  const uid = flagValue(args, ['-u', '--uid']) ?? (attached ? args[args.indexOf(attached) + 1]?.text : null) ?? '';
  return [{ name: names[0]!, uid: /^\d+$/.test(uid) ? Number(uid) : null, instruction }];
}

/** Whether a user as USER names it is root: by name or number, with or without a group. */
export function isRootUser(user: string): boolean {
  return /^(?:root|0+)(?::|$)/.test(user.trim());
}
