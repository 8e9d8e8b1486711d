import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { expect } from 'vitest';
import { built } from '../support/built';

/** A safe fix (`COPY` for `ADD`) and a review fix (`USER`, which Node images have). */
const dockerfile = 'FROM node:24-bookworm-slim\nWORKDIR /app\nADD server.js /app/\nCMD ["node", "server.js"]\n';

/** What of it runs is not known, so that there is something to ask, and how much memory it takes, which is a place to fill. */
const services = 'services:\n  one:\n    image: registry.example.com/acme/shop:1\n';

/** The program that it starts: it writes nothing. */
const server = `require('node:http').createServer((_, answer) => answer.end('hello')).listen(3000);\n`;

/** What a person does in the editor, step by step, and sees. */
export interface Seen {
  /** Why the driver ended early. */
  readonly error?: string;
  /** The rules of the findings once they have come. */
  readonly rules: readonly string[];
  /** The text after one quick fix. */
  readonly fixed: string;
  /** The file on disk and whether the buffer still counts as changed, right after an instruction with a safe fix was added and the file written. */
  readonly written: string;
  readonly modified: boolean;
  /** The text after harden. */
  readonly hardened: string;
  /** The text after a suppression with a reason. */
  readonly suppressed?: string;
  /** What the interview asked, the text after the answers, and with the first place to fill. */
  readonly asked?: readonly string[];
  readonly answered?: string;
  readonly filling?: string;
}

/** Expects of an editor what the page about it promises: findings, a quick fix, the safe fixes before a file is written, harden. */
export function expectAll(seen: Seen): void {
  expect(seen.rules).toEqual(expect.arrayContaining(['dockerfile/add-for-copy', 'dockerfile/root-user']));
  const fixed = dockerfile.replace('ADD', 'COPY');
  expect(seen.fixed).toBe(fixed);
  expect(seen.written).toBe(fixed.replace('CMD', 'COPY other.js /app/\nCMD'));
  expect(seen.modified).toBe(false);
  expect(seen.hardened).toMatch(/^USER /m);
}

/** A run of an editor on a Dockerfile, with `bulkhead` on the path as `npm link` puts it there, and a home of its own. */
export function runEditor(program: string, args: (folder: string) => readonly string[], files: Readonly<Record<string, string>>): Seen {
  const cli = built('cli.js');
  const scratch = realpathSync(mkdtempSync(join(tmpdir(), 'bulkhead-editor-')));
  try {
    const [folder, bin] = [join(scratch, 'project'), join(scratch, 'bin')];
    mkdirSync(join(folder, '.git'), { recursive: true });
    mkdirSync(bin);
    symlinkSync(cli, join(bin, 'bulkhead'));
    writeFileSync(join(folder, 'Dockerfile'), dockerfile);
    writeFileSync(join(folder, 'server.js'), server);
    writeFileSync(join(folder, 'other.js'), '');
    writeFileSync(join(folder, 'compose.yaml'), services);
    for (const [name, text] of Object.entries(files)) writeFileSync(join(scratch, name), text);
    const result = join(scratch, 'result.json');
    const { stdout, stderr } = spawnSync(program, args(scratch), {
      cwd: folder,
      encoding: 'utf8',
      timeout: 110_000,
      env: {
        ...process.env,
        PATH: `${bin}${delimiter}${process.env['PATH'] ?? ''}`,
        HOME: scratch,
        XDG_CONFIG_HOME: join(scratch, 'config'),
        XDG_DATA_HOME: join(scratch, 'data'),
        XDG_STATE_HOME: join(scratch, 'state'),
        XDG_CACHE_HOME: join(scratch, 'cache'),
        BULKHEAD_RESULT: result,
      },
    });
    if (!existsSync(result)) throw new Error(`the editor ended without a result:\n${stdout}\n${stderr}`);
    const seen = JSON.parse(readFileSync(result, 'utf8')) as Seen;
    if (seen.error !== undefined) throw new Error(`${seen.error}\n${stderr}`);
    return seen;
  } finally {
    rmSync(scratch, { recursive: true, force: true, maxRetries: 5 });
  }
}
