import type { Claim, Family, NamedFiles, YamlFamily } from './family/types';
import { headsOf, type ParsePiece } from '../workspace/source/head';
import { groupOf } from '../workspace/source/document-head';
import { baseName, hasFolder, kindOfName } from '../workspace/source/names';
import { looksLikeDockerfile } from '../workspace/source/scan';
import { toolOfGroup } from '../workspace/source/tools';
import type { Dialect, Source } from '../workspace/source/types';

const plain: Dialect = { templated: false, fragment: false };

function source(family: string, reason: string, dialect: Dialect = plain): Source {
  return { family, dialect, reason };
}

/** Files that have a fixed name and hold no objects. */
const knownNames: Readonly<Record<string, string>> = {
  chart: 'a Helm chart description',
  skaffold: 'a Skaffold configuration',
  helmfile: 'a helmfile',
  'rancher-compose': 'a rancher-compose file',
  mkdocs: 'a documentation site configuration',
  'pnpm-lock': 'a lock file',
  'package-lock': 'a lock file',
};

/** Language ids (of VS Code and its extensions) under which YAML text may come in. */
const yamlLanguages = new Set([
  'yaml',
  'json',
  'jsonc',
  'helm',
  'kubernetes',
  'dockercompose',
  'docker-compose',
  'github-actions-workflow',
]);

/**
 * Says what a file is, by its path and its text; `languageId` only decides where both leave it open.
 * Hardly anything is parsed: see `headsOf`. The text is read at most twice, and no further than the first object where that is enough.
 */
export function detectSource(families: readonly Family[], path: string, text: string, languageId?: string, parse?: ParsePiece): Source {
  const dockerfile = families.find(family => family.language === 'dockerfile');
  const inDockerfile = (reason: string): Source => source(dockerfile?.id ?? 'none', reason);
  const inYaml = (): Source =>
    detectYaml(
      families.filter(family => family.language === 'yaml'),
      path,
      text,
      parse,
    );
  const inScript = (): Source | null => {
    for (const family of families) {
      const claim = family.language === 'script' ? family.claims({ path, text }) : null;
      if (claim) return source(family.id, claim.reason, claim.dialect);
    }
    return null;
  };
  if (text.slice(0, 8000).includes('\0')) return source('none', 'the file is binary or not UTF-8');
  const base = baseName(path);
  const { kind, generator } = kindOfName(base);
  if (kind === 'dockerfile') {
    if (generator && /\{\{|\{%|<%|%%\w+%%/.test(text)) return source('none', 'the file is a template for a Dockerfile');
    return inDockerfile('the file is named like a Dockerfile');
  }
  if (kind === 'helper') return source('none', 'the file contains helper templates, but no objects');
  if (kind === 'yaml' || kind === 'json') return inYaml();
  if (languageId === 'dockerfile' && (kind === 'unknown' || looksLikeDockerfile(text)))
    return inDockerfile('the editor identifies the file as a Dockerfile');
  if (kind === 'unknown' || kind === 'named-for' || languageId === 'plaintext') {
    if (looksLikeDockerfile(text)) return inDockerfile('the text looks like a Dockerfile');
    if (kind === 'unknown') {
      const script = inScript();
      return script ?? inYaml();
    }
  }
  if (kind === 'other') {
    const script = inScript();
    if (script) return script;
  }
  if (languageId !== undefined && yamlLanguages.has(languageId)) return inYaml();
  return source('none', 'neither its name nor its content suggests a container file');
}

/** A file's last name as claims see it; see `Claimable`. */
export function stemOf(path: string): string {
  return baseName(path)
    .toLowerCase()
    .replace(/\.(ya?ml|jsonc?)(\.\w+)?$/, '');
}

/** What a YAML file that no family claims may be where another file names it as a family's, in the order of the families. */
export function namedSources(
  families: readonly Family[],
  path: string,
  text: string,
  parse?: ParsePiece,
): readonly { readonly files: NamedFiles; readonly source: Source }[] {
  if (kindOfName(baseName(path)).kind !== 'yaml') return [];
  const stem = stemOf(path);
  const found: { readonly files: NamedFiles; readonly source: Source }[] = [];
  for (const family of families) {
    if (family.language !== 'yaml' || !family.named) continue;
    let first: Claim | null = null;
    for (const document of headsOf(text, parse)) {
      const claim = family.named.claims({ ...document, path, stem, text });
      if (!claim) {
        first = null;
        break;
      }
      first ??= claim;
    }
    if (first) found.push({ files: family.named, source: source(family.id, first.reason, first.dialect) });
  }
  return found;
}

/** The verdict about a YAML file: a document that decides for all, else the first that a family claims, else what the file's name says. */
function detectYaml(families: readonly YamlFamily[], path: string, text: string, parse?: ParsePiece): Source {
  const stem = stemOf(path);
  let claimed: Source | null = null;
  let tool: Source | null = null;
  let seen = false;
  for (const document of headsOf(text, parse)) {
    seen = true;
    const found = claimOf(families, { ...document, path, stem, text });
    const verdict = found && source(found.family.id, found.claim.reason, found.claim.dialect);
    if (found?.claim.decides) return verdict!;
    claimed ??= verdict;
    const name = verdict ? null : toolOfGroup(groupOf(document.head) ?? '');
    if (name !== null) tool ??= source('none', `the file is ${name}`);
  }
  if (claimed) return claimed;
  const isTemplate = hasFolder(path, 'templates') && text.includes('{{');
  for (const family of seen && !isTemplate ? families : []) {
    const claim = family.claimsFile?.({ path, stem, text });
    if (claim) return source(family.id, claim.reason, claim.dialect);
  }
  if (tool) return tool;
  if (isTemplate) return source('none', 'the template defines no object');
  if (!seen) return source('none', 'the file is empty');
  const known = Object.hasOwn(knownNames, stem) ? knownNames[stem] : undefined;
  if (known !== undefined) return source('none', `the file is ${known}`);
  return source('none', 'the text has no apiVersion and kind keys');
}

/** The family that claims a document, with what it says of it; `null` where none does. */
export function claimOf(
  families: readonly YamlFamily[],
  document: Parameters<YamlFamily['claims']>[0],
): { readonly family: YamlFamily; readonly claim: Claim } | null {
  for (const family of families) {
    const claim = family.claims(document);
    if (claim) return { family, claim };
  }
  return null;
}
