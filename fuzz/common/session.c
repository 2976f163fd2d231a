/* A step's session, run three times.

   Settings: byte 0: stepwise, small limits, large stanzas skipped, direct TLS, channel
   binding, three bits of the configuration's variant; byte 1: the start (two bits), how many
   of the mechanisms (four), a password beyond ASCII, keys in place of passwords; byte 2: the
   seed of the cuts; byte 3: the application's manners. */
#include <string.h>

#include "common/actions.h"
#include "common/digest.h"

typedef struct run {
    const fuzz_step *step;
    fuzz_party party;
    fuzz_cuts cuts;
    uint8_t settings[4];
    bool ended;
    bool changed; /* the challenge */
} run;

static void hear(run *r, const void *data, size_t len)
{
    if (!r->ended) {
        (void)fuzz_party_feed(&r->party, data, len, &r->cuts);
    }
}

static void hear_scram(run *r, bool second, const fuzz_edit *edit)
{
    static char text[FUZZ_SCRAM_SIZE];
    size_t len = fuzz_scram_due(&r->party, second, edit, &r->changed, text);

    hear(r, text, len);
}

static void hear_digest(run *r, bool second, const fuzz_edit *edit)
{
    static char text[FUZZ_SCRAM_SIZE];
    size_t len;

    if (r->step->server) {
        len = fuzz_digest_response(r->party.said, edit, text);
    } else {
        len = fuzz_digest_proof(r->party.said, second ? "success" : "challenge", edit, text);
    }
    hear(r, text, len);
}

static void hear_due(run *r, bool second, const fuzz_edit *edit)
{
    if (r->step->mechanisms != NULL && r->step->mechanisms[0] == &parley_digest_md5) {
        hear_digest(r, second, edit);
    } else {
        hear_scram(r, second, edit);
    }
}

/* The request that was put off is answered, and what follows from it is put off. */
static void answer_one(fuzz_party *p)
{
    bool asked = p->puts_off && (FUZZ_CALL0(p, state) & PARLEY_HAS_REQUEST) != 0;

    p->puts_off = !asked;
    if (asked) {
        (void)fuzz_party_serve(p);
    }
    p->puts_off = true;
}

/* What is sent stands behind what has left in part. */
static void send_behind(fuzz_party *p)
{
    const void *data;
    size_t len;

    (void)fuzz_put(p, 3);
    data = FUZZ_CALL1(p, out_buf, &len);
    if (data != NULL) {
        len = len / 2 > 0 ? len / 2 : 1;
        fuzz_party_says(p, data, len);
        FUZZ_CALL1(p, out_ack, len);
    }
    fuzz_expire(p, false);
    (void)fuzz_put(p, 100);
    (void)fuzz_put(p, 3);
}

static void act(run *r, uint8_t action)
{
    fuzz_party *p = &r->party;
    switch (action) {
    case 0:
    case 1:
        fuzz_expire(p, action == 1);
        break;
    case 2:
        r->ended = true;
        FUZZ_CALL0(p, finish);
        break;
    case 3:
        FUZZ_CALL0(p, close);
        break;
    case 4:
        FUZZ_CALL2(p, fail, PARLEY_ERROR_LOCAL, PARLEY_SYSTEM_SHUTDOWN);
        break;
    case 5:
    case 9:
        (void)fuzz_send(p, action == 5 ? 3 : 5000);
        break;
    case 6:
    case 7:
        fuzz_tls_up(p, action == 6, p->binding);
        break;
    case 8:
        FUZZ_CALL2(p, tls_failed, PARLEY_ERROR_TLS_HANDSHAKE, 3);
        break;
    case 10:
        fuzz_misuse(p);
        break;
    case 11:
    case 12:
        hear_due(r, action == 12, NULL);
        break;
    case 14:
        break;
    case 19:
        FUZZ_CALL2(p, fail, PARLEY_ERROR_LOCAL, PARLEY_SEE_OTHER_HOST);
        break;
    case 17:
        answer_one(p);
        break;
    case 23:
        FUZZ_CALL2(p, fail, PARLEY_ERROR_LOCAL, PARLEY_CONDITION_NONE);
        break;
    case 22:
        send_behind(p);
        break;
    default:
        fuzz_strange_actions += action != 255;
        hear(r, "\377", 1);
        break;
    }
    fuzz_party_run(p);
    if (action <= 4 || action == 8 || action == 19 || action == 23) {
        p->puts_off = false;
        fuzz_party_run(p);
    }
}

static void send_off(run *r, parley_string address)
{
    fuzz_redirect(&r->party, address);
    r->party.puts_off = false;
    fuzz_party_run(&r->party);
}

static void hear_first(run *r, parley_string authzid)
{
    static char text[FUZZ_SCRAM_SIZE];

    if (r->step->server) {
        hear(r, text, fuzz_scram_first(authzid, text));
    }
}

/* Those that bytes follow. */
static bool act_on(run *r, uint8_t action, const uint8_t **data, size_t *size)
{
    fuzz_edit edit = {0, 0, action == 16, 0};

    switch (action) {
    case 15:
    case 16:
        edit.at = fuzz_byte(data, size);
        edit.change = fuzz_byte(data, size);
        hear_due(r, action == 16 && !r->step->server, &edit);
        return true;
    case 18:
        send_off(r, fuzz_text_of(data, size));
        return true;
    case 20:
        edit.iterations = fuzz_two_bytes(data, size);
        if (!r->step->server) {
            hear_scram(r, false, &edit);
        }
        return true;
    case 21:
        hear_first(r, fuzz_text_of(data, size));
        return true;
    default:
        return false;
    }
}

static void open_session(run *r, fuzz_log *log, fuzz_log *said, unsigned kind)
{
    static const parley_mechanism *const plain[] = {&parley_plain};
    static const parley_mechanism *const scram[] = {&parley_scram_sha_256};
    static const parley_string addresses[] = {{NULL, 0},
                                              {FUZZ_USER "@" FUZZ_HOST,
                                               sizeof FUZZ_USER "@" FUZZ_HOST},
                                              {FUZZ_USER "@" FUZZ_HOST "\0boss@" FUZZ_HOST,
                                               sizeof FUZZ_USER "@" FUZZ_HOST "\0boss@" FUZZ_HOST},
                                              {FUZZ_USER "@other." FUZZ_HOST,
                                               sizeof FUZZ_USER "@other." FUZZ_HOST}};
    static fuzz_heard heard;
    const fuzz_step *step = r->step;
    const fuzz_place place = {step, kind, {r->settings[0], r->settings[1]}};
    const char *start = step->starts[r->settings[1] & 3u];
    fuzz_settings settings;

    memset(&settings, 0, sizeof settings);
    settings.stepwise = (r->settings[0] & 1u) != 0;
    settings.small = (r->settings[0] & 2u) != 0;
    settings.skip_large = (r->settings[0] & 4u) != 0;
    settings.variant = r->settings[0] >> 5;
    settings.is_strict = settings.variant == (step->server ? 7 : 5);
    start = start != NULL ? start : step->starts[0];
    settings.keeps_keys = (r->settings[1] & 128u) != 0;
    settings.direct = (r->settings[0] & 8u) != 0 && strncmp(start, "plain", 5) != 0 &&
                      strcmp(start, "proceed") != 0;
    settings.mechanisms = step->server ? scram : plain;
    settings.mechanism_count = 1;
    if (step->mechanisms != NULL) {
        settings.mechanisms = step->mechanisms;
        settings.mechanism_count = 1 + (r->settings[1] >> 2 & 15u) % step->mechanism_count;
    }
    fuzz_style_of(kind);
    if (step->server) {
        fuzz_open_server(&r->party, &settings, (uint8_t)(0xA5 + kind));
    } else {
        fuzz_open_client(&r->party, &settings, (uint8_t)(0xA5 + kind));
    }
    r->cuts = fuzz_cuts_of(kind, r->settings[2]);
    fuzz_party_open(&r->party, log, said, &heard, fuzz_cuts_of(kind, 1));
    r->party.plain = settings.mechanisms[settings.mechanism_count - 1] == &parley_plain;
    r->party.addresses = addresses[settings.variant & 3u];
    r->party.beyond_ascii = (r->settings[1] & 64u) != 0;
    r->party.keeps_keys = settings.keeps_keys;
    if ((r->settings[0] & 16u) != 0) {
        r->party.binding = (fuzz_binding)(FUZZ_BINDS_BOTH + (r->settings[1] >> 6));
    }
    if (!step->server) {
        parley_client_keep_keys(r->party.client, &r->party.kept);
    }
    if (!fuzz_restore(&place, &r->party)) {
        fuzz_way(&r->party, start);
        fuzz_keep(&place, &r->party);
    }
    r->party.cuts = fuzz_cuts_of(kind, (uint8_t)~r->settings[2]);
    r->party.manners = r->settings[3];
}

/* What a client has kept is what the password gives, if it was asked for in the usual way. */
static void check_kept(const fuzz_party *p)
{
    parley_scram_client_keys right;

    fuzz_scram_client_keys(&right);
    FUZZ_CHECK(p->kept.key_len == 0 || p->authenticated);
    if (p->kept.key_len == 32 && p->kept.iterations == right.iterations &&
        p->kept.salt_len == right.salt_len &&
        memcmp(p->kept.salt, right.salt, right.salt_len) == 0) {
        FUZZ_CHECK(memcmp(&p->kept, &right, sizeof right) == 0);
    }
}

static void run_once(const fuzz_step *step, const uint8_t *data, size_t size, unsigned kind,
                     fuzz_log *log, fuzz_log *said)
{
    static run r;
    unsigned actions = 0;

    memset(&r, 0, sizeof r);
    r.step = step;
    for (size_t i = 0; i < sizeof r.settings; i++) {
        r.settings[i] = fuzz_byte(&data, &size);
    }
    open_session(&r, log, said, kind);
    while (size > 0 && actions < FUZZ_ACTIONS) {
        const uint8_t *action = memchr(data, 0xFF, size);
        size_t text = action != NULL ? (size_t)(action - data) : size;

        hear(&r, data, text);
        data += text;
        size -= text;
        if (size > 0) {
            uint8_t what = (fuzz_byte(&data, &size), fuzz_byte(&data, &size));

            actions++;
            if (!act_on(&r, what, &data, &size)) {
                act(&r, what);
            }
        }
    }
    r.party.puts_off = false;
    fuzz_party_run(&r.party);
    fuzz_party_close(&r.party);
    check_kept(&r.party);
}

int fuzz_step_run(const fuzz_step *step, const uint8_t *data, size_t size)
{
    static fuzz_log logs[2], said[2];

    if (size < 4 || size > FUZZ_INPUT) {
        return 0;
    }
    run_once(step, data, size, FUZZ_WHOLE, &logs[0], &said[0]);
    fuzz_log_show(&logs[0]);
    fuzz_log_show(&said[0]);
    for (unsigned kind = FUZZ_BYTES; kind <= FUZZ_RANDOM; kind++) {
        run_once(step, data, size, kind, &logs[1], &said[1]);
        fuzz_log_same(&logs[0], &logs[1]);
        fuzz_log_same(&said[0], &said[1]);
    }
    return 0;
}
