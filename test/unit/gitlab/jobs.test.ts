import { describe, expect, it } from 'vitest';
import { readGitlab } from '../../../shared/src/families/gitlab/model/read';
import { chosenCode } from '../../../shared/src/families/gitlab/model/untrusted';
import type { GitlabJob } from '../../../shared/src/families/gitlab/model/types';
import { parseDocument } from '../../../shared/src/syntax/yaml/parse';
import { stringOf } from '../../../shared/src/syntax/yaml/values';

const read = (text: string) => readGitlab(parseDocument(text), '.gitlab-ci.yml')!;

function jobOf(text: string, name = 'job'): GitlabJob {
  return read(text).jobs.find(job => job.name === name)!;
}

describe('a job is read after what it extends, refers to and takes by default', () => {
  it.each<[what: string, text: string, lines: readonly string[]]>([
    ['its own script', 'job: {script: [a, b]}', ['a', 'b']],
    ['a text in the place of a list', 'job: {script: a}', ['a']],
    ['in the order in which they run', 'job: {after_script: c, script: b, before_script: a}', ['a', 'b', 'c']],
    ['of a template', '.t: {script: a}\njob: {extends: .t}', ['a']],
    ['its own first', '.t: {script: a, before_script: x}\njob: {extends: .t, script: b}', ['x', 'b']],
    ['of the last of several', '.s: {script: a}\n.t: {script: b}\njob: {extends: [.s, .t]}', ['b']],
    ['of a template of a template', '.s: {script: a}\n.t: {extends: .s}\njob: {extends: .t}', ['a']],
    ['by default', 'default: {before_script: d}\njob: {script: a}', ['d', 'a']],
    ['at the top', 'before_script: [d]\njob: {script: a}', ['d', 'a']],
    ['by default, and not taken', 'default: {before_script: d}\njob: {script: a, inherit: {default: false}}', ['a']],
    ['by default, and taken by name', 'default: {before_script: d}\njob: {script: a, inherit: {default: [image]}}', ['a']],
    ['referred to', '.t: {script: [x, y]}\njob:\n  script:\n    - !reference [.t, script]\n    - a', ['x', 'y', 'a']],
    ['referred to by what is', '.s: {script: x}\n.t: {script: [!reference [.s, script]]}\njob: {script: [!reference [.t, script]]}', ['x']],
    ['by a merge key', '.t: &t {script: a}\njob: {<<: *t}', ['a']],
    ['by an alias in a list', '.t: &t [x]\njob: {script: [*t, a]}', ['x', 'a']],
    ['of itself', 'job: {extends: job, script: [!reference [job, script]]}', []],
  ])('%s', (_, text, lines) => expect(jobOf(text).lines().map(stringOf)).toEqual(lines));

  it.each<[what: string, text: string, whole: boolean]>([
    ['of the file', '.t: {script: a}\njob: {extends: .t}', true],
    ['extended from elsewhere', 'include: x.yml\njob: {extends: .t}', false],
    ['referred to elsewhere', 'include: x.yml\njob: {script: [!reference [.t, script]]}', false],
  ])('and is whole: %s', (_, text, whole) => expect(jobOf(text).whole).toBe(whole));

  it.each<[what: string, text: string, names: readonly string[]]>([
    ['the job before the pipeline', 'variables: {A: 1, B: 2}\njob: {variables: {A: 3}}', ['A=3', 'B=2']],
    ['each layer adds its own', '.t: {variables: {A: 1, B: 2}}\njob: {extends: .t, variables: {A: 3}}', ['A=3', 'B=2']],
    ['with a description', 'variables: {A: {value: x, description: y}}\njob: {script: a}', ['A=x']],
    ['none of the pipeline', 'variables: {A: 1}\njob: {script: a, inherit: {variables: false}}', []],
  ])('with variables: %s', (_, text, names) =>
    expect(
      jobOf(text)
        .variables()
        .map(({ name, text: value }) => `${name}=${value}`),
    ).toEqual(names),
  );

  it.each<[what: string, text: string, mayFail: boolean, merging: boolean]>([
    [
      'of a template, as all that extend it',
      '.t: {script: a}\nx: {extends: .t, allow_failure: true}\ny: {extends: .t, allow_failure: true}',
      true,
      false,
    ],
    ['of a template, as not all do', '.t: {script: a}\nx: {extends: .t, allow_failure: true}\ny: {extends: .t}', false, false],
    ['of merge requests', 'x: {script: a, rules: [{if: $CI_MERGE_REQUEST_IID}]}', false, true],
    ['of merge request events', 'x: {script: a, rules: [{if: $CI_PIPELINE_SOURCE == "merge_request_event"}]}', false, true],
    ['of merge requests, as it was written', 'x: {script: a, only: [merge_requests]}', false, true],
    ['of merge requests by a template', '.t: {only: {refs: [merge_requests]}}\nx: {extends: .t, script: a}', false, true],
    ['of all but merge requests', `x: {script: a, rules: [{if: '$CI_PIPELINE_SOURCE != "merge_request_event"'}]}`, false, false],
    ['of either', `x: {script: a, rules: [{if: '$CI_PIPELINE_SOURCE == "merge_request_event" || $CI_COMMIT_TAG'}]}`, false, false],
    ['never for drafts', 'x: {script: a, rules: [{if: $CI_MERGE_REQUEST_DRAFT, when: never}, {if: $CI_MERGE_REQUEST_IID}]}', false, true],
    ['of branches too', 'x: {script: a, only: [merge_requests, main]}', false, false],
  ])('a line knows its jobs: %s', (_, text, mayFail, merging) => {
    const [line] = read(text).scripts;
    expect([line!.mayFail !== null, line!.merging]).toEqual([mayFail, merging]);
  });

  it('each line and image once, where it is written', () => {
    const file = read('.t: &t {image: node:24, script: [a]}\nx: {<<: *t}\ny: {<<: *t, script: [!reference [.t, script], b]}\n');
    expect(file.scripts.map(({ node }) => stringOf(node))).toEqual(['a', 'b']);
    expect(file.images).toHaveLength(1);
  });
});

describe('what is read as code once more', () => {
  const chosen = (line: string): readonly string[] =>
    read(`job:\n  script:\n    - |\n      ${line}\n`).scripts.flatMap(one =>
      chosenCode(one).map(({ variable, chooser }) => `${chooser} ${variable.name}`),
    );

  it.each<[line: string, found: readonly string[]]>([
    ['eval "$CI_COMMIT_MESSAGE"', ['anyone CI_COMMIT_MESSAGE']],
    ['bash -lc "x $CI_COMMIT_TAG"', ['pusher CI_COMMIT_TAG']],
    ['kubectl exec web -- sh -c "x ${CI_COMMIT_TAG}"', ['pusher CI_COMMIT_TAG']],
    ['ssh -i key -o A=b host run "$CI_COMMIT_TITLE"', ['anyone CI_COMMIT_TITLE']],
    ['printf %s "$CI_COMMIT_TITLE" | sudo bash', ['anyone CI_COMMIT_TITLE']],
    ['echo "$CI_COMMIT_TITLE" | sh -s', ['anyone CI_COMMIT_TITLE']],
    ['node -e "x(\'$CI_MERGE_REQUEST_TITLE\')"', ['anyone CI_MERGE_REQUEST_TITLE']],
    ['echo $CI_COMMIT_MESSAGE', []],
    ['./run "$CI_MERGE_REQUEST_TITLE"', []],
    ['sh -c \'echo "$CI_COMMIT_MESSAGE"\'', []],
    ['sh -c "echo \\$CI_COMMIT_MESSAGE"', []],
    ['eval "echo ${CI_COMMIT_MESSAGE@Q}"', []],
    ['sh -c "echo $CI_COMMIT_REF_SLUG"', []],
    ['sh -c \'echo "$1"\' sh "$CI_COMMIT_TITLE"', []],
    ['echo "$CI_COMMIT_TITLE" | ./run.sh', []],
    ['ssh "$CI_COMMIT_TITLE"', []],
  ])('%s', (line, found) => expect(chosen(line)).toEqual(found));
});
