import { matchGlobs } from '../../base/text/glob';
import type { Config } from './types';

/** Folders of what tests read or compare with, by the conventions of Go, Jest, pytest, Chainsaw and others; and of modules of others that Go copies in. */
const testDataFolders = [
  ...['testdata', 'test-data', 'test_data', 'fixtures', 'fixture', '__fixtures__', 'test-fixtures', '__snapshots__'],
  ...['golden', 'goldens', '.chainsaw-test', '.kyverno-test', 'tests/data', 'vendor/*.*'],
];

/** Folders of tests, whose containers live for one run on a machine of a developer or of CI. */
const testFolders = ['test', 'tests', 'e2e', '*-tests'];

/**
 * Whether a file is part of tests: there the profile `baseline` holds where none is configured, which says what opens a host or gives a secret away.
 * @param path its path in the folder of the configuration, with `/`
 */
export function isTest(path: string): boolean {
  return /(?:test|tests|e2e)\//.test(path) && matchGlobs(testFolders, path.slice(0, path.lastIndexOf('/')));
}

/** Most paths have none of their words, and are done with it. */
const hints = /test|fixture|golden|snapshot|vendor\//;

/**
 * Whether a search of a folder leaves a file out as test data, which is never run and often wrong on purpose, or as code of others.
 * @param below the path of the file in the folder that is searched, with `/`: a folder of test data that was asked for itself is searched
 * @param path its path in the folder of the configuration, which may include it by `!` in `exclude`
 */
export function isTestData(below: string, path: string, config: Config | null): boolean {
  return hints.test(below) && matchGlobs(testDataFolders, below) && matchGlobs([...testDataFolders, ...(config?.exclude ?? [])], path);
}
