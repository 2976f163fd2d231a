/* A stream header: what did not fit is taken back, and the window kept. */
#ifndef PARLEY_PROOF_HEADER_WINDOW_H
#define PARLEY_PROOF_HEADER_WINDOW_H

#include "roles.h"
#include "window.h"

/*@ requires \valid(s);
    requires s->host_len <= sizeof(s->host) && s->id_len <= sizeof(s->id);
    requires s->jid_len <= sizeof(s->jid);
    requires s->stream.close_sent != 0 ||
             s->stream.out_end <= s->stream.out_size - ENGINE_RESERVE;
    admit requires window(&s->stream);
    admit requires \separated(s, s->stream.work + (0 .. s->stream.out_size - 1));
    assigns s->stream.header_sent, s->stream.out_start, s->stream.out_end, s->stream.code,
            s->stream.condition \from served, s->stream.out_start, s->stream.out_end,
            s->stream.out_size, s->host_len, s->id_len, s->jid_len;
    assigns s->stream.work[0 .. s->stream.out_size - 1] \from
            s->stream.work[0 .. s->stream.out_size - 1], s->host[0 .. s->host_len - 1],
            s->id[0 .. s->id_len - 1], s->jid[0 .. s->jid_len - 1];
    assigns \result \from served, s->stream.out_start, s->stream.out_end, s->stream.out_size,
            s->host_len, s->id_len, s->jid_len;
    ensures \result == 0 || \result == 1;
    ensures s->stream.header_sent == \result;
    ensures window(&s->stream);
    ensures s->stream.out_start <= s->stream.out_size && s->stream.out_end <= s->stream.out_size;
    ensures s->stream.close_sent != 0 ||
            s->stream.out_end <= s->stream.out_size - ENGINE_RESERVE; */
bool parley_server_put_header(parley_server *s, bool served);

#include "../../core/header.c"

#endif
