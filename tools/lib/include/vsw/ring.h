/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * libvsw: access to mapped rings without system calls
 *
 * A ring belongs to one thread at a time. On a TX ring, fill the slots from
 * head on, then vsw_ring_advance() and vsw_port_txsync(). On an RX ring,
 * vsw_port_rxsync(), read the slots from head on, then vsw_ring_advance();
 * the next sync returns them.
 */
#ifndef _VSW_RING_H
#define _VSW_RING_H

#include <stdbool.h>
#include <stdint.h>

#include <linux/vsw.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * vsw_ring_next() - index of the slot behind a slot
 * @ring: a ring
 * @i: index of a slot
 */
static inline uint32_t vsw_ring_next(const struct vsw_ring *ring, uint32_t i)
{
	return i + 1 == ring->num_slots ? 0 : i + 1;
}

/**
 * vsw_ring_add() - index of the slot some slots ahead
 * @ring: a ring
 * @i: index of a slot
 * @n: distance, at most the number of slots
 */
static inline uint32_t vsw_ring_add(const struct vsw_ring *ring, uint32_t i,
				    uint32_t n)
{
	i += n;
	return i >= ring->num_slots ? i - ring->num_slots : i;
}

/**
 * vsw_ring_avail() - number of slots that the program owns
 * @ring: a ring
 *
 * On a TX ring these are free, on an RX ring they hold frames.
 */
static inline uint32_t vsw_ring_avail(const struct vsw_ring *ring)
{
	/* Pairs with the kernel's release of tail: slots before it are valid. */
	uint32_t tail = __atomic_load_n(&ring->tail, __ATOMIC_ACQUIRE);
	uint32_t head = ring->head;

	return tail >= head ? tail - head : tail + ring->num_slots - head;
}

/**
 * vsw_ring_buf() - the memory of a buffer
 * @ring: any ring of the region
 * @buf_idx: number of the buffer
 */
static inline void *vsw_ring_buf(const struct vsw_ring *ring, uint32_t buf_idx)
{
	return (char *)ring + ring->buf_ofs + (uint64_t)buf_idx * ring->buf_size;
}

/**
 * vsw_slot_buf() - the memory of a slot's buffer
 * @ring: a ring
 * @i: index of the slot
 */
static inline void *vsw_slot_buf(const struct vsw_ring *ring, uint32_t i)
{
	return vsw_ring_buf(ring, ring->slot[i].buf_idx);
}

/**
 * vsw_ring_advance() - give slots to the kernel
 * @ring: a ring
 * @n: number of slots from head on, at most vsw_ring_avail()
 *
 * The kernel sees them at the next sync.
 */
static inline void vsw_ring_advance(struct vsw_ring *ring, uint32_t n)
{
	uint32_t head = vsw_ring_add(ring, ring->head, n);

	/*
	 * cur before head: the kernel reads head first, so that it never
	 * meets a head that is ahead of cur.
	 */
	__atomic_store_n(&ring->cur, head, __ATOMIC_RELEASE);
	__atomic_store_n(&ring->head, head, __ATOMIC_RELEASE);
}

/**
 * vsw_ring_release() - return slots of an RX ring that needs no sync to receive
 * @ring: an RX ring of a port attached with VSW_ATTACH_RX_DIRECT
 * @n: number of slots from head on, at most vsw_ring_avail()
 *
 * Senders may fill the slots at once. But who waits for room does not see them
 * without a sync.
 *
 * Return: whether somebody waits, so that vsw_port_rxsync() has to follow.
 */
static inline bool vsw_ring_release(struct vsw_ring *ring, uint32_t n)
{
	vsw_ring_advance(ring, n);
	/* Pairs with the kernel's: it writes the flag, then reads head. */
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	return __atomic_load_n(&ring->flags, __ATOMIC_RELAXED) &
	       VSW_RING_NEED_SYNC;
}

#ifdef __cplusplus
}
#endif

#endif /* _VSW_RING_H */
