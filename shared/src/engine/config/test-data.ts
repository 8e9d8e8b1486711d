import { matchGlobs } from '../../base/text/glob';
import { isBelowTestData, isTestFolder, testDataFolders } from '../../workspace/source/test-data';
import type { Aside, Config } from './types';

/** Folders of development and of CI, whose containers run on the machine of a developer or for one run, and of what was released or archived, which stays as it is. */
const asideFolder = /(?:^|\/)(?:hack|\.ci|\.devcontainer|[._]?archived?|v?\d{1,4}\.\d{1,4}\.\d{1,4}(?:-[\w.]{1,40})?)\//;

/** Scripts that test something, by their names: `test.sh`, `smoke-upgrade.sh`, `cluster_test.sh`. */
const testScript = /(?:^|\/)(?:(?:tests?|e2e|smoke)(?:[-_.][^/]{0,80})?|[^/]{1,80}[-_.]tests?)\.(?:ba)?sh$/;

/** Values with which helm/chart-testing installs a chart: `ci/*-values.yaml` beside its Chart.yaml. */
const testValues = /(?:^|\/)ci\/(?:[^/]{1,200}-)?values\.ya?ml$/;

/** Dockerfiles and Compose files of tests, by their names: `e2e-go.dockerfile`, `Dockerfile.loadtest`, `docker-compose.override.integration_tests.yml`. */
const testBuild = /(?:^|[-_.])(?:tests?|e2e|(?:load|smoke|unit|integration|acceptance)[-_]?tests?)(?:[-_.]|$)/i;

/** Those of development and demonstration, which a developer starts: `dev.Dockerfile`, `docker-compose.override.dev.yml`, `dev/compose.yaml`; `dev-portal/compose.yaml` is a service. */
const developmentBuild = /(?:^|[-_.])(?:dev|devel|development|demos?|benchmarks?|integration)(?:[-_.]|$)/i;
const developmentFolder = /(?:^|\/)(?:dev|devel|development|demos?|benchmarks?)\//i;

const script = /\.(?:ba|z)?sh$/;

/** The base name of a Dockerfile or a Compose file. */
const buildName = /(?:^|\/)([^/]{0,80}(?:dockerfile|containerfile|compose)[^/]{0,80})$/i;

/**
 * What a file is beside what runs, where no profile is configured. Of `tests` secrets alone are reported. Of what is `kept` (development, releases, archives) the
 * profile is `baseline`, which says what opens a host or gives a secret away; but for secrets it is worth an information at most, and nothing is said of what does not work.
 * Of what is for `development` all is said, but what opens no host is worth an information at most.
 * @param path its path in the folder of the configuration, with `/`
 * @returns `null`: it is none of that
 */
export function asideOf(path: string): Aside | null {
  if (isTestFolder(path) || testScript.test(path) || testValues.test(path)) return 'tests';
  if (asideFolder.test(path)) return 'kept';
  const name = buildName.exec(path)?.[1];
  if (name !== undefined && testBuild.test(name)) return 'tests';
  const isOfDevelopment = developmentFolder.test(path)
    ? name !== undefined || script.test(path)
    : name !== undefined && developmentBuild.test(name);
  return isOfDevelopment ? 'development' : null;
}

/**
 * Whether a search of a folder leaves a file out as test data, which is never run and often wrong on purpose, or as code of others.
 * @param below the path of the file in the folder that is searched, with `/`: a folder of test data that was asked for itself is searched
 * @param path its path in the folder of the configuration, which may include it by `!` in `exclude`
 */
export function isTestData(below: string, path: string, config: Config | null): boolean {
  return isBelowTestData(below) && matchGlobs([...testDataFolders, ...(config?.exclude ?? [])], path);
}
