#!/usr/bin/env bash
# What @vscode/test-electron starts as if it were VS Code's executable.
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
exec node --import "$here/../../node_modules/tsx/dist/loader.mjs" "$here/launcher.ts" "$@"
