import { parentPort, workerData } from 'node:worker_threads';
import { createCancellation } from '../../../../shared/src/base/ports/cancellation';
import { masked } from '../../../../shared/src/early';
import { maskAlone } from '../../../../shared/src/index';
import { failed } from '../../agents/answer';
import { callTool } from '../../agents/call';
import { createSharedMarker } from '../../watch/shared-mark';
import { createWatch } from '../../watch/watch';
import type { AgentReply, AgentRequest, AgentWorkerData } from './calls';
import { createMcpHost } from './host';

/** Answers calls in the worker that this is. */
export function serveCalls(): void {
  const port = parentPort!;
  const { agentRoot, allowed, mark, refusals } = workerData as AgentWorkerData;
  const host = createMcpHost({
    root: agentRoot,
    allowed,
    watch: createWatch(createSharedMarker(mark), refusals),
    isClean: refusals.length === 0,
    say: line => void process.stderr.write(`${line}\n`),
  });
  const running = new Map<number, () => void>();
  port.on('message', (request: AgentRequest) => {
    if ('end' in request) return port.close();
    if ('cancel' in request) return running.get(request.cancel)?.();
    const { call, tool, args } = request;
    const cancellation = createCancellation();
    running.set(call, () => cancellation.cancel());
    void callTool(tool, args, host, cancellation)
      .catch((error: unknown) => failed(masked`internal error: ${maskAlone(error instanceof Error ? error.message : String(error))}`))
      .then(answer => port.postMessage({ call, answer } satisfies AgentReply))
      .finally(() => running.delete(call));
  });
}
