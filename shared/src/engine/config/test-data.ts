import { matchGlobs } from '../../base/text/glob';
import { isBelowTestData, testDataFolders } from '../../workspace/source/test-data';
import type { Config } from './types';

/** Folders of tests and of development, whose containers live for one run on a machine of a developer or of CI, and of what was released or archived, which stays as it is. */
const asideFolder =
  /(?:^|\/)(?:\.ci|\.?tests?|e2e|[^/]{1,80}-tests|cypress|dummy|hack|\.devcontainer|[._]?archived?|v?\d{1,4}\.\d{1,4}\.\d{1,4}(?:-[\w.]{1,40})?)\//;

/** Scripts that test something, by their names: `test.sh`, `smoke-upgrade.sh`, `cluster_test.sh`. */
const testScript = /(?:^|\/)(?:(?:tests?|e2e|smoke)(?:[-_.][^/]{0,80})?|[^/]{1,80}[-_.]tests?)\.(?:ba)?sh$/;

/**
 * Whether a file is part of tests or of development, or of a release or an archive that is kept as it was: there, where no profile is configured, `baseline` holds, which
 * says what opens a host or gives a secret away; but for secrets it is worth an information at most; and nothing is said of what does not work, which tests show
 * themselves, or are about.
 * @param path its path in the folder of the configuration, with `/`
 */
export function isAside(path: string): boolean {
  return asideFolder.test(path) || testScript.test(path);
}

/**
 * Whether a search of a folder leaves a file out as test data, which is never run and often wrong on purpose, or as code of others.
 * @param below the path of the file in the folder that is searched, with `/`: a folder of test data that was asked for itself is searched
 * @param path its path in the folder of the configuration, which may include it by `!` in `exclude`
 */
export function isTestData(below: string, path: string, config: Config | null): boolean {
  return isBelowTestData(below) && matchGlobs([...testDataFolders, ...(config?.exclude ?? [])], path);
}
