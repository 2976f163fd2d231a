/* Where a domain's servers are, asked of a DNS server of our own on loopback. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#include "clock.h"
#include "resolve.h"
#include "status.h"

enum { TYPE_A = 1, TYPE_SRV = 33 };

typedef struct record {
    const char *name;
    unsigned type;
    unsigned priority;
    unsigned weight;
    unsigned port;
    const char *value; /* target, or address */
} record;

static const record zone[] = {
    {"_xmpp-client._tcp.both.test", TYPE_SRV, 20, 0, 5222, "late.test"},
    {"_xmpp-client._tcp.both.test", TYPE_SRV, 10, 0, 5223, "middle.test"},
    {"_xmpps-client._tcp.both.test", TYPE_SRV, 5, 0, 443, "first.test"},
    {"_xmpp-client._tcp.plain.test", TYPE_SRV, 1, 0, 5333, "only.test"},
    {"_xmpp-client._tcp.none.test", TYPE_SRV, 0, 0, 0, ""},
    {"_xmpps-client._tcp.none.test", TYPE_SRV, 0, 0, 0, ""},
    {"_xmpp-client._tcp.weighed.test", TYPE_SRV, 1, 10, 1, "light.test"},
    {"_xmpp-client._tcp.weighed.test", TYPE_SRV, 1, 90, 2, "heavy.test"},
    {"_xmpp-client._tcp.weighed.test", TYPE_SRV, 2, 65535, 3, "last.test"},
    {"address.test", TYPE_A, 0, 0, 0, "192.0.2.7"},
    {"address.test", TYPE_A, 0, 0, 0, "192.0.2.8"},
    {"xn--bcher-kva.test", TYPE_A, 0, 0, 0, "192.0.2.9"},
    {"_xmpp-client._tcp.xn--bcher-kva.test", TYPE_SRV, 1, 0, 5222, "address.test"},
};

static pid_t server;
static char server_name[40];

/* The server. */

static size_t put_name(unsigned char *out, const char *name)
{
    size_t used = 0;

    while (*name != '\0') {
        size_t len = strcspn(name, ".");

        out[used++] = (unsigned char)len;
        memcpy(out + used, name, len);
        used += len;
        name += len + (name[len] == '.');
    }
    out[used++] = 0;
    return used;
}

static size_t put_16(unsigned char *out, unsigned value)
{
    out[0] = (unsigned char)(value >> 8);
    out[1] = (unsigned char)value;
    return 2;
}

static size_t put_record(unsigned char *out, const record *r)
{
    unsigned char data[256];
    size_t len = 0;
    size_t used = 0;

    if (r->type == TYPE_SRV) {
        len += put_16(data, r->priority);
        len += put_16(data + len, r->weight);
        len += put_16(data + len, r->port);
        len += put_name(data + len, r->value);
    } else {
        inet_pton(AF_INET, r->value, data);
        len = 4;
    }
    used += put_16(out, 0xC00C); /* the question's name */
    used += put_16(out + used, r->type);
    used += put_16(out + used, 1);
    used += put_16(out + used, 0);
    used += put_16(out + used, 60);
    used += put_16(out + used, (unsigned)len);
    memcpy(out + used, data, len);
    return used + len;
}

/* The question's name as text; its end in the packet. */
static size_t read_name(const unsigned char *packet, size_t len, char *name, size_t size)
{
    size_t at = 12;
    size_t used = 0;

    while (at < len && packet[at] != 0 && used + packet[at] + 2u < size) {
        memcpy(name + used, packet + at + 1, packet[at]);
        used += packet[at];
        name[used++] = '.';
        at += packet[at] + 1u;
    }
    name[used > 0 ? used - 1 : 0] = '\0';
    return at + 1;
}

static void answer(int fd, unsigned char *packet, size_t len, const struct sockaddr_in *to)
{
    char name[256];
    size_t end = read_name(packet, len, name, sizeof name);
    unsigned type = (unsigned)packet[end] << 8 | packet[end + 1];
    unsigned count = 0;

    if (strstr(name, "silent.test") != NULL) {
        return;
    }
    end += 4;
    for (size_t i = 0; i < sizeof zone / sizeof zone[0]; i++) {
        if (zone[i].type == type && strcmp(zone[i].name, name) == 0) {
            end += put_record(packet + end, &zone[i]);
            count++;
        }
    }
    packet[2] = 0x81;
    packet[3] = count > 0 ? 0x80 : 0x83; /* else: there is no such name */
    put_16(packet + 6, count);
    put_16(packet + 8, 0);
    put_16(packet + 10, 0);
    (void)sendto(fd, packet, end, 0, (const struct sockaddr *)to, sizeof *to);
}

static int start_server(void **state)
{
    struct sockaddr_in address = {.sin_family = AF_INET};
    socklen_t len = sizeof address;
    int fd = socket(AF_INET, SOCK_DGRAM, 0);

    (void)state;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (fd < 0 || bind(fd, (struct sockaddr *)&address, len) != 0 ||
        getsockname(fd, (struct sockaddr *)&address, &len) != 0) {
        return -1;
    }
    snprintf(server_name, sizeof server_name, "127.0.0.1:%u", ntohs(address.sin_port));
    server = fork();
    if (server == 0) {
        alarm(60);
        for (;;) {
            unsigned char packet[2048];
            struct sockaddr_in from;
            socklen_t from_len = sizeof from;
            ssize_t got = recvfrom(fd, packet, 512, 0, (struct sockaddr *)&from, &from_len);

            if (got > 16) {
                answer(fd, packet, (size_t)got, &from);
            }
        }
    }
    close(fd);
    return server > 0 ? 0 : -1;
}

static int stop_server(void **state)
{
    (void)state;
    kill(server, SIGKILL);
    return waitpid(server, NULL, 0) == server ? 0 : -1;
}

/* The tests. */

static resolver ask(int64_t milliseconds)
{
    resolver r;
    failure f;

    assert_true(resolver_open(&r, server_name, clock_now() + milliseconds, &f));
    return r;
}

static void is_target(const resolve_target *target, const char *host, unsigned port, bool direct)
{
    assert_string_equal(target->host, host);
    assert_int_equal(target->port, port);
    assert_int_equal(target->direct, direct);
}

static bool find(const char *domain, unsigned services, resolve_targets *targets, failure *f)
{
    resolver r = ask(10000);
    bool found = resolve_service(&r, domain, services, targets, f);

    resolver_close(&r);
    return found;
}

/* XEP-0368: the records of both services are one list. */
static void priorities_order_both_services(void **state)
{
    resolve_targets targets;
    failure f;

    (void)state;
    assert_true(find("both.test", RESOLVE_STARTTLS | RESOLVE_DIRECT, &targets, &f));
    assert_int_equal(targets.count, 3);
    is_target(&targets.list[0], "first.test", 443, true);
    is_target(&targets.list[1], "middle.test", 5223, false);
    is_target(&targets.list[2], "late.test", 5222, false);
    assert_true(find("both.test", RESOLVE_STARTTLS, &targets, &f));
    assert_int_equal(targets.count, 2);
    assert_true(find("both.test", RESOLVE_DIRECT, &targets, &f));
    assert_int_equal(targets.count, 1);
    assert_true(find("plain.test", RESOLVE_STARTTLS | RESOLVE_DIRECT, &targets, &f));
    assert_int_equal(targets.count, 1);
    is_target(&targets.list[0], "only.test", 5333, false);
}

/* RFC 2782: in proportion to the weights, and never before a lower priority. */
static void weights_share_the_load(void **state)
{
    unsigned heavy = 0;

    (void)state;
    for (int i = 0; i < 200; i++) {
        resolve_targets targets;
        failure f;

        assert_true(find("weighed.test", RESOLVE_STARTTLS, &targets, &f));
        assert_int_equal(targets.count, 3);
        assert_int_equal(targets.list[2].port, 3);
        heavy += targets.list[0].port == 2;
    }
    /* 90 % of 200; beyond 6 standard deviations either way something is wrong. */
    assert_in_range(heavy, 155, 199);
}

static void a_dot_means_not_offered(void **state)
{
    resolve_targets targets;
    failure f;

    (void)state;
    assert_false(find("none.test", RESOLVE_STARTTLS | RESOLVE_DIRECT, &targets, &f));
    assert_int_equal(f.status, STATUS_NETWORK);
    assert_string_equal(f.outcome, "no-service");
}

static void without_records_the_domain_itself(void **state)
{
    resolve_targets targets;
    failure f;

    (void)state;
    assert_true(find("address.test", RESOLVE_STARTTLS | RESOLVE_DIRECT, &targets, &f));
    assert_int_equal(targets.count, 1);
    is_target(&targets.list[0], "address.test", 5222, false);
    assert_true(find("address.test", RESOLVE_DIRECT, &targets, &f));
    is_target(&targets.list[0], "address.test", 5223, true);
}

static void hosts_have_addresses(void **state)
{
    static const struct {
        const char *host;
        const char *first;
        size_t count;
    } rows[] = {
        {"address.test", "192.0.2.", 2},  {"127.0.0.1", "127.0.0.1:77", 1},
        {"::1", "[::1]:77", 1},           {"[2001:db8::1]", "[2001:db8::1]:77", 1},
        {"localhost", "127.0.0.1:77", 2}, {"a.LOCALHOST", "127.0.0.1:77", 2},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        resolver r = ask(10000);
        resolve_addresses addresses;
        char name[80];
        failure f;

        assert_true(resolve_host(&r, rows[i].host, 77, &addresses, &f));
        assert_int_equal(addresses.count, rows[i].count);
        resolve_name(&addresses.list[0], name, sizeof name);
        assert_memory_equal(name, rows[i].first, strlen(rows[i].first));
        resolver_close(&r);
    }
}

/* DNS has A-labels. */
static void names_beyond_ascii(void **state)
{
    static const char host[] = "B\xC3\xBC"
                               "cher.test";
    resolver r = ask(10000);
    resolve_addresses addresses;
    resolve_targets targets;
    failure f;

    (void)state;
    assert_int_equal(resolve_host(&r, host, 77, &addresses, &f), PARLEY_UNICODE);
    resolver_close(&r);
    assert_int_equal(find(host, RESOLVE_STARTTLS, &targets, &f), PARLEY_UNICODE);
    if (PARLEY_UNICODE) {
        assert_int_equal(addresses.count, 1);
        assert_int_equal(targets.count, 1);
        is_target(&targets.list[0], "address.test", 5222, false);
    }
}

static void unknown_hosts_are_refused(void **state)
{
    static const char *const hosts[] = {"missing.test", "xlocalhost", "\xE2\x99\x9A.test"};

    (void)state;
    for (size_t i = 0; i < sizeof hosts / sizeof hosts[0]; i++) {
        resolver r = ask(10000);
        resolve_addresses addresses;
        failure f;

        assert_false(resolve_host(&r, hosts[i], 77, &addresses, &f));
        assert_int_equal(f.status, STATUS_NETWORK);
        assert_string_equal(f.outcome, "no-address");
        assert_non_null(strstr(f.text, hosts[i]));
        resolver_close(&r);
    }
}

static void silence_ends_at_the_deadline(void **state)
{
    resolver r = ask(300);
    resolve_targets targets;
    resolve_addresses addresses;
    failure f;
    int64_t begun = clock_now();

    (void)state;
    assert_false(resolve_service(&r, "silent.test", RESOLVE_STARTTLS, &targets, &f));
    assert_string_equal(f.outcome, "timed-out");
    assert_false(resolve_host(&r, "silent.test", 1, &addresses, &f));
    assert_string_equal(f.outcome, "timed-out");
    assert_in_range(clock_now() - begun, 290, 5000);
    resolver_close(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(priorities_order_both_services),
        cmocka_unit_test(weights_share_the_load),
        cmocka_unit_test(a_dot_means_not_offered),
        cmocka_unit_test(without_records_the_domain_itself),
        cmocka_unit_test(hosts_have_addresses),
        cmocka_unit_test(names_beyond_ascii),
        cmocka_unit_test(unknown_hosts_are_refused),
        cmocka_unit_test(silence_ends_at_the_deadline),
    };

    return cmocka_run_group_tests(tests, start_server, stop_server);
}
