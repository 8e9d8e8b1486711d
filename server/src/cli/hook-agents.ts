/** The settings under which an agent runs something after each edit, and how what that says reaches its model. */
export interface HookSpec {
  /** Where its settings are, below the folder of the project. */
  readonly file: string;
  readonly settings: object;
  /** What the agent calls the moment after an edit. */
  readonly event: string;
  readonly answer: (context: string, event: string) => object;
}

/** Their names. */
export const hookAgents = ['claude', 'cursor', 'gemini', 'vscode'] as const;

/** An agent whose hooks are known. */
export type HookAgent = (typeof hookAgents)[number];

/** What Claude Code answers, and others after it. */
const asClaude = (additionalContext: string, hookEventName: string): object => ({
  hookSpecificOutput: { hookEventName, additionalContext },
});

/** The agents, each with what its documentation says of hooks. */
export const hooks: Readonly<Record<HookAgent, HookSpec>> = {
  claude: {
    file: '.claude/settings.json',
    settings: {
      hooks: { PostToolUse: [{ matcher: 'Edit|MultiEdit|Write', hooks: [{ type: 'command', command: 'bulkhead hook claude' }] }] },
    },
    event: 'PostToolUse',
    answer: asClaude,
  },
  cursor: {
    file: '.cursor/hooks.json',
    settings: { version: 1, hooks: { postToolUse: [{ matcher: 'Write', command: 'bulkhead hook cursor' }] } },
    event: 'postToolUse',
    answer: context => ({ additional_context: context }),
  },
  gemini: {
    file: '.gemini/settings.json',
    settings: {
      hooks: {
        AfterTool: [{ matcher: 'write_file|replace', hooks: [{ name: 'bulkhead', type: 'command', command: 'bulkhead hook gemini' }] }],
      },
    },
    event: 'AfterTool',
    answer: asClaude,
  },
  vscode: {
    file: '.github/hooks/bulkhead.json',
    settings: { hooks: { PostToolUse: [{ type: 'command', command: 'bulkhead hook vscode' }] } },
    event: 'PostToolUse',
    answer: asClaude,
  },
};
