import { describe, expect, test } from 'vitest';
import { readCode } from '../../../shared/src/evidence/program/code/parse';
import { homeCaches } from '../../../shared/src/evidence/program/home-caches';

/** The caches of a program; none of what is no program. */
const cachesOf = (text: string, path: string) => [readCode(text, path)].flatMap(code => (code ? homeCaches(code) : []));

// Where libraries keep what they fetch: below the home directory, unless a variable says otherwise.

describe('below the home directory', () => {
  test.each([
    ['app.py', 'from transformers import pipeline', '.cache/huggingface', 'HF_HOME'],
    ['app.py', 'import nltk\nnltk.download("punkt")', 'nltk_data', 'NLTK_DATA'],
    ['app.py', 'model = torch.hub.load("a/b", "c")', '.cache/torch', 'TORCH_HOME'],
    ['app.py', 'driver = webdriver.Chrome(options=options)', '.cache', null],
    ['app.py', 'd = platformdirs.user_data_dir("notes")', '.local/share', 'XDG_DATA_HOME'],
    ['app.js', 'const puppeteer = require("puppeteer");', '.cache', null],
    ['app.ts', "import { chromium } from 'playwright';", '.cache', null],
  ])('%s: %s', (path, text, folder, variable) => {
    expect(cachesOf(text, path)).toMatchObject([{ folder, variable }]);
  });

  test.each([
    ['app.py', 'import nltk'],
    ['app.py', 'driver = webdriver.Remote("http://hub.example.com")'],
    ['app.js', 'from transformers import pipeline'],
    ['notes.md', 'const puppeteer = require("puppeteer");'],
  ])('not: %s: %s', (path, text) => {
    expect(cachesOf(text, path)).toEqual([]);
  });
});
