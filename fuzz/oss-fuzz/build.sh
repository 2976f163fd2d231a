#!/bin/bash -eu
# What OSS-Fuzz calls; the work is in the project's own script.
exec "$SRC/parley/fuzz/farm"
