import type { Claim, Claimable, YamlFamily } from '../../family/types';
import { yamlPart } from '../../family/yaml-part';
import { hasFolder } from '../../source/names';
import { yamlBuildFacts } from '../../workspace/build-facts';
import { composeSetFacts } from '../../workspace/compose-sets';

function claims({ head: { keys, sequence, apiVersion }, path }: Claimable): Claim | null {
  if (sequence || apiVersion !== null || !keys.includes('jobs')) return null;
  // YAML 1.1 reads a plain `on` as true, and tools that rewrite workflows write it so
  const reason =
    keys.includes('on') || keys.includes('true')
      ? 'the text has on and jobs'
      : hasFolder(path, 'workflows')
        ? 'the file is in a workflows folder'
        : null;
  return reason === null ? null : { reason, dialect: { templated: false, fragment: false } };
}

/** GitHub Actions workflows: recognised, with the images that they build; they have no rules yet. */
export const workflow: YamlFamily = {
  id: 'workflow',
  label: 'GitHub Actions workflows',
  language: 'yaml',
  targets: [],
  claims,
  part: piece => yamlPart(piece, { family: 'workflow', visit: () => {}, objectOf: () => null }),
  facts: ({ document, path, base }) => [
    ...(document.text.includes('build') ? yamlBuildFacts(document, path, base) : []),
    ...composeSetFacts(document.text, path, { base, folders: [''] }),
  ],
  images: () => [],
  scaffold: null,
};
