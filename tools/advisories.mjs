// What an answer of `npm audit` says of the packages that ship.

/** Severities that fail the check. */
const grave = new Set(['high', 'critical']);

/**
 * What an answer of `npm audit --json` says of packages, each given by its folder: the grave advisories of those that are bundled, and
 * how many others there are. `null`: it is no answer.
 */
export function judge(answer, bundled) {
  let vulnerabilities;
  try {
    ({ vulnerabilities } = JSON.parse(answer));
  } catch {
    return null;
  }
  if (typeof vulnerabilities !== 'object' || vulnerabilities === null) return null;
  const folders = new Set(bundled);
  // a string stands for a dependency that has the advisory: it has an entry of its own
  const advisories = Object.values(vulnerabilities).flatMap(({ name, via, nodes }) =>
    via.filter(entry => typeof entry === 'object').map(({ title, severity, url }) => ({ name, title, severity, url, nodes })),
  );
  const ships = ({ severity, nodes }) => grave.has(severity) && nodes.some(node => folders.has(node));
  return { found: advisories.filter(ships), others: advisories.filter(advisory => !ships(advisory)).length };
}
