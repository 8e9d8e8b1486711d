#!/usr/bin/env bash
# What @vscode/test-electron starts as if it were VS Code's executable.
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
exec node --import "$here/../../node_modules/tsx/dist/esm/index.mjs" "$here/launcher.ts" "$@"
