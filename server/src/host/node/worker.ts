import { isMainThread, parentPort, workerData, type MessagePort } from 'node:worker_threads';
import {
  createConnection,
  PortMessageReader,
  ProposedFeatures,
  type Connection,
  type MessageWriter,
  type NotificationMessage,
  type RequestMessage,
} from 'vscode-languageserver/node';
import { createSharedMarker } from '../../watch/shared-mark';
import type { Marker } from '../../watch/watch';
import { idsPerWorker, type Outgoing, type ServerWorkerData } from './supervisor/supervise';

/** The connection of a worker to its client, through the supervisor, and where to say what is being worked on. */
export interface WorkerSession {
  readonly connection: Connection;
  readonly marker: Marker;
}

/** What the supervisor has started this worker with; `null`: this is no worker. */
export function openWorkerSession(): WorkerSession | null {
  if (isMainThread || !parentPort) return null;
  const { port, mark, firstId } = workerData as ServerWorkerData;
  const own = parentPort;
  own.on('message', () => own.postMessage(null));
  const reader = new PortMessageReader(port);
  return {
    connection: createConnection(ProposedFeatures.all, withOwnIds(reader, firstId), createWriter(port, firstId)),
    marker: createSharedMarker(mark),
  };
}

/** Answers to this worker's requests come back with the ids that the writer below gave them. */
function withOwnIds(reader: PortMessageReader, firstId: number): PortMessageReader {
  const listen = reader.listen.bind(reader);
  reader.listen = callback =>
    listen(message => {
      const { id, method } = message as { id?: unknown; method?: unknown };
      callback(method === undefined && typeof id === 'number' ? ({ ...message, id: id - firstId } as typeof message) : message);
    });
  return reader;
}

/** A request with its id as the client is to know it, or what takes one back. */
function withFirstId(message: RequestMessage | NotificationMessage, firstId: number): object {
  const own = (id: unknown): unknown => (typeof id === 'number' ? (id % idsPerWorker) + firstId : id);
  const { params } = message;
  if (message.method === '$/cancelRequest') return { ...message, params: { ...params, id: own((params as { id: unknown }).id) } };
  return 'id' in message ? { ...message, id: own(message.id) } : message;
}

/** Writes messages out here, where nobody waits for the next one. */
function createWriter(port: MessagePort, firstId: number): MessageWriter {
  const never = (): { dispose(): void } => ({ dispose: () => {} });
  return {
    onError: never,
    onClose: never,
    write: message => {
      const { id, method } = message as { id?: number | string | null; method?: string };
      const text = JSON.stringify(method === undefined ? message : withFirstId(message as RequestMessage, firstId));
      // only a request comes back by its id: that of the text is the one the client knows
      const outgoing: Outgoing = { ...(id !== undefined && { id }), ...(method !== undefined && { method }), text };
      port.postMessage(outgoing);
      return Promise.resolve();
    },
    end: () => {},
    dispose: () => {},
  };
}
