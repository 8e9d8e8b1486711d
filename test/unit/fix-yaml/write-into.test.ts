import { describe, expect, test } from 'vitest';
import { writeInto } from '../../../shared/src/syntax/yaml/fix/write-into';

const addition = '# For the chart.\nweb:\n  securityContext:\n    runAsNonRoot: true\n    capabilities:\n      drop:\n        - ALL\n';

describe('what a document says, written into another text', () => {
  test.each([
    ['an empty text', '', addition],
    ['comments alone', '# mine\n', `# mine\n${addition}`],
    [
      'other keys, comments and styles, which stay',
      "# values\nimage: 'a'   # why\nweb:\n    port: 80\n",
      "# values\nimage: 'a'   # why\nweb:\n    port: 80\n    securityContext:\n        runAsNonRoot: true\n        capabilities:\n            drop:\n                - ALL\n",
    ],
    [
      'an empty map, another value and a list that lacks the item',
      'web:\n  securityContext:\n    runAsNonRoot: false # for now\n    capabilities: {drop: [NET_RAW]}\n',
      'web:\n  securityContext:\n    runAsNonRoot: true # for now\n    capabilities: {drop: [NET_RAW, ALL]}\n',
    ],
    ['all of it already', addition, addition],
    [
      'Windows line ends',
      'web:\r\n  port: 80\r\n',
      'web:\r\n  port: 80\r\n  securityContext:\r\n    runAsNonRoot: true\r\n    capabilities:\r\n      drop:\r\n        - ALL\r\n',
    ],
  ])('%s', (_, text, expected) => {
    expect(writeInto(text, addition)).toBe(expected);
    expect(writeInto(expected, addition)).toBe(expected);
  });

  test.each([
    ['a list', '- a\n'],
    ['two documents', 'a: 1\n---\nb: 2\n'],
    ['a syntax error', 'a: [1\n'],
    ['an alias in the way', 'base: &base {a: 1}\nweb: *base\n'],
    ['a template', 'web: {{ .x }}\n'],
  ])('not into %s', (_, text) => {
    expect(writeInto(text, addition)).toBeNull();
  });
});
