/** The tools that VS Code offers to language models, each by the name that agents everywhere know it by. */
export const agentTools = {
  bulkhead_lint: 'lint_container_config',
  bulkhead_harden: 'harden_container_config',
  bulkhead_explain: 'explain_container_rule',
  bulkhead_pin: 'pin_container_images',
} as const;

/** The name of a tool in VS Code. */
export type AgentToolName = keyof typeof agentTools;

/** Client to server: what a tool answers. Changes go to the client as edits, which it does not save. */
export const agentToolMethod = 'bulkhead/agentTool';

/** A call: its input comes from a model, as it is. */
export interface AgentToolParams {
  readonly tool: AgentToolName;
  readonly input: unknown;
}

/** What a tool answers; `isError`: it could not be done, and the text says what to do about that. */
export interface AgentToolAnswer {
  readonly text: string;
  readonly isError: boolean;
}

/** Client to server, with `AgentToolParams`: what a call would do. Nothing is changed, and no registry is asked. */
export const agentPlanMethod = 'bulkhead/agentPlan';

/** What a person reads of a call before it is made; `confirm` as Markdown, `null` where nothing is changed or sent. */
export interface AgentToolPlan {
  readonly doing: string;
  readonly confirm: { readonly title: string; readonly text: string } | null;
}
