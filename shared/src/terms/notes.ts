import type { MessageData } from './types';

/**
 * What a conversion says beside its text. `left-out`: something of the input has no counterpart, or none that is sure. `changed`: it is written in
 * another way that may matter. `to-do`: somebody has to fill in or make something before the result runs. `read`: how the input was taken, which is no matter of the result.
 */
export type NoteKind = 'left-out' | 'changed' | 'to-do' | 'read';

/** The kinds that a result tells of in comments, in their order, each with the line above them. */
export const noteKinds: readonly { readonly kind: NoteKind; readonly title: string }[] = [
  { kind: 'to-do', title: 'To do:' },
  { kind: 'changed', title: 'Written otherwise:' },
  { kind: 'left-out', title: 'Left out:' },
];

interface NoteText {
  readonly kind: NoteKind;
  /** English, with `{name}` places; no final full stop. */
  readonly text: string;
}

const leftOut = (text: string): NoteText => ({ kind: 'left-out', text });
const changed = (text: string): NoteText => ({ kind: 'changed', text });
const read = (text: string): NoteText => ({ kind: 'read', text });
const toDo = (text: string): NoteText => ({ kind: 'to-do', text });

/** Every note by its id. The list is closed: it is part of the JSON contract. */
export const noteTexts = {
  // how the input was read
  joined: read('a line that begins with "{text}" was taken for the rest of the command above, although no backslash leads to it'),
  typography: read('quotes, dashes or blanks of a word processor were taken for those of a shell'),
  placeholder: toDo('{what}: put in what it stands for'),
  continuation: read('blanks or a comment behind a backslash were taken away: with them the command cannot run'),
  unread: leftOut('{what}: what this becomes is known to the shell alone'),
  invalid: toDo('{what}: the engine and Compose refuse this value; put in one that they take'),
  other: leftOut('{what}: is another command'),
  around: leftOut('{what}: belongs to the shell around the command'),
  engine: leftOut('{what}: says which engine runs it; give it to the client that starts the result'),
  // options of a command that Compose has no key for
  detach: leftOut('{what}: start with "docker compose up -d"'),
  foreground: leftOut('{what}: it is about the terminal of one start, and no part of a service'),
  remove: leftOut('{what}: Compose keeps a container until "docker compose down"; "docker compose run --rm" removes it'),
  created: leftOut('{what}: "docker compose create" makes the container without starting it'),
  'publish-all': leftOut('{what}: which ports the image exposes is not known here; list them under "ports"'),
  'no-key': leftOut('{what}: has no counterpart in Compose'),
  'mount-option': leftOut('{what}: the option "{option}" of a mount has no counterpart in Compose'),
  'host-ports': leftOut('{what}: has no effect with the network mode "{mode}"'),
  'own-engine': leftOut('{what}: Podman alone has it'),
  empty: leftOut('{what}: is empty and says nothing'),
  // of a Compose file
  substitution: toDo('{what}: the shell would run it; set {name} to what comes of it'),
  variable: toDo('{what}: set {name} in the environment or in a file .env'),
  secret: toDo('{what}: the value is a secret and is not written here; set {name} in the environment, or in a file .env that Git ignores'),
  'external-network': toDo('{what}: create it first with "docker network create {name}", unless it exists'),
  'external-link': changed('{what}: the other container has to be in a network of this service'),
  'other-container': toDo('{what}: the container has to exist when the service starts'),
  'renamed-service': changed('{what}: the service is called "{name}", since the name holds what a service may not'),
  'one-shot': read('{what}: runs once and ends, so that only what is written was judged'),
} as const satisfies Readonly<Record<string, NoteText>>;

/** One of the notes. */
export type NoteId = keyof typeof noteTexts;

/** A note with what it is about. `what`: as it was written, such as `--rm`. */
export interface Note {
  readonly id: NoteId;
  readonly kind: NoteKind;
  readonly data: MessageData & { readonly what: string };
}

/** Takes notes down, each once. */
export interface Notes {
  add(id: NoteId, what: string, data?: MessageData): void;
  readonly list: readonly Note[];
}

/** An empty list of notes. */
export function createNotes(): Notes {
  const list = new Map<string, Note>();
  return {
    add: (id, what, data = {}) => {
      const note = { id, kind: noteTexts[id].kind, data: { ...data, what } };
      list.set(JSON.stringify([id, note.data]), note);
    },
    get list() {
      return [...list.values()];
    },
  };
}
