import { matchGlobs } from '../../base/text/glob';
import type { Config } from './types';

/** Folders of what tests read or compare with, by the conventions of Go, Jest, pytest, Chainsaw and others; and of modules of others that Go copies in. */
const testDataFolders = [
  ...['testdata', 'test-data', 'test_data', 'fixtures', 'fixture', '__fixtures__', 'test-fixtures', '__snapshots__'],
  ...['golden', 'goldens', '.chainsaw-test', '.kyverno-test', '**/tests/data', '**/vendor/*.*'],
];

/** Folders of tests and of development, whose containers live for one run on a machine of a developer or of CI, and of what was released or archived, which stays as it is. */
const asideFolder =
  /(?:^|\/)(?:\.?tests?|e2e|[^/]{1,80}-tests|cypress|dummy|hack|\.devcontainer|[._]?archived?|v?\d{1,4}\.\d{1,4}\.\d{1,4}(?:-[\w.]{1,40})?)\//;

/**
 * Whether a file is part of tests or of development, or of a release or an archive that is kept as it was: there, where no profile is configured, `baseline` holds, which
 * says what opens a host or gives a secret away; but for secrets it is worth an information at most; and nothing is said of what does not work, which tests show
 * themselves, or are about.
 * @param path its path in the folder of the configuration, with `/`
 */
export function isAside(path: string): boolean {
  return asideFolder.test(path);
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
