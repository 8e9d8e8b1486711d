import { memoize } from '../../../base/text/memoize';
import { contains, type Range } from '../../../base/text/range';
import type { YamlScalar } from '../../../syntax/yaml/types';
import { scalarOf, sequenceOf, stringOf } from '../../../syntax/yaml/values';
import { writtenVariables } from './jobs';
import type { WorkspaceIndex } from '../../../workspace/types';
import type { GitlabView, OptionalNode } from './types';

/** Where Docker's daemon keeps its certificates; empty: it listens without TLS. */
const tlsFolder = 'DOCKER_TLS_CERTDIR';

const dind = /(?:^|\/)docker:(?:[\w.]{1,50}-)?dind(?:[-@]|$)/;

/** Where a daemon listens without TLS. */
const plain = /^tcp:\/\/[\w.-]{1,100}:2375\/?$/;

/** The services of a pipeline that are a Docker in Docker. */
export const daemonsOf = memoize((file: GitlabView) =>
  file.images.filter(({ node, isService }) => isService && dind.test(stringOf(node) ?? '')),
);

/** What leaves the daemon of a Docker in Docker without TLS, where the pipeline has such a service: variables, and options of the service. */
export function openDaemonsOf(file: GitlabView, workspace: WorkspaceIndex): readonly Range[] {
  const daemons = daemonsOf(file);
  const variables = writtenVariables(file);
  const folders = variables.filter(({ name, node }) => name === tlsFolder && node);
  if (daemons.length + folders.length === 0) return [];
  const rest = file.rest(workspace);
  // the service may be one of another file, or of the runner
  const isNamed = variables.some(({ name, text }) => name === 'DOCKER_HOST' && /^tcp:/.test(text ?? ''));
  if (daemons.length === 0 && !isNamed && !rest.daemons) return [];
  const off = folders.filter(({ node }) => (node!.value ?? '') === '').map(({ range }) => range);
  // one job, or the pipeline, says both: the variable is enough of a finding
  const jobs = file.jobs.map(({ node }) => node.range);
  const isWide = off.some(range => !jobs.some(job => contains(job, range)));
  const said = jobs.filter(job => off.some(range => contains(job, range)));
  const options = daemons
    .flatMap(({ map }) => textScalars(map?.get('command')).filter(node => /^--tls(?:verify)?=(?:false|0)$/.test(stringOf(node) ?? '')))
    .filter(({ range }) => !isWide && !said.some(job => contains(job, range)));
  // with a folder for certificates nothing listens there
  const hosts =
    folders.length > 0 || daemons.length === 0 || rest.variables.has(tlsFolder)
      ? []
      : variables.filter(({ name, text }) => name === 'DOCKER_HOST' && plain.test(text ?? ''));
  return [...off, ...options.map(({ range }) => range), ...(off.length + options.length > 0 ? [] : hosts.map(({ range }) => range))];
}

/** Where a pipeline names the socket of the machine that its runner is on: no job has one of its own, unless it starts a daemon. */
export function hostSocketsOf(file: GitlabView): readonly Range[] {
  if (!file.document.text.includes('docker.sock') || /\bdockerd\b/.test(file.document.text)) return [];
  return writtenVariables(file)
    .filter(({ name, text }) => name === 'DOCKER_HOST' && /^unix:\/\/(?:\/var)?\/run\/docker\.sock$/.test(text ?? ''))
    .map(({ range }) => range);
}

function textScalars(value: OptionalNode): readonly YamlScalar[] {
  return (sequenceOf(value)?.items ?? [value]).flatMap(item => scalarOf(item) ?? []);
}
