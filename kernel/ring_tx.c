// SPDX-License-Identifier: GPL-2.0
/* TX rings: fetch frames and send them; keep those that have to wait */

#include <linux/bitmap.h>
#include <linux/bits.h>
#include <linux/if_ether.h>
#include <linux/minmax.h>
#include <linux/sched.h>
#include <linux/string.h>

#include "forward.h"
#include "ring.h"

/* Slot flags of netmap that promise what vsw does not do. */
#define VSW_SLOT_INDIRECT	0x0010

/* Begin a run with the next piece of the batch, a frame that is at @slot. */
static struct vsw_run *vsw_run_begin(struct vsw_batch *batch, u32 slot,
				     u32 frag, u64 lo, u32 hi)
{
	struct vsw_run *run = &batch->runs[batch->num_runs++];

	run->dst = lo & GENMASK_ULL(47, 0);
	run->src = lo >> 48 | (u64)hi << 16;
	run->frag = frag;
	run->pieces = 0;
	run->kept = 0;
	run->slot = slot;
	return run;
}

/*
 * Fetch the frame that begins with the slot at @at, whatever is special with
 * it. One that is not acceptable is passed over as a whole.
 *
 * Return: the slot behind the frame.
 */
static noinline u32 vsw_fetch_special(const struct vsw_shring *sh,
				      struct vsw_batch *batch, u32 at,
				      u32 head)
{
	struct vsw_frag *frags = &batch->frags[batch->num_frags];
	enum vsw_drop drop = VSW_DROP_NONE;
	u32 num = 0, len = 0, first = at;
	union vsw_slot_word slot;
	struct vsw_run *run;

	do {
		slot = vsw_slot_read(vsw_ring_slot(sh, at));
		if (slot.flags & VSW_SLOT_BUF_CHANGED) {
			slot.flags &= ~VSW_SLOT_BUF_CHANGED;
			vsw_slot_write(vsw_ring_slot(sh, at), slot);
		}
		if (!vsw_ring_has_buf(sh, slot.buf_idx))
			drop = VSW_DROP_BAD_BUF;
		else if (slot.len > sh->buf_size ||
			 slot.flags & VSW_SLOT_INDIRECT)
			drop = VSW_DROP_BAD_LEN;
		else if (num == VSW_MAX_FRAGS)
			drop = VSW_DROP_BAD_CHAIN;
		else
			frags[num++] = (struct vsw_frag) {
				.data	= vsw_ring_buf(sh, slot.buf_idx),
				.len	= slot.len,
			};

		len += slot.len;
		at = vsw_ring_next(sh->num_slots, at);
	} while (slot.flags & VSW_SLOT_MOREFRAG && at != head);

	if (slot.flags & VSW_SLOT_MOREFRAG)
		drop = VSW_DROP_BAD_CHAIN;
	else if (!drop && frags[0].len < ETH_HLEN)
		drop = VSW_DROP_RUNT;
	if (drop) {
		vsw_src_drop(batch, drop, 1);
		return at;
	}

	run = vsw_run_begin(batch, first, batch->num_frags,
			    vsw_frame_lo(frags[0].data),
			    vsw_frame_hi(frags[0].data));
	run->frames = 1;
	if (num > 1) {
		run->pieces = num;
		run->len = len;
		batch->has_pieces = true;
	}
	batch->num_frags += num;
	batch->num_frames++;
	batch->bytes += len;
	return at;
}

/*
 * Fetch frames of one slot each, with nothing special about them, from slots
 * @at to before @end, which do not wrap.
 *
 * Return: the first slot that is not fetched, as it is special.
 */
static u32 vsw_fetch_plain(const struct vsw_shring *ring,
			   struct vsw_batch *batch, u32 at, u32 end)
{
	/* Copies that no store to memory can change. */
	const struct vsw_shring sh = *ring;
	const struct vsw_slot *slot = vsw_ring_slot(&sh, at);
	const struct vsw_slot *last = vsw_ring_slot(&sh, end);
	struct vsw_frag *frag = &batch->frags[batch->num_frags];
	struct vsw_frag *first = frag;
	struct vsw_run *run = NULL;
	/* What no address is, so that the first frame begins a run. */
	u64 lo, hi, run_lo = 0, run_hi = U64_MAX;
	u32 len, max_len = sh.buf_size;
	u64 bytes = 0;

	for (; slot != last; slot++, frag++) {
		union vsw_slot_word word = vsw_slot_read(slot);

		/* Any flag makes the length too large, and the frame special. */
		len = vsw_slot_len_flags(word);
		if (unlikely(!vsw_ring_has_buf(&sh, word.buf_idx) ||
			     len - ETH_HLEN > max_len - ETH_HLEN))
			break;
		frag->data = vsw_ring_buf(&sh, word.buf_idx);
		frag->len = len;
		bytes += len;
		lo = vsw_frame_lo(frag->data);
		hi = vsw_frame_hi(frag->data);
		if (unlikely(lo != run_lo || hi != run_hi)) {
			if (run)
				run->frames = frag - &batch->frags[run->frag];
			run = vsw_run_begin(batch, at + (frag - first),
					    frag - batch->frags, lo, hi);
			run_lo = lo;
			run_hi = hi;
		}
	}
	if (run)
		run->frames = frag - &batch->frags[run->frag];
	batch->num_frags += frag - first;
	batch->num_frames += frag - first;
	batch->bytes += bytes;
	return at + (frag - first);
}

/* Fill the batch with frames from @at on; returns the slot behind them. */
static u32 vsw_fetch(struct vsw_tx_ring *tx, u32 at, u32 head)
{
	struct vsw_batch *batch = tx->batch;
	u32 n = tx->sh.num_slots, end;

	batch->num_runs = 0;
	batch->num_frags = 0;
	batch->num_frames = 0;
	batch->bytes = 0;
	batch->has_pieces = false;
	batch->kept = 0;
	while (at != head && batch->num_frags < VSW_BATCH_SLOTS) {
		if (unlikely(tx->kept) && __test_and_clear_bit(at, tx->done)) {
			at = vsw_ring_next(n, at);
			continue;
		}
		end = head > at ? head : n;
		end = min(end, at + VSW_BATCH_SLOTS - batch->num_frags);
		if (unlikely(tx->kept))
			end = find_next_bit(tx->done, end, at);
		at = vsw_fetch_plain(&tx->sh, batch, at, end);
		if (unlikely(at != end))
			at = vsw_fetch_special(&tx->sh, batch, at, head);
		else if (at == n)
			at = 0;
	}
	return at;
}

/* Do not count what stays with the sender. */
static void vsw_tx_uncount(struct vsw_batch *batch)
{
	const struct vsw_run *run, *end = &batch->runs[batch->num_runs];
	u32 i;

	batch->num_frames -= batch->kept;
	for (run = batch->runs; run < end; run++)
		for (i = run->frames - run->kept; i < run->frames; i++)
			batch->bytes -= vsw_run_len(batch, run, i);
}

/* Of the slots from @at to before @end, mark those that are done with. */
static noinline void vsw_tx_mark(struct vsw_tx_ring *tx, u32 at, u32 end)
{
	const struct vsw_batch *batch = tx->batch;
	const struct vsw_run *run, *last = &batch->runs[batch->num_runs];
	u32 n = tx->sh.num_slots, i, slot, kept;

	for (slot = at; slot != end; slot = vsw_ring_next(n, slot))
		__set_bit(slot, tx->done);
	for (run = batch->runs; run < last; run++) {
		kept = run->pieces && run->kept ? run->pieces : run->kept;
		i = run->pieces ? 0 : run->frames - kept;
		slot = vsw_ring_add(n, run->slot, i);
		for (i = 0; i < kept; i++, slot = vsw_ring_next(n, slot))
			__clear_bit(slot, tx->done);
	}
}

/* The frames of a sync that stay begin at or behind @at; returns the slot. */
static noinline u32 vsw_tx_keep(struct vsw_tx_ring *tx, u32 at)
{
	struct vsw_batch *batch = tx->batch;

	while (__test_and_clear_bit(at, tx->done))
		at = vsw_ring_next(tx->sh.num_slots, at);
	tx->kept = true;
	/* The next sync tries each port anew. */
	memset(batch->group_of, 0, sizeof(batch->group_of));
	return at;
}

/*
 * Send the slots from @at to before @head. Frames for ports that make their
 * senders wait stay where they are; those behind them for others do not, and
 * are marked so that they are not sent again.
 *
 * Return: the slot of the first frame that stays.
 */
static u32 vsw_tx_send(struct vsw_tx_ring *tx, u32 at, u32 head)
{
	struct vsw_batch *batch = tx->batch;
	bool keep = false;
	u32 next, first;

	for (;;) {
		rcu_read_lock();
		next = vsw_fetch(tx, at, head);
		vsw_forward(batch);
		rcu_read_unlock();
		if (unlikely(batch->kept)) {
			vsw_tx_uncount(batch);
			first = keep ? first : at;
			keep = true;
		}
		vsw_stats_add(&tx->stats, batch->num_frames, batch->bytes);
		if (unlikely(keep))
			vsw_tx_mark(tx, at, next);
		at = next;
		if (at == head)
			break;
		cond_resched();
	}
	if (unlikely(keep))
		return vsw_tx_keep(tx, first);
	if (unlikely(tx->kept)) {
		/* Also bits that a program which rewrote slots has outrun. */
		bitmap_zero(tx->done, tx->sh.num_slots);
		tx->kept = false;
	}
	return at;
}

/*
 * Frames that stayed may be taken back: forget what is known of slots that are
 * not before @head any more.
 */
static noinline void vsw_tx_forget(struct vsw_tx_ring *tx, u32 head)
{
	u32 n = tx->sh.num_slots;

	do {
		__clear_bit(head, tx->done);
		head = vsw_ring_next(n, head);
	} while (head != tx->head);
}

/**
 * vsw_tx_sync() - send what a program has put into a TX ring
 * @set: the rings
 * @i: index of the ring pair
 * @ready: out: there is room for more behind cur
 *
 * Context: process context, may sleep.
 * Return: 0; -ENODEV: the ring is not attached any more; the errors of
 * vsw_ring_read_pointers(), which leave all as it is.
 */
int vsw_tx_sync(struct vsw_ring_set *set, u32 i, bool *ready)
{
	struct vsw_tx_ring *tx = &set->pair[i].tx;
	u32 head;
	int err = -ENODEV;

	mutex_lock(&tx->lock);
	if (!tx->attached)
		goto out;
	err = vsw_ring_read_pointers(&tx->sh, tx->head, tx->tail, &head,
				     &tx->cur);
	if (err)
		goto out;

	if (unlikely(tx->kept))
		vsw_tx_forget(tx, head);
	if (tx->head != head) {
		tx->head = vsw_tx_send(tx, tx->head, head);
		tx->tail = vsw_ring_prev(tx->sh.num_slots, tx->head);
	}
	vsw_ring_write_tail(&tx->sh, tx->tail);
	*ready = tx->cur != tx->tail;
out:
	mutex_unlock(&tx->lock);
	return err;
}
