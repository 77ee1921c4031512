// SPDX-License-Identifier: GPL-2.0
/*
 * bench-instr: the round that is measured, what a program does with its rings
 *
 * Written as a program is that has to be fast. Filling and consuming are not
 * inlined, so that the profile shows what they cost.
 */
#include <errno.h>
#include <string.h>

#include "bench.h"

#define noinline	__attribute__((noinline))
#define likely(x)	__builtin_expect(!!(x), 1)
#define unlikely(x)	__builtin_expect(!!(x), 0)

/* What the program has read, so that the compiler does not leave it out. */
static volatile uint64_t sink;

/* Each slot keeps its buffer, as that of a program that does not swap does. */
static inline void fill_slots(struct vsw_slot *slot, uint32_t n, uint32_t len)
{
	const struct vsw_slot *end = slot + n, is = { .len = len };

	/* Both words at once. */
	for (; slot < end; slot++)
		memcpy((char *)slot + offsetof(struct vsw_slot, len), &is.len,
		       sizeof(is.len) + sizeof(is.flags));
}

static inline void fill_single(struct vsw_ring *ring, uint32_t frames,
			       uint32_t len)
{
	uint32_t i = ring->head, n = ring->num_slots - i;

	if (likely(frames <= n)) {
		fill_slots(&ring->slot[i], frames, len);
	} else {
		fill_slots(&ring->slot[i], n, len);
		fill_slots(ring->slot, frames - n, len);
	}
	vsw_ring_advance(ring, frames);
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
noinline int bench_fill(const struct bench *b, struct bench_port *p,
			uint32_t frames)
{
	if (unlikely(vsw_ring_avail(p->tx) < frames * b->c.frags))
		return -ENOBUFS;
	if (likely(b->c.frags == 1))
		fill_single(p->tx, frames, b->c.len);
	else
		fill_chains(p, frames, b->c.len, b->c.frags);
	return 0;
}

/* What was read; @more is the sum of all VSW_SLOT_MOREFRAG. */
struct seen {
	uint64_t	bytes;
	uint64_t	sum;
	uint32_t	more;
};

/* All of each slot, and the first bytes of its buffer. */
static inline void read_slots(const struct vsw_slot *slot, uint32_t n,
			      const uint8_t *bufs, size_t size,
			      struct seen *seen)
{
	const struct vsw_slot *end = slot + n;

	for (; slot < end; slot++) {
		seen->sum += *(const uint64_t *)(bufs + slot->buf_idx * size);
		seen->bytes += slot->len;
		seen->more += slot->flags & VSW_SLOT_MOREFRAG;
	}
}

/*
 * Read what is in the RX ring of a port. Where the buffers are is a constant of
 * the ring, which the compiler cannot know.
 */
noinline void bench_consume(struct bench *b, struct bench_port *p)
{
	struct vsw_ring *ring = p->rx;
	const uint8_t *bufs = vsw_ring_buf(ring, 0);
	uint32_t avail = vsw_ring_avail(ring);
	uint32_t i = ring->head, n = ring->num_slots - i;
	size_t size = ring->buf_size;
	struct seen seen = { 0 };

	if (likely(avail <= n)) {
		read_slots(&ring->slot[i], avail, bufs, size, &seen);
	} else {
		read_slots(&ring->slot[i], n, bufs, size, &seen);
		read_slots(ring->slot, avail - n, bufs, size, &seen);
	}
	vsw_ring_advance(ring, avail);
	b->result.received += avail - seen.more / VSW_SLOT_MOREFRAG;
	b->result.bytes += seen.bytes;
	sink = seen.sum;
}

/* A sender waits for the room that was made just now. */
static bool needs_sync(const struct vsw_ring *ring)
{
	/* Head first, as VSW_RING_NEED_SYNC wants it. */
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	return __atomic_load_n(&ring->flags, __ATOMIC_RELAXED) &
	       VSW_RING_NEED_SYNC;
}

static inline int receive(struct bench *b, struct bench_port *p)
{
	int err;

	if (b->c.attach_flags & VSW_ATTACH_RX_DIRECT) {
		bench_consume(b, p);
		return needs_sync(p->rx) ? vsw_port_rxsync(p->port) : 0;
	}
	err = vsw_port_rxsync(p->port);
	if (!err)
		bench_consume(b, p);
	return err;
}

/* Receive what is still on its way. */
static inline int receive_all(struct bench *b)
{
	struct bench_port *p = b->rx, *end = p + b->c.receivers;
	int err;

	for (; p < end; p++) {
		err = receive(b, p);
		if (unlikely(err))
			return bench_fail(b, err, "receive");
	}
	return 0;
}

/* A batch of the sender whose turn it is, through the switch. */
int bench_round(struct bench *b)
{
	struct bench_port *p = &b->tx[0];
	int err;

	b->turn++;
	if (unlikely(b->c.senders > 1))
		p = &b->tx[b->turn % b->c.senders];
	err = bench_fill(b, p, b->c.batch);
	if (!err)
		err = vsw_port_txsync(p->port);
	if (unlikely(err))
		return bench_fail(b, err, "send");
	b->result.sent += b->c.batch;
	if (unlikely(b->c.gather > 1 && b->turn % b->c.gather))
		return 0;
	return receive_all(b);
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
