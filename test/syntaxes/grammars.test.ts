import * as fs from 'node:fs';
import { createRequire } from 'node:module';
import * as path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { IGrammar, IRawGrammar, StateStack } from 'vscode-textmate';

/** Our injections against the grammars that VS Code itself ships, in the tokenizer that it uses. */

const root = path.resolve(import.meta.dirname, '../..');
const host = process.env['VSCODE_HOST_DIR'] ?? path.join(root, '.vscode-test/host');
const builtin = path.join(host, 'node_modules/code-server/lib/vscode/extensions');
const present = fs.existsSync(path.join(builtin, 'docker/syntaxes'));
if (!present) console.log('skipped: grammars: no VS Code under .vscode-test/host (bash tools/vscode/setup-host.sh)');

interface GrammarContribution {
  readonly scopeName: string;
  readonly path: string;
  readonly injectTo?: readonly string[];
}
interface Manifest {
  readonly contributes: { readonly grammars: readonly GrammarContribution[] };
}

const readJson = (file: string): unknown => JSON.parse(fs.readFileSync(file, 'utf8'));

async function loadGrammars(): Promise<(scope: string) => Promise<IGrammar>> {
  const require = createRequire(import.meta.url);
  const { loadWASM, OnigScanner, OnigString } = require('vscode-oniguruma') as typeof import('vscode-oniguruma');
  const { Registry } = require('vscode-textmate') as typeof import('vscode-textmate');
  const wasm = fs.readFileSync(require.resolve('vscode-oniguruma/release/onig.wasm'));
  await loadWASM(wasm);
  const files = new Map<string, string>();
  const injections = new Map<string, string[]>();
  for (const folder of [root, ...['docker', 'yaml', 'shellscript'].map(name => path.join(builtin, name))]) {
    const { contributes } = readJson(path.join(folder, 'package.json')) as Manifest;
    for (const { scopeName, path: file, injectTo } of contributes.grammars) {
      files.set(scopeName, path.join(folder, file));
      for (const target of injectTo ?? []) injections.set(target, [...(injections.get(target) ?? []), scopeName]);
    }
  }
  const registry = new Registry({
    onigLib: Promise.resolve({
      createOnigScanner: patterns => new OnigScanner(patterns),
      createOnigString: text => new OnigString(text),
    }),
    loadGrammar: scope => Promise.resolve(files.has(scope) ? (readJson(files.get(scope)!) as IRawGrammar) : null),
    getInjections: scope => injections.get(scope),
  });
  return async scope => (await registry.loadGrammar(scope))!;
}

/** Gives, for each place where `word` occurs in the text, the scopes of its first character, the language's own left out. */
function scopesOf(grammar: IGrammar, text: string, word: string): string[] {
  const found: string[] = [];
  let state: StateStack | null = null;
  for (const line of text.split('\n')) {
    const { tokens, ruleStack } = grammar.tokenizeLine(line, state);
    state = ruleStack;
    for (let at = line.indexOf(word); at >= 0; at = line.indexOf(word, at + 1)) {
      found.push(
        tokens
          .find(token => token.startIndex <= at && at < token.endIndex)!
          .scopes.slice(1)
          .join(' '),
      );
    }
  }
  return found;
}

describe.skipIf(!present)('grammars', () => {
  let load: (scope: string) => Promise<IGrammar>;
  beforeAll(async () => {
    load = await loadGrammars();
  });

  const directive = 'keyword.control.directive.bulkhead';
  const rule = 'entity.name.tag.rule.bulkhead';

  it.each<[string, string, string, string, readonly string[]]>([
    ['directive', 'dockerfile', '# bulkhead-ignore dockerfile/root-user\nFROM a', 'bulkhead-ignore', [directive]],
    ['rule', 'dockerfile', '# bulkhead-ignore dockerfile/root-user\nFROM a', 'dockerfile/', [rule]],
    ['rules', 'dockerfile', '#bulkhead-ignore a/b, c/d', '/', [rule, rule]],
    ['comma', 'dockerfile', '# bulkhead-ignore a/b, c/d', ',', ['punctuation.separator.sequence.bulkhead']],
    [
      'dashes',
      'dockerfile',
      '# bulkhead-ignore a/b -- x--y',
      '--',
      ['punctuation.separator.reason.bulkhead', 'string.unquoted.reason.bulkhead'],
    ],
    ['reason', 'dockerfile', '# bulkhead-ignore a/b -- needs, root', ', root', ['string.unquoted.reason.bulkhead']],
    ['file directive', 'dockerfile', '# bulkhead-ignore-file a/b', 'bulkhead', [directive]],
    ['whole file', 'dockerfile', '# bulkhead-ignore-file', 'bulkhead', [directive]],
    ['another word', 'dockerfile', '# bulkhead-ignored a/b', 'bulkhead', ['']],
    ['behind an instruction', 'dockerfile', 'RUN a # bulkhead-ignore a/b', 'bulkhead', ['-']],
    ['in a heredoc', 'dockerfile', 'RUN <<EOF\n# bulkhead-ignore a/b\nEOF', 'bulkhead', ['shell']],
    ['hadolint', 'dockerfile', '# hadolint ignore=DL3002\nFROM a', 'hadolint', [directive]],
    ['hadolint in a sentence', 'dockerfile', '# hadolint says so', 'hadolint', ['']],
    ['BuildKit', 'dockerfile', '#check=skip=all\nFROM a', 'check', [directive]],
    ['Trivy', 'dockerfile', '#trivy:ignore:DS-0002', 'trivy', [directive]],
    ['Trivy', 'yaml', 'a: b # trivy:ignore:KSV-0010', 'trivy', [directive]],
    ['KICS', 'yaml', '# kics-scan ignore-line\na: b', 'kics', [directive]],
    ['line of its own', 'yaml', 'a:\n  # bulkhead-ignore a/b -- why\n  b: 1', 'bulkhead', [directive]],
    ['behind a value', 'yaml', 'image: x:latest # bulkhead-ignore a/b', 'bulkhead', [directive]],
    ['behind a quoted value', 'yaml', 'image: "x" # bulkhead-ignore a/b', 'a/b', [rule]],
    ['behind a key', 'yaml', 'a: # bulkhead-ignore a/b\n  b: 1', 'a/b', [rule]],
    ['in a flow map', 'yaml', 'a: { b: 1, # bulkhead-ignore a/b\n  c: 2 }', 'a/b', [rule]],
    ['in a sequence', 'yaml', '- a # bulkhead-ignore a/b -- c\n- b', '-- c', ['punctuation.separator.reason.bulkhead']],
    ['in a block scalar', 'yaml', 'a: |\n  # bulkhead-ignore a/b\nb: 1', 'bulkhead', ['string']],
    ['in a quoted scalar', 'yaml', 'a: "x # bulkhead-ignore a/b"', 'bulkhead', ['string']],
    ['glued to a value', 'yaml', 'a: x#bulkhead-ignore', 'bulkhead', ['string']],
  ])('directive: %s (%s)', async (_, language, text, word, expected) => {
    const found = scopesOf(await load(`source.${language}`), text, word);
    expect(found).toHaveLength(expected.length);
    for (const [index, scopes] of found.entries()) {
      const wanted = expected[index]!;
      if (wanted === '') expect(scopes).toMatch(/^comment[^ ]*$/);
      else if (wanted === '-' || wanted === 'shell' || wanted === 'string') expect(scopes).not.toContain('bulkhead');
      else expect(scopes).toMatch(new RegExp(`^(.* )?comment\\.line\\.number-sign\\.${language} ${wanted}$`));
      if (wanted === 'shell') expect(scopes).toContain('meta.embedded.block.shellscript');
      if (wanted === 'string') expect(scopes).toContain('string');
    }
  });

  const shell = 'meta.embedded.block.shellscript';
  const text = 'string.unquoted.heredoc.dockerfile';
  it.each<[string, string, string, string]>([
    ['script', 'RUN <<EOF\nhere x\nEOF\n', shell, 'here'],
    ['quoted delimiter', "RUN <<'EOF'\nhere\nEOF\n", shell, 'here'],
    ['double-quoted delimiter', 'RUN <<"EOF"\nhere\nEOF\n', shell, 'here'],
    ['lower case and flags', 'run --mount=type=cache,target=/x --network=none <<-END\n\there\n\tEND\n', shell, 'here'],
    ['a shell by name', 'RUN bash -e <<EOF\nhere\nEOF\n', shell, 'here'],
    ['a shell by path', 'RUN /bin/sh <<EOF\nhere\nEOF\n', shell, 'here'],
    ['on build', 'ONBUILD RUN <<EOF\nhere\nEOF\n', shell, 'here'],
    ['continued', 'RUN --mount=type=cache,target=/x \\\n    <<EOF\nhere\nEOF\n', shell, 'here'],
    ['an open quote', 'RUN <<EOF\necho "here\nEOF\n', shell, 'here'],
    ['two in a row', 'RUN <<EOF\na\nEOF\nRUN <<EOF\nhere\nEOF\n', shell, 'here'],
    ['the input of a program', 'RUN python3 <<EOF\nhere\nEOF\n', text, 'here'],
    ['a file', 'COPY <<EOF /etc/x\nhere\nEOF\n', text, 'here'],
  ])('heredoc: %s', async (_, dockerfile, scope, word) => {
    const after = `${dockerfile}USER 1000\n`;
    const grammar = await load('source.dockerfile');
    expect(scopesOf(grammar, after, word)[0]).toContain(scope);
    expect(scopesOf(grammar, after, 'USER')).toEqual(['keyword.other.special-method.dockerfile']);
    expect(scopesOf(grammar, after, dockerfile.includes('END') ? 'END' : 'EOF').at(-1)).toBe('keyword.control.heredoc-token.dockerfile');
  });

  it.each(['RUN cat <<<EOF\nUSER 1\n', 'RUN echo a << 2\nUSER 1\n', '# RUN <<EOF\nUSER 1\n', 'RUN echo hi\nUSER 1\n'])(
    'no heredoc: %s',
    async dockerfile => {
      expect(scopesOf(await load('source.dockerfile'), dockerfile, 'USER')).toEqual(['keyword.other.special-method.dockerfile']);
    },
  );

  it('colours shell inside a heredoc as VS Code colours it in a script', async () => {
    const inside = scopesOf(await load('source.dockerfile'), 'RUN <<EOF\nif true; then echo "$HOME"; fi\nEOF\n', 'if')[0]!;
    const script = scopesOf(await load('source.shell'), 'if true; then echo "$HOME"; fi\n', 'if')[0]!;
    expect(inside.endsWith(script)).toBe(true);
  });
});
