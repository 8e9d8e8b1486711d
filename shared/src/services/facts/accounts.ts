import type { Account, NamedUser, System } from '../../knowledge/image-files';

// What the files of an image say of its users and its system.

/** More lines are not read. */
const mostLines = 10_000;

const fieldsOf = (text: string): readonly (readonly string[])[] =>
  text
    .split('\n', mostLines)
    .filter(line => !line.startsWith('#'))
    .map(line => line.trimEnd().split(':'));

const numberOf = (text: string | undefined): number | null => (text !== undefined && /^\d{1,10}$/.test(text) ? Number(text) : null);

/**
 * Who a user of a configuration is: `node`, `1000`, `node:staff`, empty for root. The first entry of a name or number counts, as with container engines.
 * @param passwd `null`: the image has no such file
 * @returns `null`: there is no such user
 */
export function accountOf(user: string, passwd: string | null, group: string | null): Account | null {
  const [name = '', groupName = ''] = (user === '' ? '0' : user).split(':');
  const number = numberOf(name);
  const entry = fieldsOf(passwd ?? '').find(
    fields => fields.length >= 4 && (fields[0] === name || (number !== null && numberOf(fields[2]) === number)),
  );
  const [, , uid, gid, , home, shell] = entry ?? [];
  const foundUid = numberOf(uid) ?? number;
  if (foundUid === null) return null;
  const groupNumber = numberOf(groupName);
  const foundGroup = groupName === '' ? undefined : fieldsOf(group ?? '').find(fields => fields[0] === groupName);
  const foundGid = groupName === '' ? (numberOf(gid) ?? 0) : (numberOf(foundGroup?.[2]) ?? groupNumber);
  return foundGid === null ? null : { uid: foundUid, gid: foundGid, home: home || null, shell: shell || null };
}

/** More users are not kept. */
const mostUsers = 200;

/** The users of a passwd, each name once: the first counts. */
export function usersOf(passwd: string): readonly NamedUser[] {
  const users = new Map<string, NamedUser>();
  for (const [name = '', , uidText, gidText] of fieldsOf(passwd)) {
    const [uid, gid] = [numberOf(uidText), numberOf(gidText)];
    if (users.size < mostUsers && /^[\w.$-]{1,60}$/.test(name) && uid !== null && gid !== null && !users.has(name))
      users.set(name, { name, uid, gid });
  }
  return [...users.values()];
}

/** The system of an os-release; `null`: it names none. */
export function systemOf(text: string): System | null {
  const values = new Map(
    text.split('\n', mostLines).flatMap(line => {
      const [, name, quote = '', value = ''] = /^([A-Z_]+)=(["']?)(.*)$/.exec(line.trimEnd()) ?? [];
      if (name === undefined) return [];
      return [[name, quote !== '' && value.endsWith(quote) ? value.slice(0, -1) : value] as const];
    }),
  );
  const id = values.get('ID') ?? '';
  return /^[\w.-]{1,60}$/.test(id)
    ? { id, version: (values.get('VERSION_ID') ?? '').slice(0, 60), name: (values.get('PRETTY_NAME') ?? id).slice(0, 200) }
    : null;
}
