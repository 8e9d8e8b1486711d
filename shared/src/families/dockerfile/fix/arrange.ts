import type { DockerfileOperation } from '../../../rule/fix/types';
import { memoize } from '../../../base/text/memoize';
import { parseDockerfile } from '../model/parse';
import type { DockerfileModel } from '../model/types';
import { preparing } from './user';

type Insert = Extract<DockerfileOperation, { readonly type: 'dockerfile.insert' }>;

/** An instruction to insert, or several that stay together. */
interface Piece {
  readonly text: string;
  readonly rank: number;
  readonly insert: Insert;
}

/** What an image says of its start, in the usual order. Whatever else is inserted prepares the image, with the rights that are in force there. */
const ranks: Readonly<Record<string, number>> = { USER: 1, STOPSIGNAL: 2, HEALTHCHECK: 3, ENTRYPOINT: 4, CMD: 5 };

/**
 * The same operations with one insertion for each place, in an order in which the file still builds. Fixes know nothing of each other, and what one of them
 * installs needs the root that another takes away: what prepares the image goes in front of USER, even where its own place is behind it.
 */
export function arrangeInserts(model: DockerfileModel, operations: readonly DockerfileOperation[]): readonly DockerfileOperation[] {
  const pieces = inOrder(operations.filter(isInsert)).flatMap(insert => takeApart(model, insert));
  const users = firstUsers(model, pieces);
  const places = new Map<string, Piece[]>();
  for (const piece of pieces) {
    const user = piece.rank === 0 ? users.get(stretchStarts(model)[slotOf(piece.insert)]!) : undefined;
    const insert = user && slotOf(user) <= slotOf(piece.insert) ? user : piece.insert;
    const key = `${insert.at} ${insert.instruction}`;
    const list = places.get(key) ?? [];
    list.push({ ...piece, insert });
    places.set(key, list);
  }
  const arranged = [...places.values()].map(list => {
    const texts = new Set([...list].sort((a, b) => a.rank - b.rank).map(({ text }) => text));
    return { ...list[0]!.insert, text: [...texts].join('\n') };
  });
  return [...inOrder(arranged), ...operations.filter(operation => !isInsert(operation))];
}

/** What goes behind an instruction stands before what goes in front of the next one. */
const inOrder = (inserts: readonly Insert[]): readonly Insert[] => [
  ...inserts.filter(({ at }) => at === 'after'),
  ...inserts.filter(({ at }) => at === 'before'),
];

function isInsert(operation: DockerfileOperation): operation is Insert {
  return operation.type === 'dockerfile.insert';
}

/** The number of the instruction that an insertion stands in front of. */
const slotOf = ({ at, instruction }: Insert): number => (at === 'after' ? instruction + 1 : instruction);

/** The instructions of an insertion one by one; in one piece where it begins a stage, or changes the user for some of them alone. */
function takeApart({ escape }: DockerfileModel, insert: Insert): readonly Piece[] {
  const directive = escape === '`' ? '# escape=`\n' : '';
  const { text, instructions } = parseDockerfile(`${directive}${insert.text}`);
  const pieces = instructions.map(({ keyword, range }, i): Piece => {
    const start = i === 0 ? directive.length : instructions[i - 1]!.range.end + 1;
    return { text: text.slice(start, range.end), rank: ranks[keyword] ?? 0, insert };
  });
  const isWhole = instructions.some(({ keyword }) => keyword === 'FROM') || pieces.some(({ rank }, i) => rank < (pieces[i - 1]?.rank ?? 0));
  return isWhole || pieces.length === 0 ? [{ text: insert.text, rank: 0, insert }] : pieces;
}

/** For each place between instructions, the first one that is parted from it by nothing that prepares the image. */
const stretchStarts = memoize(({ instructions }: DockerfileModel): readonly number[] => {
  const starts = [0];
  for (const { index, keyword } of instructions) starts.push(keyword === 'FROM' || preparing.has(keyword) ? index + 1 : starts[index]!);
  return starts;
});

/** The first USER that is inserted in each of these stretches. */
function firstUsers(model: DockerfileModel, pieces: readonly Piece[]): ReadonlyMap<number, Insert> {
  const users = new Map<number, Insert>();
  for (const { rank, insert } of pieces) {
    if (rank !== 1) continue;
    const start = stretchStarts(model)[slotOf(insert)]!;
    const known = users.get(start);
    if (!known || slotOf(insert) < slotOf(known)) users.set(start, insert);
  }
  return users;
}
