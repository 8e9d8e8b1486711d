import { fc } from '../../support/property';
import type { Fixture } from './fixtures';
import { dockerfileText } from './dockerfile';
import { yamlText } from './yaml';

/** What may come into a text by accident, or on purpose. */
const noise: readonly string[] =
  '!!merge |!!binary YQ==|? a\n: b\n|"\\x61": |{"a":1}|\x85|{{ .x }}|{{- end }}|: |- |? |"|\'|\\|\\\n|<<EOF\n|EOF\n|&a |*a|<<: *a\n|!x |[|]|{|}|,|#|---\n|...\n|\t|\r|\n\n|\0|\ufeff|\ud800|\u{1f600}|\u2028|$|${|$(|`|&&|%|null|${A:-|:=|`echo |$(echo |PASSWORD=|--token |- name: TOKEN\n  value: |<token>|</token>|{{ default "|}}|[x](y)|@octocat|\u009b|\u202e|\ue000|~|a: b\n|  |    '.split(
    '|',
  );

interface Change {
  readonly kind: 'insert' | 'delete' | 'repeat' | 'move' | 'splice' | 'indent' | 'replace';
  readonly at: number;
  readonly length: number;
  readonly noise: string;
}

const change: fc.Arbitrary<Change> = fc.record({
  kind: fc.constantFrom('insert', 'delete', 'repeat', 'move', 'splice', 'indent', 'replace'),
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  length: fc.nat({ max: 40 }),
  noise: fc.oneof(fc.constantFrom(...noise), fc.string({ maxLength: 4 })),
});

/** Applies a change to the lines and characters of a text; `other` is where a splice takes from. */
function apply(text: string, { kind, at, length, noise: added }: Change, other: string): string {
  const place = Math.floor(text.length * at);
  const lines = text.split('\n');
  const line = Math.floor(lines.length * at);
  const count = 1 + (length % 6);
  switch (kind) {
    case 'insert':
      return text.slice(0, place) + added + text.slice(place);
    case 'replace':
      return text.slice(0, place) + added + text.slice(place + length);
    case 'delete':
      return text.slice(0, place) + text.slice(place + length);
    case 'repeat':
      return [...lines.slice(0, line + count), ...lines.slice(line)].join('\n');
    case 'move':
      return [...lines.slice(0, line), ...lines.slice(line + count), ...lines.slice(line, line + count)].join('\n');
    case 'indent':
      return lines.map((own, i) => (i >= line && i < line + count ? ' '.repeat(length % 5) + own : own)).join('\n');
    case 'splice': {
      const parts = other.split('\n');
      const from = Math.floor(parts.length * at);
      return [...lines.slice(0, line), ...parts.slice(from, from + 4 * count), ...lines.slice(line)].join('\n');
    }
  }
}

/** Files of every kind that the engine reads: from the grammars, and made from other files by changes. */
export function anyFile(fixtures: readonly Fixture[]): fc.Arbitrary<Fixture> {
  const fixture = fc.constantFrom(...fixtures);
  const grown = fc.oneof(
    yamlText.map(text => ({ path: 'manifest.yaml', text })),
    yamlText.map(text => ({ path: 'chart/templates/a.yaml', text })),
    dockerfileText.map(text => ({ path: 'Dockerfile', text })),
  );
  const base = fc.oneof({ weight: 2, arbitrary: fixture }, { weight: 1, arbitrary: grown });
  return fc
    .tuple(base, base, fc.array(change, { maxLength: 4 }), fc.constantFrom('\n', '\n', '\n', '\r\n', '\r'), fc.boolean())
    .map(([{ path, text }, other, changes, eol, chopped]) => {
      const changed = changes.reduce((own, one) => apply(own, one, other.text), text);
      const ended = chopped ? changed.replace(/\n$/, '') : changed;
      return { path, text: eol === '\n' ? ended : ended.replace(/\r?\n/g, eol) };
    });
}
