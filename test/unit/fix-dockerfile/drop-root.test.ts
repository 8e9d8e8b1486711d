import { describe, expect, test } from 'vitest';
import { createEngine } from '../../../shared/src/engine/create-engine';
import { rule } from '../../../shared/src/families/dockerfile/rules/root-user';
import { createWorkspaceIndex } from '../../../shared/src/workspace/workspace-index';
import type { WorkspaceIndex } from '../../../shared/src/workspace/types';
import { applyEdits } from '../../../shared/src/base/text/edits';
import { plainContext } from '../../../tools/lint-context';

const engine = createEngine([rule]);
const script = '#!/bin/sh\nset -e\nmkdir -p /var/lib/queue\nchown -R queue /var/lib/queue\nexec "$@"\n';
const image =
  'FROM debian:13\nRUN useradd -r queue\nCOPY start.sh queue /usr/local/bin/\nVOLUME /var/lib/queue\nENTRYPOINT ["start.sh"]\nCMD ["queue"]\n';

function workspaceOf(text: string): WorkspaceIndex {
  const store = createWorkspaceIndex({ complete: true });
  store.update('start.sh', engine.open({ path: 'start.sh', text }).facts());
  return store.index;
}

/** What the script of a Dockerfile becomes; `null` where no drop is offered. */
function dropped(dockerfile: string, text = script): string | null {
  const workspace = workspaceOf(text);
  const { findings } = engine.open({ path: 'Dockerfile', text: dockerfile }).lint({ ...plainContext(), workspace });
  const fix = findings.flatMap(({ fixes }) => fixes).find(({ id }) => id === 'drop');
  if (!fix?.elsewhere) return null;
  expect(fix.class).toBe('attended');
  expect(fix.elsewhere.path).toBe('start.sh');
  return applyEdits(text, [fix.elsewhere]);
}

const message = (text: string): string | undefined => {
  const workspace = workspaceOf(text);
  return engine.open({ path: 'Dockerfile', text: image }).lint({ ...plainContext(), workspace }).findings[0]?.messageId;
};

describe('a start script switches to another user at its end', () => {
  test('as the user that the file creates, whom it gives the volumes', () => {
    const result = dropped(image)!;
    expect(result).toBe(
      script.replace(
        'exec "$@"\n',
        'if [ "$(id -u)" = 0 ]; then\n  chown -R queue /var/lib/queue\n  exec setpriv --reuid=queue --regid="$(id -g queue)" --init-groups "$@"\nfi\nexec "$@"\n',
      ),
    );
    expect(message(script)).toBe('missing');
    expect(message(result), 'what the script does is heeded').toBe('drops');
    expect(dropped(image, result), 'once').toBeNull();
  });

  test('with the line ends of the script', () => {
    const crlf = script.replaceAll('\n', '\r\n');
    expect(dropped(image, crlf)!.replaceAll('\r\n', '')).not.toContain('\n');
  });

  test.each<[name: string, dockerfile: string, command: string | null]>([
    [
      'by number, where there is no user',
      image.replace('RUN useradd -r queue\n', ''),
      'setpriv --reuid=10001 --regid=10001 --clear-groups',
    ],
    ['as the user of Node.js', image.replace('RUN useradd -r queue\n', '').replace('debian:13', 'node:24'), 'setpriv --reuid=node'],
    ['with what the image steps down by', image.replace('debian:13', 'postgres:17'), 'gosu queue'],
    ['not on Alpine, whose setpriv knows no users', image.replace('debian:13', 'alpine:3.23').replace('useradd -r', 'adduser -D'), null],
    ['not of several users', image.replace('queue\n', 'queue && useradd other\n'), null],
  ])('%s', (_, dockerfile, command) => {
    const result = dropped(dockerfile);
    if (command === null) expect(result).toBeNull();
    else expect(result).toContain(`exec ${command}`);
  });

  test.each([
    ['that goes on as somebody', script.replace('exec "$@"', 'exec setpriv --reuid=1 "$@"\nexec "$@"')],
    ['that starts something else', script.replace('exec "$@"', 'exec queue')],
    ['that hands on within a block', script.replace('exec "$@"', 'if true; then\n  exec "$@"\nfi')],
  ])('not one %s', (_, text) => {
    expect(dropped(image, text)).toBeNull();
  });
});
