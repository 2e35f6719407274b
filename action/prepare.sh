#!/usr/bin/env bash
# Makes the action ready from its own folder: nothing of the repository under test, its .npmrc and its node_modules included, is asked.
set -eu
cd "$ACTION"
if [ ! -f dist/cli.mjs ]; then
  npm ci --ignore-scripts --no-audit --no-fund --registry=https://registry.npmjs.org/
  node scripts/build.mjs --quiet
fi
# The sandbox keeps what tests do after a patch away from the rest of the job.
if [ "$(uname)" = Linux ] && ! command -v bwrap > /dev/null; then
  { sudo -n apt-get update && sudo -n apt-get install -y --no-install-recommends bubblewrap; } > /dev/null 2>&1 ||
    echo "::notice::bubblewrap could not be installed: tests run without a sandbox."
fi
if [ "$(uname)" = Linux ] && command -v bwrap > /dev/null && ! bwrap --ro-bind / / true 2> /dev/null; then
  sudo -n sysctl -q -w kernel.apparmor_restrict_unprivileged_userns=0 2> /dev/null ||
    echo "::notice::bubblewrap may not be used here: tests run without a sandbox."
fi
