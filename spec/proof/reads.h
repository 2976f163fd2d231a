/* What is read of a text by its length, as contracts: a relation, which Eva does not keep. WP
   proves the functions against them (wp_judge.c). */
#ifndef PARLEY_PROOF_READS_H
#define PARLEY_PROOF_READS_H

#include "roles.h"

/* A string whose bytes are at NULL has none. Strings of two lengths are not read. */
/*@ admit requires a.data == \null ==> a.len == 0;
    admit requires b.data == \null ==> b.len == 0;
    requires a.data == \null || \valid_read(a.data + (0 .. \min(a.len, b.len) - 1));
    requires b.data == \null || \valid_read(b.data + (0 .. \min(a.len, b.len) - 1));
    assigns \result \from a.len, b.len, a.data[0 .. a.len - 1], b.data[0 .. b.len - 1];
    ensures \result == 0 || \result == 1; */
bool parley_string_equal(parley_string a, parley_string b);

/*@ admit requires version.data == \null ==> version.len == 0;
    requires version.data == \null || version.len == 0 ||
             \valid_read(version.data + (0 .. version.len - 1));
    assigns \result \from version.data, version.len, version.data[0 .. version.len - 1];
    ensures -1 <= \result <= 2; */
int parley_engine_version(parley_string version);

#endif
