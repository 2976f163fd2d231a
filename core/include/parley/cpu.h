/* What a processor has that a build can be told of: bits, or'ed together. They are given in a
   configuration (parley_client_config, parley_server_config) or to parley_xml_set_cpu; the core
   does not look for itself. A bit that a build has no use for is ignored; one that the processor
   does not have is undefined behaviour. */
#ifndef PARLEY_CPU_H
#define PARLEY_CPU_H

#ifdef __cplusplus
extern "C" {
#endif

/* AVX2, and an operating system that keeps its registers: used by the build `fast` for x86-64. */
#define PARLEY_CPU_AVX2 1u

/* What the processor that runs this has. Looks each time; call it once and keep the answer. The
   only code of the library that asks a processor, in a file of its own: what does not call it
   does not link it. */
unsigned parley_cpu_features(void);

#ifdef __cplusplus
}
#endif
#endif
