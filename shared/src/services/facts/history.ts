import { parseDockerfile } from '../../families/dockerfile/model/parse';
import { createdUid } from '../../families/dockerfile/model/users';
import { isObject, listOf, textOf, type JsonObject } from './members';

/** Instructions of a history, as a Dockerfile has them. */
const instruction =
  /^(?:ADD|ARG|CMD|COPY|ENTRYPOINT|ENV|EXPOSE|HEALTHCHECK|LABEL|MAINTAINER|ONBUILD|RUN|SHELL|STOPSIGNAL|USER|VOLUME|WORKDIR)\s/;

/** The lines of the Dockerfiles of an image, its bases first, as its configuration tells them: a claim, since anybody may write there what they like. */
export function readHistory(configuration: JsonObject): readonly string[] {
  return listOf(configuration, 'history').flatMap(entry => {
    const line = isObject(entry) ? lineOf(textOf(entry, 'created_by', false)) : null;
    return line === null ? [] : [line];
  });
}

const buildkit = '# buildkit';
const noop = '/bin/sh -c #(nop)';
const shells: readonly string[] = ['/bin/sh -c ', '/bin/bash -c '];

/** One line: BuildKit ends it with a mark, the older builder begins it with one (`/bin/sh -c #(nop)  USER nginx`), and the values of ARG come before a RUN. */
function lineOf(text: string): string | null {
  const whole = text.trim();
  const line = (
    whole.endsWith(buildkit) ? whole.slice(0, -buildkit.length) : whole.startsWith(noop) ? whole.slice(noop.length) : whole
  ).trim();
  if (instruction.test(line)) return line.startsWith('RUN ') ? `RUN ${withoutShell(line.slice(4).trim())}` : line;
  return line.startsWith('|') || shells.some(shell => line.startsWith(shell)) ? `RUN ${withoutShell(line)}` : null;
}

/** A command without the arguments of its build (`|1 A=b`), which end where its shell is named, and without that. */
function withoutShell(command: string): string {
  const starts = shells.flatMap(shell => {
    const at = command.startsWith('|') ? command.indexOf(shell) : command.startsWith(shell) ? 0 : -1;
    return at < 0 ? [] : [{ at, end: at + shell.length }];
  });
  const [first] = starts.sort((a, b) => a.at - b.at);
  return first ? command.slice(first.end).trim() : command;
}

/** A Dockerfile of a history, as far as our model reads it: an instruction is one line there. */
function dockerfileOf(history: readonly string[]): string {
  const lines = history.map(line =>
    line
      .split('\n')
      .map(part => (part.endsWith('\\') ? part.slice(0, -1) : part).trim())
      .join(' '),
  );
  return ['FROM scratch', ...lines, ''].join('\n');
}

/** The number that the history gives a user of a name; `null`: it is a number already, root, or the history tells none. */
export function claimedUid(history: readonly string[], user: string): number | null {
  const name = user.split(':', 1)[0]!;
  if (!/^[a-z_][\w.-]*$/i.test(name) || name === 'root') return null;
  const stage = parseDockerfile(dockerfileOf(history)).stages[0];
  return stage ? createdUid(stage, name) : null;
}
