/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the test programs share: KTAP, the module, a switch with its ports
 *
 *	int main(void)
 *	{
 *		test_begin();
 *		lan_begin();
 *		port_add(1, 1, 64, 2048);
 *		ok(..., "what holds, in words");
 *		lan_end();
 *		return test_end();
 *	}
 *
 * A program works in a network namespace of its own, as root. There is one
 * switch at a time, with ports that have numbers; port 1 is called "p1", and
 * its address, which is a static entry of the FDB, is 02:00:00:00:00:01.
 *
 * The module is loaded and removed, and the kernel log judged, by lib.sh.
 *
 * Points that stand for a rule of the data path begin with it, "rule 5.4: ...",
 * so that grep finds the tests of each:
 *
 *	5.1	shared memory is hostile: each word of it is read once
 *	5.2	no stale bytes: nothing beyond a frame reaches a receiver
 *	5.3	what was inspected is what is delivered, for lookups that ask for
 *		it and locked ports (toctou, port_security.sh)
 *	5.4	order from TX ring to RX ring, unicast and flooded frames together
 *	5.5	slots are published before tail
 *	5.6	concurrent senders do not wait for each other's copying
 *	5.7	only a sleeper is woken, once for a batch
 *	5.8	nothing is lost in silence: counters and tracepoint
 *	5.9	a full ring drops, or makes its senders and nobody else wait
 *	5.10	cost does not grow with what is idle: check-budget.sh, the cases
 *		idle-ports, idle-attached and fdb-100k
 */
#ifndef _VSW_TEST_H
#define _VSW_TEST_H

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <vsw/nl.h>

#define ARRAY_SIZE(array)	(sizeof(array) / sizeof((array)[0]))

#define KSFT_PASS	0
#define KSFT_FAIL	1
#define KSFT_SKIP	4

/* Far beyond what anything here takes. */
#define LIMIT_MS	30000

#define SWITCH		"s0"

static struct {
	unsigned int	points;
	unsigned int	failed;
	unsigned int	skipped;
	char		name[64];
	char		dir[4096];
	char		mark[128];
	bool		loaded;
	struct vsw_nl	*nl;
} test;

/*
 * KTAP
 */

static inline bool __attribute__((format(printf, 4, 5)))
test_point(bool passed, const char *cond, int line, const char *fmt, ...)
{
	va_list args;

	test.failed += !passed;
	printf("%s %u ", passed ? "ok" : "not ok", ++test.points);
	va_start(args, fmt);
	vprintf(fmt, args);
	va_end(args);
	putchar('\n');
	if (!passed)
		printf("# line %d: %s\n", line, cond);
	return passed;
}

/* A promise: ok(condition, "what holds, %s", "in words"). */
#define ok(cond, ...)	test_point(cond, #cond, __LINE__, __VA_ARGS__)

/* As ok(), for two numbers; both are shown if they differ. */
#define ok_eq(is, expected, ...)					\
	do {								\
		long long _is = is, _exp = expected;			\
									\
		if (!test_point(_is == _exp, #is " == " #expected,	\
				__LINE__, __VA_ARGS__))			\
			printf("# %lld, not %lld\n", _is, _exp);	\
	} while (0)

static inline void skip(const char *name, const char *why)
{
	test.skipped++;
	printf("ok %u %s # SKIP %s\n", ++test.points, name, why);
}

static inline void __attribute__((noreturn))
test_bail(const char *cond, int line)
{
	printf("Bail out! line %d: %s (%s)\n", line, cond, strerror(errno));
	exit(KSFT_FAIL);
}

/* For set-up, not a promise: the program ends if it fails. */
#define must(cond)	((cond) ? (void)0 : test_bail(#cond, __LINE__))

/*
 * Time and processes
 */

static inline int64_t now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000LL + ts.tv_nsec / 1000000;
}

/* Poll until the condition holds; whether it ever did. */
#define wait_until(cond)						\
	({								\
		int64_t _end = now_ms() + LIMIT_MS;			\
		bool _held;						\
									\
		while (!(_held = (cond)) && now_ms() < _end)		\
			sched_yield();					\
		_held;							\
	})

/* Run a function in a child; its result is the exit status. */
static inline pid_t spawn(int (*fn)(void *arg), void *arg)
{
	pid_t pid;

	fflush(stdout);
	pid = fork();
	must(pid >= 0);
	if (!pid)
		_exit(fn(arg));
	return pid;
}

/* The exit status of a child, or minus the signal that ended it. */
static inline int reap(pid_t pid)
{
	int status;

	must(waitpid(pid, &status, 0) == pid);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

static inline int in_child(int (*fn)(void *arg), void *arg)
{
	return reap(spawn(fn, arg));
}

/* Whether a process or thread sleeps in a system call. */
static inline bool asleep(pid_t tid)
{
	char path[64], state = 0;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/stat", (int)tid);
	file = fopen(path, "r");
	if (!file)
		return false;
	if (fscanf(file, "%*d (%*[^)]) %c", &state) != 1)
		state = 0;
	fclose(file);
	return state == 'S';
}

static inline bool write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	ssize_t len = strlen(text);
	bool done;

	if (fd < 0)
		return false;
	done = write(fd, text, len) == len;
	close(fd);
	return done;
}

/* Run functions of lib.sh; whether they succeeded. */
static inline bool test_lib(const char *commands)
{
	char script[512];
	pid_t pid;

	snprintf(script, sizeof(script),
		 "set -o pipefail; . \"$1/lib.sh\"; kmsg_mark=$2; { %s; } | sed 's/^/# /'",
		 commands);
	fflush(stdout);
	pid = fork();
	must(pid >= 0);
	if (!pid) {
		execlp("bash", "bash", "-c", script, test.name, test.dir,
		       test.mark, NULL);
		_exit(127);
	}
	return !reap(pid);
}

/*
 * Begin and end
 */

static inline void test_find_self(void)
{
	ssize_t len = readlink("/proc/self/exe", test.dir, sizeof(test.dir) - 1);
	char *slash;

	must(len > 0);
	test.dir[len] = '\0';
	slash = strrchr(test.dir, '/');
	snprintf(test.name, sizeof(test.name), "%s", slash + 1);
	*slash = '\0';
	snprintf(test.mark, sizeof(test.mark), "vsw selftest %s %d begins",
		 test.name, (int)getpid());
}

static inline void test_begin(void)
{
	setvbuf(stdout, NULL, _IOLBF, 0);
	puts("TAP version 13");
	if (geteuid()) {
		puts("1..0 # SKIP needs root");
		exit(KSFT_SKIP);
	}
	test_find_self();
	write_file("/dev/kmsg", test.mark);
	if (access("/sys/module/vsw", F_OK)) {
		must(test_lib("vsw_insert"));
		test.loaded = true;
	}
	must(!unshare(CLONE_NEWNET));
	must(!vsw_nl_open(&test.nl));
}

static inline int test_end(void)
{
	vsw_nl_close(test.nl);
	if (test.loaded)
		ok(test_lib("vsw_unload"), "the module can be removed");
	ok(test_lib("kmsg_clean"), "the kernel log is clean");
	printf("1..%u\n", test.points);
	if (test.failed)
		return KSFT_FAIL;
	return test.skipped == test.points ? KSFT_SKIP : KSFT_PASS;
}

/*
 * The switch
 */

static inline void lan_begin(void)
{
	struct vsw_nl_switch sw = {};

	vsw_nl_put(&sw, SWITCH_NAME, name, SWITCH);
	must(!vsw_nl_switch_new(test.nl, &sw));
}

static inline void lan_end(void)
{
	struct vsw_nl_switch sw = {};

	vsw_nl_put(&sw, SWITCH_NAME, name, SWITCH);
	must(!vsw_nl_switch_del(test.nl, &sw));
}

/* Valid until it is called for the fourth time after. */
static inline const char *port_name(unsigned int i)
{
	static char names[4][16];
	static unsigned int next;
	char *name = names[next++ % 4];

	snprintf(name, sizeof(names[0]), "p%u", i);
	return name;
}

/* A port that belongs to the namespace of a process. */
static inline int port_new(unsigned int i, uint32_t rings, uint32_t slots,
			   uint32_t buf_size, pid_t owner)
{
	struct vsw_nl_port port = {};

	vsw_nl_put(&port, PORT_NAME, name, port_name(i));
	vsw_nl_put(&port, PORT_SWITCH, sw, SWITCH);
	vsw_nl_put(&port, PORT_RINGS, rings, rings);
	vsw_nl_put(&port, PORT_SLOTS, slots, slots);
	vsw_nl_put(&port, PORT_BUF_SIZE, buf_size, buf_size);
	if (owner)
		vsw_nl_put(&port, PORT_NETNS_PID, netns_pid, owner);
	return vsw_nl_port_new(test.nl, &port);
}

static inline void port_add(unsigned int i, uint32_t rings, uint32_t slots,
			    uint32_t buf_size)
{
	struct vsw_nl_fdb fdb = { .address = { 2, 0, 0, 0, i >> 8, i } };

	must(!port_new(i, rings, slots, buf_size, 0));
	fdb.present = VSW_NL_BIT(VSW_A_FDB_ADDRESS);
	vsw_nl_put(&fdb, FDB_SWITCH, sw, SWITCH);
	vsw_nl_put(&fdb, FDB_PORT, port, port_name(i));
	must(!vsw_nl_fdb_new(test.nl, &fdb));
}

static inline void port_key(struct vsw_nl_port *port, unsigned int i)
{
	vsw_nl_put(port, PORT_NAME, name, port_name(i));
	vsw_nl_put(port, PORT_SWITCH, sw, SWITCH);
}

static inline void port_del(unsigned int i)
{
	struct vsw_nl_port port = {};

	port_key(&port, i);
	must(!vsw_nl_port_del(test.nl, &port));
}

struct port_info {
	uint32_t		attached;
	uint32_t		region;
	struct vsw_nl_stats	stats;
	struct vsw_nl_drops	drops;
};

static inline int port_info_cb(const struct vsw_nl_msg *msg, void *data)
{
	struct port_info *info = data;

	info->attached = msg->port->attached;
	if (vsw_nl_has(msg->port, PORT_REGION))
		info->region = msg->port->region;
	info->stats = *msg->port->stats;
	info->drops = *info->stats.drops;
	return 0;
}

static inline struct port_info port_info(unsigned int i)
{
	struct vsw_nl_port port = {};
	struct port_info info = {};

	port_key(&port, i);
	must(!vsw_nl_port_get(test.nl, &port, port_info_cb, &info));
	return info;
}

/* All frames that were dropped at a port, whatever the reason. */
static inline uint64_t port_drops(unsigned int i)
{
	struct port_info info = port_info(i);
	const uint64_t *reason = &info.drops.present + 1;
	uint64_t sum = 0;

	while (reason < (uint64_t *)(&info.drops + 1))
		sum += *reason++;
	return sum;
}

#endif /* _VSW_TEST_H */
