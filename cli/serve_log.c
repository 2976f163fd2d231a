#include "serve_log.h"

#include "json.h"
#include "status.h"
#include "text.h"

#include <errno.h>
#include <string.h>
#include <time.h>

bool serve_log_open(serve_log *log, const char *path, bool as_json, failure *f)
{
    *log = (serve_log){.out = as_json ? stdout : stderr, .json = as_json};
    if (path) {
        log->out = fopen(path, "a");
        if (!log->out) {
            return failure_set(f, STATUS_LOCAL, "log", "%s: cannot be opened: %s", path,
                               strerror(errno));
        }
        log->owned = true;
    }
    return true;
}

void serve_log_close(serve_log *log)
{
    if (log->owned) {
        fclose(log->out);
    }
    log->out = NULL;
}

static void write_time(char text[24])
{
    time_t now = time(NULL);
    struct tm parts;
    if (!gmtime_r(&now, &parts) || strftime(text, 24, "%Y-%m-%dT%H:%M:%SZ", &parts) == 0) {
        text[0] = '\0';
    }
}

/* RFC 6120 13.10.1. */
void serve_log_event(const serve_log *log, uint64_t session, const char *event,
                     const serve_log_field *fields, size_t count)
{
    char now[24];
    if (!log->out) {
        return;
    }
    write_time(now);
    if (log->json) {
        json j;
        json_open(&j, log->out, "event", event);
        json_text(&j, "time", now);
        if (session) {
            json_number(&j, "session", session);
        }
        for (size_t i = 0; i < count; i++) {
            if (fields[i].value.data) {
                json_string(&j, fields[i].name, fields[i].value);
            }
        }
        json_close(&j);
        return;
    }
    fprintf(log->out, "%s ", now);
    if (session) {
        fprintf(log->out, "%llu ", (unsigned long long)session);
    }
    fputs(event, log->out);
    for (size_t i = 0; i < count; i++) {
        if (fields[i].value.data) {
            fprintf(log->out, " %s=\"", fields[i].name);
            text_print(log->out, TEXT_QUOTED, fields[i].value);
            fputc('"', log->out);
        }
    }
    fputc('\n', log->out);
    fflush(log->out);
}
