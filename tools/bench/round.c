// SPDX-License-Identifier: GPL-2.0
/*
 * bench-instr: the round that is measured, what a program does with its rings
 *
 * Written as a program is that has to be fast.
 */
#include <errno.h>
#include <string.h>

#include "bench.h"

#define noinline	__attribute__((noinline))
#define always_inline	__attribute__((always_inline))
#define likely(x)	__builtin_expect(!!(x), 1)
#define unlikely(x)	__builtin_expect(!!(x), 0)

/* What the program has read, so that the compiler does not leave it out. */
static volatile uint64_t sink;

/* As vsw_ring_avail(), with what the program knows of the ring. */
static inline uint32_t avail(const struct bench_port *p,
			     const struct vsw_ring *ring, uint32_t head)
{
	uint32_t n = __atomic_load_n(&ring->tail, __ATOMIC_ACQUIRE) - head;

	return (int32_t)n < 0 ? n + p->num_slots : n;
}

/* As vsw_ring_advance(). */
static inline void advance(const struct bench_port *p, struct vsw_ring *ring,
			   uint32_t head, uint32_t n)
{
	head += n;
	if (unlikely(head >= p->num_slots))
		head -= p->num_slots;
	__atomic_store_n(&ring->cur, head, __ATOMIC_RELEASE);
	__atomic_store_n(&ring->head, head, __ATOMIC_RELEASE);
}

/* How many of @n slots from @i on there are before the ring wraps. */
static inline uint32_t unwrapped(const struct bench_port *p, uint32_t i,
				 uint32_t n)
{
	uint32_t most = p->num_slots - i;

	return likely(n <= most) ? n : most;
}

/* Each slot keeps its buffer, as that of a program that does not swap does. */
static inline void fill_slots(struct vsw_slot *slot, uint32_t n, uint32_t len)
{
	const struct vsw_slot *end = slot + n, is = { .len = len };

	/* Both words at once. */
	for (; slot != end; slot++)
		memcpy((char *)slot + offsetof(struct vsw_slot, len), &is.len,
		       sizeof(is.len) + sizeof(is.flags));
}

static noinline void fill_chains(struct bench_port *p, uint32_t frames,
				 uint32_t len, uint32_t frags)
{
	struct vsw_ring *ring = p->tx;
	uint32_t left, k, i = ring->head;
	struct vsw_slot *slot;

	for (left = frames; left; left--) {
		for (k = frags; k; k--) {
			slot = &ring->slot[i];
			slot->len = len / frags;
			slot->flags = k > 1 ? VSW_SLOT_MOREFRAG : 0;
			i = vsw_ring_next(ring, i);
		}
	}
	vsw_ring_advance(ring, frames * frags);
}

/* Put frames into the TX ring of a port. */
static inline int fill(const struct bench *b, struct bench_port *p,
		       uint32_t frames, uint32_t frags)
{
	struct vsw_ring *ring = p->tx;
	uint32_t head = ring->head, n;

	if (unlikely(avail(p, ring, head) < frames * frags))
		return -ENOBUFS;
	if (unlikely(frags > 1)) {
		fill_chains(p, frames, b->c.len, frags);
		return 0;
	}
	n = unwrapped(p, head, frames);
	fill_slots(&ring->slot[head], n, b->c.len);
	if (unlikely(n < frames))
		fill_slots(ring->slot, frames - n, b->c.len);
	advance(p, ring, head, frames);
	return 0;
}

/* What was read; @more is the sum of all VSW_SLOT_MOREFRAG. */
struct seen {
	uint64_t	slots;
	uint64_t	bytes;
	uint64_t	sum;
	uint32_t	more;
};

/* All of each slot, and the first bytes of its buffer. */
static inline void read_slots(const struct bench_port *p,
			      const struct vsw_slot *slot, uint32_t n,
			      struct seen *seen)
{
	const struct vsw_slot *end = slot + n;
	const uint8_t *bufs = p->bufs;
	size_t size = p->buf_size;

	for (; slot != end; slot++) {
		seen->sum += *(const uint64_t *)(bufs + slot->buf_idx * size);
		seen->bytes += slot->len;
		seen->more += slot->flags & VSW_SLOT_MOREFRAG;
	}
}

/* Read what is in the RX ring of a port. */
static inline always_inline void consume(const struct bench_port *p,
					 struct seen *seen)
{
	struct vsw_ring *ring = p->rx;
	uint32_t head = ring->head, slots = avail(p, ring, head);
	uint32_t n = unwrapped(p, head, slots);

	read_slots(p, &ring->slot[head], n, seen);
	if (unlikely(n < slots))
		read_slots(p, ring->slot, slots - n, seen);
	advance(p, ring, head, slots);
	seen->slots += slots;
}

static inline always_inline void note(struct bench *b, const struct seen *seen,
				      bool chains)
{
	b->result.received += seen->slots;
	if (chains)
		b->result.received -= seen->more / VSW_SLOT_MOREFRAG;
	b->result.bytes += seen->bytes;
	sink = seen->sum;
}

int bench_fill(const struct bench *b, struct bench_port *p, uint32_t frames)
{
	return fill(b, p, frames, b->c.frags);
}

void bench_consume(struct bench *b, struct bench_port *p)
{
	struct seen seen = { 0 };

	consume(p, &seen);
	note(b, &seen, true);
}

/* A sender waits for the room that was made just now. */
static bool needs_sync(const struct vsw_ring *ring)
{
	/* Head first, as VSW_RING_NEED_SYNC wants it. */
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	return __atomic_load_n(&ring->flags, __ATOMIC_RELAXED) &
	       VSW_RING_NEED_SYNC;
}

static inline always_inline int receive(const struct bench_port *p, bool direct,
					struct seen *seen)
{
	int err;

	if (!direct) {
		err = vsw_port_rxsync(p->port);
		if (unlikely(err))
			return err;
	}
	consume(p, seen);
	return direct && needs_sync(p->rx) ? vsw_port_rxsync(p->port) : 0;
}

static inline int send_batch(struct bench *b, struct bench_port *p,
			     uint32_t frags)
{
	int err = fill(b, p, b->c.batch, frags);

	if (!err)
		err = vsw_port_txsync(p->port);
	b->result.sent += b->c.batch;
	return err;
}

/* Receive from the ports from @p to before @end. */
static inline always_inline int receive_each(struct bench *b,
					     const struct bench_port *p,
					     const struct bench_port *end,
					     bool direct, bool chains)
{
	struct seen seen = { 0 };
	int err;

	for (; p < end; p++) {
		err = receive(p, direct, &seen);
		if (unlikely(err))
			return bench_fail(b, err, "receive");
	}
	note(b, &seen, chains);
	return 0;
}

/* Receive what is still on its way. */
static int receive_all(struct bench *b)
{
	const struct bench_port *p = b->rx, *end = p + b->c.receivers;
	bool direct = b->c.attach_flags & VSW_ATTACH_RX_DIRECT;

	if (b->c.frags > 1)
		return receive_each(b, p, end, direct, true);
	return direct ? receive_each(b, p, end, true, false) :
			receive_each(b, p, end, false, false);
}

/* A batch of the sender whose turn it is, through the switch. */
int bench_round(struct bench *b)
{
	uint64_t turn = b->turn++;
	int err;

	err = send_batch(b, &b->tx[turn % b->c.senders], b->c.frags);
	if (unlikely(err))
		return bench_fail(b, err, "send");
	return (turn + 1) % b->c.gather ? 0 : receive_all(b);
}

/* The same if there is one of each, as a program that knows it does. */
static inline always_inline int round_pair(struct bench *b, bool direct)
{
	int err = send_batch(b, b->tx, 1);

	if (unlikely(err))
		return bench_fail(b, err, "send");
	return receive_each(b, b->rx, b->rx + 1, direct, false);
}

static int round_pair_sync(struct bench *b)
{
	return round_pair(b, false);
}

static int round_pair_direct(struct bench *b)
{
	return round_pair(b, true);
}

/* The round of a case. */
bench_round_fn *bench_round_of(const struct bench_case *c)
{
	if (c->senders > 1 || c->receivers > 1 || c->gather > 1 || c->frags > 1)
		return bench_round;
	return c->attach_flags & VSW_ATTACH_RX_DIRECT ? round_pair_direct :
							round_pair_sync;
}

/* A batch of which some part at first has to wait for the receiver. */
int bench_round_full(struct bench *b)
{
	const struct bench_port *p = &b->tx[0];
	int err = bench_round(b);

	while (!err && vsw_ring_avail(p->tx) < p->tx->num_slots - 1) {
		err = vsw_port_txsync(p->port);
		err = err ? bench_fail(b, err, "send") : receive_all(b);
	}
	return err;
}
