import { matchGlobs } from '../../base/text/glob';
import type { Config } from './types';

/** Folders of what tests read or compare with: by the conventions of Go, Jest, pytest, Chainsaw and others. */
const testDataFolders = [
  ...['testdata', 'test-data', 'test_data', 'fixtures', 'fixture', '__fixtures__', 'test-fixtures', '__snapshots__'],
  ...['golden', 'goldens', '.chainsaw-test', '.kyverno-test', 'tests/data'],
];

/** Most paths have none of their words, and are done with it. */
const hints = /test|fixture|golden|snapshot/;

/**
 * Whether a search of a folder leaves a file out as test data: what is never run, and is often wrong on purpose.
 * @param below the path of the file in the folder that is searched, with `/`: a folder of test data that was asked for itself is searched
 * @param path its path in the folder of the configuration, which may include it by `!` in `exclude`
 */
export function isTestData(below: string, path: string, config: Config | null): boolean {
  return hints.test(below) && matchGlobs(testDataFolders, below) && matchGlobs([...testDataFolders, ...(config?.exclude ?? [])], path);
}
