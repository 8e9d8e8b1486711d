#!/usr/bin/env bash
# Installs one version of the command line, whose npm package has to have the given integrity, into a folder of its own; prints where its program is.
# VERSION, INTEGRITY: as the inputs of the actions say.
set -euo pipefail
package=bulkhead

fail() {
  echo "::error::$1" >&2
  exit 2
}

command -v node >/dev/null || fail 'Bulkhead needs Node.js 20 or later on the runner (actions/setup-node)'
[[ $VERSION =~ ^[0-9]+\.[0-9]+\.[0-9]+$ ]] || fail 'version must be a version such as 1.2.3'
[[ -n $INTEGRITY ]] || fail 'give the integrity (sha512-...) of the npm package: anybody could own a name that is not published, and a registry can change what it has'

folder=$(mktemp -d "${RUNNER_TEMP:-/tmp}/bulkhead-XXXXXX")
cd "$folder"
tarball=$folder/$(npm pack --silent "$package@$VERSION")
found=$(node -e '
  const { createHash } = require("node:crypto");
  const bytes = require("node:fs").readFileSync(process.argv[1]);
  console.log("sha512-" + createHash("sha512").update(bytes).digest("base64"));
' "$tarball")
[[ $INTEGRITY == "$found" ]] || fail "the npm package $package@$VERSION is not what integrity says: someone else's, or changed. Integrity comes from the release notes or your own build, never from a registry"
npm install --silent --ignore-scripts --no-audit --no-fund --prefix "$folder" "$tarball" >/dev/null
echo "$folder/node_modules/$package/cli.js"
