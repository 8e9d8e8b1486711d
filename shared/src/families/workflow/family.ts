import { yamlSubject } from '../family/custom';
import type { Claim, Claimable, YamlFamily } from '../family/types';
import { hasFolder, isVendored } from '../../workspace/source/names';
import { yamlBuildFacts } from '../../workspace/build-facts';
import { shift } from '../../base/text/range';
import { composeSetFacts } from '../../workspace/compose-sets';
import { outputFacts } from '../../workspace/outputs';
import type { FileFacts } from '../../workspace/types';
import type { YamlDocument, YamlNode } from '../../syntax/yaml/types';
import { mapOf, stringOf } from '../../syntax/yaml/values';
import type { JobView } from './model/types';
import { openCaches } from './model/caches';
import { callFacts } from './model/callers';
import { configuresPreCommit, revisionPlaces } from './model/pre-commit';
import { rescanOf } from './model/rescans';
import { pinPlaces } from './model/pins';
import { readWorkflow } from './model/read';
import { targets, type WorkflowTargets } from './model/targets';
import { privilegedEvents } from './model/untrusted';
import { workflowPart } from './part';

declare module '../../rule/define-rule' {
  interface Targets {
    workflow: WorkflowTargets;
  }
}

/** Where forges look for workflows, and nothing else stands. */
const inFolderOfWorkflows = /(?:^|[\\/])\.(?:github|gitea|forgejo)[\\/]workflows[\\/][^\\/]+$/;
const usingKind = /^[ \t]+["']?using["']?[ \t]*:[ \t]*["']?(?:composite|docker|node\d+)\b/m;

/** Whether `runs` of a document says what runs an action. */
function runsAction(content: YamlNode | null): boolean {
  return /^(?:composite|docker|node\d+)$/.test(stringOf(mapOf(mapOf(content)?.get('runs'))?.get('using')) ?? '');
}

/** Why a document is this family's; `null`: it is not. */
function reasonOf({ head: { keys, sequence, apiVersion }, content, path, stem, text }: Claimable): string | null {
  if (sequence || apiVersion !== null) return null;
  // YAML 1.1 reads a plain `on` as true, and tools that rewrite workflows write it so
  if (isVendored(path) && (stem === 'dependabot' || hasFolder(path, 'workflows'))) return null;
  const hasTriggers = keys.includes('on') || keys.includes('true');
  if (keys.includes('jobs')) {
    if (hasTriggers) return 'the text has the workflow keys on and jobs';
    return hasFolder(path, 'workflows') ? 'the file is in a workflows folder' : null;
  }
  if (hasTriggers && inFolderOfWorkflows.test(path)) return 'the file is in a workflows folder';
  if (keys.includes('runs') && (stem === 'action' || keys.includes('name')) && (usingKind.test(text) || runsAction(content())))
    return 'the text describes a GitHub action';
  if (configuresPreCommit(path) && keys.includes('repos')) return 'the file configures pre-commit';
  if (stem === 'dependabot' && keys.includes('version') && keys.includes('updates')) return 'the file is a Dependabot configuration';
  return null;
}

function claims(document: Claimable): Claim | null {
  const reason = reasonOf(document);
  return reason === null ? null : { reason, dialect: { templated: false, fragment: false } };
}

/** Where strangers may fill the repository's cache. */
function openCacheFacts(document: YamlDocument, path: string, base: number): FileFacts {
  if (!privilegedEvents.some(event => document.text.includes(event))) return [];
  const file = readWorkflow(document, path);
  if (file?.target !== 'workflow') return [];
  return openCaches(file).map(({ event, range }) => ({ type: 'open-cache', path, range: shift(range, base), event }));
}

/** What a workflow or an action calls in its own repository. */
function ownCallFacts(document: YamlDocument, path: string, base: number): FileFacts {
  const file = /\buses\b.{0,9}[.$]\//.test(document.text) ? readWorkflow(document, path) : null;
  return file && file.target !== 'dependabot' ? callFacts(file, base) : [];
}

/** Where a workflow scans images by the clock. */
function rescanFacts(document: YamlDocument, path: string, base: number): FileFacts {
  const file = document.text.includes('schedule') ? readWorkflow(document, path) : null;
  const found = file?.target === 'workflow' ? rescanOf(file) : null;
  return found ? [{ type: 'rescan', path, range: shift(found, base) }] : [];
}

/** GitHub Actions workflows, the actions that they use, and Dependabot's configuration. */
export const workflow: YamlFamily = {
  id: 'workflow',
  label: 'GitHub Actions workflows',
  language: 'yaml',
  targets,
  custom: {
    target: 'job',
    samplePath: '.github/workflows/test.yml',
    subjectOf: ({ workflow: { document }, node, path, key, id }: JobView) =>
      yamlSubject({ document, path, reportRange: key }, node, { kind: 'job', name: id }),
  },
  claims,
  part: workflowPart,
  facts: ({ document, path, base }) => [
    ...(document.text.includes('build') ? yamlBuildFacts(document, path, base) : []),
    ...composeSetFacts(document.text, path, { base, folders: [''] }),
    ...outputFacts(document.text, path, { base, folders: [''] }),
    ...openCacheFacts(document, path, base),
    ...ownCallFacts(document, path, base),
    ...rescanFacts(document, path, base),
  ],
  images: piece => {
    if (configuresPreCommit(piece.path)) return revisionPlaces(piece);
    const file = readWorkflow(piece.document, piece.path);
    return file ? pinPlaces(piece, file) : [];
  },
  groups: [
    {
      id: 'workflow/pushed-image',
      text: 'The image is pushed {list}',
      rules: { 'workflow/unscanned-image': 'without a vulnerability scan', 'workflow/unsigned-image': 'without a signature' },
    },
  ],
  scaffold: {
    target: 'step',
    range: 'step.reportRange',
    example: 'on: push\njobs:\n  build:\n    runs-on: ubuntu-24.04\n    steps:\n      - run: make\n',
    fence: 'yaml',
  },
};
