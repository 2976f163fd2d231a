#ifndef PARLEY_FUZZ_INPUTS_H
#define PARLEY_FUZZ_INPUTS_H

#include <stddef.h>
#include <stdint.h>

/* Files that are run through targets without an engine: fuzz_replay, and the replay of ./check. */
typedef struct fuzz_target {
    const char *name;
    int (*run)(const uint8_t *data, size_t size);
} fuzz_target;

/* All of them; the last has no name. */
extern const fuzz_target fuzz_targets[];

/* NULL: no target has this name. */
const fuzz_target *fuzz_target_named(const char *name);

/* For scandir: whether it is an input, or a folder of inputs. */
struct dirent;
int fuzz_is_input(const struct dirent *entry);

/* Runs a file, or each file of a folder; how many. What cannot be read ends the program with 2. */
unsigned long fuzz_run_path(const fuzz_target *target, const char *path);

/* From now on the signal by which an input ends the program names it on stderr first. */
void fuzz_name_on_signals(void);

#endif
