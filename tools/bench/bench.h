/* SPDX-License-Identifier: GPL-2.0 */
/*
 * bench-instr: what a case is, and the switch that it runs on
 */
#ifndef _VSW_BENCH_H
#define _VSW_BENCH_H

#include <stdbool.h>
#include <stdint.h>
#include <time.h>

#include <vsw/nl.h>
#include <vsw/vsw.h>

#define BENCH_ADDR_LEN	6

/*
 * A hash table has a random seed, so whether addresses collide in it is luck,
 * of which the average has less.
 */
#define BENCH_REPEAT	4

/* The switch, and its ports that receive, "rx0", "rx1", ..., and that send */
#define BENCH_SWITCH	"bench"
#define BENCH_RX	"rx"
#define BENCH_TX	"tx"

/* The ports @fresh are "new0", "new1", ... */
#define BENCH_NEW	"new"

struct bench;

/* What is measured; 0 or a negative errno, which has been explained. */
typedef int bench_round_fn(struct bench *b);

/* Where the frames of a case go. */
enum bench_dst {
	BENCH_UNICAST,		/* to the receivers in turn, which are learned */
	BENCH_BROADCAST,
	BENCH_UNKNOWN,		/* unicast to nobody, so to all */
};

/**
 * struct bench_case - one line of the result
 * @name: its name, "case" in the result
 * @len: bytes of a frame
 * @batch: frames for each TXSYNC
 * @dst: where the frames go
 * @senders: ports that send, each in its turn a batch; 0: one
 * @receivers: ports that receive; 0: one
 * @frags: slots of a frame that is sent; 0: one
 * @gather: rounds after which the receivers are synced; 0: each round
 * @slots: slots of each ring; 0: the default of the kernel
 * @buf_size: bytes of each buffer; 0: the default of the kernel
 * @idle: more ports, which nobody attaches
 * @idle_attached: more ports, which are attached
 * @fresh: more ports, for bench_attach()
 * @fdb: more static FDB entries
 * @tag: bytes that a frame has more when it is received
 * @repeat: how often it runs, each time on a new switch; 0: BENCH_REPEAT
 * @lookup: lookup of the switch; NULL: the default of the kernel
 * @block: senders wait for room in a ring that is full
 * @overload: more is sent than is received; how much is lost is part of the
 *	result, and nothing if senders wait
 * @attach_flags: VSW_ATTACH_* of all ports; with VSW_ATTACH_RX_DIRECT, frames
 *	are received without system calls
 * @hidden: runs only if it is asked for by its full name
 * @setup: what else has to be arranged, after the ports were attached
 * @run: measures something else than the usual round
 */
struct bench_case {
	const char	*name;
	uint32_t	len;
	uint32_t	batch;
	enum bench_dst	dst;
	uint32_t	senders;
	uint32_t	receivers;
	uint32_t	frags;
	uint32_t	gather;
	uint32_t	slots;
	uint32_t	buf_size;
	uint32_t	idle;
	uint32_t	idle_attached;
	uint32_t	fresh;
	uint32_t	fdb;
	uint32_t	tag;
	uint32_t	repeat;
	const char	*lookup;
	bool		block;
	bool		overload;
	uint32_t	attach_flags;
	bool		hidden;
	int		(*setup)(struct bench *b);
	int		(*run)(struct bench *b);
};

/**
 * struct bench_port - an attached port
 * @port: the port
 * @tx: its TX ring
 * @rx: its RX ring
 * @num_slots: of each ring; what is constant is best not read again from
 *	memory that others write
 * @buf_size: bytes of a buffer
 * @bufs: buffer 0
 * @addr: its address
 * @buf: the buffer of each TX slot
 */
struct bench_port {
	struct vsw_port	*port;
	struct vsw_ring	*tx;
	struct vsw_ring	*rx;
	uint32_t	num_slots;
	uint32_t	buf_size;
	uint8_t		*bufs;
	uint8_t		addr[BENCH_ADDR_LEN];
	uint32_t	*buf;
};

/**
 * struct bench_result - what a run found
 * @instructions: instructions, which are the nanoseconds of the guest
 * @sent: frames sent
 * @received: frames received
 * @bytes: bytes received
 */
struct bench_result {
	uint64_t	instructions;
	uint64_t	sent;
	uint64_t	received;
	uint64_t	bytes;
};

/**
 * struct bench - a case that is being run
 * @c: the case, with the defaults filled in
 * @nl: netlink
 * @tx: ports that send
 * @rx: ports that receive
 * @turn: counts rounds
 * @result: sums
 */
struct bench {
	struct bench_case	c;
	struct vsw_nl		*nl;
	struct bench_port	*tx;
	struct bench_port	*rx;
	uint64_t		turn;
	struct bench_result	result;
};

/* No-ops that tell the profiler where the measured part begins and ends. */
static inline void bench_profile_begin(void)
{
	asm volatile(".byte 0x0f, 0x1f, 0x80, 0x01, 0x77, 0x73, 0x76"
		     : : : "memory");
}

static inline void bench_profile_end(void)
{
	asm volatile(".byte 0x0f, 0x1f, 0x80, 0x00, 0x77, 0x73, 0x76"
		     : : : "memory");
}

/* Nanoseconds, which are instructions. */
static inline uint64_t bench_now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000000000ULL + ts.tv_nsec;
}

/* setup.c: 0 or a negative errno, which has been explained */
int bench_open(struct bench *b, const struct bench_case *c);
void bench_close(struct bench *b);
int bench_fail(const struct bench *b, int err, const char *what);

/* round.c: 0 or a negative errno, which has been explained */
int bench_fill(const struct bench *b, struct bench_port *p, uint32_t frames);
void bench_consume(struct bench *b, struct bench_port *p);
int bench_round(struct bench *b);
bench_round_fn *bench_round_of(const struct bench_case *c);
int bench_round_full(struct bench *b);

/* attach.c */
int bench_attach(struct bench *b);

/* options.c */
#define BENCH_UDP_SRC	0xc0000201	/* 192.0.2.1 */
int bench_set_options(struct bench *b, const void *options, size_t len);
void bench_make_udp(const struct bench *b, uint32_t src, uint16_t dport,
		    uint32_t flows);

/* acl.c */
int bench_acl(struct bench *b);
int bench_acl_flows(struct bench *b);

/* group.c */
int bench_group(struct bench *b);
int bench_group_flows(struct bench *b);
int bench_group_affinity(struct bench *b);
int bench_static(struct bench *b);
int bench_chain(struct bench *b);

/* vlan.c */
int bench_vlan(struct bench *b);

/* pingpong.c */
int bench_poll_rtt(struct bench *b);
int bench_poll_rtt_sync(struct bench *b);

/* overload.c */
int bench_overload(struct bench *b);

/* settle.c: 0 or a negative errno, which has been explained */
int bench_settle(const struct bench *b);
/* emit.c */
int bench_emit(void);

/* instr.c */
int bench_measure(struct bench *b, bench_round_fn *round);
int bench_measure_once(struct bench *b, bench_round_fn *work);
int bench_block_full(struct bench *b);
int bench_block_retry(struct bench *b);

#endif /* _VSW_BENCH_H */
