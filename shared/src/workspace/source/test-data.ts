import { matchGlobs } from '../../base/text/glob';

/** Folders of what tests read or compare with, by the conventions of Go, Jest, pytest, Chainsaw and others; and of modules of others that Go copies in. */
export const testDataFolders: readonly string[] = [
  ...['testdata', 'test-data', 'test_data', 'fixtures', 'fixture', '__fixtures__', 'test-fixtures', '__snapshots__'],
  ...['golden', 'goldens', '.chainsaw-test', '.kyverno-test', '**/tests/data', '**/vendor/*.*'],
];

/** Folders of tests, whose containers live for one run, and which are often wrong on purpose. */
const testFolder = /(?:^|\/)(?:\.?tests?|unittests?|testenv(?:[-_][^/]{1,80})?|e2e|[^/]{1,80}[-_]tests?|cypress|molecule|dummy)\//;

/** Whether a path, with `/`, lies in a folder of tests. */
export function isTestFolder(path: string): boolean {
  return testFolder.test(path);
}

/** Most paths have none of their words, and are done with it. */
const hints = /test|fixture|golden|snapshot|vendor\//;

/** Whether a path, with `/`, is one of test data, which is never run and often wrong on purpose, or of code of others. */
export function isBelowTestData(path: string): boolean {
  return hints.test(path) && matchGlobs(testDataFolders, path);
}
