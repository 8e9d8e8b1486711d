import { describe, expect, it } from 'vitest';
import { createEngine } from '../../../shared/src/engine/create-engine';
import { pinnedFile, planPins, type PinPlan } from '../../../shared/src/services/pin/plan';
import type { Outcome } from '../../../shared/src/services/registry/failure';
import type { Lookup } from '../../../shared/src/services/registry/resolver';

const a = 'a'.repeat(40);
const b = 'b'.repeat(40);
const engine = createEngine([]);
const path = '.github/workflows/ci.yaml';

function planOf(text: string, lookup: Partial<Lookup> = {}): PinPlan {
  const found: Outcome<Lookup> = { ok: true, value: { digest: a, mediaType: '', at: 0, versions: ['v4.2.2', 'v4'], ...lookup } };
  return planPins(pinnedFile(engine, engine.open({ path, text })), { lookup: () => found });
}

const workflow = (steps: string): string => `on: push\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    steps:\n${steps}`;

/** Each case: steps, steps afterwards, and what became of each place. */
const cases: readonly (readonly [name: string, before: string, after: string, states: readonly string[]])[] = [
  ['a tag', '      - uses: acme/scan@v4\n', `      - uses: acme/scan@${a} # v4.2.2\n`, ['pin']],
  ['a path in the repository', '      - uses: acme/scan/sub@v4\n', `      - uses: acme/scan/sub@${a} # v4.2.2\n`, ['pin']],
  ['quotes', '      - uses: "acme/scan@v4"\n', `      - uses: "acme/scan@${a}" # v4.2.2\n`, ['pin']],
  ['CRLF', "      - uses: 'acme/scan@v4'\r\n", `      - uses: 'acme/scan@${a}' # v4.2.2\r\n`, ['pin']],
  ['a flow map', '      - {uses: acme/scan@v4}\n', `      - {uses: acme/scan@${a}} # v4.2.2\n`, ['pin']],
  [
    'a flow map with more',
    '      - { uses: acme/scan@v4, with: { x: 1 } }\n',
    `      - { uses: acme/scan@${a}, with: { x: 1 } } # v4.2.2\n`,
    ['pin'],
  ],
  [
    'two on one line share no comment',
    '      - {uses: acme/scan@v4}\n'.replace('- {uses: acme/scan@v4}', '- parallel: [{uses: acme/scan@v4}, {uses: acme/scan@v4}]'),
    `      - parallel: [{uses: acme/scan@${a}}, {uses: acme/scan@${a}}]\n`,
    ['pin', 'pin'],
  ],
  ['a bare version in the comment', '      - uses: acme/scan@v4 # v3\n', `      - uses: acme/scan@${a} # v4.2.2\n`, ['pin']],
  [
    'another comment',
    '      - uses: acme/scan@v4  # keep in step with build.yml\n',
    `      - uses: acme/scan@${a}  # v4.2.2, keep in step with build.yml\n`,
    ['pin'],
  ],
  ['a comment close to its sign', '      - uses: acme/scan@v4 #keep\n', `      - uses: acme/scan@${a} # v4.2.2, keep\n`, ['pin']],
  [
    'a comment that speaks to a tool',
    '      - uses: acme/scan@v4 # zizmor: ignore[unpinned-uses]\n',
    `      - uses: acme/scan@${a} # zizmor: ignore[unpinned-uses]\n`,
    ['pin'],
  ],
  ['pinned, with a moving version', `      - uses: acme/scan@${a} # v4\n`, `      - uses: acme/scan@${a} # v4\n`, ['current']],
  ['pinned, with its version', `      - uses: acme/scan@${a} # tag=v4.2.2\n`, `      - uses: acme/scan@${a} # tag=v4.2.2\n`, ['current']],
  ['pinned without a version', `      - uses: acme/scan@${a}\n`, `      - uses: acme/scan@${a} # v4.2.2\n`, ['pin']],
  [
    'pinned, and the comment is wrong: the commit stays',
    `      - uses: acme/scan@${a} # v4.1.0 (2024)\n`,
    `      - uses: acme/scan@${a} # v4.2.2 (2024)\n`,
    ['pin'],
  ],
  ['no action of a repository', '      - uses: ./here\n      - uses: acme/scan\n', '      - uses: ./here\n      - uses: acme/scan\n', []],
  ['a block scalar', '      - uses: >-\n          acme/scan@v4\n', '      - uses: >-\n          acme/scan@v4\n', ['escaped']],
  ['an anchor', '      - uses: &x acme/scan@v4\n      - uses: *x\n', '      - uses: &x acme/scan@v4\n      - uses: *x\n', ['shared']],
];

describe('pinning actions', () => {
  it.each(cases)('%s', (_, before, after, states) => {
    const plan = planOf(workflow(before));
    expect(plan.text).toBe(workflow(after));
    expect(plan.items.map(({ state, refused }) => refused ?? state)).toEqual(states);
    const again = planOf(plan.text);
    expect(again.text).toBe(plan.text);
  });

  it('pins the reusable workflow that a job calls, but not one that must be called by a tag', () => {
    const text = (ref: string): string =>
      `on: push\njobs:\n  a:\n    uses: acme/flows/.github/workflows/a.yml@${ref}\n  b:\n    uses: slsa-framework/slsa-github-generator/.github/workflows/generator_container_slsa3.yml@v2.1.0\n`;
    const plan = planOf(text('v4'));
    expect(plan.text).toBe(text(`${a} # v4.2.2`));
    expect(plan.items.map(({ state, refused }) => refused ?? state)).toEqual(['pin', 'tag-only']);
  });

  it('writes the tag where no version is on the commit', () => {
    expect(planOf(workflow('      - uses: acme/scan@stable\n'), { versions: [] }).text).toBe(
      workflow(`      - uses: acme/scan@${a} # stable\n`),
    );
  });

  it('does not trust a commit that only a fork has', () => {
    const text = workflow(`      - uses: acme/scan@${b} # v4.2.2\n`);
    const plan = planOf(text, { digest: b, versions: [], contained: false });
    expect(plan.text).toBe(text);
    expect(plan.items[0]).toMatchObject({
      state: 'failed',
      failure: { kind: 'mismatch', message: 'bbbbbbbbbbbb is on no branch and no tag of acme/scan: only a fork has it' },
    });
  });

  it('pins the image of a docker:// step', () => {
    const digest = `sha256:${'c'.repeat(64)}`;
    const { text } = planOf(workflow("      - uses: 'docker://alpine:3.22' # small\n"), { digest });
    expect(text).toBe(workflow(`      - uses: 'docker://alpine:3.22@${digest}' # small\n`));
  });

  it('pins the steps of a composite action', () => {
    const text = (ref: string): string =>
      `name: x\ndescription: x\nruns:\n  using: composite\n  steps:\n    - uses: acme/scan@${ref}\n      with:\n        a: b\n`;
    const plan = planPins(pinnedFile(engine, engine.open({ path: 'action.yml', text: text('v4') })), {
      lookup: () => ({ ok: true, value: { digest: a, mediaType: '', at: 0, versions: ['v4.2.2'] } }),
    });
    expect(plan.text).toBe(text(`${a} # v4.2.2`));
  });
});

describe('the revisions of pre-commit', () => {
  const config = '.pre-commit-config.yaml';
  const plan = (text: string): PinPlan =>
    planPins(pinnedFile(engine, engine.open({ path: config, text })), {
      lookup: () => ({ ok: true, value: { digest: a, mediaType: '', at: 0, versions: ['v4.2.2'] } }),
    });

  it.each([
    ['a tag', 'v4', `${a}  # frozen: v4.2.2`, ['pin']],
    ['quotes and CRLF', '"v4"\r', `"${a}"  # frozen: v4.2.2\r`, ['pin']],
    ['a comment', 'v4 # keep', `${a} # keep, frozen: v4.2.2`, ['pin']],
    ['frozen', `${a}  # frozen: v4.2.2`, `${a}  # frozen: v4.2.2`, ['current']],
    ['frozen, with another version', `${a}  # frozen: v4.1.0`, `${a}  # frozen: v4.2.2`, ['pin']],
    ['a commit of unknown version', b, `${b}  # frozen: v4.2.2`, ['pin']],
  ] as const)('%s', (_, before, after, states) => {
    const text = (rev: string): string => `repos:\n  - repo: https://github.com/acme/hooks\n    rev: ${rev}\n    hooks: [{ id: x }]\n`;
    const planned = before === b ? planPins(pinnedFile(engine, engine.open({ path: config, text: text(before) })), { lookup: () => ({ ok: true, value: { digest: b, mediaType: '', at: 0, versions: ['v4.2.2'], contained: true } }) }) : plan(text(before)); // prettier-ignore
    expect(planned.text).toBe(text(after));
    expect(planned.items.map(({ state }) => state)).toEqual(states);
    expect(plan(planned.text.replace(b, a)).edits).toEqual([]);
  });

  it('leaves what is not at GitHub, and what has no revision', () => {
    const text =
      'repos:\n  - repo: local\n  - repo: https://git.example.com/a/b\n    rev: v1\n  - repo: meta\n  - repo: https://github.com/a/b\n  - x\n';
    expect(plan(text).items).toEqual([]);
  });
});
