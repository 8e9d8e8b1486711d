import { describe, expect, it } from 'vitest';
import { createEngine } from '../../../shared/src/engine/create-engine';
import { rules } from '../../../shared/src/families/generated/index';
import { plainContext } from '../../../tools/lint-context';

const engine = createEngine(rules.filter(({ id }) => id === 'workflow/template-injection'));

/** What is said of a branch of a pull request in a script: who chooses it, and how grave that is. */
function found(jobCondition: string, stepCondition: string, expression = 'github.head_ref'): string {
  const text = `on: pull_request
permissions: {}
jobs:
  push:
    if: ${jobCondition}
    runs-on: ubuntu-24.04
    steps:
      - if: ${stepCondition}
        run: git push origin HEAD:\${{ ${expression} }}
`;
  const { findings } = engine.open({ path: '.github/workflows/ci.yml', text }).lint(plainContext());
  return findings.map(({ messageId, severity }) => `${messageId} ${severity}`).join();
}

const own = 'github.event.pull_request.head.repo.full_name == github.repository';

describe('a branch of the repository itself is named by those who may push to it', () => {
  it.each<[job: string, step: string, expression?: string]>([
    [own, 'success()'],
    ['success()', own],
    ['success()', `failure() && github.repository == github.event.pull_request.head.repo.full_name`, 'github.event.pull_request.head.ref'],
  ])('%s, %s', (...conditions) => expect(found(...conditions)).toBe('ref info'));

  it.each<[job: string, step: string, expression?: string]>([
    ['success()', 'success()'],
    [`failure() || ${own}`, 'success()'],
    [own.replace('==', '!='), 'success()'],
    // a title is no name of a branch
    [own, 'success()', 'github.event.pull_request.title'],
  ])('but not for %s, %s', (...conditions) => expect(found(...conditions)).toBe('pull-request warning'));
});
