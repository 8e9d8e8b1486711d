import { spawnSync } from 'node:child_process';

/** What a program printed, and its exit code. */
export interface Ran {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** Runs a program to its end. */
export function run(program: string, args: readonly string[], cwd: string, env: NodeJS.ProcessEnv = process.env): Ran {
  const { status, stdout, stderr, error } = spawnSync(program, args, { cwd, env, encoding: 'utf8', maxBuffer: 1 << 26 });
  return { code: status, out: stdout ?? '', err: error?.message ?? stderr };
}

/** Runs a program to its end, and gives what it printed. Throws where it fails. */
export function must(program: string, args: readonly string[], cwd: string, env: NodeJS.ProcessEnv = process.env): string {
  const { code, out, err } = run(program, args, cwd, env);
  if (code !== 0)
    throw new Error(`${program} ${args.join(' ')} ends with ${code}: ${(err || out).trim().split('\n').slice(-15).join('\n')}`);
  return out.trim();
}
