import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join, relative } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { createCredentialStore } from '../../../shared/host/node/registry/credentials';
import { findOnPath, withoutFolders } from '../../../shared/host/node/find-program';

/** Which programs are started though it is only the path that leads to them. */

const isPosix = process.platform !== 'win32';
if (!isPosix) console.warn('skipped: programs that are scripts of a shell');

const top = realpathSync(mkdtempSync(join(tmpdir(), 'bulkhead-programs-')));
afterAll(() => rmSync(top, { recursive: true, force: true }));
let made = 0;

const credentials = { kind: 'password', username: 'alice', password: 's3cret' };

/** A checked folder and the user's own, each with a helper in `bin` that leaves a mark beside it, and says where it would look for others. */
function places() {
  const at = join(top, String(made++));
  const [checked, own] = [join(at, 'checked'), join(at, 'own')];
  const names = ['docker-credential-x', 'cosign'];
  for (const folder of [checked, own]) {
    mkdirSync(join(folder, 'bin'), { recursive: true });
    for (const name of names) {
      const program = join(folder, 'bin', name);
      writeFileSync(program, `#!/bin/sh\necho "$PATH" >'${folder}/ran'\necho '{"Username":"alice","Secret":"s3cret"}'\n`);
      chmodSync(program, 0o755);
    }
  }
  const ran = (folder: string): string | null =>
    existsSync(join(folder, 'ran')) ? readFileSync(join(folder, 'ran'), 'utf8').trim() : null;
  const said: string[] = [];
  const ask = (path: readonly string[], outside: readonly string[] = [checked]) =>
    createCredentialStore({
      env: { HOME: own, PATH: path.join(delimiter), DOCKER_AUTH_CONFIG: '{"credsStore":"x"}' },
      outside: () => outside,
      log: line => said.push(`log: ${line}`),
      warn: line => said.push(`warn: ${line}`),
    }).find('registry.example.com', 'app');
  return { at, checked, own, ran, said, ask };
}

describe.runIf(isPosix)('a credential helper of the folder that is checked', () => {
  test.each<[string, (checked: string, at: string) => readonly string[]]>([
    ['by the path', checked => [join(checked, 'bin')]],
    ['by a link to its folder', (checked, at) => (symlinkSync(join(checked, 'bin'), join(at, 'link')), [join(at, 'link')])],
    [
      'by a link to the program',
      (checked, at) => {
        mkdirSync(join(at, 'tools'));
        symlinkSync(join(checked, 'bin/docker-credential-x'), join(at, 'tools/docker-credential-x'));
        return [join(at, 'tools')];
      },
    ],
    ['by a path with dots', (checked, at) => [join(at, 'own') + '/../checked/bin']],
  ])('is not started: %s', async (_, make) => {
    const { at, checked, ran, said, ask } = places();
    const [folder = ''] = make(checked, at);
    expect(await ask([folder, '/nonexistent'])).toBeNull();
    expect(ran(checked)).toBeNull();
    expect(said).toEqual([`warn: ${join(folder, 'docker-credential-x')} is not run: it lies in the folder that is checked`]);
  });

  test.each(['', '.', 'RELATIVE'])('is not started: by an entry that depends on the working directory, %j', async entry => {
    const { checked, ran, said, ask } = places();
    const path = entry === 'RELATIVE' ? relative(process.cwd(), join(checked, 'bin')) : entry;
    for (const outside of [[checked], []]) expect(await ask([path], outside)).toBeNull();
    expect(ran(checked)).toBeNull();
    expect(said).toEqual(Array(2).fill('log: docker-credential-x cannot be run (ENOENT)'));
  });

  test("the user's own is, behind it on the path, and finds none of the folder either", async () => {
    const { checked, own, ran, ask } = places();
    expect(await ask([join(checked, 'bin'), 'bin', '', join(own, 'bin'), '/usr/bin', '/bin'])).toEqual(credentials);
    expect(ran(checked)).toBeNull();
    expect(ran(own)).toBe([join(own, 'bin'), '/usr/bin', '/bin'].join(delimiter));
  });

  test('none is started where nobody trusts the workspace', async () => {
    const { own, ran, said } = places();
    const store = createCredentialStore({
      env: { HOME: own, PATH: join(own, 'bin'), DOCKER_AUTH_CONFIG: '{"credsStore":"x"}' },
      outside: null,
      log: line => said.push(line),
    });
    expect(await store.find('registry.example.com', 'app')).toBeNull();
    expect([ran(own), said]).toEqual([null, ['docker-credential-x is not run: the workspace is not trusted']]);
  });
});

describe.runIf(isPosix)('the path of a program that is started', () => {
  test('leads to nothing in a folder that is checked, and is never empty', () => {
    const { checked, own } = places();
    const bins = [join(checked, 'bin'), '', 'bin', join(own, 'bin')].join(delimiter);
    expect(withoutFolders({ PATH: bins, A: 'b' }, [checked])).toEqual({ PATH: join(own, 'bin'), A: 'b' });
    expect(withoutFolders({ PATH: bins }, [checked, own])).toEqual({});
    expect(findOnPath('cosign', { PATH: bins }, [checked])).toEqual({ path: join(own, 'bin/cosign'), left: join(checked, 'bin/cosign') });
  });
});
