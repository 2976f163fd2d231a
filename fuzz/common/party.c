#include <string.h>

#include "common/address.h"
#include "common/party.h"
#include "common/scram.h"

#define SLICE          128 /* the longest but for a whole run's */
#define IS_SCRAM(name) ((name).len > 5 && memcmp((name).data, "SCRAM", 5) == 0)

static const parley_string absent = {NULL, 0};

static bool is(parley_string string, const char *text)
{
    return parley_string_equal(string, parley_string_of(text));
}

/* Whom the application lets the user be. */
static bool is_granted(parley_string local)
{
    return is(local, "boss") || is(local, "b=o,ss");
}

void fuzz_party_open(fuzz_party *p, fuzz_log *log, fuzz_log *said, fuzz_heard *heard,
                     fuzz_cuts cuts)
{
    p->log = log;
    p->said = said;
    p->heard = heard;
    /* The other runs show the same. */
    fuzz_heard_open(heard, cuts.kind == FUZZ_WHOLE);
    p->cuts = cuts;
    p->secure_from = SIZE_MAX;
    p->silent_from = SIZE_MAX;
    fuzz_log_reset(log);
    fuzz_log_reset(said);
}

static void log_outcome(fuzz_party *p)
{
    const parley_outcome *o = FUZZ_CALL0(p, outcome);
    const bool ended = o->code != PARLEY_NO_ERROR || o->condition != PARLEY_CONDITION_NONE;

    fuzz_log_text(p->log, "\nclosed ");
    fuzz_log_text(p->log, parley_code_name(o->code));
    fuzz_log_string(p->log, " in ", parley_string_of(ended ? FUZZ_STATE(p, o->state) : ""));
    fuzz_log_number(p->log, " at ", o->offset);
    fuzz_log_text(p->log, parley_condition_name(o->condition));
    fuzz_log_text(p->log, parley_sasl_condition_name(o->sasl));
    fuzz_log_text(p->log, o->by_peer ? " peer" : " us");
    fuzz_log_text(p->log, o->retry ? " again" : "");
}

static bool says_at(const fuzz_log *said, size_t at, const char *text)
{
    return said->len - at > strlen(text) && memcmp(said->bytes + at, text, strlen(text)) == 0;
}

/* Of the iq that the client asked to be bound with last. */
static parley_string asked_id(const fuzz_party *p)
{
    parley_string id = {NULL, 0};
    const char *now = NULL; /* of the iq, stream or stanza here */

    for (size_t at = 0; at < p->said->len; at++) {
        if (says_at(p->said, at, " id='")) {
            now = p->said->bytes + at + 5;
        } else if (now != NULL && says_at(p->said, at, "<bind ")) {
            id.data = now;
            id.len = strcspn(now, "'");
        }
    }
    return id;
}

/* A result from a stranger (RFC 6120 8.1.2.1). */
static void check_sender(const fuzz_party *p)
{
    parley_string from;
    parley_element iq;

    if (p->client == NULL || !fuzz_heard_element(p->heard, &iq)) {
        return;
    }
    from = parley_element_attribute(iq, "from");
    FUZZ_CHECK(is(parley_element_name(iq), "iq"));
    FUZZ_CHECK(from.data == NULL || is(from, FUZZ_HOST) || is(from, FUZZ_USER "@" FUZZ_HOST));
    FUZZ_CHECK(parley_string_equal(parley_element_attribute(iq, "id"), asked_id(p)));
}

/* What a server shows of its client is from that client, whole or bare, if it says who it is from
   (RFC 6120 8.1.2.1). */
static void check_from(const fuzz_party *p, parley_element stanza)
{
    parley_string from = parley_element_attribute(stanza, "from");
    parley_string jid = FUZZ_CALL0(p, jid);
    const char *slash = memchr(jid.data, '/', jid.len);
    parley_string bare = {jid.data, (size_t)(slash - jid.data)};

    if (p->server != NULL && p->inside == 0) {
        FUZZ_CHECK(from.data == NULL || fuzz_address_is(from, jid) || fuzz_address_is(from, bare));
    }
}

static void check_bound(fuzz_party *p, parley_string text)
{
    char buffer[PARLEY_JID_SIZE];
    parley_jid jid;

    check_sender(p);
    FUZZ_CHECK(p->authenticated && !p->bound);
    FUZZ_CHECK(parley_jid_parse(&jid, text, buffer, sizeof buffer, NULL) == PARLEY_OK);
    FUZZ_CHECK(is(jid.domain, FUZZ_HOST) && jid.resource.data != NULL);
    /* A server may give a client another localpart (RFC 6120 7.1), but not ours by itself. */
    FUZZ_CHECK(jid.local.data != NULL);
    FUZZ_CHECK(p->client != NULL || is(jid.local, FUZZ_USER) || is_granted(jid.local) ||
               is(jid.local, "guest"));
    p->bound = true;
}

/* Of whom a server may say that it is who is authenticated. */
static bool may_be(const fuzz_party *p, const parley_event *event)
{
    bool granted = p->authorized[0] != '\0' &&
                   (is(event->user, p->authorized) || is_granted(event->user));

    if (is(event->mechanism, "ANONYMOUS")) {
        return is(event->user, "guest");
    }
    if (is(event->mechanism, "EXTERNAL")) {
        return granted || fuzz_party_certified(p, event->user);
    }
    return granted || is(event->user, FUZZ_USER) || is(event->user, FUZZ_USER "@" FUZZ_HOST);
}

static void on_authenticated(fuzz_party *p, const parley_event *event)
{
    FUZZ_CHECK(p->tls && !p->authenticated);
    fuzz_party_proof(p, event->mechanism);
    if (p->client != NULL) {
        FUZZ_CHECK(event->server_verified || !IS_SCRAM(event->mechanism));
    } else {
        FUZZ_CHECK(may_be(p, event));
    }
    fuzz_log_string(p->log, " by ", event->mechanism);
    fuzz_log_string(p->log, " as ", event->user);
    p->authenticated = true;
    fuzz_heard_restart(p->heard);
}

/* What the application is shown is what was heard. */
static void log_element(fuzz_party *p, parley_element shown)
{
    static fuzz_log is_shown, is_heard;
    parley_element e;

    fuzz_log_reset(&is_shown);
    fuzz_log_tree(&is_shown, shown);
    if (shown.xml != NULL && fuzz_heard_element(p->heard, &e)) {
        fuzz_log_reset(&is_heard);
        fuzz_log_tree(&is_heard, e);
        FUZZ_CHECK(fuzz_log_equal(&is_shown, &is_heard));
        FUZZ_CHECK(p->heard->size <=
                   (p->authenticated ? p->limits.element : p->limits.element_early));
    }
    fuzz_log_append(p->log, &is_shown);
}

/* Of a stanza that is taken child by child: its start tag, and its children that come whole. */
static fuzz_log *pieces_of(const fuzz_party *p)
{
    static fuzz_log logs[2];

    return &logs[p->server != NULL];
}

static void descend(fuzz_party *p, parley_element opened)
{
    parley_result result;

    if (p->inside == 0) {
        fuzz_log_reset(pieces_of(p));
        fuzz_log_start(pieces_of(p), opened);
    }
    p->pieces_whole = p->inside == 0;
    result = FUZZ_CALL1(p, descend, (p->manners & FUZZ_ANNOUNCES) != 0);
    p->inside += result == PARLEY_OK;
    fuzz_log_number(p->log, " descend ", (unsigned)result);
}

/* It was shown in pieces as it was heard. */
static void check_pieces(const fuzz_party *p)
{
    static fuzz_log is_heard;
    parley_element e, child;

    if (p->inside > 0 || !p->pieces_whole || !fuzz_heard_element(p->heard, &e)) {
        return;
    }
    fuzz_log_reset(&is_heard);
    fuzz_log_start(&is_heard, e);
    for (bool more = parley_element_child(e, &child); more; more = parley_element_next(&child)) {
        fuzz_log_tree(&is_heard, child);
    }
    FUZZ_CHECK(fuzz_log_equal(pieces_of(p), &is_heard));
}

static void check_shown(fuzz_party *p, parley_element e)
{
    FUZZ_CHECK(p->bound && p->tls && p->authenticated);
    check_from(p, e);
    fuzz_log_tree(p->log, e);
}

/* A stanza that comes in pieces. */
static void on_piece(fuzz_party *p, const parley_event *event)
{
    switch (event->kind) {
    case PARLEY_EVENT_OPEN:
        FUZZ_CHECK(p->bound);
        fuzz_log_start(p->log, event->element);
        check_from(p, event->element);
        if ((p->manners & FUZZ_DESCENDS) != 0) {
            descend(p, event->element);
        }
        break;
    case PARLEY_EVENT_END:
        FUZZ_CHECK(p->inside > 0);
        p->inside--;
        check_pieces(p);
        fuzz_log_tree(p->log, event->element);
        break;
    case PARLEY_EVENT_CHILD:
        if (p->inside == 1) {
            fuzz_log_tree(pieces_of(p), event->element);
        }
        check_shown(p, event->element);
        break;
    default: /* PARLEY_EVENT_TOO_LARGE */
        p->pieces_whole = false;
        check_shown(p, event->element);
        break;
    }
}

static void on_event(fuzz_party *p, const parley_event *event)
{
    FUZZ_CHECK(!p->closed && FUZZ_STATE(p, event->state) != NULL);
    fuzz_log_number(p->log, "\nevent ", (unsigned)event->kind);
    fuzz_log_string(p->log, " in ", parley_string_of(FUZZ_STATE(p, event->state)));
    switch (event->kind) {
    case PARLEY_EVENT_TLS:
        FUZZ_CHECK(!p->tls && (p->server != NULL || event->tls->verified));
        p->tls = true;
        p->told = event->tls;
        p->secure_from = p->said->len;
        fuzz_heard_restart(p->heard);
        break;
    case PARLEY_EVENT_AUTHENTICATED:
        on_authenticated(p, event);
        break;
    case PARLEY_EVENT_BOUND:
        check_bound(p, event->jid);
        fuzz_log_string(p->log, " as ", event->jid);
        break;
    case PARLEY_EVENT_OPEN:
    case PARLEY_EVENT_CHILD:
    case PARLEY_EVENT_END:
    case PARLEY_EVENT_TOO_LARGE:
        on_piece(p, event);
        break;
    case PARLEY_EVENT_STANZA:
        FUZZ_CHECK(p->bound && p->tls && p->authenticated && p->inside == 0);
        check_from(p, event->element);
        log_element(p, event->element);
        break;
    case PARLEY_EVENT_REFUSED:
        FUZZ_CHECK(p->client != NULL && p->tls && p->authenticated);
        log_element(p, event->element);
        break;
    case PARLEY_EVENT_FEATURES:
        log_element(p, event->element);
        break;
    case PARLEY_EVENT_STREAM_ERROR:
        fuzz_log_string(p->log, parley_condition_name(event->condition), event->text);
        break;
    case PARLEY_EVENT_SEE_OTHER_HOST:
        fuzz_redirected(p, &event->redirect);
        break;
    case PARLEY_EVENT_CLOSED:
        p->closed = true;
        log_outcome(p);
        break;
    default:
        break;
    }
}

static void answer_in_vain(fuzz_party *p, parley_answer_kind kind, size_t len)
{
    static const char bytes[64] = "\1 is in no resource";
    parley_answer wrong = {kind, {bytes, len}, NULL};

    wrong.keys = kind == PARLEY_ANSWER_SCRAM ? fuzz_scram_keys() : NULL;
    FUZZ_CHECK(FUZZ_CALL1(p, answer, &wrong) == PARLEY_MISUSE);
    FUZZ_CHECK((FUZZ_CALL0(p, state) & PARLEY_HAS_REQUEST) != 0);
}

/* Answers of other kinds, random bytes of another length and resources that are none leave the
   request as it is. `len`: of the right answer. */
static void answer_wrongly(fuzz_party *p, parley_answer_kind right, size_t len)
{
    static const parley_answer_kind kinds[] = {PARLEY_ANSWER_YES, PARLEY_ANSWER_RANDOM,
                                               PARLEY_ANSWER_RESOURCE, PARLEY_ANSWER_USER,
                                               PARLEY_ANSWER_CLIENT_KEYS};
    bool by_identity = right == PARLEY_ANSWER_YES || right == PARLEY_ANSWER_USER;

    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        if (by_identity ? kinds[i] == PARLEY_ANSWER_YES || kinds[i] == PARLEY_ANSWER_USER
                        : kinds[i] == right) {
            continue;
        }
        answer_in_vain(p, kinds[i], len > 0 && len < 64 ? len : 1);
    }
    if (right == PARLEY_ANSWER_SCRAM && p->keeps_keys) {
        answer_in_vain(p, PARLEY_ANSWER_PASSWORD, 1);
    }
    if (p->takes_no_keys) {
        answer_in_vain(p, PARLEY_ANSWER_SCRAM, 1);
    }
    if (right == PARLEY_ANSWER_RANDOM || right == PARLEY_ANSWER_RESOURCE) {
        answer_in_vain(p, right, 1);
    }
}

static void answer(fuzz_party *p, parley_answer_kind kind, parley_string bytes,
                   const parley_scram_keys *keys)
{
    parley_answer given = {kind, bytes, keys};
    parley_result result;

    if ((p->manners & FUZZ_ANSWERS_WRONGLY) != 0) {
        answer_wrongly(p, kind, bytes.len);
    }
    result = FUZZ_CALL1(p, answer, &given);
    FUZZ_CHECK(result == PARLEY_OK || result == PARLEY_REFUSED);
    fuzz_log_number(p->log, " answered ", (unsigned)result);
}

static void refuse(fuzz_party *p, parley_refusal refusal)
{
    FUZZ_CHECK(FUZZ_CALL1(p, refuse, refusal) == PARLEY_OK);
    fuzz_log_text(p->log, " refused");
}

static void give_password(fuzz_party *p)
{
    static const uint8_t none = FUZZ_DESCENDS | FUZZ_ANNOUNCES; /* not needed yet */

    if ((p->manners & none) == none) { /* one that cannot be prepared */
        answer(p, PARLEY_ANSWER_PASSWORD, parley_string_of("\1"), NULL);
        return;
    }
    answer(p, PARLEY_ANSWER_PASSWORD,
           parley_string_of(p->beyond_ascii ? FUZZ_PASSWORD_BEYOND_ASCII : FUZZ_PASSWORD), NULL);
}

/* Keys of an earlier login, as far as they are of the salt, the count and the hash that the
   challenge names; else the password, or nothing. */
static void give_client_keys(fuzz_party *p)
{
    parley_scram_client_keys keys;
    parley_answer given = {PARLEY_ANSWER_CLIENT_KEYS, {(const char *)&keys, sizeof keys}, NULL};
    parley_result result;

    fuzz_scram_client_keys(&keys);
    result = FUZZ_CALL1(p, answer, &given);
    FUZZ_CHECK(result == PARLEY_OK || result == PARLEY_MISUSE);
    fuzz_log_number(p->log, " keys ", (unsigned)result);
    if (result == PARLEY_MISUSE) {
        give_password(p);
    }
}

static void give_credential(fuzz_party *p, const parley_request *request)
{
    bool for_keys = is(request->mechanism, "SCRAM-SHA-256") || is(request->mechanism, "PLAIN") ||
                    is(request->mechanism, "SCRAM-SHA-256-PLUS");

    p->takes_no_keys = p->server != NULL && is(request->mechanism, "DIGEST-MD5");
    /* Nobody is asked for a secret before TLS is up and the peer verified. */
    FUZZ_CHECK(p->tls && is(request->mechanism, "PLAIN") <= p->plain);
    if ((p->manners & FUZZ_REFUSES_CREDENTIAL) != 0) {
        refuse(p, PARLEY_REFUSE_UNAVAILABLE);
    } else if (is(request->mechanism, "ANONYMOUS")) {
        answer(p, PARLEY_ANSWER_USER, parley_string_of("guest"), NULL);
    } else if (is(request->mechanism, "EXTERNAL")) {
        FUZZ_CHECK(p->server != NULL && fuzz_party_certified(p, request->user));
        answer(p, PARLEY_ANSWER_YES, absent, NULL);
    } else if (!is(request->user, FUZZ_USER)) {
        FUZZ_CHECK(p->server != NULL);
        refuse(p, PARLEY_REFUSE_UNKNOWN);
    } else if (p->server != NULL && for_keys &&
               ((p->manners & FUZZ_HAS_PASSWORDS) == 0 || p->keeps_keys)) {
        answer(p, PARLEY_ANSWER_SCRAM, absent, fuzz_scram_keys());
    } else if (p->server != NULL && p->keeps_keys && !is(request->mechanism, "DIGEST-MD5")) {
        refuse(p, PARLEY_REFUSE_UNKNOWN);
    } else if (p->client != NULL && p->keeps_keys) {
        give_client_keys(p);
    } else {
        give_password(p);
    }
}

static void on_authorize(fuzz_party *p, const parley_request *request)
{
    bool granted = (p->manners & FUZZ_REFUSES_AUTHORIZE) == 0 &&
                   (is(request->authzid, "boss@" FUZZ_HOST) ||
                    is(request->authzid, "b=o,ss@" FUZZ_HOST) ||
                    is(request->authzid, FUZZ_USER "@" FUZZ_HOST));

    FUZZ_CHECK(is(request->user, FUZZ_USER));
    if (!granted) {
        refuse(p, PARLEY_REFUSE_DENIED);
        return;
    }
    memcpy(p->authorized, request->authzid.data, request->authzid.len);
    p->authorized[request->authzid.len] = '\0';
    answer(p, PARLEY_ANSWER_YES, absent, NULL);
}

static void on_request(fuzz_party *p, const parley_request *request)
{
    static const char bytes[] = "\000\001\002\003\004\005\006\007\010\011\012\013\014\015\016\017"
                                "\020\021\022\023\024\025\026\027\030\031\032\033\034\035\036\037";
    parley_string random = {bytes, request->random_len};

    FUZZ_CHECK(!p->closed);
    fuzz_log_number(p->log, "\nasked ", (unsigned)request->kind);
    switch (request->kind) {
    case PARLEY_REQUEST_RANDOM:
        FUZZ_CHECK(random.len > 0 && random.len < sizeof bytes);
        if ((p->manners & FUZZ_REFUSES_RANDOM) != 0) {
            refuse(p, (p->manners & FUZZ_REFUSES_CREDENTIAL) != 0 ? PARLEY_REFUSE_DENIED
                                                                  : PARLEY_REFUSE_UNAVAILABLE);
        } else {
            answer(p, PARLEY_ANSWER_RANDOM, random, NULL);
        }
        break;
    case PARLEY_REQUEST_CREDENTIAL:
        give_credential(p, request);
        break;
    case PARLEY_REQUEST_HOST:
        if (is(request->host, FUZZ_HOST) &&
            !(p->authenticated && (p->manners & FUZZ_REFUSES_AUTHORIZE) != 0)) {
            answer(p, PARLEY_ANSWER_YES, absent, NULL);
        } else {
            refuse(p, PARLEY_REFUSE_UNKNOWN);
        }
        break;
    case PARLEY_REQUEST_AUTHORIZE:
        on_authorize(p, request);
        break;
    case PARLEY_REQUEST_BIND:
        FUZZ_CHECK(p->authenticated);
        if ((p->manners & FUZZ_REFUSES_BIND) != 0 || is(request->resource, "taken")) {
            refuse(p, PARLEY_REFUSE_CONFLICT);
        } else if (is(request->resource, "full") || is(request->resource, "denied")) {
            refuse(p, is(request->resource, "full") ? PARLEY_REFUSE_UNAVAILABLE
                                                    : PARLEY_REFUSE_DENIED);
        } else {
            answer(p, PARLEY_ANSWER_RESOURCE,
                   request->resource.data != NULL ? request->resource : parley_string_of("made"),
                   NULL);
        }
        break;
    default:
        refuse(p, PARLEY_REFUSE_DENIED);
        break;
    }
}

bool fuzz_party_serve(fuzz_party *p)
{
    parley_event event;
    parley_request request;
    unsigned state = FUZZ_CALL0(p, state);

    if ((state & PARLEY_HAS_EVENT) != 0) {
        (void)FUZZ_CALL0(p, busy);
        while (FUZZ_CALL1(p, event, &event)) {
            on_event(p, &event);
        }
        return true;
    }
    if (p->puts_off) {
        return false;
    }
    if ((state & PARLEY_HAS_REQUEST) != 0) {
        FUZZ_CHECK(FUZZ_CALL1(p, request, &request));
        on_request(p, &request);
        return true;
    }
    if ((state & PARLEY_HAS_WORK) != 0) {
        size_t slice = p->cuts.kind == FUZZ_BYTES ? 37 : fuzz_piece(&p->cuts, 4096);

        /* Of a client one attempt, of a server as many as it allows; the last slice of each may be
           more than was left. */
        if (p->worked == 0) {
            fuzz_party_iterations(p);
        }
        FUZZ_CHECK(p->worked <
                   (PARLEY_ITERATIONS_MINIMUM + SLICE) * (p->attempts > 0 ? p->attempts : 1));
        p->worked += (uint32_t)slice;
        fuzz_slice = (uint32_t)slice;
        FUZZ_CALL1(p, work, (uint32_t)slice);
        fuzz_slice = 0;
        return true;
    }
    return false;
}

void fuzz_party_hears(fuzz_party *p, const void *data, size_t len)
{
    fuzz_heard_bytes(p->heard, data, len);
    p->early += p->authenticated ? 0 : len;
    /* What comes behind the end of what is taken is let go, unread. */
    FUZZ_CHECK(p->early <= p->limits.total_early || FUZZ_CALL0(p, outcome)->code != 0 ||
               strncmp(FUZZ_CALL0(p, state_name), "clos", 4) == 0);
}

void fuzz_party_says(fuzz_party *p, const void *data, size_t len)
{
    /* Errors are final and silent, and after the end there is nothing. */
    FUZZ_CHECK(len > 0 && p->silent_from == SIZE_MAX);
    fuzz_log_bytes(p->said, data, len);
}

void fuzz_party_run(fuzz_party *p)
{
    /* Each round is an event, an answer, a slice of work or an ack, and there are few. */
    for (unsigned rounds = 0; rounds < 20000; rounds++) {
        size_t len;
        const void *data = FUZZ_CALL1(p, out_buf, &len);

        if (data != NULL) {
            FUZZ_CHECK(FUZZ_CALL0(p, busy));
            len = fuzz_piece(&p->cuts, len);
            fuzz_party_says(p, data, len);
            FUZZ_CALL1(p, out_ack, len);
        } else if (!fuzz_party_serve(p)) {
            fuzz_party_check(p);
            return;
        }
    }
    fuzz_broken("the session comes to rest", __FILE__, __LINE__, NULL);
}

/* One piece; how much of it was taken. */
static size_t push(fuzz_party *p, const uint8_t *piece, size_t len)
{
    size_t total = 0;
    unsigned refused = 0; /* once may be a byte that led to an event */

    while (refused < 2 && total < len) {
        unsigned state = FUZZ_CALL0(p, state);
        bool waits = (state & PARLEY_WAITS_TLS) != 0 ||
                     strcmp(FUZZ_CALL0(p, state_name), "handshake") == 0;
        const uint8_t *rest = fuzz_flush(piece + total, len - total);
        size_t taken = (fuzz_cost_begin(), FUZZ_CALL2(p, push, rest, len - total));

        fuzz_cost_check(&p->cost, &p->limits, rest, len - total, taken);
        FUZZ_CHECK(taken <= len - total);
        FUZZ_CHECK(taken == 0 || (state & PARLEY_WANTS_INPUT) != 0);
        FUZZ_CHECK(!waits || (taken == 0 && (state & PARLEY_WANTS_INPUT) == 0));
        fuzz_party_hears(p, piece + total, taken);
        total += taken;
        refused = taken > 0 ? 0 : refused + 1;
        if ((FUZZ_CALL0(p, state) & ~(unsigned)PARLEY_IS_READY) != PARLEY_WANTS_INPUT) {
            fuzz_party_run(p);
        }
    }
    return total;
}

size_t fuzz_party_feed(fuzz_party *p, const void *data, size_t len, fuzz_cuts *cuts)
{
    size_t total = 0;

    while (total < len) {
        size_t piece = fuzz_piece(cuts, len - total);
        size_t taken = push(p, (const uint8_t *)data + total, piece);

        total += taken;
        if (taken < piece) {
            break;
        }
    }
    return total;
}
