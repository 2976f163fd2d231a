/* Eva: one event of the server's machine. */
#include "negotiation.h"

#include "server_proof.h"

#include "channel_binding.h"
#include "header_window.h"
#include "offers.h"

static parley_server s;
static parley_server_config config;
static parley_mechanism first, second; /* what the configuration offers */
static const parley_mechanism *const mechanisms[] = {&first, &second};

/* Elements, names and hashes, as their headers have them. */

parley_string parley_element_attribute(parley_element e, const char *name)
{
    return any_text();
}

/*@ requires \valid(data);
    assigns data->data \from stream->work, indirect:e;
    assigns data->len \from indirect:e;
    assigns \result \from indirect:e;
    ensures \initialized(&data->data) && \initialized(&data->len);
    ensures data->data == \null || \valid_read(data->data);
    ensures data->len <= PROOF_WORK; */
parley_result parley_engine_sasl_data(parley_stream *stream, parley_element e, parley_string *data);

/* A prepared part is never longer than PARLEY_PART_SIZE. */
parley_result parley_jid_prepare(parley_jid_part part, parley_string from, char *buffer,
                                 size_t size, parley_string *prepared, size_t *error_at)
{
    Frama_C_make_unknown(buffer, size);
    prepared->data = buffer;
    prepared->len = (size_t)Frama_C_interval(0, size < PARLEY_PART_SIZE ? (int)size
                                                                        : PARLEY_PART_SIZE);
    return (parley_result)Frama_C_interval(PARLEY_OK, PARLEY_NO_ROOM);
}

static parley_string any_part(char *buffer, bool absent)
{
    parley_string part = {NULL, 0};

    if (!absent || Frama_C_interval(0, 1) != 0) {
        part.data = buffer;
        part.len = (size_t)Frama_C_interval(0, PARLEY_PART_SIZE);
    }
    return part;
}

parley_result parley_jid_parse(parley_jid *jid, parley_string from, char *buffer, size_t size,
                               size_t *error_at)
{
    Frama_C_make_unknown(buffer, size);
    jid->local = any_part(buffer, true);
    jid->domain = any_part(buffer, false);
    jid->resource = any_part(buffer, true);
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
    requires name.len == 0 || \valid_read(name.data + (0 .. name.len - 1));
    assigns names->count, names->full \from names->count, names->full, indirect:name;
    assigns names->names[0 .. OFFERS_MAXIMUM - 1] \from name;
    ensures names->count <= OFFERS_MAXIMUM;
    ensures names->full == 0 || names->full == 1; */
void parley_offers_add(parley_offers *names, parley_string name);

/*@ requires \valid_read(names) && \valid(pieces) && names->count <= OFFERS_MAXIMUM;
    assigns *pieces \from *pieces, indirect:*names; */
void parley_offers_hash(const parley_offers *names, parley_hash_pieces *pieces);

/* A mechanism: what it sets is in its scratch, of which nothing is known anyhow. */
static sasl_step any_start(parley_sasl *sasl, const sasl_context *context, parley_string message)
{
    //@ assert \initialized(context) && context->tls == &s.tls;
    sasl->out = any_text();
    sasl->user = any_bytes();
    sasl->authzid = any_bytes();
    sasl->code = (parley_code)Frama_C_interval(0, 255);
    return (sasl_step)Frama_C_interval(SASL_SEND, SASL_REFUSED);
}

static void any_mechanism(parley_mechanism *mechanism, const char *name)
{
    mechanism->name = name;
    mechanism->flags = (uint8_t)Frama_C_interval(0, 255);
    mechanism->strength = (uint8_t)Frama_C_interval(0, 255);
    mechanism->random_server = (uint8_t)Frama_C_interval(0, 255);
    mechanism->hash = text;
    mechanism->server_start = any_start;
}

static void any_server(int cs, bool close_sent)
{
    any_stream(&s.stream, SERVER_STATE_COUNT, cs, close_sent);
    any_mechanism(&first, "FIRST");
    any_mechanism(&second, "SECOND");
    config.mechanisms = mechanisms;
    config.mechanism_count = sizeof mechanisms / sizeof mechanisms[0];
    config.policy.minimum = (parley_strength)Frama_C_interval(0, 255);
    config.policy.attempts = (uint8_t)Frama_C_interval(1, 255);
    config.policy.own_only = Frama_C_interval(0, 1) != 0;
    config.kept = (parley_kept)Frama_C_interval(0, 1);
    config.iterations = (uint32_t)Frama_C_interval(4096, 0x7fffffff);
    config.salt_len = (uint8_t)Frama_C_interval(1, PARLEY_SALT_SIZE);
    config.secret = (const unsigned char *)text;
    config.offer_session = (uint8_t)Frama_C_interval(0, 2);
    s.config = &config;
    s.fact_bits = (uint8_t)Frama_C_interval(0, 255);
    s.failures = (uint8_t)Frama_C_interval(0, 255);
    s.sasl_condition = (uint8_t)Frama_C_interval(0, PARLEY_SASL_CONDITION_COUNT - 1);
    s.bind_error = (uint8_t)Frama_C_interval(0, 3);
    s.id_len = (uint8_t)Frama_C_interval(0, sizeof s.id);
    s.iq_id_len = (uint8_t)Frama_C_interval(0, sizeof s.iq_id);
    s.host_len = (uint16_t)Frama_C_interval(0, sizeof s.host);
    s.user_len = (uint16_t)Frama_C_interval(0, sizeof s.user);
    s.jid_len = (uint16_t)Frama_C_interval(0, sizeof s.jid);
    s.tls.verified = Frama_C_interval(0, 1) != 0;
    s.tls.addresses_left_out = Frama_C_interval(0, 1) != 0;
    s.tls.addresses.len = (size_t)Frama_C_interval(0, 4096);
    Frama_C_make_unknown(s.id, sizeof s.id);
    Frama_C_make_unknown(s.iq_id, sizeof s.iq_id);
    Frama_C_make_unknown(s.host, sizeof s.host);
    Frama_C_make_unknown(s.user, sizeof s.user);
    Frama_C_make_unknown(s.jid, sizeof s.jid);
}

static void check_server(void)
{
    check_stream(&s.stream, SERVER_STATE_COUNT);
    //@ assert s.sasl_condition < PARLEY_SASL_CONDITION_COUNT && s.bind_error <= 3;
    //@ assert s.id_len <= sizeof(s.id) && s.iq_id_len <= sizeof(s.iq_id);
    //@ assert s.host_len <= sizeof(s.host) && s.user_len <= sizeof(s.user);
    //@ assert s.jid_len <= sizeof(s.jid);
}

/* A mechanism is set by the element that is the event AUTH (parley_server_judge_auth), and it is
   used in the states that this leads to. */
#define NEEDS(state) (state) >= SERVER_NONCE && (state) <= SERVER_AUTHORIZING,
static const bool needs_mechanism[] = {PROOF_STATES(NEEDS)};

_Static_assert(sizeof needs_mechanism == SERVER_STATE_COUNT, "each of Ragel's states");

static int any_cs(bool mechanism)
{
    int cs = Frama_C_interval(0, SERVER_STATE_COUNT - 1);

    //@ split cs;
    return mechanism || !needs_mechanism[cs] ? cs : 0;
}

_Static_assert(SERVER_EVENT_BIND + 1 == SERVER_EVENT_BIND_REFUSED, "they are a range");

/* `binds`: those two; else all others. Which error a bind is answered with stays apart, since Eva
   keeps no relation between its text and its length. */
static void one_event(bool close_sent, bool mechanism, bool binds)
{
    int cs = any_cs(mechanism);
    int bind_error = Frama_C_interval(0, 3);
    int event = binds ? Frama_C_interval(SERVER_EVENT_BIND, SERVER_EVENT_BIND_REFUSED)
                      : Frama_C_interval(1, SERVER_EVENT_COUNT - 1);

    if ((!mechanism && event == SERVER_EVENT_AUTH) ||
        (!binds && event >= SERVER_EVENT_BIND && event <= SERVER_EVENT_BIND_REFUSED)) {
        return;
    }
    any_server(cs, close_sent);
    //@ dynamic_split s.stream.close_sent;
    s.mechanism = mechanism ? &first : NULL;
    if (binds) {
        //@ split bind_error;
        s.bind_error = (uint8_t)bind_error;
    }
    parley_server_step(&s, (enum server_event)event);
    check_server();
    if (mechanism) {
        //@ assert s.mechanism == &first;
    } else {
        //@ assert needs_mechanism[s.stream.cs] == 0;
    }
}

/* In runs side by side. Only parley_engine_close looks at close_sent, so that without a mechanism
   one of its values will do. */
int main(void)
{
    PROOF_EVENTS;
    return 0;
}
