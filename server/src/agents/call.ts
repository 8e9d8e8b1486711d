import type { Cancellation } from '../../../shared/src/base/ports/cancellation';
import { maskAlone } from '../../../shared/src/index';
import { type Answer, failed } from './answer';
import { explain } from './explain';
import { harden } from './harden';
import { lint } from './lint';
import { pin } from './pin';
import type { AgentHost } from './port';
import { readArguments, type ToolArguments } from './read-arguments';
import { listTools, type ToolName } from './tools';

const handlers: Readonly<Record<ToolName, (args: ToolArguments, host: AgentHost, cancellation: Cancellation) => Promise<Answer>>> = {
  lint_container_config: lint,
  harden_container_config: harden,
  explain_container_rule: explain,
  pin_container_images: pin,
};

/** Every argument that a tool may take: whether it is allowed is said by the tool, in words. */
const tools = listTools({ write: true, network: true });

/** Calls a tool. What is wrong with the call is an answer, so that the caller can correct it. */
export async function callTool(name: ToolName, args: unknown, host: AgentHost, cancellation: Cancellation): Promise<Answer> {
  const tool = tools.find(one => one.name === name)!;
  const read = readArguments(tool, args ?? {});
  return typeof read === 'string' ? failed(maskAlone(read)) : await handlers[name](read, host, cancellation);
}
