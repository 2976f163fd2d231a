/* Binds the names of spec/scram.rl: one message at a time, whole.
   ragel -T0 -o scram.c scram.rl

   `mark` is where the attribute's value begins; a field is closed by the first
   byte after it, or by the end of the message. */
#include "scram_grammar.h"

#define END(field) end(fields, &fields->field, p)

static void mark(scram_fields *fields, const unsigned char *p)
{
    fields->mark = (const char *)p;
}

static void end(const scram_fields *fields, parley_string *field, const unsigned char *p)
{
    field->data = fields->mark;
    field->len = (size_t)((const char *)p - fields->mark);
}

static void cut(const scram_fields *fields, parley_string *field, const unsigned char *p)
{
    field->data = fields->start;
    field->len = (size_t)((const char *)p - fields->start);
}

static void add_offers(scram_fields *fields, const unsigned char *p)
{
    fields->offers_twice = fields->offers_hash.data != NULL;
    end(fields, &fields->offers_hash, p);
}

static void add_digit(scram_fields *fields, unsigned char digit)
{
    if (fields->iterations <= UINT32_MAX) {
        fields->iterations = fields->iterations * 10 + (uint64_t)(digit - '0');
    }
}

%%{
  machine scram;
  alphtype unsigned char;

  action mark            { mark(fields, p + 1); }
  action authzid         { END(authzid); }
  action cb_name         { END(binding_name); }
  action offers_hash     { add_offers(fields, p); }
  action username        { END(username); }
  action nonce           { END(nonce); }
  action channel_binding { END(channel_binding); }
  action salt            { END(salt); }
  action proof           { END(proof); }
  action verifier        { END(verifier); }
  action gs2_end         { cut(fields, &fields->gs2_header, p + 1); }
  action proof_begin     { cut(fields, &fields->without_proof, p - 1); }
  action cbind_none      { fields->binding = SCRAM_BINDING_NONE; }
  action cbind_unused    { fields->binding = SCRAM_BINDING_UNUSED; }
  action cbind_used      { fields->binding = SCRAM_BINDING_USED; }
  action add_digit       { add_digit(fields, *p); }
  action bad_base64      { fields->bad_base64 = true; }
  action has_mandatory   { fields->mandatory = true; }

  include scram "../spec/scram.rl";
  write data noerror;
}%%

static int entry(scram_message kind)
{
    (void)scram_start; /* Ragel's own, of no message */
    switch (kind) {
    case SCRAM_CLIENT_FIRST: return scram_en_client_first_message;
    case SCRAM_SERVER_FIRST: return scram_en_server_first_message;
    case SCRAM_CLIENT_FINAL: return scram_en_client_final_message;
    default: return scram_en_server_final_message;
    }
}

parley_code parley_scram_parse(scram_fields *fields, scram_message kind, parley_string message)
{
    static const scram_fields none;
    const unsigned char *const begin = message.data != NULL ? (const unsigned char *)message.data
                                                            : (const unsigned char *)"";
    const unsigned char *p = begin;
    const unsigned char *pe = p + message.len;
    const unsigned char *eof = pe;
    int cs = entry(kind);

    *fields = none;
    fields->start = message.data;
    %% write exec;
    if (fields->mandatory) {
        return PARLEY_ERROR_SASL_EXTENSION;
    }
    if (cs < scram_first_final || fields->offers_twice) {
        return fields->bad_base64 ? PARLEY_ERROR_SASL_ENCODING : PARLEY_ERROR_SASL_MESSAGE;
    }
    return fields->iterations > UINT32_MAX ? PARLEY_ERROR_SASL_ITERATIONS : PARLEY_NO_ERROR;
}
