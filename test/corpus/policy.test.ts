import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createEngine } from '../../shared/src/engine/create-engine';
import { rules } from '../../shared/src/families/generated/index';
import type { Profile } from '../../shared/src/base/terms/types';
import { corpusFolder, corpusRows, noCorpus } from '../../tools/corpus-folder';
import { plainContext } from '../../tools/lint-context';

interface Row {
  readonly id: string;
  readonly expect: 'hit' | 'clean';
  readonly text: string;
}

const folder = 'corpus/policy';
const engine = createEngine(rules);
const isHere = existsSync(join(corpusFolder, folder));

function findings(text: string, profile: Profile): readonly string[] {
  return engine
    .open({ path: 'policy.yaml', text })
    .lint(plainContext(profile))
    .findings.map(({ rule, messageId }) => `${rule} ${messageId}`);
}

/**
 * Policies of the library that only report and leave `mutateDigest` at its default, which is true once the API server has filled it in. Kyverno's own
 * admission refuses them; the tests of the library run without an API server.
 */
const refused = new Set(
  [
    'other/require-vulnerability-scan/require-vulnerability-scan',
    'other/verify-image-cve-2022-42889/verify-image-cve-2022-42889',
    'other/verify-image-gcpkms/verify-image-gcpkms',
    'other/verify-image-slsa/verify-image-slsa',
    'other/verify-sbom-cyclonedx/verify-sbom-cyclonedx',
    'tekton/verify-tekton-taskrun-signatures/verify-tekton-taskrun-signatures',
    'tekton/verify-tekton-taskrun-vuln-scan/verify-tekton-taskrun-vuln-scan',
  ].map(path => `kyverno-policies/${path}.yaml`),
);

describe('policies of others', () => {
  if (!isHere) return it.skip(noCorpus);
  const library = corpusRows<Row>(`${folder}/kyverno-policies.jsonl`);
  const controller = corpusRows<Row>(`${folder}/policy-controller.jsonl`);

  it('of the Kyverno library are silent at baseline, but for those that Kyverno refuses', () => {
    expect(library.length).toBeGreaterThan(600);
    const found = library.flatMap(({ id, text }) => findings(text, 'baseline').map(line => `${id} ${line}`));
    expect(found.sort()).toEqual([...refused].map(id => `${id} policy/invalid-policy audit`).sort());
  });

  it('of the Kyverno library have no finding of a manifest, whatever their patterns hold', () => {
    const found = library.flatMap(({ id, text }) => findings(text, 'strict').map(line => `${id} ${line}`));
    expect(found.filter(line => !/ policy\/| bulkhead\//.test(line))).toEqual([]);
  });

  it('that policy-controller refuses are all found', () => {
    const wrong = controller.filter(row => row.expect === 'hit');
    expect(wrong.length).toBeGreaterThan(30);
    expect(wrong.filter(({ text }) => findings(text, 'baseline').length === 0).map(({ id }) => id)).toEqual([]);
  });

  it('that policy-controller admits are none that it refuses', () => {
    const found = controller
      .filter(row => row.expect === 'clean')
      .flatMap(({ id, text }) => findings(text, 'baseline').map(line => `${id} ${line}`));
    expect(found.filter(line => /policy\/(?:invalid-|bad-public-key|matches-nothing)/.test(line))).toEqual([]);
  });

  it('are hardened to a fixed point', () => {
    for (const { id, text } of [...library.filter((_, i) => i % 10 === 0), ...controller]) {
      const once = engine.open({ path: 'policy.yaml', text }).harden(plainContext('strict')).text;
      expect(engine.open({ path: 'policy.yaml', text: once }).harden(plainContext('strict')).text, id).toBe(once);
    }
  });
});
