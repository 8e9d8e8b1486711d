import { defineRule } from '../../../rule/define-rule';
import type { YamlDocument, YamlNode } from '../../../syntax/yaml/types';
import { mapOf, scalarOf, sequenceOf, stringOf } from '../../../syntax/yaml/values';

const git =
  /^(?:git:\/\/|git@|ssh:\/\/|github\.com\/|https?:\/\/[^\s#?]{1,300}\.git(?:$|[#?])|https:\/\/git(?:hub|lab)\.com\/[^\s#]{1,300}#)/;
const commit = /#[0-9a-f]{40}(?:[0-9a-f]{24})?(?::|$)/;

/** Why an address may give something else tomorrow; `null`: it is a path of this project, or pinned. */
function movesOn(text: string): 'git' | 'archive' | 'artifact' | null {
  if (text.includes('$')) return null;
  if (text.startsWith('oci://')) return text.includes('@sha256:') ? null : 'artifact';
  if (git.test(text)) return commit.test(text) ? null : 'git';
  return /^https?:\/\//.test(text) ? 'archive' : null;
}

type MaybeNode = YamlNode | null | undefined;

/** The places of a file that may name a source elsewhere: what is built, and files that are taken in. */
function sources(document: YamlDocument): readonly { readonly node: MaybeNode; readonly isFile: boolean }[] {
  const root = mapOf(document.root);
  const services = mapOf(root?.get('services'))?.members() ?? [];
  const included = (sequenceOf(root?.get('include'))?.items ?? []).flatMap((item): readonly MaybeNode[] => {
    const path = mapOf(item) ? mapOf(item)!.get('path') : item;
    return sequenceOf(path)?.items ?? [path];
  });
  const built = services.flatMap(({ value }) => {
    const build = mapOf(value)?.get('build');
    const contexts = mapOf(mapOf(build)?.get('additional_contexts'))?.entries ?? [];
    return [mapOf(build) ? mapOf(build)!.get('context') : build, ...contexts.map(entry => entry.value)];
  });
  const bases = services.map(({ value }) => mapOf(mapOf(value)?.get('extends'))?.get('file'));
  return [...built.map(node => ({ node, isFile: false })), ...[...included, ...bases].map(node => ({ node, isFile: true }))];
}

export const rule = defineRule({
  id: 'compose/unpinned-remote-source',
  title: 'Remote source not pinned',
  severity: 'warning',
  category: 'supply-chain',
  profile: 'recommended',
  references: { nist800190: ['3.1.5', '4.1.5'], mitre: ['T1195'], cwe: ['CWE-494', 'CWE-829'] },
  messages: {
    context: { text: 'The build uses whatever {address} contains at that time: add a full commit ID after #' },
    archive: { text: 'Whatever the server sends for {address} is built: nothing verifies that it is what you reviewed' },
    include: { text: '{address} may add other services, mounts and hooks at any time: pin it to a commit or digest' },
  },
  on: {
    project({ document }, report) {
      for (const { node, isFile } of sources(document)) {
        const text = stringOf(node);
        const scalar = scalarOf(node);
        const why = text === null ? null : movesOn(text);
        if (text === null || !scalar || scalar.shared || why === null) continue;
        report(scalar.range, isFile ? 'include' : why === 'archive' ? 'archive' : 'context', { address: text });
      }
    },
  },
});
