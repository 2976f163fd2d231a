/* Version of the headers and of the library. */
#ifndef PARLEY_VERSION_H
#define PARLEY_VERSION_H

#ifdef __cplusplus
extern "C" {
#endif

/* 0x00MMmmpp: major, minor, patch. */
#define PARLEY_VERSION      0x00000100UL
#define PARLEY_VERSION_TEXT "0.1.0"

/* PARLEY_VERSION of the library that is linked. */
unsigned long parley_version(void);

#ifdef __cplusplus
}
#endif
#endif
