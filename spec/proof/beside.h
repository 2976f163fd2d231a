/* Eva: names, channel binding, hashes and lists of offers, as their headers have them. */
#ifndef PARLEY_PROOF_BESIDE_H
#define PARLEY_PROOF_BESIDE_H

#include "negotiation.h"

#include "channel_binding.h"
#include "likeness.h"
#include "offers.h"

/* A prepared part is never longer than PARLEY_PART_SIZE. */
parley_result parley_jid_prepare(parley_jid_part part, parley_string from, char *buffer,
                                 size_t size, parley_string *prepared, size_t *error_at)
{
    //@ assert from.len == 0 || \valid_read(from.data + (0 .. from.len - 1));
    Frama_C_make_unknown(buffer, size);
    prepared->data = buffer;
    prepared->len = (size_t)Frama_C_interval(0, size < PARLEY_PART_SIZE ? (int)size
                                                                        : PARLEY_PART_SIZE);
    return (parley_result)Frama_C_interval(PARLEY_OK, PARLEY_NO_ROOM);
}

bool parley_likeness_of(parley_string text, parley_string jid, parley_likeness *same)
{
    //@ assert text.len == 0 || \valid_read(text.data + (0 .. text.len - 1));
    //@ assert jid.len == 0 || \valid_read(jid.data + (0 .. jid.len - 1));
    same->domain = Frama_C_interval(0, 1) != 0;
    same->local = Frama_C_interval(0, 1) != 0;
    same->resource = Frama_C_interval(0, 1) != 0;
    same->has_local = Frama_C_interval(0, 1) != 0;
    same->has_resource = Frama_C_interval(0, 1) != 0;
    return Frama_C_interval(0, 1) != 0;
}

static parley_string any_part(char *buffer, int at, bool absent)
{
    parley_string part = {NULL, 0};

    if (!absent || Frama_C_interval(0, 1) != 0) {
        part.data = buffer + Frama_C_interval(0, at);
        part.len = (size_t)Frama_C_interval(0, PARLEY_PART_SIZE);
    }
    return part;
}

/* The parts stand one behind the other. */
parley_result parley_jid_parse(parley_jid *jid, parley_string from, char *buffer, size_t size,
                               size_t *error_at)
{
    //@ assert from.len == 0 || \valid_read(from.data + (0 .. from.len - 1));
    //@ assert size >= PARLEY_JID_SIZE;
    Frama_C_make_unknown(buffer, size);
    jid->local = any_part(buffer, 0, true);
    jid->domain = any_part(buffer, PARLEY_PART_SIZE + 1, false);
    jid->resource = any_part(buffer, 2 * PARLEY_PART_SIZE + 2, true);
    return (parley_result)Frama_C_interval(PARLEY_OK, PARLEY_NO_ROOM);
}

parley_string parley_binding_data(sasl_binding binding, const parley_tls_info *tls)
{
    return any_text();
}

parley_string parley_binding_name(sasl_binding binding)
{
    //@ assert binding == SASL_BINDING_END_POINT || binding == SASL_BINDING_UNIQUE;
    return (parley_string){text, (size_t)Frama_C_interval(1, 32)};
}

/*@ requires \valid(pieces);
    assigns *pieces \from indirect:hash; */
void parley_hash_begin(parley_hash_pieces *pieces, const void *hash);

/*@ requires \valid(pieces);
    requires data.len == 0 || \valid_read(data.data + (0 .. data.len - 1));
    assigns *pieces \from *pieces, indirect:data; */
void parley_hash_add(parley_hash_pieces *pieces, parley_string data);

/*@ requires \valid(pieces) && \valid(out + (0 .. PARLEY_HASH_SIZE - 1));
    assigns *pieces, out[0 .. PARLEY_HASH_SIZE - 1] \from *pieces; */
void parley_hash_end(parley_hash_pieces *pieces, unsigned char *out);

/*@ assigns \result \from indirect:hash;
    ensures 1 <= \result <= PARLEY_HASH_SIZE; */
size_t parley_hash_size(const void *hash);

parley_string parley_bytes(const void *data, size_t len)
{
    return (parley_string){data, len};
}

/*@ requires \valid(names) && names->count <= OFFERS_MAXIMUM;
    requires name.data == \null || name.len == 0 ||
             \valid_read(name.data + (0 .. name.len - 1));
    assigns names->count, names->full \from names->count, names->full, indirect:name;
    assigns names->names[0 .. OFFERS_MAXIMUM - 1] \from name;
    ensures names->count <= OFFERS_MAXIMUM;
    ensures names->full == 0 || names->full == 1; */
void parley_offers_add(parley_offers *names, parley_string name);

/*@ requires \valid_read(names) && \valid(pieces) && names->count <= OFFERS_MAXIMUM;
    assigns *pieces \from *pieces, indirect:*names; */
void parley_offers_hash(const parley_offers *names, parley_hash_pieces *pieces);

#endif
