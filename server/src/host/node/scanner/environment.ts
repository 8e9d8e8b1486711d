import type { ScannerName } from '../../../../../shared/src/index';

/** What scanners are told by variables beside their options: where images, databases and credentials are. Others could hide findings, or write files. */
const kept: Readonly<Record<ScannerName, readonly string[]>> = {
  trivy: [
    'CACHE_DIR',
    'CACERT',
    'CUSTOM_HEADERS',
    'DB_REPOSITORY',
    'IMAGE_SRC',
    'INSECURE',
    'JAVA_DB_REPOSITORY',
    'NON_SSL',
    'OFFLINE_SCAN',
    'PASSWORD',
    'PODMAN_HOST',
    'REGISTRY_TOKEN',
    'SERVER',
    'SKIP_DB_UPDATE',
    'SKIP_JAVA_DB_UPDATE',
    'TOKEN',
    'TOKEN_HEADER',
    'USERNAME',
  ].map(name => `TRIVY_${name}`),
  grype: [
    'GRYPE_DB_CACHE_DIR',
    'GRYPE_DB_CA_CERT',
    'GRYPE_DB_UPDATE_URL',
    'GRYPE_DB_AUTO_UPDATE',
    'GRYPE_DB_VALIDATE_AGE',
    'GRYPE_DEFAULT_IMAGE_PULL_SOURCE',
    'GRYPE_REGISTRY_AUTH_AUTHORITY',
    'GRYPE_REGISTRY_AUTH_USERNAME',
    'GRYPE_REGISTRY_AUTH_PASSWORD',
    'GRYPE_REGISTRY_AUTH_TOKEN',
    'GRYPE_REGISTRY_CA_CERT',
    'GRYPE_REGISTRY_INSECURE_SKIP_TLS_VERIFY',
  ],
  dockle: ['DOCKLE_USERNAME', 'DOCKLE_PASSWORD', 'DOCKLE_AUTH_URL', 'DOCKLE_INSECURE', 'DOCKLE_NON_SSL'],
};

/** What is set by variables rather than options: an old scanner passes over a variable that it does not know, and fails on an option. */
const own = {
  NO_COLOR: '1',
  TRIVY_DISABLE_TELEMETRY: 'true',
  TRIVY_SKIP_VERSION_CHECK: 'true',
  GRYPE_CHECK_FOR_APP_UPDATE: 'false',
} as const;

/** The environment of a scanner: the user's, without variables that change what it reports or where it writes. */
export function scannerEnvironment(env: NodeJS.ProcessEnv, scanner: ScannerName, update: boolean): NodeJS.ProcessEnv {
  const wanted = new Set(kept[scanner]);
  const passed = Object.entries(env).filter(([name]) => !/^(?:TRIVY|GRYPE|SYFT|DOCKLE)_/i.test(name) || wanted.has(name.toUpperCase()));
  // the age of the database is told by us
  const still = { GRYPE_DB_AUTO_UPDATE: 'false', GRYPE_DB_VALIDATE_AGE: 'false' };
  return { ...Object.fromEntries(passed), ...own, ...(!update && scanner === 'grype' && still) };
}
