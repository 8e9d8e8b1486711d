import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/**
 * Ends what the steps of a build of Podman run, so that the build fails and removes its own container: that has no label, and the client leaves it where it is ended
 * itself, or a helper of it. To be called until the client is gone: the next step may have begun.
 */
export function endBuild(client: number): void {
  for (const pid of stepsOf(client)) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // it has ended
    }
  }
}

interface Process {
  readonly pid: number;
  readonly parent: number;
  readonly group: number;
}

/** What a process has started, directly or not, in groups or file systems of their own; nothing where there is no `/proc`. */
function stepsOf(client: number): readonly number[] {
  const all = processes();
  const children = new Map<number, Process[]>();
  for (const one of all) {
    const known = children.get(one.parent);
    if (known) known.push(one);
    else children.set(one.parent, [one]);
  }
  const groupOfClient = all.find(({ pid }) => pid === client)?.group;
  const filesOfClient = filesOf(client);
  const found = new Set<Process>();
  for (const waiting = [client]; waiting.length > 0;)
    for (const child of children.get(waiting.pop()!) ?? []) {
      if (!found.has(child)) waiting.push(child.pid);
      found.add(child);
    }
  return [...found].flatMap(({ pid, group }) => (group !== groupOfClient || filesOf(pid) !== filesOfClient ? pid : []));
}

function filesOf(pid: number): string | null {
  try {
    return readlinkSync(`/proc/${pid}/ns/mnt`);
  } catch {
    return null;
  }
}

function processes(): readonly Process[] {
  try {
    return readdirSync('/proc').flatMap(name => (/^\d+$/.test(name) ? (read(Number(name)) ?? []) : []));
  } catch {
    return [];
  }
}

function read(pid: number): Process | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // the name, in parentheses, may hold any character (proc(5))
    const [, parent, group] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return { pid, parent: Number(parent), group: Number(group) };
  } catch {
    return null;
  }
}
