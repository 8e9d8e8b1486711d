import { replaceText } from '../../../rule/fix/operations';
import { refusalAt } from '../fix/refusal';
import { chainInstructions, isShipped, wholeText } from '../model/chain';
import { copiedStage } from '../model/images';
import { runCommands } from '../model/scripts';
import type { RunCommand, Stage } from '../model/types';
import { knownName } from '../../../knowledge/image-profiles';
import { range } from '../../../base/text/range';
import { defineRule } from '../../../rule/define-rule';

/** Whether the image that a stage grows on has no C library: nothing at all, or what distroless calls static. */
function isStatic({ root: { image } }: Stage): boolean {
  return image.kind === 'scratch' || /^gcr\.io\/distroless\/static(?:-debian\d+)?(?:[:@]|$)/.test(image.text ?? '');
}

/** Whether Go takes the C library in a stage by itself: the Debian variants of its image have a C compiler, those of Alpine none (Go 1.20 and later). */
function hasCompiler({ root: { image } }: Stage): boolean {
  const { reference } = image;
  if (reference?.invalid !== null || knownName(reference) !== 'golang') return false;
  return !/alpine|windows|nanoserver/.test(reference.tag ?? '');
}

/** What decides by itself how Go links: its variables for cgo and other platforms, flags of the linker, tags that leave the C library out. */
const decided = /\b(?:CGO_ENABLED|GOARCH|GOOS|GOFLAGS|xx-go|musl-gcc)\b|-static|extldflags|netgo|-linkmode/;

/** The command that builds with Go in a stage, where nothing says how that is linked. */
function undecidedBuild(stage: Stage): RunCommand | null {
  const instructions = chainInstructions(stage);
  if (!hasCompiler(stage) || instructions.some(instruction => decided.test(wholeText(instruction)))) return null;
  const runs = instructions.flatMap(i => (i.keyword === 'RUN' && !i.execForm ? [...runCommands(i)] : []));
  return runs.find(({ command }) => command.name === 'go' && command.args[0]?.text === 'build') ?? null;
}

export const rule = defineRule({
  id: 'dockerfile/dynamic-binary',
  title: 'Go program that may need a C library that the image lacks',
  severity: 'warning',
  category: 'correctness',
  profile: 'recommended',
  references: { links: ['https://pkg.go.dev/cmd/cgo', 'https://github.com/GoogleContainerTools/distroless/blob/main/base/README.md'] },
  messages: {
    cgo: {
      text: 'With cgo, a program that resolves names or users needs a C library: {image} has none, so the program fails to start',
    },
    copied: { text: 'Copied here' },
  },
  fixes: { static: { title: 'Build the program without cgo', class: 'attended' } },
  assumptions: { 'no-cgo': 'No package of the program contains C code' },
  on: {
    instruction(instruction, report) {
      const { stage } = instruction;
      const source = copiedStage(instruction);
      if (!stage || !source || !isShipped(stage) || !isStatic(stage)) return;
      const build = undecidedBuild(source);
      const word = build?.command.nameWord;
      if (!build || !word) return;
      const end = build.command.args[0]!.range.end;
      report(
        range(word.range.start, end),
        'cgo',
        { image: stage.root.image.kind === 'scratch' ? 'an empty image' : stage.root.image.label },
        report.related(instruction.keywordRange, 'copied'),
        refusalAt(build.instruction, 'any') ??
          report.fix('static', () => [replaceText(word.range, `CGO_ENABLED=0 ${word.raw}`)], { assumes: [{ id: 'no-cgo' }] }),
      );
    },
  },
});
