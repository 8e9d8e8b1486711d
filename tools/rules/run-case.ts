import type { ImageFacts } from '../../shared/src/knowledge/image-facts';
import { withImageFacts } from '../../shared/src/workspace/with-image-facts';
import type { Finding } from '../../shared/src/rule/finding/types';
import type { Engine } from '../../shared/src/engine/engine';
import type { InputFile, LintContext } from '../../shared/src/engine/types';
import { defaultConfig, effectiveConfig } from '../../shared/src/engine/config/effective';
import { parseConfig } from '../../shared/src/engine/config/parse';
import { configFileName, type Config } from '../../shared/src/engine/config/types';
import { contextFolder, contextSecrets, ignoreFilePaths, isIgnoreFile, type BuildContext } from '../../shared/src/workspace/build-context';
import { mayBeOpen } from '../../shared/src/knowledge/secrets/open-files';
import { createWords } from '../../shared/src/output/report/words';
import type { Rule } from '../../shared/src/rule/define-rule';
import type { Profile } from '../../shared/src/base/terms/types';
import { applyEdits } from '../../shared/src/base/text/edits';
import { snippetSyntax } from '../../shared/src/base/text/snippet';
import { createLineTable } from '../../shared/src/base/text/line-table';
import { profilesNamedIn } from '../../shared/src/workspace/seccomp-profiles';
import { createWorkspaceIndex } from '../../shared/src/workspace/workspace-index';
import { withCaseTrials } from './case-trials';
import { fileNameOf } from './families';
import { fileText, type Block, type Case, type Mark } from './page';

/** The facts of an image of which nothing is known but what it claims to be built on. */
function claimedFacts(base: string | undefined): ImageFacts | null {
  if (base === undefined) return null;
  const nothing = {
    user: '',
    claimedUid: null,
    entrypoint: [],
    command: [],
    workdir: '/',
    ports: [],
    volumes: [],
    variables: [],
    health: null,
  };
  return { ...nothing, level: 'claimed', digest: `sha256:${'0'.repeat(64)}`, platform: 'linux/amd64', bases: [base], stopSignal: null };
}

/** The day on which pages are checked unless they name another. */
export const pageDay = '2026-11-24';

/** A case's file, as the engine gets it. */
export interface CaseFile {
  readonly block: Block;
  readonly input: InputFile;
}

/** A case with everything that its blocks set up. */
export interface PreparedCase {
  readonly files: readonly CaseFile[];
  contextOf(file: CaseFile): LintContext;
}

/** The name of a block's file: its own, or what its family calls such a file. */
function nameOf(block: Block, rule: Rule): string {
  return block.setup.file ?? fileNameOf(rule.family);
}

/** The files that a Reported, Accepted or Files block brings, and a context for each; `.bulkhead.yaml` is the configuration. */
export function prepareCase(engine: Engine, rule: Rule, blocks: readonly Block[], eol?: '\n' | '\r\n'): PreparedCase {
  const given = blocks
    .filter(b => b.role !== 'hardened')
    .map(block => ({ block, input: { path: nameOf(block, rule), text: fileText(block, eol) } }));
  const files = given.filter(f => f.input.path !== configFileName && !isIgnoreFile(f.input.path));
  const configText = given.find(f => f.input.path === configFileName)?.input.text;
  let config: Config | null = null;
  if (configText !== undefined) {
    const parsed = parseConfig(configText, engine.rules);
    if (parsed.problems.length > 0 || !parsed.config)
      throw new Error(`configuration of the case: ${parsed.problems.map(p => p.message).join('; ')}`);
    config = parsed.config;
  }
  const isFolder = files.some(f => f.block.setup.file !== null);
  const workspace = createWorkspaceIndex({ complete: isFolder });
  for (const { input } of given) workspace.update(input.path, engine.open(input).facts());
  // a host looks where profiles may be
  for (const path of given.flatMap(({ input }) => profilesNamedIn(input.text, input.path)))
    if (isFolder && !given.some(({ input }) => input.path === path))
      workspace.update(path, [{ type: 'absent', path, range: { start: 0, end: 0 } }]);
  const contexts = new Map<CaseFile, LintContext>();
  return {
    files,
    contextOf: file => {
      const known = contexts.get(file);
      if (known) return known;
      const { setup } = file.block;
      const base = config ? effectiveConfig(config, file.input.path) : defaultConfig;
      if (base === 'excluded') throw new Error(`${file.input.path} is excluded by the configuration of the case`);
      const own = base.rules[rule.id];
      const context: LintContext = {
        today: setup.today ?? pageDay,
        repository: setup.owner === null ? null : { folder: '', owner: setup.owner },
        workspace:
          setup.bases.size === 0 ? workspace.index : withImageFacts(workspace.index, reference => claimedFacts(setup.bases.get(reference))),
        digest: reference => setup.digests.get(reference) ?? null,
        buildContext: () =>
          setup.file === null
            ? null
            : contextOfBlocks(
                file.input.path,
                given.map(f => f.input),
              ),
        config: {
          ...base,
          // A page shows what its rule can say: every profile's messages, unless the case names a profile.
          profile: (setup.profile as Profile | null) ?? (config?.profile ? base.profile : 'strict'),
          kubernetesMinor: setup.kubernetes === null ? base.kubernetesMinor : Number(setup.kubernetes.split('.')[1]),
          rules: setup.options
            ? { ...base.rules, [rule.id]: { severity: own?.severity ?? 'default', options: { ...own?.options, ...setup.options } } }
            : base.rules,
        },
      };
      const tried = withCaseTrials(engine.open(file.input), context, setup);
      contexts.set(file, tried);
      return tried;
    },
  };
}

/** The build context that the named blocks of a case make. */
function contextOfBlocks(path: string, given: readonly InputFile[]): BuildContext {
  const ignore = ignoreFilePaths(path).flatMap(name => given.find(f => f.path === name) ?? [])[0] ?? null;
  const folder = contextFolder(path, ignore);
  const untracked = given.find(f => f.path === `${folder}.gitignore`) ?? null;
  const there = contextSecrets.filter(name => given.some(f => `${f.path}/`.startsWith(`${folder}${name}/`)));
  const open = there.filter(name => given.some(f => f.path === folder + name && mayBeOpen.get(name)?.(f.text)));
  return { ignore, untracked, secrets: there.filter(name => !open.includes(name)), open };
}

/** The findings of a page's own rule (and failures of the engine) that count. */
export function findingsOf(engine: Engine, rule: Rule, input: InputFile, context: LintContext): readonly Finding[] {
  return engine
    .open(input)
    .lint(context)
    .findings.filter(f => !f.suppression && (f.rule === rule.id || f.rule === 'bulkhead/internal-error'));
}

/** Findings as the marks that a page would show. */
export function toMarks(engine: Engine, text: string, findings: readonly Finding[]): readonly Mark[] {
  const table = createLineTable(text);
  const words = createWords(engine.rules);
  for (const { rule, fixes } of findings)
    for (const fix of fixes)
      for (const said of [words.fixTitle(rule, fix), ...fix.assumes.map(each => words.assumption(rule, each))])
        if (/\{[a-z]+\}/i.test(said.replace(/\$\{\w*\}/g, ''))) throw new Error(`${rule}: data is missing in "${said}"`);
  return findings.map(finding => ({ ...table.positions(finding.range), message: words.message(finding) }));
}

/**
 * The text after one fix of the rule was applied wherever the rule offers it; `fix` defaults to the first that each finding offers. Places that a person
 * fills stand in it as editors are told of them; `filled`: with a value of the right form.
 */
export function applyFix(
  engine: Engine,
  rule: Rule,
  input: InputFile,
  context: LintContext,
  fix: string | null,
  { filled = false } = {},
): string {
  const opened = engine.open(input);
  const asking = findingsOf(engine, rule, input, context).flatMap(finding =>
    finding.fixes.slice(0, fix === null ? 1 : undefined).flatMap(offered => {
      if (!offered.places || (fix !== null && offered.id !== fix)) return [];
      const outcome = opened.render(finding, offered);
      return outcome.ok && outcome.input ? [outcome.input] : [];
    }),
  );
  if (asking.length > 0) {
    const edits = asking.flatMap(({ edits: own, sample }) =>
      filled ? sample : own.map(({ range, pieces }) => ({ range, newText: snippetSyntax(pieces) })),
    );
    return applyEdits(input.text, edits);
  }
  return opened.applyFixes(
    context,
    (finding, offered) => finding.rule === rule.id && offered.class !== 'manual' && (fix === null || offered.id === fix),
  ).text;
}

/** Each Hardened block of a case with the file that it shows after the fix. */
export function hardenedOf(page: Case, prepared: PreparedCase): readonly { readonly block: Block; readonly from: CaseFile }[] {
  return page.blocks.flatMap((block, i) => {
    if (block.role !== 'hardened') return [];
    const before = page.blocks.slice(0, i).filter(b => b.role !== 'hardened');
    const named = block.setup.file;
    const from = prepared.files
      .filter(f => before.includes(f.block) && (named === null || f.input.path === named))
      .at(named === null ? -1 : 0);
    if (!from) throw new Error(`"${page.title}": a Hardened block needs a Reported block before it`);
    return [{ block, from }];
  });
}
