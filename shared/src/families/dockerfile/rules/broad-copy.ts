import { refusalAt } from '../fix/refusal';
import { newIgnoreFile } from '../fix/new-ignore-file';
import { insertWords } from '../../../rule/fix/operations';
import { firstWith, isShipped } from '../model/chain';
import { contextSources } from '../model/files';
import { cleanPath, ignoredBy, parseIgnoreFile } from '../model/ignore-file';
import type { Instruction } from '../model/types';
import { isOtherContext } from '../../../workspace/build-context';
import { folderOf } from '../../../workspace/paths';
import { defineRule, noFix } from '../../../rule/define-rule';

/** What should not come along, for the flags of a COPY. */
const usual = ['.git', '.env*'];

/** Whether the frontend knows `COPY --exclude`: Dockerfile 1.19, or whatever release of version 1 is the newest. */
function knowsExclude({ file }: Instruction): boolean {
  const [, minor] = /^docker\/dockerfile:1(?:\.(\d+))?(?:\.\d+)?(?:@|$)/.exec(
    file.directives.find(d => d.name === 'syntax')?.value ?? '',
  ) ?? [null, '0'];
  return minor === undefined || Number(minor) >= 19;
}

/** Git as a program, but for a clone of other sources: a build that has it may ask the history for the commit that is built. */
const git = /(?<![\w./@-])git(?![\w./@:-]| clone\b)/;

export const rule = defineRule({
  id: 'dockerfile/broad-copy',
  title: 'COPY of the whole context without a .dockerignore that excludes secrets',
  severity: 'info',
  category: 'secrets',
  profile: 'recommended',
  references: { cisDocker: ['4.10'], nist800190: ['3.1.4', '4.1.4'], cwe: ['CWE-538'] },
  messages: {
    exposed: { text: 'The whole build context goes into the image, including {files}', severity: 'warning' },
    unguarded: { text: 'The whole build context goes into the image, and no .dockerignore keeps secrets out' },
  },
  fixes: {
    exclude: { title: 'Exclude {files} from the copy', class: 'review' },
    create: { title: 'Add a .dockerignore that excludes {files}', class: 'attended' },
  },
  assumptions: {
    unused: 'Nothing in the image needs {files}',
    history: 'Nothing in the image needs ".git", although the build uses git',
    context: 'The image is built with the directory of the Dockerfile as its context',
  },
  on: {
    instruction(instruction, report, context) {
      const { keyword, stage } = instruction;
      if ((keyword !== 'COPY' && keyword !== 'ADD') || instruction.onbuildParent || !stage || !isShipped(stage)) return;
      const source = contextSources(instruction).find(({ name }) => /^\.?\/?\*?$/.test(name));
      const known = source && context.buildContext();
      if (!known) return;
      const patterns = parseIgnoreFile(known.ignore?.text ?? '');
      const excluded = instruction.flags.filter(f => f.name === 'exclude').flatMap(f => parseIgnoreFile(f.value ?? ''));
      const exposed = known.secrets.filter(name => !ignoredBy(patterns, cleanPath(name)) && !ignoredBy(excluded, name));
      if (exposed.length === 0 && (known.ignore || excluded.length > 0)) return;
      const names = exposed.length > 0 ? exposed : usual;
      const more = names.length > 3 ? `, and ${names.length - 3} more` : '';
      const files =
        names
          .slice(0, 3)
          .map(name => `"${name}"`)
          .join(', ') + more;
      const create =
        known.ignore === null &&
        // no build reads one outside its context
        !isOtherContext(context.path, folderOf(context.path), [], context.workspace) &&
        report.fix('create', () => [], {
          data: { files },
          elsewhere: newIgnoreFile(instruction.file, context.path, known),
          assumes: [{ id: 'unused', data: { files } }, { id: 'context' }],
        });
      const hasGit = names.includes('.git') && firstWith(stage, git) !== null;
      const offset = (instruction.flags.at(-1) ?? { range: instruction.keywordRange }).range.end;
      const text = names.map(name => `--exclude=${name}`).join(' ');
      report(
        source.range,
        exposed.length > 0 ? 'exposed' : 'unguarded',
        { files },
        knowsExclude(instruction) && !refusalAt(instruction)
          ? report.fix('exclude', () => [insertWords(offset, text)], {
              data: { files },
              assumes: [{ id: 'unused', data: { files } }, ...(hasGit ? [{ id: 'history', evidence: true } as const] : [])],
            })
          : create
            ? null
            : noFix('manual', 'the fix needs a .dockerignore file'),
        create,
      );
    },
  },
});
