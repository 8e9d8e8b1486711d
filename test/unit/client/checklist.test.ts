import { describe, expect, it } from 'vitest';
import {
  createChecklist,
  cutAt,
  findingsOf,
  isSameChoice,
  safeOnly,
  tally,
  tick,
  type Checklist,
} from '../../../client/src/harden/checklist';
import type { AnsweredFinding, HardenPlan, PlannedGroup } from '../../../shared/src/output/protocol/messages';

const finding = (rule: string, line = 0): AnsweredFinding => ({
  rule,
  message: `${rule} is not right`,
  severity: 'warning',
  range: { start: { line, character: 0 }, end: { line, character: 4 } },
});

const group = (id: string, kind: PlannedGroup['class'], needs: readonly string[] = [], label = id): PlannedGroup => ({
  id,
  class: kind,
  rules: [`rule/${label}`],
  label,
  short: label,
  assumes: [],
  seen: [],
  notes: [],
  answers: [finding(`rule/${label}`)],
  needs,
  chosen: kind !== 'attended',
});

const plan = (...groups: readonly PlannedGroup[]): HardenPlan => ({
  uri: 'file:///a.yaml',
  version: 1,
  key: 'k',
  groups,
  left: [],
  elsewhere: [],
  stories: [],
  unchecked: null,
});

const ticked = (list: Checklist): string => [...list.ticked].sort().join(' ');

describe('the checklist of harden', () => {
  const chain = plan(group('a', 'safe'), group('b', 'review', ['a']), group('c', 'review', ['b']), group('d', 'attended', ['a']));

  it('ticks what the plan chooses', () => {
    expect(ticked(createChecklist(chain))).toBe('a b c');
  });

  it('ticks with a group all that it needs, and unticks with it all that needs it', () => {
    const none = tick(createChecklist(chain), ['a'], false);
    expect(ticked(none)).toBe('');
    expect(ticked(tick(none, ['c'], true))).toBe('a b c');
    expect(ticked(tick(createChecklist(chain), ['b'], false))).toBe('a');
    expect(ticked(tick(none, ['d'], true))).toBe('a d');
  });

  it('says where a story ends: at the first step all ways of which are closed', () => {
    const step = (...ways: readonly (readonly string[])[]) => ({ text: '', detail: '', range: null, ways });
    const story = { title: '', steps: [step(), step(['a'], ['b', 'd']), step([], ['a']), step(['c'])] };
    const cut = (...ids: readonly string[]): number => cutAt(story, { plan: chain, ticked: new Set(ids) });
    expect(cut()).toBe(-1);
    // one of two ways is open, and what no group closes stays so
    expect(cut('a')).toBe(-1);
    expect(cut('a', 'd')).toBe(1);
    expect(cut('a', 'c')).toBe(3);
  });

  it('survives groups that need each other', () => {
    const ring = plan(group('a', 'safe', ['b']), group('b', 'safe', ['a']));
    expect(ticked(tick(createChecklist(ring), ['a'], false))).toBe('');
    expect(ticked(tick(tick(createChecklist(ring), ['a'], false), ['b'], true))).toBe('a b');
  });

  it('keeps to safe groups that need nothing else', () => {
    const list = createChecklist(plan(group('a', 'safe'), group('b', 'review'), group('c', 'safe', ['b'])));
    expect(ticked(safeOnly(list))).toBe('a');
  });

  it('carries ticks over to a new plan by what groups do, whatever their ids', () => {
    const before = tick(createChecklist(plan(group('1', 'safe', [], 'x'), group('2', 'review', [], 'y'))), ['1'], false);
    const after = createChecklist(plan(group('1', 'safe', [], 'new'), group('2', 'safe', [], 'x'), group('3', 'review', [], 'y')), before);
    expect(ticked(after)).toBe('1 3');
    expect(isSameChoice(before, createChecklist(before.plan, before))).toBe(true);
    expect(isSameChoice(before, after)).toBe(false);
  });

  it('keeps what was declined declined, and with it what now needs it', () => {
    const before = tick(createChecklist(plan(group('1', 'safe', [], 'x'), group('2', 'review', [], 'y'))), ['1'], false);
    expect(ticked(createChecklist(plan(group('1', 'safe', [], 'x'), group('2', 'review', ['1'], 'y')), before))).toBe('');
  });

  it('tells groups apart that do the same', () => {
    const twins = plan(group('1', 'safe', [], 'x'), group('2', 'safe', [], 'x'));
    const before = tick(createChecklist(twins), ['2'], false);
    expect(ticked(createChecklist(plan(group('8', 'safe', [], 'x'), group('9', 'safe', [], 'x')), before))).toBe('8');
  });

  it('counts a finding once that two groups answer', () => {
    const shared = { ...group('2', 'review'), answers: [finding('rule/1'), finding('rule/2', 3)] };
    const list = tick(createChecklist(plan(group('1', 'safe'), shared)), ['2'], false);
    expect(tally(list)).toEqual({ ticked: 1, groups: 2, answered: 1, findings: 2 });
    expect(findingsOf(list.plan.groups).map(({ rule }) => rule)).toEqual(['rule/1', 'rule/2']);
  });
});
