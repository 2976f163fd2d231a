/* Notes. Modes: HEADER (five bytes of a record's header are collected) -> CUT (a
   record of handshake messages: a piece's header goes out, then the piece, and so
   on to the end of the record) or WHOLE (any other, and one that BearSSL is to
   refuse for its length: as it came) -> HEADER. After ChangeCipherSpec the records
   are encrypted: ALL passes everything on.

   `header` goes out from `header_at`; `piece_left` is what was announced in it.
   `part_left` is what is left of the part of the message: its header, the length
   of the list or of a certificate, a certificate, or all of its body. `last` is the number
   of the message that the engine got bytes of last; 0: of none since the record began.

   parley_tls_pieces_push alone writes. No length is trusted for more than how much
   to pass on before the next cut. */
#include "pieces.h"

#include <string.h>

enum { HEADER, CUT, WHOLE, ALL };
enum { MESSAGE_HEADER, BODY, LIST_LENGTH, CERTIFICATE_LENGTH, CERTIFICATE };

#define CHANGE_CIPHER_SPEC 20
#define HANDSHAKE          22
#define SERVER_HELLO       2
#define CERTIFICATES       11
#define RECORD_MOST        16384u

static uint32_t pieces_least(uint32_t a, uint32_t b)
{
    return a < b ? a : b;
}

static void pieces_part(parley_tls_pieces *p, uint8_t part, uint32_t len)
{
    p->part = part;
    p->part_left = part == MESSAGE_HEADER ? len : pieces_least(len, p->message_left);
    p->number = 0;
}

/* A part has ended; whether a message or a certificate has. */
static bool pieces_part_end(parley_tls_pieces *p)
{
    const uint8_t ended = p->part;

    if (ended == MESSAGE_HEADER) {
        p->message_left = p->number & 0xFFFFFF;
        p->type = (uint8_t)(p->number >> 24);
        if (p->messages < UINT8_MAX)
            p->messages++;
        if (p->type == CERTIFICATES)
            pieces_part(p, LIST_LENGTH, 3);
        else
            pieces_part(p, BODY, p->message_left);
    } else if (ended == CERTIFICATE_LENGTH) {
        pieces_part(p, CERTIFICATE, p->number);
    } else {
        pieces_part(p, CERTIFICATE_LENGTH, 3); /* of BODY nothing is left */
    }
    if (p->message_left == 0) {
        pieces_part(p, MESSAGE_HEADER, 4);
        return true;
    }
    return ended == CERTIFICATE;
}

/* The header of the next piece, in place of the record's. */
static void pieces_announce(parley_tls_pieces *p)
{
    p->piece_left = pieces_least(p->record_left, p->part_left);
    p->header[3] = (unsigned char)(p->piece_left >> 8);
    p->header[4] = (unsigned char)p->piece_left;
    p->header_at = 0;
}

static void pieces_record(parley_tls_pieces *p)
{
    p->record_left = (uint32_t)p->header[3] << 8 | p->header[4];
    p->header_at = 0;
    p->piece_left = p->record_left;
    p->last = 0;
    if (p->messages == 0 && p->part_left == 0)
        pieces_part(p, MESSAGE_HEADER, 4);
    if (p->header[0] == HANDSHAKE && p->record_left > 0 && p->record_left <= RECORD_MOST) {
        p->mode = CUT;
        pieces_announce(p);
    } else {
        p->mode = p->header[0] == CHANGE_CIPHER_SPEC ? ALL : WHOLE;
    }
}

/* What of a piece the engine got; whether to pause. */
static bool pieces_count(parley_tls_pieces *p, const unsigned char *data, uint32_t len)
{
    const bool cut = p->mode == CUT;
    bool pause = false;

    p->piece_left -= len;
    p->record_left -= len;
    if (p->record_left == 0) {
        p->mode = HEADER;
        p->header_len = 0;
    }
    if (!cut)
        return false;
    p->last = p->part == MESSAGE_HEADER ? (uint8_t)(p->messages + 1) : p->messages;
    for (uint32_t i = 0; i < len && p->part != BODY && p->part != CERTIFICATE; i++)
        p->number = p->number << 8 | data[i];
    p->part_left -= len;
    if (p->part != MESSAGE_HEADER)
        p->message_left -= len;
    while (p->part_left == 0 && !pause) /* a part may be empty */
        pause = pieces_part_end(p);
    if (p->mode == CUT && p->piece_left == 0)
        pieces_announce(p);
    return pause;
}

static size_t pieces_give(br_ssl_engine_context *engine, const unsigned char *data, size_t len)
{
    size_t room;
    unsigned char *to = br_ssl_engine_recvrec_buf(engine, &room);

    if (to == NULL)
        return 0;
    if (len > room)
        len = room;
    memcpy(to, data, len);
    br_ssl_engine_recvrec_ack(engine, len);
    return len;
}

size_t parley_tls_pieces_push(parley_tls_pieces *p, br_ssl_engine_context *engine,
                              const unsigned char *data, size_t len, bool *fed, bool *pause)
{
    size_t taken = 0, n;

    *fed = false;
    *pause = false;
    /* Of a header neither: what is taken has to be judged before the end of input is. */
    if (p->mode == HEADER && br_ssl_engine_recvrec_buf(engine, &n) == NULL)
        return 0;
    while (p->mode == HEADER && taken < len) {
        p->header[p->header_len++] = data[taken++];
        if (p->header_len == sizeof p->header)
            pieces_record(p);
    }
    if (p->mode == HEADER)
        return taken;
    if (p->header_at < sizeof p->header) {
        n = pieces_give(engine, p->header + p->header_at, sizeof p->header - p->header_at);
        p->header_at = (uint8_t)(p->header_at + n);
        *fed = n > 0;
        if (p->header_at == sizeof p->header && p->mode == WHOLE && p->record_left == 0)
            (void)pieces_count(p, data, 0);
        return taken;
    }
    n = len - taken;
    if (p->mode != ALL && n > p->piece_left)
        n = p->piece_left;
    if (n > 0)
        n = pieces_give(engine, data + taken, n);
    *fed = n > 0;
    if (n > 0 && p->mode != ALL)
        *pause = pieces_count(p, data + taken, (uint32_t)n);
    return taken + n;
}

bool parley_tls_pieces_in_server_hello(const parley_tls_pieces *p)
{
    return p->last == 1 && p->type == SERVER_HELLO;
}
