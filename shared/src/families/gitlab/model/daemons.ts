import { memoize } from '../../../base/text/memoize';
import type { Range } from '../../../base/text/range';
import { stringOf } from '../../../syntax/yaml/values';
import { variablesIn } from './jobs';
import type { GitlabView } from './types';

/** Where Docker's daemon keeps its certificates; empty: it listens without TLS. */
const tlsFolder = 'DOCKER_TLS_CERTDIR';

const dind = /(?:^|\/)docker:(?:[\w.]{1,50}-)?dind(?:[-@]|$)/;

/** What leaves the daemon of a Docker in Docker without TLS: the variable that switches it off, where the pipeline has such a service. */
export const openDaemonsOf = memoize(({ jobs, images, variables }: GitlabView): readonly Range[] => {
  if (!images.some(({ node, isService }) => isService && dind.test(stringOf(node) ?? ''))) return [];
  return [variables, ...jobs.map(variablesIn)].flatMap(list =>
    list.filter(({ name, node }) => name === tlsFolder && node && (node.value ?? '') === '').map(({ entry }) => entry.range),
  );
});
