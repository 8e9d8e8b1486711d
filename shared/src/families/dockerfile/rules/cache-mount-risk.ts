import { refusalAt } from '../fix/refusal';
import { replaceText } from '../../../rule/fix/operations';
import { absolutePath, containsPath, workdirAt } from '../model/files';
import { memoize } from '../../../base/text/memoize';
import type { DockerfileModel, Instruction, Mount, Stage } from '../model/types';
import type { ShellWord } from '../../../syntax/shell/types';
import { range, type Range } from '../../../base/text/range';
import { defineRule, noFix } from '../../../rule/define-rule';

/** What a cache is known by: its id, else its target. */
function cacheKey(mount: Mount, instruction: Instruction): string | null {
  const target = mount.get('target');
  return mount.get('id') || (target ? absolutePath(target, workdirAt(instruction)) : null);
}

/** The stages that mount each cache of a file, by its id and the image that they grow on; one for each image. */
const sharers = memoize((model: DockerfileModel): ReadonlyMap<string, ReadonlyMap<string | null, Stage>> => {
  const found = new Map<string, Map<string | null, Stage>>();
  for (const instruction of model.instructions) {
    for (const mount of instruction.mounts) {
      const key = mount.type === 'cache' && instruction.stage ? cacheKey(mount, instruction) : null;
      if (key === null) continue;
      const byImage = found.get(key) ?? new Map<string | null, Stage>();
      found.set(key, byImage.set(imageOf(instruction.stage!), instruction.stage!));
    }
  }
  return found;
});

const imageOf = (stage: Stage): string | null => stage.root.image.text;

/** The other image's stage that mounts a cache. */
function sharerOf(cache: string, stage: Stage): Stage | null {
  for (const [image, other] of sharers(stage.file).get(cache) ?? []) if (image !== imageOf(stage)) return other;
  return null;
}

/** What a step copies or moves, with the absolute path. */
function takenBy(instruction: Instruction): readonly { readonly word: ShellWord; readonly path: string | null }[] {
  return instruction.commands
    .filter(({ command: { name } }) => name === 'cp' || name === 'mv' || name === 'install')
    .flatMap(({ command: { args } }) => args.filter(arg => !arg.raw.startsWith('-')).slice(0, -1))
    .map(word => ({ word, path: absolutePath(word.text ?? '$', workdirAt(instruction)) }));
}

/** A field of a mount with the comma before it, or behind it where it is the first. */
function withComma(text: string, { start, end }: Range): Range {
  return text[start - 1] === ',' ? range(start - 1, end) : range(start, text[end] === ',' ? end + 1 : end);
}

const builders = /\$\{?(?:TARGET|BUILD)(?:PLATFORM|OS|ARCH|VARIANT|STAGE|NAME)\b/g;

export const rule = defineRule({
  id: 'dockerfile/cache-mount-risk',
  title: 'Risky build mount',
  severity: 'info',
  category: 'isolation',
  profile: 'strict',
  references: { nist800190: ['3.1.3', '4.1.3'], cwe: ['CWE-349', 'CWE-829'] },
  messages: {
    shared: { text: 'Stage "{stage}", which is built on a different image, also writes to cache "{cache}"' },
    id: { text: 'The ID of cache "{cache}" comes from a build argument, so a build may use another build\'s cache' },
    copied: { text: 'The contents of cache "{cache}", from whichever build wrote them, go into the image' },
    context: { text: 'The step can change the sources that it builds: the context is mounted writable' },
  },
  // Who writes rw usually needs it: a formatter, a code generator, git's index.
  fixes: { readonly: { title: 'Mount the build context read-only', class: 'attended' } },
  on: {
    instruction(instruction, report) {
      const { mounts, stage } = instruction;
      if (mounts.length === 0 || !stage) return;
      const taken = mounts.some(mount => mount.type === 'cache') ? takenBy(instruction) : [];
      for (const mount of mounts) {
        const fieldRange = (key: string): Range => mount.fields.find(f => f.key === key)?.range ?? mount.flag.range;
        if (mount.type === 'bind' && /^\.?\/?$/.test(mount.get('source') ?? '') && !mount.get('from')) {
          const field = mount.fields.find(f => (f.key === 'rw' || f.key === 'readwrite') && f.value !== 'false');
          if (field)
            report(
              field.range,
              'context',
              {},
              refusalAt(instruction, 'any') ??
                report.fix('readonly', () => [replaceText(withComma(instruction.file.text, field.range), '')]),
            );
        }
        if (mount.type !== 'cache') continue;
        const cache = cacheKey(mount, instruction);
        if (cache === null) continue;
        if (/\$\{?\w/.test(cache.replace(builders, ''))) report(fieldRange('id'), 'id', { cache }, noFix('manual'));
        const other = sharerOf(cache, stage);
        if (other && (mount.get('sharing') ?? 'shared') === 'shared')
          report(
            fieldRange(mount.get('sharing') ? 'sharing' : mount.get('id') ? 'id' : 'target'),
            'shared',
            { cache, stage: other.name ?? `${other.index}` },
            noFix('manual'),
          );
        const target = absolutePath(mount.get('target') ?? '$', workdirAt(instruction));
        const source = target && taken.find(({ path }) => path !== null && containsPath(target, path))?.word;
        if (source) report(source.range, 'copied', { cache }, noFix('manual'));
      }
    },
  },
});
