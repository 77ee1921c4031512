// SPDX-License-Identifier: GPL-2.0
/*
 * bench-instr: instructions for each frame; runs in the guest of instr.sh
 *
 * Time there is the number of instructions, 1 ns each, so CLOCK_MONOTONIC
 * counts them: those of the program, of the switch, and of the kernel around
 * them, timer ticks included.
 */
#include <errno.h>
#include <regex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "bench.h"

#define NSEC_PER_MSEC	1000000ULL

/* Several timer ticks, so that one more or less is not seen. */
#define WINDOW_NS	(20 * NSEC_PER_MSEC)
#define WARM_UP_NS	(5 * NSEC_PER_MSEC)

/* Frames between two looks at the clock. */
#define CHUNK_FRAMES	2048

#define UNICAST(l, b) \
	.name = "unicast", .len = (l), .batch = (b)
/* One slot holds 9000 bytes. */
#define JUMBO(b) \
	.name = "unicast", .len = 9000, .batch = (b), .buf_size = 16384
/* Received without system calls. */
#define DIRECT(b) \
	.name = "unicast-direct", .len = 60, .batch = (b), \
	.attach_flags = VSW_ATTACH_RX_DIRECT
/* Senders would wait for room, but there is enough. */
#define BLOCK(b) \
	.name = "unicast-block", .len = 60, .batch = (b), .block = true
/* A sender that never pauses and a receiver that has work share the processor. */
#define OVERLOAD(text, b) \
	.name = "overload-" text, .len = 60, .batch = (b), .overload = true, \
	.attach_flags = VSW_ATTACH_NO_TX_POLL, .repeat = 1, \
	.run = bench_overload
/* To @n receivers in turn. */
#define SPREAD(text, n) \
	.name = (text), .len = 60, .batch = 256, .receivers = (n)
/* One flow of UDP to a group of ports. */
#define GROUP(text) \
	.name = (text), .len = 60, .batch = 256, .receivers = 4
/* Through a thousand rules, of which one of the last agrees with the frames. */
#define ACL(text, l) \
	.name = (text), .len = (l), .batch = 256, .lookup = "acl"
/* On a switch whose ports have VLANs. */
#define VLAN(text) \
	.name = (text), .len = 60, .batch = 256
/*
 * Instructions to attach a port and detach it; each counts as a frame. The ports
 * are as small as can be, for zeroing buffers takes the same time anyway.
 */
#define ATTACH \
	.len = 60, .batch = 1, .slots = 2, .buf_size = 256, \
	.fresh = 64, .run = bench_attach

static const struct bench_case cases[] = {
	{ UNICAST(60, 1) },
	{ UNICAST(60, 4) },
	{ UNICAST(60, 16) },
	{ UNICAST(60, 64) },
	{ UNICAST(60, 256) },
	{ UNICAST(128, 1) },
	{ UNICAST(128, 4) },
	{ UNICAST(128, 16) },
	{ UNICAST(128, 64) },
	{ UNICAST(128, 256) },
	{ UNICAST(256, 1) },
	{ UNICAST(256, 4) },
	{ UNICAST(256, 16) },
	{ UNICAST(256, 64) },
	{ UNICAST(256, 256) },
	{ UNICAST(512, 1) },
	{ UNICAST(512, 4) },
	{ UNICAST(512, 16) },
	{ UNICAST(512, 64) },
	{ UNICAST(512, 256) },
	{ UNICAST(1500, 1) },
	{ UNICAST(1500, 4) },
	{ UNICAST(1500, 16) },
	{ UNICAST(1500, 64) },
	{ UNICAST(1500, 256) },
	{ JUMBO(1) },
	{ JUMBO(4) },
	{ JUMBO(16) },
	{ JUMBO(64) },
	{ JUMBO(256) },
	{ DIRECT(1) },
	{ DIRECT(16) },
	{ DIRECT(256) },
	{ BLOCK(1) },
	{ BLOCK(16) },
	{ BLOCK(256) },
	/* Half of each batch has to wait for the receiver, then is sent. */
	{ .name = "block-full", .len = 60, .batch = 256, .block = true,
	  .slots = 257, .run = bench_block_full },
	/* All of a batch waits, and is tried in vain; each try counts as a frame. */
	{ .name = "block-retry", .len = 60, .batch = 256, .block = true,
	  .slots = 257, .run = bench_block_retry },
	{ OVERLOAD("drop", 64) },
	{ OVERLOAD("block", 64), .block = true },
	{ OVERLOAD("drop", 256) },
	{ OVERLOAD("block", 256), .block = true },
	{ .name = "broadcast", .len = 60, .batch = 256,
	  .dst = BENCH_BROADCAST },
	{ .name = "flood8", .len = 60, .batch = 256,
	  .dst = BENCH_UNKNOWN, .receivers = 8 },
	{ SPREAD("spread16", 16) },
	{ SPREAD("spread64", 64) },
	{ SPREAD("spread64-direct", 64),
	  .attach_flags = VSW_ATTACH_RX_DIRECT },
	/* The same, but who receives also waits for 256 frames. */
	{ SPREAD("spread16-gather", 16), .gather = 16 },
	{ SPREAD("spread64-gather", 64), .gather = 64 },
	{ .name = "two-senders", .len = 60, .batch = 256,
	  .senders = 2 },
	{ .name = "two-senders", .len = 60, .batch = 16,
	  .senders = 2 },
	/* Together with our two, as many as a switch can have. */
	{ .name = "idle-ports", .len = 60, .batch = 256,
	  .idle = 4094, .repeat = 1 },
	{ .name = "idle-attached", .len = 60, .batch = 256,
	  .idle_attached = 64 },
	{ .name = "fdb-100k", .len = 60, .batch = 256, .fdb = 100000,
	  .repeat = 1 },
	{ .name = "spread64-fdb-100k", .len = 60, .batch = 256,
	  .receivers = 64, .fdb = 100000, .repeat = 1 },
	/* Three slots at both ends. */
	{ .name = "frags3", .len = 600, .batch = 64,
	  .frags = 3, .buf_size = 256 },
	{ .name = "frags3", .len = 4500, .batch = 64,
	  .frags = 3 },
	{ .name = "poll-rtt", .len = 60, .batch = 1,
	  .run = bench_poll_rtt },
	{ .name = "poll-rtt-txsync", .len = 60, .batch = 1,
	  .run = bench_poll_rtt_sync },
	{ .name = "attach", ATTACH },
	{ .name = "attach-4096", ATTACH, .idle = 4030 },
	{ .name = "hub", .len = 60, .batch = 256, .lookup = "hub" },
	{ .name = "static", .len = 60, .batch = 256, .lookup = "static",
	  .setup = bench_static },
	{ .name = "chain", .len = 60, .batch = 256, .lookup = "chain",
	  .setup = bench_chain },
	{ GROUP("flow"), .lookup = "flow", .setup = bench_group },
	{ GROUP("flow-mixed"), .lookup = "flow", .setup = bench_group_flows },
	{ GROUP("lb"), .lookup = "lb", .setup = bench_group },
	{ GROUP("lb-affinity"), .lookup = "lb",
	  .setup = bench_group_affinity },
	{ ACL("acl", 60), .setup = bench_acl },
	{ ACL("acl", 1500), .setup = bench_acl },
	{ ACL("acl-flows", 60), .setup = bench_acl_flows },
	/* From an access port to another, and to a trunk. */
	{ VLAN("vlan"), .setup = bench_vlan },
	{ VLAN("vlan-tag"), .setup = bench_vlan, .tag = 4 },
	/* The ring overflows: shows that loss is noticed. */
	{ .name = "test-loss", .len = 60, .batch = 100, .hidden = true,
	  .gather = 2, .slots = 128 },
};

#define NUM_CASES	(sizeof(cases) / sizeof(cases[0]))

/* Rounds for about @ns, but whole chunks that leave nothing on its way. */
static int rounds(struct bench *b, bench_round_fn *round, uint64_t ns)
{
	uint32_t i, chunk = CHUNK_FRAMES / b->c.batch;
	uint64_t end = bench_now() + ns;
	int err;

	if (chunk < b->c.gather)
		chunk = b->c.gather;
	chunk -= chunk % b->c.gather;
	do {
		for (i = 0; i < chunk; i++) {
			err = round(b);
			if (err)
				return err;
		}
	} while (bench_now() < end);
	return 0;
}

/* For the profiler. */
static void tell_window(const struct bench *b)
{
	printf("# window %s/%u/%u %llu\n", b->c.name, b->c.len, b->c.batch,
	       (unsigned long long)b->result.received);
}

/* Runs @round for long enough, and notes what it took. */
int bench_measure(struct bench *b, bench_round_fn *round)
{
	uint64_t begin;
	int err;

	err = rounds(b, round, WARM_UP_NS);
	if (err)
		return err;
	memset(&b->result, 0, sizeof(b->result));
	begin = bench_now();
	bench_profile_begin();
	err = rounds(b, round, WINDOW_NS);
	bench_profile_end();
	b->result.instructions = bench_now() - begin;
	tell_window(b);
	return err;
}

/* The same for what is done once, and is not long enough for a timer tick. */
int bench_measure_once(struct bench *b, bench_round_fn *work)
{
	uint64_t begin;
	int err;

	memset(&b->result, 0, sizeof(b->result));
	begin = bench_now();
	bench_profile_begin();
	err = work(b);
	bench_profile_end();
	b->result.instructions = bench_now() - begin;
	tell_window(b);
	return err;
}

/*
 * Slots that were read return to the sender a sync later. With half a ring of
 * them from the beginning, each batch, which is as large as the ring, finds
 * half of the room that it needs.
 */
int bench_block_full(struct bench *b)
{
	uint32_t batch = b->c.batch;
	int err;

	b->c.batch /= 2;
	err = bench_round(b);
	b->c.batch = batch;
	return err ? err : bench_measure(b, bench_round_full);
}

static int retry(struct bench *b)
{
	int err = vsw_port_txsync(b->tx[0].port);

	if (err)
		return bench_fail(b, err, "send");
	b->result.sent++;
	b->result.received++;
	b->result.bytes += b->c.len;
	return 0;
}

/* The first batch fills the ring, the second one stays. */
int bench_block_retry(struct bench *b)
{
	int err = 0, i;

	for (i = 0; !err && i < 2; i++) {
		err = bench_fill(b, &b->tx[0], b->c.batch);
		if (!err)
			err = retry(b);
	}
	return err ? err : bench_measure(b, retry);
}

/* Nothing was lost, or only what may be. */
static bool is_complete(const struct bench *b)
{
	const struct bench_result *r = &b->result;
	uint32_t copies = b->c.dst == BENCH_UNICAST ? 1 : b->c.receivers;
	bool may_lose = b->c.overload && !b->c.block;

	if (r->received && r->bytes == r->received * (b->c.len + b->c.tag) &&
	    (may_lose ? r->received <= r->sent :
			r->received == r->sent * copies))
		return true;
	printf("%s %u/%u: of %llu frames sent, %llu received with %llu bytes\n",
	       b->c.name, b->c.len, b->c.batch, (unsigned long long)r->sent,
	       (unsigned long long)r->received, (unsigned long long)r->bytes);
	return false;
}

static void report(const struct bench_case *c, const struct bench_result *r)
{
	printf("{\"case\":\"%s\",\"len\":%u,\"batch\":%u,\"instr_per_frame\":%.1f",
	       c->name, c->len, c->batch,
	       (double)r->instructions / r->received);
	if (r->received != r->sent)
		printf(",\"instr_per_sent\":%.1f",
		       (double)r->instructions / r->sent);
	if (c->overload)
		printf(",\"lost\":%llu",
		       (unsigned long long)(r->sent - r->received));
	printf("}\n");
}

static int run_once(const struct bench_case *c, struct bench_result *sum)
{
	struct bench b;
	int err;

	err = bench_open(&b, c);
	if (!err)
		err = bench_settle(&b);
	if (!err)
		err = c->run ? c->run(&b) : bench_measure(&b, bench_round_of(&b.c));
	if (!err && !is_complete(&b))
		err = -EIO;
	bench_close(&b);
	sum->instructions += b.result.instructions;
	sum->sent += b.result.sent;
	sum->received += b.result.received;
	return err;
}

/* In a process of its own, which leaves nothing to the next. */
static int fork_once(const struct bench_case *c, struct bench_result *sum)
{
	int status;
	pid_t child;

	fflush(stdout);
	child = fork();
	if (child < 0)
		return -errno;
	if (!child) {
		status = run_once(c, sum) ? 1 : 0;
		fflush(stdout);
		_exit(status);
	}
	if (waitpid(child, &status, 0) < 0)
		return -errno;
	if (!status)
		return 0;
	printf("%s %u/%u: failed, status 0x%x\n", c->name, c->len, c->batch,
	       status);
	return -EIO;
}

static int run_case(const struct bench_case *c)
{
	uint32_t left = c->repeat ? c->repeat : BENCH_REPEAT;
	struct bench_result *sum;
	int err = 0;

	sum = mmap(NULL, sizeof(*sum), PROT_READ | PROT_WRITE,
		   MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (sum == MAP_FAILED)
		return -errno;
	for (; !err && left; left--)
		err = fork_once(c, sum);
	if (!err)
		report(c, sum);
	munmap(sum, sizeof(*sum));
	return err;
}

static bool wanted(const struct bench_case *c, const char *only,
		   const regex_t *regex)
{
	char id[64];

	if (c->hidden)
		return !strcmp(only, c->name);
	snprintf(id, sizeof(id), "%s/%u/%u", c->name, c->len, c->batch);
	return !regexec(regex, id, 0, NULL, 0);
}

static int run_cases(const char *only, const regex_t *regex)
{
	int ret = 0, found = 0;
	size_t i;

	for (i = 0; i < NUM_CASES; i++) {
		if (!wanted(&cases[i], only, regex))
			continue;
		found++;
		if (run_case(&cases[i]))
			ret = 1;
	}
	if (!found)
		printf("no such case\n");
	return found ? ret : 2;
}

int main(int argc, char **argv)
{
	regex_t regex;

	if (argc == 2 && !strcmp(argv[1], "emit"))
		return bench_emit();
	if (argc != 3 || strcmp(argv[1], "run")) {
		fprintf(stderr, "usage: instr run REGEX | instr emit\n");
		return 2;
	}
	if (regcomp(&regex, argv[2], REG_EXTENDED | REG_NOSUB)) {
		printf("bad regular expression: %s\n", argv[2]);
		return 2;
	}
	return run_cases(argv[2], &regex);
}
