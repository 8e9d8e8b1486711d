import { describe, expect, test } from 'vitest';
import { convertCommands, convertService } from '../../../shared/src/services/convert/convert';
import { conversionJson } from '../../../shared/src/services/convert/json';
import { createGate } from '../../../shared/src/output/report/gate';
import { conversion } from '../../support/convert';
import { planted } from '../../support/planted';

const report = {
  version: '1',
  profile: 'recommended',
  kubernetesVersion: '1.37',
  today: '2026-11-24',
  durationMs: 0,
  words: conversion.words,
};
const commands = planted.flatMap(({ text, pieces }) => {
  const lines = text.replaceAll('\\\n', '').split('\n').filter(line => /docker run -d? ?-?.*\S/.test(line));
  return lines.flatMap(line => ({ name: line.slice(line.indexOf('docker run')), text: line.slice(line.indexOf('docker run')), pieces }));
}); // prettier-ignore
const services = planted.filter(({ path }) => path === 'compose.yaml' || path === 'base.yaml');

describe('what is said of a conversion holds no credential; its text is the user’s own', () => {
  test.each([
    ...commands.flatMap(own => (['compose', 'kubernetes', 'command'] as const).map(target => ({ ...own, target }))),
    ...services.map(own => ({ ...own, target: 'kubernetes' as const })),
  ])('$target: $name', ({ text, pieces, target }) => {
    const made = text.startsWith('docker')
      ? convertCommands(text, target, conversion)
      : convertService({ path: 'compose.yaml', text }, null, conversion);
    const gate = createGate({ text, findings: [] });
    if (!made.ok) return expect(pieces.filter(piece => gate.mask(made.message).includes(piece))).toEqual([]);
    const file = { path: made.fileName, family: 'kubernetes', text: made.before, result: made.hardened, written: true, inputs: new Map(), created: [] } as const; // prettier-ignore
    const json = JSON.parse(conversionJson({ target, made, report: { ...report, files: [file] }, gate })) as { text: string };
    expect(json.text).toBe(made.text);
    const said = JSON.stringify({ ...json, text: '' });
    expect(pieces.filter(piece => said.includes(piece))).toEqual([]);
  });

  test('there are many', () => {
    expect(commands.length).toBeGreaterThan(30);
    expect(services.length).toBeGreaterThan(30);
  });
});
