#!/bin/bash -eu
# What ClusterFuzzLite calls; the work is in the project's own script.
exec "$SRC/parley/fuzz/farm"
