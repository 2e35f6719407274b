#!/bin/sh
# Formatter for bats 1.3 and later (`--formatter /absolute/path`): what bats tells its formatters, kept as it comes. `report` lies beside.
exec cat >"$(dirname "$0")/report"
