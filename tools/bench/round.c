// SPDX-License-Identifier: GPL-2.0
/*
 * bench-instr: the round that is measured, what a program does with its rings
 *
 * Not inlined, so that the profile shows what the program itself costs.
 */
#include <errno.h>

#include "bench.h"

#define noinline __attribute__((noinline))

/* What the program has read, so that the compiler does not leave it out. */
static volatile uint64_t sink;

static noinline void fill_single(struct bench_port *p, uint32_t frames,
				 uint32_t len)
{
	struct vsw_ring *ring = p->tx;
	uint32_t left, i = ring->head;
	struct vsw_slot *slot;

	for (left = frames; left; left--) {
		slot = &ring->slot[i];
		slot->buf_idx = p->buf[i];
		slot->len = len;
		slot->flags = 0;
		i = vsw_ring_next(ring, i);
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
			slot->buf_idx = p->buf[i];
			slot->len = len / frags;
			slot->flags = k > 1 ? VSW_SLOT_MOREFRAG : 0;
			i = vsw_ring_next(ring, i);
		}
	}
	vsw_ring_advance(ring, frames * frags);
}

/* Put frames into the TX ring of a port. */
int bench_fill(const struct bench *b, struct bench_port *p, uint32_t frames)
{
	if (vsw_ring_avail(p->tx) < frames * b->c.frags)
		return -ENOBUFS;
	if (b->c.frags == 1)
		fill_single(p, frames, b->c.len);
	else
		fill_chains(p, frames, b->c.len, b->c.frags);
	return 0;
}

/* Read what is in the RX ring of a port. */
noinline void bench_consume(struct bench *b, struct bench_port *p)
{
	uint32_t left, avail = vsw_ring_avail(p->rx), frames = 0;
	struct vsw_ring *ring = p->rx;
	uint64_t bytes = 0, sum = 0;
	uint32_t i = ring->head;
	struct vsw_slot *slot;

	for (left = avail; left; left--) {
		slot = &ring->slot[i];
		sum += *(uint64_t *)vsw_slot_buf(ring, i);
		bytes += slot->len;
		frames += !(slot->flags & VSW_SLOT_MOREFRAG);
		i = vsw_ring_next(ring, i);
	}
	vsw_ring_advance(ring, avail);
	b->result.received += frames;
	b->result.bytes += bytes;
	sink = sum;
}

static int receive(struct bench *b, struct bench_port *p)
{
	int err;

	if (!b->c.no_rxsync) {
		err = vsw_port_rxsync(p->port);
		if (err)
			return err;
	}
	bench_consume(b, p);
	return 0;
}

/* Receive what is still on its way. */
int bench_drain(struct bench *b)
{
	uint32_t i;
	int err;

	for (i = 0; i < b->c.receivers; i++) {
		err = receive(b, &b->rx[i]);
		if (err)
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
	if (b->c.senders > 1)
		p = &b->tx[b->turn % b->c.senders];
	err = bench_fill(b, p, b->c.batch);
	if (!err)
		err = vsw_port_txsync(p->port);
	if (err)
		return bench_fail(b, err, "send");
	b->result.sent += b->c.batch;
	if (b->c.gather > 1 && b->turn % b->c.gather)
		return 0;
	return bench_drain(b);
}
