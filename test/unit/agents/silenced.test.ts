import { beforeAll, describe, expect, it, test } from 'vitest';
import { findSilenced, type TrackedPlace } from '../../../server/src/agents/silenced';
import {
  configFileName,
  createEngine,
  createLineTable,
  createWorkspaceIndex,
  effectiveConfig,
  type Engine,
  markKnown,
  parseBaseline,
  parseConfig,
  rules,
} from '../../../shared/src/index';
import { printBaseline } from '../../../shared/src/output/report/baseline';
import { plainContext } from '../../../tools/lint-context';

type Tree = Readonly<Record<string, string>>;

let engine: Engine;
beforeAll(() => {
  engine = createEngine(rules);
});

const parse = (text: string) => parseConfig(text, rules).config;
const effective: TrackedPlace['effective'] = (config, path) => effectiveConfig(config, path);

/** What is said of a change of a Dockerfile: `rule xN by [line]`. The configuration is that of the top. */
async function said(before: Tree, now: Tree, more: Partial<TrackedPlace> = {}, path = 'Dockerfile'): Promise<readonly string[]> {
  const text = now[path]!;
  const config = effectiveConfig(now[configFileName] === undefined ? null : parse(now[configFileName]), path);
  const index = createWorkspaceIndex({ complete: true });
  for (const [name, content] of Object.entries(now)) index.update(name, engine.open({ path: name, text: content }).facts());
  const opened = engine.open({ path, text });
  const context = { ...plainContext(), ...(config !== 'excluded' && { config }), workspace: index.index };
  const baseline = more.baseline == null ? null : parseBaseline(now[more.baseline] ?? '');
  const found = config === 'excluded' ? [] : opened.lint(context).findings;
  const findings = baseline?.ok ? markKnown(baseline.value, path, found) : found;
  const place: TrackedPlace = { path, workspace: null, chosen: null, baseline: null, effective, ...more };
  const read = (paths: readonly string[]) => Promise.resolve(new Map(paths.map(name => [name, before[name] ?? null])));
  const [silences] = await findSilenced([{ opened, context, excluded: config === 'excluded', findings, place }], {
    engine,
    read,
    parse: (_path, content) => parse(content),
  });
  const lines = createLineTable(text);
  return silences!.map(({ rule, by, peer, range, findings: count }) =>
    [rule, `x${count}`, by, ...(peer ? [peer] : []), ...(range ? [lines.position(range.start).line + 1] : [])].join(' '),
  );
}

const rule = 'dockerfile/sudo';
const sudo = 'RUN sudo true\n';
const start = 'FROM node:20.11.1\n';
const plain = `${start}${sudo}USER 1000\n`;
/** What lint says of it besides does not matter: a rule is looked at alone. */
const only = async (...args: Parameters<typeof said>): Promise<readonly string[]> =>
  (await said(...args)).filter(line => line.startsWith(rule));
const ignored = (...names: string[]): string => `# bulkhead-ignore ${names.join(', ')}\n`;

describe('comments', () => {
  test.each<[what: string, before: string | null, now: string, found: readonly string[]]>([
    ['nothing has changed', `${start}${ignored(rule)}${sudo}`, `${start}${ignored(rule)}${sudo}`, []],
    ['one is added', plain, `${start}${ignored(rule)}${sudo}`, [`${rule} x1 comment 2`]],
    ['one is added with what it silences', start, `${start}${ignored(rule)}${sudo}`, [`${rule} x1 comment 2`]],
    ['a file is added', null, `${start}${ignored(rule)}${sudo}`, [`${rule} x1 comment 2`]],
    ['one moves with its instruction', `${start}${ignored(rule)}${sudo}`, `${start}ENV A=b\n\n${ignored(rule)}${sudo}`, []],
    ['one gets a reason', `${start}${ignored(rule)}${sudo}`, `${start}# bulkhead-ignore ${rule} -- as agreed\n${sudo}`, []],
    ['one goes', `${start}${ignored(rule)}${sudo}`, plain, []],
    [
      'a rule is added to one',
      `${start}${ignored('dockerfile/no-user')}${sudo}`,
      `${start}${ignored('dockerfile/no-user', rule)}${sudo}`,
      [`${rule} x1 comment 2`],
    ],
    [
      'one of the whole file covers what is added',
      `${start}# bulkhead-ignore-file ${rule}\n`,
      `${start}# bulkhead-ignore-file ${rule}\n${sudo}`,
      [],
    ],
    [
      'a second one like the first, of findings that nothing tells apart: the last is called new',
      `${start}${ignored(rule)}${sudo}`,
      `${start}${ignored(rule)}RUN sudo false\n${ignored(rule)}${sudo}`,
      [`${rule} x1 comment 4`],
    ],
    ['another tool’s', plain, `${start}# hadolint ignore=DL3004\n${sudo}`, [`${rule} x1 comment hadolint 2`]],
    ['one of the whole file, of another tool', plain, `# hadolint global ignore=DL3004\n${plain}`, [`${rule} x1 comment hadolint 1`]],
    ['ours in place of another tool’s', `${start}# hadolint ignore=DL3004\n${sudo}`, `${start}${ignored(rule)}${sudo}`, []],
  ])('%s', async (_what, before, now, found) => {
    expect(await only(before === null ? {} : { Dockerfile: before }, { Dockerfile: now })).toEqual(found);
  });
});

describe('the configuration', () => {
  const config = (text: string, before?: string) =>
    only({ Dockerfile: plain, ...(before !== undefined && { [configFileName]: before }) }, { Dockerfile: plain, [configFileName]: text });
  test.each<[what: string, now: string, found: readonly string[], before?: string]>([
    ['a rule is off', `rules:\n  ${rule}: off\n`, [`${rule} x1 rule-off`]],
    ['a rule is off for some files', `overrides:\n  - files: ['Dock*']\n    rules: { ${rule}: off }\n`, [`${rule} x1 rule-off`]],
    ['a rule was off already', `rules:\n  ${rule}: off\nprofile: strict\n`, [], `rules: { ${rule}: off }\n`],
    ['a rule counts for less', `rules:\n  ${rule}: hint\n`, [`${rule} x1 severity`]],
    ['a rule counts for more', `rules:\n  ${rule}: error\n`, []],
    ['the file is excluded', "exclude: ['Dock*']\n", [`${rule} x1 exclude`]],
    ['the file was excluded', "exclude: ['*file']\n", [], "exclude: ['Dock*']\n"],
    ['an exception', `exceptions:\n  - rule: ${rule}\n    reason: as agreed\n`, [`${rule} x1 exception`]],
    ['an exception that is over', `exceptions:\n  - rule: ${rule}\n    until: 2026-01-01\n`, []],
  ])('%s', async (_what, now, found, before) => expect(await config(now, before)).toEqual(found));

  it('is the one that would have held: a nearer one that is added counts by its effect', async () => {
    const files = { 'a/Dockerfile': plain, 'a/x.txt': '' };
    const place: Partial<TrackedPlace> = { path: 'a/Dockerfile' };
    const strict = { [configFileName]: 'profile: strict\n' };
    expect(await only({ ...files, ...strict }, { ...files, [configFileName]: `rules: { ${rule}: off }\n` }, place, 'a/Dockerfile')).toEqual(
      [`${rule} x1 rule-off`],
    );
    // what stands above the folder that is opened never held
    expect(
      await only(
        { ...files, [configFileName]: `rules: { ${rule}: off }\n` },
        { ...files, [configFileName]: `rules: { ${rule}: off }\n` },
        { ...place, workspace: 'a' },
        'a/Dockerfile',
      ),
    ).toEqual([`${rule} x1 rule-off`]);
  });

  it('may be one that the user has named', async () => {
    const named = { 'ci/b.yaml': `rules: { ${rule}: off }\n` };
    const now = { Dockerfile: plain, [configFileName]: `rules: { ${rule}: off }\n` };
    const chosen = { path: 'ci/b.yaml', base: '' };
    expect(await only({ Dockerfile: plain, ...named }, now, { chosen })).toEqual([]);
    expect(await only({ Dockerfile: plain }, now, { chosen })).toEqual([`${rule} x1 rule-off`]);
  });

  it('may have another profile: one with fewer rules silences', async () => {
    const image = `FROM node:20.11.1\n`;
    const under = (profile: string) => said({ Dockerfile: image }, { Dockerfile: image, [configFileName]: `profile: ${profile}\n` });
    const found = await under('baseline');
    expect(found.length).toBeGreaterThan(0);
    expect(found.filter(line => !line.endsWith(' profile'))).toEqual([]);
    expect(await under('strict')).toEqual([]);
  });
});

test('a baseline that has more than it had', async () => {
  const { findings } = engine.open({ path: 'Dockerfile', text: plain }).lint(plainContext());
  const file = (...entries: typeof findings) => printBaseline('1', '2026-11-24', new Map([['Dockerfile', entries]]));
  const [old, whole] = [file(...findings.filter(finding => finding.rule !== rule)), file(...findings)];
  const baseline = { baseline: 'known.json' };
  expect(await said({ Dockerfile: plain, 'known.json': old }, { Dockerfile: plain, 'known.json': whole }, baseline)).toEqual([
    `${rule} x1 baseline`,
  ]);
  expect(await said({ Dockerfile: plain, 'known.json': whole }, { Dockerfile: plain, 'known.json': whole }, baseline)).toEqual([]);
});

test('what another tool is told by its own settings', async () => {
  const workflow =
    'on: push\npermissions: {}\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    steps:\n      - uses: acme/build@v1\n      - run: echo "${{ github.event.head_commit.message }}"\n';
  const path = '.github/workflows/ci.yml';
  const settings = { '.github/zizmor.yml': 'rules:\n  template-injection:\n    ignore: [ci.yml]\n' };
  const own = { path };
  const found = await said({ [path]: workflow }, { [path]: workflow, ...settings }, own, path);
  expect(found).toEqual([expect.stringMatching(/^workflow\/\S+ x1 settings zizmor$/)]);
  expect(await said({ [path]: workflow, ...settings }, { [path]: workflow, ...settings }, own, path)).toEqual([]);
});

test('an annotation of an object', async () => {
  const pod = (annotation: string): string =>
    `apiVersion: v1\nkind: Pod\nmetadata:\n  name: a\n  annotations: {${annotation}}\nspec:\n  hostPID: true\n  containers:\n    - name: a\n      image: example.com/a:1\n`;
  const own = { path: 'pod.yaml' };
  const found = (
    await said({ 'pod.yaml': pod('') }, { 'pod.yaml': pod('bulkhead.dev/ignore: kubernetes/host-pid') }, own, 'pod.yaml')
  ).join();
  expect(found).toBe('kubernetes/host-pid x1 annotation 5');
});

it('asks for the earlier state once, and for nothing where there is no file', async () => {
  let asked = 0;
  const read = () => {
    asked++;
    return Promise.resolve(new Map<string, string | null>());
  };
  expect(await findSilenced([], { engine, read, parse: () => null })).toEqual([]);
  expect(asked).toBe(0);
});

it('rejects where the earlier state cannot be read: nothing is said to be new', async () => {
  const opened = engine.open({ path: 'Dockerfile', text: plain });
  const place: TrackedPlace = { path: 'Dockerfile', workspace: null, chosen: null, baseline: null, effective };
  const files = [{ opened, context: plainContext(), excluded: false, findings: [], place }];
  await expect(findSilenced(files, { engine, read: () => Promise.reject(new Error('no')), parse: () => null })).rejects.toThrow('no');
});
