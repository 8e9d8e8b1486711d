import type { Cannot, TrialSubject } from '../../shared/src/services/prove/contract';
import { trialSubject } from '../../shared/src/services/prove/subject/subject';

/** Bytes that are random enough for a test, the same in each run. */
export function pseudoRandom(): (length: number) => Uint8Array {
  let state = 7;
  return length =>
    Uint8Array.from({ length }, () => {
      state = (state * 48271) % 2147483647;
      return state >> 8;
    });
}

/** What is asked beside the text. */
export interface Asked {
  readonly name?: string;
  readonly path?: string;
  readonly files?: Readonly<Record<string, string>>;
}

const paths: Readonly<Record<string, string>> = {
  compose: 'deploy/compose.yaml',
  kubernetes: 'deploy/web.yaml',
  run: 'deploy/run.sh',
  dockerfile: 'deploy/Dockerfile',
};

/** What a trial of a file would be about, or why there is none. */
export function subjectIn(family: string, text: string, { name, path, files = {} }: Asked = {}): TrialSubject | readonly Cannot[] {
  return trialSubject(family, {
    path: path ?? paths[family]!,
    text,
    name: name ?? null,
    random: pseudoRandom(),
    read: file => files[file] ?? null,
    context: 'deploy',
  });
}

/** The same where there is one. */
export function provable(family: string, text: string, asked?: Asked): TrialSubject {
  const answer = subjectIn(family, text, asked);
  if (isSubject(answer)) return answer;
  throw new Error(`cannot be proved: ${refusedIn(answer).join('; ')}`);
}

/** Whether an answer is a subject. */
export function isSubject(answer: TrialSubject | readonly Cannot[]): answer is TrialSubject {
  return !Array.isArray(answer);
}

/** The reasons against a trial: `needs-host: privileged`. */
export function refusedIn(answer: TrialSubject | readonly Cannot[]): readonly string[] {
  return isSubject(answer) ? [] : answer.map(({ reason, what }) => `${reason}: ${what}`);
}
