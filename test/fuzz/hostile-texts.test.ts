import { describe, expect, test } from 'vitest';
import { findFormats } from '../../shared/src/knowledge/secrets/formats';
import { commandBuilds } from '../../shared/src/workspace/build-commands';
import { maskTemplate } from '../../shared/src/syntax/yaml/mask';
import { configContext } from '../../server/src/features/config-context';
import { directiveContext } from '../../server/src/features/directives';
import { proxyFromEnvironment } from '../../shared/host/node/registry/proxy';
import { toPlainText } from '../../server/src/lsp/markdown';
import { expectProportional, type Make } from './growth';
import { patience } from '../support/growth';

/** What hostile-dockerfiles.test.ts is for Dockerfiles: texts for one function each. */
const hostile: Readonly<Record<string, readonly [Make, (text: string) => unknown]>> = {
  'a private key behind nothing but breaks': [n => `-----BEGIN PRIVATE KEY-----${'\\\\\\\\n'.repeat(n)}`, findFormats],
  'builds in one line': [n => 'docker build -t a . ;'.repeat(n), text => commandBuilds(text, false)],
  'calls in one line': [n => 'docker_build('.repeat(n), text => commandBuilds(text, true)],
  'a block scalar that is none': [n => `a: {{ .Values.b }}${'\t>#'.repeat(n)}\t>\rx\n`, text => maskTemplate(text)],
  'a configuration of dashes': [n => '- '.repeat(n) + '\t', text => configContext(text.split('\n'), 0, text.split('\n')[0]!)],
  'a configuration of blanks': [n => `a${'\t'.repeat(n)}"`, text => configContext(text.split('\n'), 0, text.split('\n')[0]!)],
  'a directive of one word': [n => `# bulkhead-ignore ${'a'.repeat(n)} `, directiveContext],
  'markdown of brackets': [n => '[]('.repeat(n), toPlainText],
  'an exception of colons': [n => `:${':'.repeat(n)}[${':'.repeat(n)}\v:]:0`, text => proxyFromEnvironment({ NO_PROXY: text, HTTP_PROXY: 'http://p.example' })(new URL('http://a.example'))],
}; // prettier-ignore

describe('texts that a regular expression could read in many ways', () => {
  test.each(Object.keys(hostile))(
    '%s',
    name => {
      const [make, read] = hostile[name]!;
      const lint = (text: string): [] => {
        expect(read(text)).not.toBeUndefined();
        return [];
      };
      expectProportional(name, make, lint, 300_000);
    },
    patience,
  );
});
