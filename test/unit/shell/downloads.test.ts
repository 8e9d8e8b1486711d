import { describe, expect, it } from 'vitest';
import { downloadsOf, plainText } from '../../../shared/src/syntax/shell/downloads';
import { interpreterOf } from '../../../shared/src/syntax/shell/interpreter';
import { mappedSlice } from '../../../shared/src/syntax/shell/mapped-text';
import { parseScript } from '../../../shared/src/syntax/shell/script';
import { useOf, verifies } from '../../../shared/src/syntax/shell/verification';
import type { ShellCommand } from '../../../shared/src/syntax/shell/types';

const commandsOf = (text: string): readonly ShellCommand[] => parseScript(mappedSlice(text, 0), interpreterOf(['sh'])).commands;

describe('downloadsOf', () => {
  it.each<readonly [script: string, files: readonly (string | null)[], urls: readonly string[]]>([
    ['curl https://e.x/a.tgz', [null], ['https://e.x/a.tgz']],
    ['curl -fsSLO https://e.x/a.tgz', ['a.tgz'], ['https://e.x/a.tgz']],
    ['curl -fsSLo /tmp/b https://e.x/a.tgz', ['b'], ['https://e.x/a.tgz']],
    ['curl -o/tmp/b --url https://e.x/a', ['b'], ['https://e.x/a']],
    ['curl --output=c https://e.x/a', ['c'], ['https://e.x/a']],
    ['curl -x http://p:1 -H "A: b" -d @f https://e.x/a?b=c#d -O', ['a'], ['https://e.x/a?b=c#d']],
    ['curl https://e.x/a > "/tmp/${V}.sh"', ['$V.sh'], ['https://e.x/a']],
    ['curl -O https://e.x/a -O https://e.x/b', ['a', 'b'], ['https://e.x/a', 'https://e.x/b']],
    ['curl -s https://e.x/a 2> log', [null], ['https://e.x/a']],
    ['wget https://e.x/a.tgz?x=1', ['a.tgz'], ['https://e.x/a.tgz?x=1']],
    ['wget -qO- https://e.x/a', [null], ['https://e.x/a']],
    ['wget -O - https://e.x/a > f', ['f'], ['https://e.x/a']],
    ['wget -P /opt -q https://e.x/${V}/a-${V}.zip', ['a-$V.zip'], ['https://e.x/$V/a-$V.zip']],
    ['wget --version', [], []],
    ['aria2c -o a https://e.x/b', ['a'], ['https://e.x/b']],
    ['echo https://e.x/a', [], []],
  ])('%s', (script, files, urls) => {
    const found = downloadsOf(commandsOf(script)[0]!);
    expect(found.map(({ file }) => file)).toEqual(files);
    expect(found.map(({ url }) => url && plainText(url))).toEqual(urls);
  });
});

describe('verifies', () => {
  it.each([
    ['sha256sum -c -', true],
    ['shasum -a 256 a', true],
    ['gpg --batch --verify a.asc a', true],
    ['gpg --import key', false],
    ['openssl dgst -sha256 a', true],
    ['openssl req -new', false],
    ['cosign verify-blob a', true],
    ['rpm -K a.rpm', true],
    ['rpm -i a.rpm', false],
    ['./verify_checksum.sh a', true],
    ['tar xf a', false],
  ])('%s: %s', (script, expected) => {
    expect(verifies(commandsOf(script)[0]!)).toBe(expected);
  });
});

describe('useOf', () => {
  it.each<readonly [script: string, use: ReturnType<typeof useOf>]>([
    ['tar xzf a', 'extracted'],
    ['tar -xzf a', 'extracted'],
    ['tar -C / -xzf a', 'extracted'],
    ['tar --extract --file a', 'extracted'],
    ['tar -czf a b', null],
    ['tar tf a', null],
    ['unzip a', 'extracted'],
    ['gzip -d a', 'extracted'],
    ['gzip a', null],
    ['chmod +x a', 'made executable'],
    ['chmod 0755 a', 'made executable'],
    ['chmod 644 a', null],
    ['chmod u=rwx,g=rx a', 'made executable'],
    ['install -m 755 a b', 'made executable'],
    ['dpkg -i a.deb', 'installed'],
    ['dpkg -l', null],
    ['rpm -Uvh a.rpm', 'installed'],
    ['apt-get install ./a.deb', 'installed'],
    ['apt-get update', null],
    ['bash a.sh', 'run'],
    ['python3 a.py', 'run'],
    ['cat a', null],
  ])('%s: %s', (script, use) => {
    expect(useOf(commandsOf(script)[0]!)).toBe(use);
  });
});
