#!/bin/sh
# Model checks the machines: run.sh SOURCE BUILD. A property, and a variant that must break it,
# count as a test each.
set -eu
mkdir -p "$2/formal"
exec "$1/spec/model/check" "$2/formal"
