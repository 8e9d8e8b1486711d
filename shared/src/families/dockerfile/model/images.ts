import type { ImageChange } from '../../../syntax/image/changes';
import { isWindowsReference } from '../../../syntax/image/windows';
import { replaceText } from '../../../rule/fix/operations';
import { memoize } from '../../../base/text/memoize';
import { range, type Range } from '../../../base/text/range';
import { parseImageReference, type ImageReference, type InvalidImageReference } from '../../../syntax/image/reference';
import type { MappedText } from '../../../syntax/shell/mapped-text';
import { sourceOfExpanded, type Expanded } from './expand';
import type { Operation } from '../../../rule/fix/types';
import type { DockerfileModel, ImageUse, Instruction, Stage, VariableUse, Word } from './types';

/** Where an image is named, as the makers of a view see it. */
interface Place {
  readonly origin: ImageUse['origin'];
  readonly instruction: Instruction;
  readonly raw: string;
  readonly range: Range;
  readonly literal: boolean;
}

/** An image use. */
class ImageView implements ImageUse {
  readonly origin: ImageUse['origin'];
  readonly instruction: Instruction;
  readonly raw: string;
  readonly range: Range;
  readonly literal: boolean;
  readonly text: string | null;
  readonly kind: ImageUse['kind'];
  private parsed: ImageReference | InvalidImageReference | null | undefined;

  constructor(
    place: Place,
    private readonly expanded: Expanded | null,
    readonly stages: readonly Stage[],
  ) {
    this.origin = place.origin;
    this.instruction = place.instruction;
    this.raw = place.raw;
    this.range = place.range;
    this.literal = place.literal;
    const text = expanded?.text ?? null;
    this.text = text;
    this.kind = stages.length > 0 ? 'stage' : text === null || text === '' ? 'unknown' : text === 'scratch' ? 'scratch' : 'image';
  }

  get file(): DockerfileModel {
    return this.instruction.file;
  }

  get stage(): Stage | null {
    return this.instruction.stage;
  }

  get reference(): ImageReference | InvalidImageReference | null {
    if (this.parsed === undefined) this.parsed = this.kind === 'image' || this.text === '' ? parseImageReference(this.text!) : null;
    return this.parsed;
  }

  get label(): string {
    return this.text ?? this.raw;
  }

  /** A bare name behind --from may be a build context that the command line names. */
  get maybeOther(): boolean {
    const { reference, text } = this;
    if (this.origin === 'from' || text === null || !reference || reference.invalid !== null) return false;
    return reference.tag === null && reference.digest === null && !/[/.]/.test(text);
  }

  /** In FROM itself, in the default of the ARG that holds the whole reference, or in that of one that holds its end and nothing else. */
  get pinnable(): boolean {
    return this.pinEnd() !== null;
  }

  /** Where a digest goes; `null` where it would bind other images too. */
  private pinEnd(): number | null {
    const { text, expanded, file } = this;
    if (text === null || expanded === null || text === '') return null;
    const place = this.at();
    if (file.text.slice(place.start, place.end) === text) return place.end;
    const last = sourceOfExpanded(expanded, range(text.length - 1, text.length));
    return last !== null && endsInOwnArgument(this.instruction, expanded, last.end) ? last.end : null;
  }

  settled(): boolean {
    return this.text !== null;
  }

  /** In the word itself, or in the default of the ARG that the part comes from. */
  at(part?: Range): Range {
    const { expanded } = this;
    return (expanded && sourceOfExpanded(expanded, part ?? range(0, expanded.text.length))) ?? this.range;
  }

  rewrite(changes: readonly ImageChange[]): readonly Operation[] | null {
    const operations: Operation[] = [];
    for (const { range: part, text } of changes) {
      const place = this.expanded && sourceOfExpanded(this.expanded, part);
      if (!place || this.file.text.slice(place.start, place.end) !== this.text?.slice(part.start, part.end)) return null;
      operations.push(replaceText(place, text));
    }
    return operations;
  }

  pin(digest: string): readonly Operation[] {
    const end = this.pinEnd();
    return end === null ? [] : [replaceText(range(end), `@${digest}`)];
  }
}

/** How often each word stands in the instructions of a file. */
const wordCounts = memoize(({ text, instructions }: DockerfileModel): ReadonlyMap<string, number> => {
  const counts = new Map<string, number>();
  for (const { range: own } of instructions)
    for (const [word] of text.slice(own.start, own.end).matchAll(/\w+/g)) counts.set(word, (counts.get(word) ?? 0) + 1);
  return counts;
});

/**
 * Whether a reference ends, at `end`, with the default of an ARG that nothing but its FROM uses, and is otherwise written in FROM but for its
 * registry: whoever builds with another value of one of the variables gets what they ask for.
 */
function endsInOwnArgument(from: Instruction, { text, pieces }: Expanded, end: number): boolean {
  const { file } = from;
  const holds = ({ name }: VariableUse): boolean => {
    const value = file.globalVariable(name)?.pair.value;
    return (
      value != null && value.variables.length === 0 && value.range.start < end && end <= value.range.end && wordCounts(file).get(name) === 2
    );
  };
  const bound = text.indexOf('/');
  const inFrom = (source: number | null): boolean => source !== null && source >= from.range.start && source < from.range.end;
  if (!pieces.slice(0, -1).every(({ start, source, length }) => inFrom(source) || start + length <= bound)) return false;
  return from.words[0]?.variables.some(holds) ?? false;
}

/** The use of a FROM. `named` holds the latest stage of each name so far: BuildKit looks among the earlier stages, letter case and all. */
export function fromUse(from: Instruction, expanded: Expanded | null, named: ReadonlyMap<string, Stage>): ImageUse {
  const word = from.words[0];
  const place: Place = {
    origin: 'from',
    instruction: from,
    raw: word?.raw ?? '',
    range: word?.range ?? range(from.keywordRange.end),
    literal: word === undefined || word.variables.length === 0,
  };
  return new ImageView(place, expanded, expanded === null ? matchingStages(word, named) : listOf(named.get(expanded.text)));
}

function listOf(stage: Stage | undefined): readonly Stage[] {
  return stage === undefined ? [] : [stage];
}

/** The earlier stages that a name with unknown variables may mean: `base-${TARGETARCH}` means each `base-...`. */
function matchingStages(word: Word | undefined, named: ReadonlyMap<string, Stage>): readonly Stage[] {
  if (word === undefined || word.variables.length === 0) return [];
  const [first, last] = [word.variables[0]!, word.variables[word.variables.length - 1]!];
  const head = word.raw.slice(0, first.range.start - word.range.start);
  const tail = word.raw.slice(word.raw.length - (word.range.end - last.range.end));
  // A bare variable could be any image; a fixed part that stage names share is no accident.
  if (head === '' && tail === '') return [];
  const fits = (name: string): boolean => name.length >= head.length + tail.length && name.startsWith(head) && name.endsWith(tail);
  return [...named].filter(([name]) => fits(name)).map(([, stage]) => stage);
}

/** The uses in `--from` of COPY and of mounts. BuildKit does not expand variables here, and takes a number for the index of a stage. */
export function flagUses(instruction: Instruction, stages: readonly Stage[], named: ReadonlyMap<string, Stage>): ImageUse[] {
  const uses: ImageUse[] = [];
  const add = (origin: ImageUse['origin'], mapped: MappedText, place: Range): void => {
    const { text, starts, sources } = mapped;
    const stage = origin === 'copy-from' && /^[+-]?\d+$/.test(text) ? stages[Number(text)] : named.get(text.toLowerCase());
    const literal = !/\$./.test(text);
    const pieces = starts.map((start, i) => ({ start, source: sources[i]!, length: (starts[i + 1] ?? text.length) - start }));
    uses.push(new ImageView({ origin, instruction, raw: text, range: place, literal }, literal ? { text, pieces } : null, listOf(stage)));
  };
  if (instruction.keyword === 'COPY') {
    const flag = instruction.flag('from');
    if (flag?.value && flag.valueRange) add('copy-from', flag.mapped, flag.valueRange);
  }
  for (const mount of instruction.mounts) {
    const field = mount.fields.findLast(candidate => candidate.key === 'from');
    if (field?.value && field.mapped && field.valueRange) add('mount-from', field.mapped, field.valueRange);
  }
  return uses;
}

/** The one stage of its file that a COPY takes from; `null` where it takes from the context, an image, or from one of several. */
export function copiedStage(instruction: Instruction): Stage | null {
  const { keyword, file } = instruction;
  const [stage, ...more] = (keyword === 'COPY' && file.images.find(use => use.instruction === instruction)?.stages) || [];
  return stage && more.length === 0 ? stage : null;
}

const windowsShells = /^(?:.*[\\/])?(?:cmd|powershell)(?:\.exe)?$/i;

/** Whether some SHELL names cmd or Windows PowerShell (pwsh runs on Linux too). */
export function usesWindowsShell(instructions: readonly Instruction[]): boolean {
  return instructions.some(i => i.keyword === 'SHELL' && windowsShells.test(i.execForm?.[0]?.text ?? ''));
}

/** A Windows image: by platform, by the name of the image; where the image is not known, by the escape directive. */
export function isWindowsImage(from: Instruction, image: ImageUse): boolean {
  if (/^windows(?:\/|$)/i.test(from.flag('platform')?.value ?? '')) return true;
  return isWindowsReference(image.text ?? image.raw) || (image.kind === 'unknown' && from.file.escape === '`');
}
