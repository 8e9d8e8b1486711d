import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import * as http from 'node:http';
import * as path from 'node:path';
import { parse } from 'yaml';

/** An action made of steps, run as a runner does. */
export interface Action {
  readonly inputs: Readonly<Record<string, { readonly default?: string }>>;
  readonly runs: {
    readonly steps: readonly { readonly id: string; readonly run: string; readonly env: Readonly<Record<string, string>> }[];
  };
}

/** Reads the action of a folder. */
export const readAction = (folder: string): Action => parse(fs.readFileSync(path.join(folder, 'action.yml'), 'utf8')) as Action;

/** What npm says of a package's integrity. */
export const integrityOf = (file: string): string => `sha512-${createHash('sha512').update(fs.readFileSync(file)).digest('base64')}`;

/** A registry on loopback that has one version of one package. */
export async function startRegistry(
  tarball: string,
  version: string,
): Promise<{ readonly address: string; readonly stop: () => Promise<void> }> {
  let address = '';
  const server = http.createServer((request, response) => {
    if (request.url?.endsWith('.tgz')) return void response.end(fs.readFileSync(tarball));
    const dist = { tarball: `${address}/bulkhead/-/bulkhead-${version}.tgz`, integrity: integrityOf(tarball) };
    const versions = { [version]: { name: 'bulkhead', version, dist } };
    response.end(JSON.stringify({ name: 'bulkhead', 'dist-tags': { latest: version }, versions }));
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  address = `http://127.0.0.1:${(server.address() as { port: number }).port}`;
  return { address, stop: () => new Promise(resolve => void server.close(() => resolve())) };
}

/** What became of a run. */
export interface ActionRun {
  readonly code: number | null;
  readonly said: string;
  readonly outputs: Readonly<Record<string, string>>;
  /** The summary's file. */
  readonly summary: string;
}

/** Runs the steps of the action of a folder, as a runner does; servers of this process answer meanwhile. */
export async function runAction(
  folder: string,
  given: Readonly<Record<string, string>>,
  { cwd, runner, env }: { readonly cwd: string; readonly runner: string; readonly env: NodeJS.ProcessEnv },
): Promise<ActionRun> {
  const action = readAction(folder);
  const inputs: Readonly<Record<string, string>> = {
    ...Object.fromEntries(Object.entries(action.inputs).map(([name, input]) => [name, input.default ?? ''])),
    ...given,
  };
  const outputs: Record<string, string> = {};
  fs.mkdirSync(runner, { recursive: true });
  const [output, summary] = [path.join(runner, 'output'), path.join(runner, 'summary')];
  let said = '';
  for (const step of action.runs.steps) {
    fs.writeFileSync(output, '');
    const fill = (text: string): string =>
      text
        .replace(/\$\{\{ (inputs|steps\.\w+\.outputs)\.([\w-]+) \}\}/g, (_, from: string, name: string) =>
          from === 'inputs' ? (inputs[name] ?? '') : (outputs[name] ?? ''),
        )
        // a push: there is no pull request
        .replace(/\$\{\{ github\.event\.[\w.]+ \}\}/g, '');
    const child = spawn('bash', ['--noprofile', '--norc', '-eo', 'pipefail', '-c', step.run], {
      cwd,
      env: {
        ...process.env,
        ...Object.fromEntries(Object.entries(step.env).map(([name, value]) => [name, fill(value)])),
        ...{ RUNNER_TEMP: runner, GITHUB_OUTPUT: output, GITHUB_STEP_SUMMARY: summary, GITHUB_ACTION_PATH: folder },
        ...env,
      },
    });
    child.stdout.on('data', data => (said += String(data)));
    child.stderr.on('data', data => (said += String(data)));
    const code = await new Promise<number | null>(resolve => child.on('close', resolve));
    for (const line of fs.readFileSync(output, 'utf8').split('\n')) {
      const [name, ...value] = line.split('=');
      if (value.length > 0) outputs[name!] = value.join('=');
    }
    if (code !== 0) return { code, said, outputs, summary };
  }
  return { code: 0, said, outputs, summary };
}
