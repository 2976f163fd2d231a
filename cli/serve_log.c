#include "serve_log.h"

#include "json.h"
#include "status.h"
#include "text.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

bool serve_log_open(serve_log *log, const char *path, bool as_json, failure *f)
{
    *log = (serve_log){.fd = as_json ? STDOUT_FILENO : STDERR_FILENO,
                       .path = path ? path : "the log",
                       .json = as_json};
    if (path) {
        log->fd = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0666);
        if (log->fd < 0) {
            return failure_set(f, STATUS_LOCAL, "log", "%s: cannot be opened: %s", path,
                               strerror(errno));
        }
        log->owned = true;
    }
    log->line = open_memstream(&log->text, &log->len);
    if (!log->line) {
        serve_log_close(log);
        return failure_set(f, STATUS_LOCAL, "memory", "no memory for the log");
    }
    return true;
}

void serve_log_close(serve_log *log)
{
    if (log->line) {
        fclose(log->line);
        free(log->text);
        log->line = NULL;
    }
    if (log->owned) {
        close(log->fd);
        log->owned = false;
    }
}

static void write_time(char text[24])
{
    time_t now = time(NULL);
    struct tm parts;
    if (!gmtime_r(&now, &parts) || strftime(text, 24, "%Y-%m-%dT%H:%M:%SZ", &parts) == 0) {
        text[0] = '\0';
    }
}

static void write_json(FILE *out, uint64_t session, const char *event,
                       const serve_log_field *fields, size_t count)
{
    char now[24];
    json j;

    write_time(now);
    json_open(&j, out, "event", event);
    json_text(&j, "time", now);
    if (session) {
        json_number(&j, "session", session);
    }
    for (size_t i = 0; i < count; i++) {
        if (fields[i].value.data) {
            json_string(&j, fields[i].name, fields[i].value);
        }
    }
    json_end(&j);
}

static void write_text(FILE *out, uint64_t session, const char *event,
                       const serve_log_field *fields, size_t count)
{
    char now[24];

    write_time(now);
    fprintf(out, "%s ", now);
    if (session) {
        fprintf(out, "%llu ", (unsigned long long)session);
    }
    fputs(event, out);
    for (size_t i = 0; i < count; i++) {
        if (fields[i].value.data) {
            fprintf(out, " %s=\"", fields[i].name);
            text_print(out, TEXT_QUOTED, fields[i].value);
            fputc('"', out);
        }
    }
    fputc('\n', out);
}

/* The line's bytes to the file. What is torn is ended first. */
static bool put_line(serve_log *log)
{
    size_t at = 0;

    while (at < log->len) {
        ssize_t n = log->torn && at == 0 ? write(log->fd, "\n", 1)
                                         : write(log->fd, log->text + at, log->len - at);
        if (n < 0 && errno == EINTR) {
            continue;
        }
        if (n <= 0) {
            log->torn = log->torn || at > 0;
            return false;
        }
        if (log->torn && at == 0) {
            log->torn = false;
        } else {
            at += (size_t)n;
        }
    }
    return true;
}

static bool log_line(serve_log *log, uint64_t session, const char *event,
                     const serve_log_field *fields, size_t count)
{
    rewind(log->line);
    if (log->json) {
        write_json(log->line, session, event, fields, count);
    } else {
        write_text(log->line, session, event, fields, count);
    }
    return fflush(log->line) == 0 && put_line(log);
}

/* How many lines are missing, where they are. */
static bool log_lost(serve_log *log)
{
    char text[24];
    int len = snprintf(text, sizeof text, "%llu", (unsigned long long)log->lost);
    const serve_log_field field = {"lines", {text, (size_t)len}};

    return log_line(log, 0, "log-lost", &field, 1);
}

/* RFC 6120 13.10.1. */
void serve_log_event(serve_log *log, uint64_t session, const char *event,
                     const serve_log_field *fields, size_t count)
{
    if (!log->line) {
        return;
    }
    if (log->lost == 0 || log_lost(log)) {
        log->lost = 0;
        if (log_line(log, session, event, fields, count)) {
            return;
        }
    }
    log->lost++;
    if (!log->told && log->fd != STDERR_FILENO) {
        log->told = true;
        fprintf(stderr,
                "parley serve: warning: %s cannot be written: %s; the server goes on, and says in "
                "the log how many lines are missing once it can\n",
                log->path, strerror(errno));
    }
}
