#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "common/conversation.h"
#include "common/seeded.h"

static void send_stanza(session *s, const char *what)
{
    parley_writer w;
    parley_result result = s->is_server ? parley_server_stanza(&s->core.server, &w)
                                        : parley_client_stanza(&s->core.client, &w);

    assert_int_equal(result, PARLEY_OK);
    if (strcmp(what, "roster") == 0) {
        parley_writer_start(&w, "iq", NULL);
        parley_writer_attribute(&w, "type", session_string("get"));
        parley_writer_attribute(&w, "id", session_string("roster1"));
        parley_writer_start(&w, "query", "jabber:iq:roster");
        parley_writer_end(&w);
    } else if (strcmp(what, "presence") == 0) {
        parley_writer_start(&w, "presence", NULL);
    } else {
        parley_writer_start(&w, "message", NULL);
        parley_writer_attribute(&w, "to", session_string("contact@example.com"));
        parley_writer_start(&w, "body", NULL);
        parley_writer_text(&w, session_string(what));
        parley_writer_end(&w);
    }
    parley_writer_end(&w);
    assert_int_equal(s->is_server ? parley_server_send(&s->core.server, &w)
                                  : parley_client_send(&s->core.client, &w),
                     PARLEY_OK);
    session_run(s);
}

static void do_step(session *s, const conversation_step *step)
{
    switch (step->kind) {
    case SAYS:
        assert_string_equal(session_said(s), step->text);
        break;
    case HEARS:
        assert_int_equal(session_feed_text(s, step->text), strlen(step->text));
        break;
    case LOSES:
        assert_true(session_feed_text(s, step->text) < strlen(step->text));
        break;
    case TLS_UP:
        session_tls_up(s, true);
        break;
    case TLS_BAD:
        session_tls_up(s, false);
        break;
    case ENDS:
        session_finish(s);
        break;
    case EXPIRES:
        session_expire(s);
        break;
    case SHUTS:
        session_shut(s);
        break;
    case SENDS:
        send_stanza(s, step->text);
        break;
    default:
        assert_string_equal(s->log, step->text);
        break;
    }
}

/* One run; returns how much input there was, and how much before the last HEARS. */
static size_t run(const conversation *c, size_t cut, size_t *way)
{
    session *s = c->client != NULL ? session_open_client(c->client, c->password)
                                   : session_open_server(c->server, c->password);
    const conversation_step *step;
    size_t fed;

    s->cut = cut;
    s->random = c->random;
    s->random_len = c->random_len;
    if (c->insecure) {
        session_begin_insecure(s);
    } else {
        session_begin(s);
    }
    for (step = c->steps; step->kind != CONVERSATION_END; step++) {
        *way = step->kind == HEARS || step->kind == LOSES ? s->fed : *way;
        do_step(s, step);
    }
    assert_string_equal(session_said(s), ""); /* everything said was expected */
    fed = s->fed;
    session_close(s);
    return fed;
}

void conversation_run(const conversation *c)
{
    size_t way = 0;
    size_t len = run(c, SESSION_WHOLE, &way);
    size_t everywhere = c->known_way ? way : len > 1024 ? len : 0;
    uint32_t seed = 20120813;
    size_t ignored;
    size_t i;

    if (!SESSION_CUTS) {
        return;
    }
    (void)run(c, SESSION_EVERY_BYTE, &ignored);
    for (i = everywhere + 1; i < len; i++) {
        (void)run(c, i, &ignored);
    }
    for (i = 0; i < 16 && everywhere > 1; i++) {
        (void)run(c, 1 + seeded_below(&seed, (uint32_t)everywhere - 1), &ignored);
    }
}
