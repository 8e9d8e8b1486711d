import { defineRule, type Rule } from '../../shared/src/rule/define-rule';

/** Rules that check nothing: for tests of configuration and reports, which must not depend on what real rules say. */
export const fakeRules: readonly Rule[] = [
  defineRule({
    id: 'dockerfile/root-user',
    title: 'Image runs as root',
    severity: 'warning',
    category: 'privilege',
    profile: 'recommended',
    references: { cwe: ['CWE-250'] },
    messages: { unset: { text: 'Stage {stage} runs as root' } },
    fixes: { user: { title: 'Add USER {user}', class: 'review' } },
    assumptions: { writes: 'the process writes only to {path}' },
    on: {},
  }),
  defineRule({
    id: 'kubernetes/privileged',
    title: 'Container is privileged',
    severity: 'error',
    category: 'privilege',
    profile: 'baseline',
    messages: { privileged: { text: 'Container is privileged' }, container: { text: 'The container' } },
    on: {},
  }),
  defineRule({
    id: 'kubernetes/secret-in-env',
    title: 'Secret in an environment variable',
    severity: 'warning',
    category: 'secrets',
    profile: 'recommended',
    messages: { literal: { text: '{name} holds a secret' } },
    on: {},
  }),
  defineRule({
    id: 'kubernetes/host-path',
    title: 'Host folder is mounted',
    severity: 'info',
    category: 'isolation',
    profile: 'baseline',
    options: {
      allowed: { type: 'strings', default: [], description: 'Folders that may be mounted' },
      depth: { type: 'number', default: 2, minimum: 1, description: 'How deep' },
      mode: { type: 'string', default: 'strict', enum: ['strict', 'loose'], description: 'How strict' },
      strict: { type: 'boolean', default: false, description: 'Whether' },
    },
    messages: { mounted: { text: 'Host folder {folder} is mounted' } },
    on: {},
  }),
];
