#define _DEFAULT_SOURCE /* MAP_ANONYMOUS */
#include "sasl_attempt.h"

#include "scram.h"

#include "parley/base64.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>

parley_string text_of(const char *terminated)
{
    return (parley_string){terminated, strlen(terminated)};
}

static sasl_context context_of(const char *user, uint32_t iterations)
{
    static const unsigned char secret[32] = "a secret of thirty-two bytes...";
    static unsigned char random[18];
    static const parley_policy policy = {.iterations_maximum = 20000};
    sasl_context context = {.user = text_of(user),
                            .iterations = iterations,
                            .secret = secret,
                            .policy = &policy};
    size_t len;

    assert_int_equal(parley_base64_decode(NONCE_TEXT, 24, random, sizeof random, &len), PARLEY_OK);
    context.random = (parley_string){(const char *)random, len};
    return context;
}

sasl_context client_context(const char *user)
{
    return context_of(user, 20000);
}

sasl_context server_context(void)
{
    return context_of("", 4096);
}

void attempt_init(attempt *a, const parley_mechanism *mechanism)
{
    memset(a, 0, sizeof *a);
    a->sasl.mechanism = mechanism;
    a->sasl.scratch = a->scratch;
    a->sasl.scratch_len = sizeof a->scratch;
}

static void move(parley_string *string, attempt *to, const attempt *from)
{
    const char *scratch = (const char *)from->scratch;

    if (string->data >= scratch && string->data <= scratch + sizeof from->scratch) {
        string->data = (const char *)to->scratch + (string->data - scratch);
    }
}

void attempt_copy(attempt *to, const attempt *from)
{
    *to = *from;
    to->sasl.scratch = to->scratch;
    move(&to->sasl.out, to, from);
    move(&to->sasl.user, to, from);
    move(&to->sasl.authzid, to, from);
    if (to->sasl.mechanism != NULL && strncmp(to->sasl.mechanism->name, "SCRAM", 5) == 0) {
        ((scram_state *)(void *)&to->sasl.state)->scratch.bytes = (char *)to->scratch;
    }
}

sasl_step give_password(attempt *a, bool client, parley_string password)
{
    parley_answer answer = {.kind = PARLEY_ANSWER_PASSWORD, .bytes = password};
    const parley_mechanism *mechanism = a->sasl.mechanism;

    return client ? mechanism->client_credential(&a->sasl, &answer)
                  : mechanism->server_credential(&a->sasl, &answer);
}

sasl_step work_through(attempt *a, uint32_t slice, uint32_t *calls)
{
    const parley_mechanism *mechanism = a->sasl.mechanism;
    sasl_step step = SASL_WORK;
    uint32_t count = 0;

    while (step == SASL_WORK && count < 1000000) {
        step = mechanism->work(&a->sasl, slice);
        count++;
    }
    if (calls != NULL) {
        *calls = count;
    }
    return step;
}

static bool holds(const void *memory, size_t size, const void *bytes, size_t len)
{
    const unsigned char *at = memory;

    for (size_t i = 0; i + len <= size; i++) {
        if (memcmp(at + i, bytes, len) == 0) {
            return true;
        }
    }
    return false;
}

bool attempt_holds(const attempt *a, const void *bytes, size_t len)
{
    return holds(a->scratch, sizeof a->scratch, bytes, len) ||
           holds(&a->sasl, sizeof a->sasl, bytes, len);
}

bool attempt_is_blank(const attempt *a)
{
    static const attempt none;

    return memcmp(a->scratch, none.scratch, sizeof a->scratch) == 0 &&
           memcmp(&a->sasl.state, &none.sasl.state, sizeof a->sasl.state) == 0;
}

static void keep(char *buffer, size_t size, parley_string message)
{
    assert_true(message.data != NULL && message.len < size);
    memcpy(buffer, message.data, message.len);
    buffer[message.len] = '\0';
}

void record(recording *r, const parley_mechanism *mechanism)
{
    sasl_context of_client = client_context("romeo");
    sasl_context of_server = server_context();
    parley_answer answer = {.kind = PARLEY_ANSWER_SCRAM, .keys = &r->keys};
    attempt client;
    attempt server;
    size_t len;

    r->mechanism = mechanism;
    of_server.keeps_keys = true;
    assert_int_equal(parley_scram_derive(mechanism, text_of(PASSWORD), text_of("salt"), 4096,
                                         r->stored_key, r->server_key, &len),
                     PARLEY_OK);
    r->keys = (parley_scram_keys){text_of("salt"),
                                  4096,
                                  {(char *)r->stored_key, len},
                                  {(char *)r->server_key, len}};
    attempt_init(&client, mechanism);
    attempt_init(&server, mechanism);
    assert_int_equal(mechanism->client_start(&client.sasl, &of_client), SASL_SEND);
    keep(r->client_first, sizeof r->client_first, client.sasl.out);
    assert_int_equal(mechanism->server_start(&server.sasl, &of_server, client.sasl.out),
                     SASL_CREDENTIAL);
    assert_int_equal(mechanism->server_credential(&server.sasl, &answer), SASL_SEND);
    keep(r->server_first, sizeof r->server_first, server.sasl.out);
    attempt_copy(&r->client_at_server_first, &client);
    attempt_copy(&r->server_at_client_final, &server);
    assert_int_equal(mechanism->client_step(&client.sasl, server.sasl.out), SASL_CREDENTIAL);
    assert_int_equal(give_password(&client, true, text_of(PASSWORD)), SASL_WORK);
    assert_int_equal(work_through(&client, 4096, NULL), SASL_SEND);
    keep(r->client_final, sizeof r->client_final, client.sasl.out);
    attempt_copy(&r->client_at_server_final, &client);
    assert_int_equal(mechanism->server_step(&server.sasl, client.sasl.out), SASL_PROVED);
    keep(r->server_final, sizeof r->server_final, server.sasl.out);
    assert_int_equal(mechanism->client_step(&client.sasl, server.sasl.out), SASL_PROVED);
}

parley_string guarded(parley_string message)
{
    static char *end;
    size_t page = (size_t)sysconf(_SC_PAGESIZE);

    if (end == NULL) {
        char *pages = mmap(NULL, 3 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1,
                           0);

        assert_true(pages != MAP_FAILED);
        assert_int_equal(mprotect(pages + 2 * page, page, PROT_NONE), 0);
        end = pages + 2 * page;
    }
    assert_true(message.len <= 2 * page);
    if (message.len > 0) {
        memcpy(end - message.len, message.data, message.len);
    }
    return (parley_string){end - message.len, message.len};
}

uint32_t next_random(uint32_t *seed)
{
    *seed ^= *seed << 13;
    *seed ^= *seed >> 17;
    *seed ^= *seed << 5;
    return *seed;
}

parley_string mutated(parley_string message, char *buffer, uint32_t *seed)
{
    static const char likely[] = ",=rnscipvema0149+/A\x80\xC3\xF0 -";
    uint32_t changes = 1 + next_random(seed) % 4;
    size_t len = message.len;

    assert_true(len + 8 < 1024);
    memcpy(buffer, message.data, len);
    for (uint32_t i = 0; i < changes; i++) {
        size_t at = next_random(seed) % (len + 1);
        char byte = next_random(seed) % 2 == 0 ? likely[next_random(seed) % (sizeof likely - 1)]
                                               : (char)next_random(seed);

        switch (next_random(seed) % 3) {
        case 0: /* insert */
            memmove(buffer + at + 1, buffer + at, len - at);
            buffer[at] = byte;
            len++;
            break;
        case 1: /* remove */
            if (at < len) {
                memmove(buffer + at, buffer + at + 1, len - at - 1);
                len--;
            }
            break;
        default: /* change */
            if (at < len) {
                buffer[at] = byte;
            }
            break;
        }
    }
    return (parley_string){buffer, len};
}
