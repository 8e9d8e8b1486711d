import { expect, test } from 'vitest';
import { markdownText, toPlainText } from '../../../server/src/lsp/markdown';

test.each([
  ['plain words, in a row', 'plain words, in a row'],
  ['a\nb\r\nc\u2028d', 'a b  c\ufffdd'],
  ['\u001b[31mred\u202e', '\ufffd\\[31mred\ufffd'],
  ['    code', ' code'],
  ['- item', '\\- item'],
  ['1. item', '1\\. item'],
  ['12) item', '12\\) item'],
  ['=== ', '\\=== '],
  ['# head', '\\# head'],
  ['http://a.example', 'http\\://a.example'],
  ['WWW.a.example', 'WWW\\.a.example'],
  ['me@a.example', 'me\\@a.example'],
  ['![x](y)', '\\!\\[x\\](y)'],
  ['<https://a.example>', '\\<https\\://a.example\\>'],
  ['&#10;&lt;', '\\&\\#10;\\&lt;'],
  ['a\\b', 'a\\\\b'],
  ['~~x~~ `y` **z** _w_', '\\~\\~x\\~\\~ \\`y\\` \\*\\*z\\*\\* \\_w\\_'],
  ['nginx:1.27', 'nginx:1.27'],
])('%j stands as it is', (text, markdown) => {
  expect(markdownText(text)).toBe(markdown);
});

test('a client without Markdown sees the text', () => {
  const text = 'a*b*`c` [d](e) \\ https://f.example me@g.example 1. & <h>';
  expect(toPlainText(`**${markdownText(text)}** \`rule\` [More](https://x.example)`)).toBe(`${text} rule More: https://x.example`);
});
