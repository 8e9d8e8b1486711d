import { cleanPath, ignoredBy, ignoresEverything, mayHoldExceptions, parseIgnoreFile } from '../model/ignore-file';
import { contextSources } from '../model/files';
import { isOtherContext } from '../../../workspace/build-context';
import { folderOf, joinPath } from '../../../workspace/paths';
import { defineRule, noFix, type RuleContext } from '../../../rule/define-rule';

/** Whether an ignore file is that of a folder, and not of a Dockerfile alone. */
const isIgnoreFileOf = (path: string): boolean => /(?:^|\/)\.dockerignore$/.test(path);

/** The pattern that keeps a path and all below it out of the build; `null`: none does. */
function excludes(patterns: ReturnType<typeof parseIgnoreFile>, name: string): ReturnType<typeof ignoredBy> {
  const path = cleanPath(name.replace(/^\/+/, ''));
  const pattern = ignoredBy(patterns, path);
  return pattern && !mayHoldExceptions(patterns, path) ? pattern : null;
}

/** Whether something says that a Dockerfile is built with a folder above it: a build, or what it copies, which is there and not beside it. */
function isSeenContext({ path, workspace }: Pick<RuleContext, 'path' | 'workspace'>, folder: string, sources: readonly string[]): boolean {
  const isIn = (place: string, source: string): boolean => !workspace.isAbsent(joinPath(place, source) ?? '..');
  return workspace.contextsOf(path, 'any').length > 0 || sources.some(source => isIn(folder, source) && !isIn(folderOf(path), source));
}

export const rule = defineRule({
  id: 'dockerfile/ignored-copy',
  title: 'COPY of a path that .dockerignore excludes',
  severity: 'warning',
  category: 'correctness',
  profile: 'recommended',
  references: { links: ['https://docs.docker.com/reference/build-checks/copy-ignored-file/'] },
  peers: { buildkit: ['CopyIgnoredFile'] },
  messages: {
    path: { text: '"{file}" never reaches the build: "{pattern}" in {ignore} excludes it' },
    all: { text: '{ignore} excludes the whole build context, so nothing is copied' },
  },
  on: {
    file(model, report, context) {
      const ignore = context.buildContext()?.ignore;
      if (!ignore) return;
      const literal = model.instructions.flatMap(each => contextSources(each).flatMap(({ name }) => (/[*?[\]$\\]/.test(name) ? [] : name)));
      if (isIgnoreFileOf(ignore.path) && isOtherContext(context.path, folderOf(ignore.path), literal, context.workspace)) return;
      const patterns = parseIgnoreFile(ignore.text);
      const isTaken = isIgnoreFileOf(ignore.path) && folderOf(ignore.path) !== folderOf(context.path);
      if (isTaken && !isSeenContext(context, folderOf(ignore.path), literal)) return;
      for (const instruction of model.instructions) {
        for (const { name, range } of contextSources(instruction)) {
          const path = cleanPath(name.replace(/^\/+/, ''));
          if (path === '.') {
            if (ignoresEverything(patterns)) report(range, 'all', { ignore: ignore.path }, noFix('manual'));
            continue;
          }
          // A glob or variable stands for names that are not known here.
          const pattern = /[*?[\]$\\]/.test(path) || path.startsWith('..') ? null : excludes(patterns, path);
          if (pattern) report(range, 'path', { file: name, pattern: pattern.raw, ignore: ignore.path }, noFix('manual'));
        }
      }
    },
  },
});
