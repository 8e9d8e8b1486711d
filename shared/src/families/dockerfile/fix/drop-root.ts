import type { ElsewhereEdit } from '../../../rule/fix/types';
import { baseName } from '../../../syntax/shell/interpreter';
import type { ScriptFact } from '../../../workspace/unkeyed-facts';
import { folderOf } from '../../../workspace/paths';
import { chainInstructions } from '../model/chain';
import { stageProfile } from '../model/stage-image';
import type { Stage } from '../model/types';
import { createdUsers } from '../model/users';
import type { RuleContext } from '../../../rule/define-rule';
import { startScript } from './run-facts';

/** What a start script goes on as another user with. */
export interface DropAtEnd {
  readonly user: string;
  readonly path: string;
  readonly elsewhere: ElsewhereEdit;
}

/** The start script of the workspace that a stage runs; `null`: none is seen. */
export function startFact(stage: Stage, { workspace, path }: Pick<RuleContext, 'workspace' | 'path'>): ScriptFact | null {
  const name = startScript(stage);
  return name === null ? null : workspace.scriptIn(folderOf(path), name);
}

/** The command that runs what follows as a user, by what the image has; `null`: nothing. `setpriv` is in util-linux, which every Debian has; busybox's knows no users. */
function switchTo(user: string, stage: Stage): string | null {
  const profile = stageProfile(stage);
  const tool = profile?.privilegeDrop?.tool ?? '';
  if (tool === 'gosu' || tool === 'su-exec') return `${tool} ${user}`;
  if (profile?.os !== 'debian' && profile?.os !== 'ubuntu') return null;
  return /^\d/.test(user)
    ? `setpriv --reuid=${user} --regid=${user} --clear-groups`
    : `setpriv --reuid=${user} --regid="$(id -g ${user})" --init-groups`;
}

/**
 * The lines by which a start script, done with what it needs root for, gives the volumes of the image away and goes on as the user that the file
 * creates, or the image's own, or a number; `null` where it goes on as somebody already, or does not hand on to what it is given.
 */
export function dropAtEnd(stage: Stage, context: RuleContext): DropAtEnd | null {
  const script = startFact(stage, context);
  if (!script?.handsOn || script.drops) return null;
  const [created, ...others] = createdUsers(stage);
  const own = stageProfile(stage)?.otherUsers.find(({ uid }) => uid !== null && uid >= 1000 && uid < 60000)?.name;
  const user =
    created && others.every(({ name }) => name === created.name) ? created.name : created ? null : (own ?? `${context.defaults.uid}`);
  const command = user === null ? null : switchTo(user, stage);
  if (user === null || command === null || !/^[\w-]+$/.test(user)) return null;
  const volumes = chainInstructions(stage).flatMap(({ keyword, words }) => (keyword === 'VOLUME' ? words.map(({ text }) => text) : []));
  const plain = volumes.filter(path => /^\/[\w./-]+$/.test(path));
  const lines = [
    'if [ "$(id -u)" = 0 ]; then',
    ...(plain.length > 0 ? [`  chown -R ${user} ${plain.join(' ')}`] : []),
    `  exec ${command} "$@"`,
    'fi',
    '',
  ];
  return { user, path: baseName(script.path), elsewhere: { path: script.path, range: script.handsOn, newText: lines.join(script.eol) } };
}
