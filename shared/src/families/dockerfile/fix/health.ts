import { insertLines } from '../../../rule/fix/operations';
import { markOf } from '../../../rule/fix/places';
import type { Proposal } from '../../../rule/fix/remedy';
import type { FixPlace } from '../../../rule/fix/types';
import { healthConnect, healthPing, healthRequest, type HealthCommand } from '../../../knowledge/health-checks';
import { chainInstructions } from '../model/chain';
import { keptPackages } from '../model/packages';
import { exposedPorts } from '../model/ports';
import { stageProfile } from '../model/stage-image';
import { startOf } from '../model/start';
import type { Stage } from '../model/types';

/** What of a health check is a fix, by what it does: the ping of the server itself, a page over HTTP, a connection. */
export interface HealthFixes {
  readonly ping: Proposal | null;
  readonly request: Proposal | null;
  readonly connect: Proposal | null;
  /** The one port that is exposed, as text; empty where it is not one. */
  readonly port: string;
}

/** The TCP ports that a stage and its bases expose, each once, in order. */
function tcpPorts(stage: Stage): readonly number[] {
  const ports = chainInstructions(stage)
    .flatMap(exposedPorts)
    .filter(({ first, last, word }) => first === last && !/\/(?:udp|sctp)$/i.test(word.text));
  return [...new Set(ports.map(({ first }) => first))];
}

/** The health checks that a final stage can have, with what its image surely brings. */
export function healthFixes(stage: Stage): HealthFixes {
  const profile = stageProfile(stage);
  const ports = tcpPorts(stage);
  const program = startOf(stage).words.find(word => !/entry-?point|^(?:tini|dumb-init|gosu|su-exec|--)$/.test(word)) ?? null;
  const port = ports.length === 1 ? String(ports[0]) : '';
  const places: FixPlace[] = port === '' ? [{ text: ports.length > 1 ? String(ports[0]) : '', sample: '8080' }] : [];
  const portText = port === '' ? markOf(1) : port;
  const path = markOf(places.push({ text: '/' }));
  const packages = keptPackages(stage).map(({ name }) => name);
  const ping = healthPing(profile, program);
  const request = healthRequest(profile, packages, `http://127.0.0.1:${portText}${path}`);
  const connect = port === '' ? null : healthConnect(profile, port);
  return {
    port,
    ping: ping && { operations: () => [write(stage, ping)] },
    request: ping || !request ? null : { operations: () => [write(stage, request)], places },
    connect: ping || !connect ? null : { operations: () => [write(stage, connect)] },
  };
}

/** Above what the stage starts, where it says so, or else at its end. In exec form: the image need not have a shell. */
function write(stage: Stage, command: HealthCommand): ReturnType<typeof insertLines> {
  const text = `HEALTHCHECK CMD [${command.map(word => JSON.stringify(word)).join(', ')}]`;
  const start = stage.instructions.find(i => (i.keyword === 'CMD' || i.keyword === 'ENTRYPOINT') && !i.onbuildParent);
  return start ? insertLines('before', start.index, text) : insertLines('after', (stage.instructions.at(-1) ?? stage.from).index, text);
}
