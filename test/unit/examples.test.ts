import { readFileSync, readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { defaultConfig } from '../../shared/src/config/effective';
import { createEngine } from '../../shared/src/engine/create-engine';
import type { LintContext } from '../../shared/src/engine/types';
import { rules } from '../../shared/src/rules/generated/index';
import { emptyWorkspace } from '../../shared/src/workspace/workspace-index';
import { root } from '../../tools/rules/files';

const engine = createEngine(rules);
const context: LintContext = { config: defaultConfig, today: '2026-11-24', workspace: emptyWorkspace, digest: () => null };
const read = (path: string) => ({ path, text: readFileSync(`${root}examples/${path}`, 'utf8') });

describe.each(readdirSync(`${root}examples`))('examples/%s', service => {
  test.each(['Dockerfile', 'deployment.yaml'])(
    '%s: the insecure one has errors or warnings, the hardened one asks for a digest and nothing else',
    name => {
      const insecure = engine.lint(read(`${service}/insecure/${name}`), context).findings;
      expect(insecure.some(f => f.severity === 'error' || f.severity === 'warning')).toBe(true);
      const hardened = read(`${service}/hardened/${name}`);
      expect(
        [...new Set(engine.lint(hardened, context).findings.map(f => f.rule))].filter(rule => !rule.endsWith('/missing-digest')),
      ).toEqual([]);
      expect(engine.harden(hardened, context).text).toBe(hardened.text);
    },
  );
});
