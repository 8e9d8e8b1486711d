import { memoize } from '../../../base/text/memoize';
import { contains, type Range } from '../../../base/text/range';
import type { YamlScalar } from '../../../syntax/yaml/types';
import { scalarOf, sequenceOf, stringOf } from '../../../syntax/yaml/values';
import { writtenVariables } from './jobs';
import type { GitlabView, OptionalNode } from './types';

/** Where Docker's daemon keeps its certificates; empty: it listens without TLS. */
const tlsFolder = 'DOCKER_TLS_CERTDIR';

const dind = /(?:^|\/)docker:(?:[\w.]{1,50}-)?dind(?:[-@]|$)/;

/** Where a daemon listens without TLS. */
const plain = /^tcp:\/\/[\w.-]{1,100}:2375\/?$/;

/** What leaves the daemon of a Docker in Docker without TLS, where the pipeline has such a service: variables, and options of the service. */
export const openDaemonsOf = memoize((file: GitlabView): readonly Range[] => {
  const daemons = file.images.filter(({ node, isService }) => isService && dind.test(stringOf(node) ?? ''));
  const variables = writtenVariables(file);
  // the service may be one of a file that is taken in, or of the runner
  if (daemons.length === 0 && !variables.some(({ name, text }) => name === 'DOCKER_HOST' && /^tcp:/.test(text ?? ''))) return [];
  const folders = variables.filter(({ name, node }) => name === tlsFolder && node);
  const off = folders.filter(({ node }) => (node!.value ?? '') === '').map(({ entry }) => entry.range);
  // one job says both: the variable is enough of a finding
  const said = file.jobs.map(({ node }) => node.range).filter(job => off.some(range => contains(job, range)));
  const options = daemons
    .flatMap(({ map }) => textScalars(map?.get('command')).filter(node => /^--tls(?:verify)?=(?:false|0)$/.test(stringOf(node) ?? '')))
    .filter(({ range }) => !said.some(job => contains(job, range)));
  // with a folder for certificates nothing listens there
  const hosts =
    folders.length > 0 || daemons.length === 0
      ? []
      : variables.filter(({ name, text }) => name === 'DOCKER_HOST' && plain.test(text ?? ''));
  return [...off, ...options.map(({ range }) => range), ...(off.length + options.length > 0 ? [] : hosts.map(({ entry }) => entry.range))];
});

function textScalars(value: OptionalNode): readonly YamlScalar[] {
  return (sequenceOf(value)?.items ?? [value]).flatMap(item => scalarOf(item) ?? []);
}
