import type { Claimable, NamedFiles, YamlFamily } from '../family/types';
import { imageScalar } from '../family/yaml-image';
import { isVendored } from '../../workspace/source/names';
import { textBuildFacts } from '../../workspace/build-facts';
import { composeSetFacts } from '../../workspace/compose-sets';
import { outputFacts } from '../../workspace/outputs';
import { isGitlab, pipelineAround, pipelineFacts } from './model/includes';
import { readGitlab } from './model/read';
import { targets, type GitlabTargets } from './model/targets';
import { gitlabPart } from './part';

declare module '../../rule/define-rule' {
  interface Targets {
    gitlab: GitlabTargets;
  }
}

/** Words without which a document has no job of GitLab, and takes in nothing that may have. */
const jobWords = /\b(?:script|image|services|trigger|extends|include|variables)\b/;

/** Whatever a pipeline of GitLab takes in: such files have any name. */
const named: NamedFiles = {
  claims: ({ head: { keys, sequence, apiVersion }, text }) =>
    sequence || apiVersion !== null || keys.length === 0 || !jobWords.test(text)
      ? null
      : {
          reason: 'a pipeline of GitLab takes the file in',
          dialect: { templated: false, fragment: false, holds: 'pipeline' },
        },
  namedIn: pipelineAround,
};

/** Pipelines of GitLab, and what they take in of their repository. */
export const gitlab: YamlFamily = {
  id: 'gitlab',
  label: 'GitLab pipelines',
  language: 'yaml',
  targets,
  sharedRules: 'workflow',
  claims: ({ head: { sequence, apiVersion }, path }: Claimable) =>
    sequence || apiVersion !== null || !isGitlab(path) || isVendored(path)
      ? null
      : { reason: 'the file is a GitLab pipeline', dialect: { templated: false, fragment: false } },
  named,
  part: gitlabPart,
  facts: ({ document, path, base, dialect }) => [
    ...pipelineFacts(document, path, base),
    ...(dialect.holds === 'pipeline' ? [] : ownFacts(document.text, path, base)),
  ],
  images: piece => (readGitlab(piece.document, piece.path)?.images ?? []).map(({ node }) => imageScalar(piece, node)),
  scaffold: {
    target: 'gitlabJob',
    range: 'gitlabJob.key.range',
    example: 'build:\n  script: [make]\n',
    fence: 'yaml',
  },
};

/** What the scripts of a pipeline say of builds and of Compose projects. */
function ownFacts(text: string, path: string, base: number): ReturnType<YamlFamily['facts']> {
  const place = { base, folders: [''] };
  return [
    ...(text.includes('build') ? textBuildFacts(text, path) : []),
    ...composeSetFacts(text, path, place),
    ...outputFacts(text, path, place),
  ];
}
