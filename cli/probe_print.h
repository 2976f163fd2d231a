/* What a probe says on stdout, beside what every session does (output.h): headers, offers,
   certificates, verdicts, for people or as JSON lines. */
#ifndef PARLEY_CLI_PROBE_PRINT_H
#define PARLEY_CLI_PROBE_PRINT_H

#include "output.h"
#include "probe_verdicts.h"

void probe_print_server(output *o, const char *where, const char *security);
void probe_print_header(output *o, bool secure, const probe_header *header);
void probe_print_offer(output *o, bool secure, const probe_offer *offer);
void probe_print_certificate(output *o, size_t index, const probe_certificate *certificate);
void probe_print_verdicts(output *o, const probe_verdicts *v);
/* A remark, for people alone. */
void probe_print_note(output *o, const char *text);

#endif
