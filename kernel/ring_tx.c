// SPDX-License-Identifier: GPL-2.0
/* TX rings: fetch frames and send them; keep those that have to wait */

#include <linux/bitmap.h>
#include <linux/bits.h>
#include <linux/if_ether.h>
#include <linux/jiffies.h>
#include <linux/minmax.h>
#include <linux/sched.h>
#include <linux/string.h>

#include "forward.h"
#include "lookup.h"
#include "ring.h"
#include "skb.h"
#include "vlan.h"

/* Slot flags of netmap that promise what vsw does not do. */
#define VSW_SLOT_INDIRECT	0x0010

/* &vsw_run.word of a frame at @slot, whose first piece is at @frag. */
static __always_inline u64 vsw_run_word(u32 slot, u32 frag)
{
	const struct vsw_run run = {
		.frag		= frag,
		.slot		= slot,
		.frames		= 1,
		.verdict	= VSW_TO_NONE,
	};

	return run.word;
}

/* Begin a run with a frame. */
static __always_inline void vsw_run_begin(struct vsw_run *run, u64 word, u64 lo,
					  u32 hi)
{
	run->lo = lo;
	run->hi = hi;
	run->word = word;
	run->pieces = 0;
	run->kept = 0;
	run->reason = 0;
	run->mark = 0;
}

/*
 * Put a copy of the first bytes of a frame in place of its first pieces, of which
 * there are @num, so that nobody can change them any more.
 *
 * Return: number of pieces then.
 */
static u32 vsw_fetch_snapshot(struct vsw_batch *batch, struct vsw_frag *frags,
			      u32 num)
{
	u8 *copy = batch->snapshot[batch->num_runs] + VSW_SNAPSHOT_ROOM;
	u32 i, n, done = 0, used = 0;

	for (i = 0; i < num && done < VSW_SNAPSHOT_LEN; i++) {
		n = min(frags[i].len, VSW_SNAPSHOT_LEN - done);
		vsw_copy(copy + done, frags[i].data, n);
		done += n;
		frags[i].data += n;
		frags[i].len -= n;
		used += !frags[i].len;
	}
	/* What is used up makes room for the copy. */
	if (used != 1)
		memmove(frags + 1, frags + used, (num - used) * sizeof(*frags));
	frags[0] = (struct vsw_frag) { .data = copy, .len = done };
	return num - used + 1;
}

/*
 * Begin a run with a frame whose pieces, of which there are @num, are the next
 * ones of the batch, and whose first slot is @slot.
 */
static void vsw_fetch_frame(struct vsw_batch *batch, u32 slot, u32 num, u32 len)
{
	struct vsw_run *run = &batch->runs[batch->num_runs];
	struct vsw_frag *frags = &batch->frags[batch->num_frags];
	const u32 slots = num;

	if (batch->by_copy)
		num = vsw_fetch_snapshot(batch, frags, num);
	vsw_run_begin(run, vsw_run_word(slot, batch->num_frags),
		      vsw_frame_lo(frags[0].data),
		      vsw_frame_hi(frags[0].data));
	if (num > 1) {
		run->pieces = num;
		run->len = len;
		batch->has_pieces = true;
		batch->frag_slots[run->frag] = slots;
	}
	batch->num_runs++;
	batch->num_frags += num;
	batch->num_frames++;
	batch->bytes += len;
}

/* What the slots of a frame say: @num pieces of @len bytes, or why they are none. */
struct vsw_chain {
	u32		num;
	u32		len;
	enum vsw_drop	drop;
};

/*
 * Read the slots of the frame at @at, whatever is special with it.
 *
 * Return: the slot behind the frame.
 */
static __always_inline u32 vsw_fetch_chain(const struct vsw_shring *sh,
					   struct vsw_frag *frags, u32 at,
					   u32 head, struct vsw_chain *chain)
{
	enum vsw_drop drop = VSW_DROP_NONE;
	union vsw_slot_word slot;
	u32 num = 0, len = 0;

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
	*chain = (struct vsw_chain) { .num = num, .len = len, .drop = drop };
	return at;
}

/*
 * Fetch the frame that begins with the slot at @at. One that is not acceptable is
 * passed over as a whole.
 *
 * Return: the slot behind the frame.
 */
static noinline u32 vsw_fetch_special(const struct vsw_shring *sh,
				      struct vsw_batch *batch, u32 at,
				      u32 head)
{
	struct vsw_frag *frags = &batch->frags[batch->num_frags];
	struct vsw_chain chain;
	u32 first = at;

	at = vsw_fetch_chain(sh, frags, at, head, &chain);
	if (!chain.drop && frags[0].len < ETH_HLEN)
		chain.drop = VSW_DROP_RUNT;
	if (chain.drop)
		vsw_src_drop(batch, chain.drop, 1);
	else
		vsw_fetch_frame(batch, first, chain.num, chain.len);
	return at;
}

/*
 * Fetch frames of one slot each, with nothing special about them, from slots
 * @at to before @end, which do not wrap, as runs of a grain. With @copied it is
 * copies of frames, which are short enough for that. Inline, as @grain and @copied
 * are constant.
 *
 * Return: the first slot that is not fetched, as it is special.
 */
static __always_inline u32 vsw_fetch_slots(const struct vsw_shring *ring,
					   struct vsw_batch *batch, u32 at,
					   u32 end, enum vsw_grain grain,
					   bool copied)
{
	/* Copies that no store to memory can change. */
	const struct vsw_shring sh = *ring;
	const struct vsw_slot *slot = vsw_ring_slot(&sh, at);
	const struct vsw_slot *last = vsw_ring_slot(&sh, end);
	struct vsw_frag *frag = &batch->frags[batch->num_frags];
	struct vsw_run *run = &batch->runs[batch->num_runs];
	/* Of the frame at @slot; to add to its fields, none of which overflows. */
	const u64 step = vsw_run_word(1, 1) - vsw_run_word(0, 0);
	u64 run_word = vsw_run_word(at, batch->num_frags);
	u32 max_len = copied ? min(sh.buf_size, VSW_SNAPSHOT_LEN) : sh.buf_size;
	u8 *copy = batch->snapshot[batch->num_runs] + VSW_SNAPSHOT_ROOM;
	/* What no address is, so that the first frame begins a run. */
	u64 lo = 0, hi = 0, run_lo = 0, run_hi = U64_MAX;
	u64 bytes = 0;
	u32 len, n;

	for (; slot != last; slot++, frag++, run_word += step) {
		union vsw_slot_word word = vsw_slot_read(slot);
		const u8 *data;

		/* Any flag makes the length too large, and the frame special. */
		len = vsw_slot_len_flags(word);
		if (unlikely(!vsw_ring_has_buf(&sh, word.buf_idx) ||
			     len - ETH_HLEN > max_len - ETH_HLEN))
			break;
		data = vsw_ring_buf(&sh, word.buf_idx);
		if (copied) {
			vsw_copy(copy, data, len);
			data = copy;
			copy += VSW_SNAPSHOT_SIZE;
		}
		frag->data = data;
		frag->len = len;
		bytes += len;
		if (grain != VSW_BY_BATCH) {
			lo = vsw_frame_lo(data);
			hi = vsw_frame_hi(data);
		}
		if (likely(grain != VSW_BY_FRAME &&
			   lo == run_lo && hi == run_hi)) {
			run[-1].frames++;
			continue;
		}
		vsw_run_begin(run++, run_word, lo, hi);
		run_lo = lo;
		run_hi = hi;
	}
	n = frag - &batch->frags[batch->num_frags];
	batch->num_runs = run - batch->runs;
	batch->num_frags += n;
	batch->num_frames += n;
	batch->bytes += bytes;
	return at + n;
}

static noinline u32 vsw_fetch_plain(const struct vsw_shring *sh,
				    struct vsw_batch *batch, u32 at, u32 end)
{
	return vsw_fetch_slots(sh, batch, at, end, VSW_BY_ADDRESS, false);
}

/* The same with a run for each frame. */
static noinline u32 vsw_fetch_apart(const struct vsw_shring *sh,
				    struct vsw_batch *batch, u32 at, u32 end)
{
	return vsw_fetch_slots(sh, batch, at, end, VSW_BY_FRAME, false);
}

/* The same without a look at any frame: all are one run. */
static noinline u32 vsw_fetch_whole(const struct vsw_shring *sh,
				    struct vsw_batch *batch, u32 at, u32 end)
{
	return vsw_fetch_slots(sh, batch, at, end, VSW_BY_BATCH, false);
}

/* The same for frames that are copied as a whole, with a run for each. */
static noinline u32 vsw_fetch_short(const struct vsw_shring *sh,
				    struct vsw_batch *batch, u32 at, u32 end)
{
	return vsw_fetch_slots(sh, batch, at, end, VSW_BY_FRAME, true);
}

/*
 * As vsw_fetch_plain(), for frames of which the first bytes are copied. Ends also
 * when the batch is full.
 */
static u32 vsw_fetch_copied(const struct vsw_shring *sh,
			    struct vsw_batch *batch, u32 at, u32 end)
{
	union vsw_slot_word word;
	struct vsw_frag *frag;
	u32 len;

	at = vsw_fetch_short(sh, batch, at, end);
	for (; at != end && batch->num_frags < VSW_BATCH_SLOTS; at++) {
		word = vsw_slot_read(vsw_ring_slot(sh, at));
		len = vsw_slot_len_flags(word);
		if (unlikely(!vsw_ring_has_buf(sh, word.buf_idx) ||
			     len - ETH_HLEN > (u32)sh->buf_size - ETH_HLEN))
			break;
		frag = &batch->frags[batch->num_frags];
		frag->data = vsw_ring_buf(sh, word.buf_idx);
		frag->len = len;
		vsw_fetch_frame(batch, at, 1, len);
	}
	return at;
}

/*
 * Fetch frames from slots @at to before @end, which do not wrap, as the lookup
 * wants them.
 *
 * Return: the first slot that is not fetched, as it is special or the batch full.
 */
static u32 vsw_fetch_grained(const struct vsw_shring *sh,
			     struct vsw_batch *batch, u32 at, u32 end)
{
	if (batch->by_copy)
		return vsw_fetch_copied(sh, batch, at, end);
	switch (batch->lookup->grain) {
	case VSW_BY_BATCH:
		return vsw_fetch_whole(sh, batch, at, end);
	case VSW_BY_FRAME:
		return vsw_fetch_apart(sh, batch, at, end);
	default:
		return vsw_fetch_plain(sh, batch, at, end);
	}
}

/* Go on filling the batch with frames, whatever is special with them. */
static noinline u32 vsw_fetch_more(struct vsw_tx_ring *tx, u32 at, u32 head)
{
	struct vsw_batch *batch = tx->batch;
	u32 n = tx->sh.num_slots, end;

	/* An address that was found to be allowed is what has to arrive. */
	batch->by_copy = tx->locked ||
			 batch->lookup->flags & VSW_LOOKUP_SNAPSHOT;
	while (at != head && batch->num_frags < VSW_BATCH_SLOTS) {
		if (tx->kept && __test_and_clear_bit(at, tx->done)) {
			at = vsw_ring_next(n, at);
			continue;
		}
		end = head > at ? head : n;
		end = min(end, at + VSW_BATCH_SLOTS - batch->num_frags);
		if (tx->kept)
			end = find_next_bit(tx->done, end, at);
		at = vsw_fetch_grained(&tx->sh, batch, at, end);
		if (at == n)
			at = 0;
		else if (at != end && batch->num_frags < VSW_BATCH_SLOTS)
			at = vsw_fetch_special(&tx->sh, batch, at, head);
	}
	return at;
}

/*
 * Fetch the frame at @at into an empty batch, if there is nothing special about
 * it: the same as vsw_fetch_plain(), at half the cost for who sends one at a
 * time.
 */
static inline bool vsw_fetch_one(const struct vsw_shring *sh,
				 struct vsw_batch *batch, u32 at)
{
	union vsw_slot_word word = vsw_slot_read(vsw_ring_slot(sh, at));
	u32 len = vsw_slot_len_flags(word);
	const u8 *data;

	if (unlikely(!vsw_ring_has_buf(sh, word.buf_idx) ||
		     len - ETH_HLEN > (u32)sh->buf_size - ETH_HLEN))
		return false;
	data = vsw_ring_buf(sh, word.buf_idx);
	batch->frags[0] = (struct vsw_frag) { .data = data, .len = len };
	vsw_run_begin(&batch->runs[0], vsw_run_word(at, 0), vsw_frame_lo(data),
		      vsw_frame_hi(data));
	batch->num_runs = 1;
	batch->num_frags = 1;
	batch->num_frames = 1;
	batch->bytes = len;
	return true;
}

static inline void vsw_batch_clear(struct vsw_batch *batch)
{
	batch->num_runs = 0;
	batch->num_frags = 0;
	batch->num_frames = 0;
	batch->bytes = 0;
}

/* Fill the batch with frames from @at on; returns the slot behind them. */
static inline u32 vsw_fetch(struct vsw_tx_ring *tx, struct vsw_batch *batch,
			    u32 at, u32 head)
{
	batch->has_pieces = false;
	batch->kept = 0;
	if (unlikely(tx->odd || batch->lookup->grain != VSW_BY_ADDRESS)) {
		vsw_batch_clear(batch);
		return vsw_fetch_more(tx, at, head);
	}
	if (head - at == 1 && vsw_fetch_one(&tx->sh, batch, at))
		return head;
	vsw_batch_clear(batch);
	if (likely(at < head && head - at <= VSW_BATCH_SLOTS)) {
		at = vsw_fetch_plain(&tx->sh, batch, at, head);
		if (likely(at == head))
			return at;
	}
	return vsw_fetch_more(tx, at, head);
}

/* Do not count what stays with the sender. */
static void vsw_tx_uncount(struct vsw_batch *batch)
{
	const struct vsw_run *run, *end = &batch->runs[batch->num_runs];
	u32 i;

	batch->num_frames -= batch->kept;
	for (run = batch->runs; run < end; run++)
		for (i = run->frames - run->kept; i < run->frames; i++)
			batch->bytes -= vsw_run_sent_len(batch, run, i);
}

/* Mark the slots from @at to before @end as done with. */
static void vsw_tx_mark(struct vsw_tx_ring *tx, u32 at, u32 end)
{
	u32 n = tx->sh.num_slots;

	if (at <= end) {
		bitmap_set(tx->done, at, end - at);
	} else {
		bitmap_set(tx->done, at, n - at);
		bitmap_set(tx->done, 0, end);
	}
}

/* The frames that stay of a batch are not done with. */
static void vsw_tx_unmark(struct vsw_tx_ring *tx)
{
	const struct vsw_batch *batch = tx->batch;
	const struct vsw_run *run, *last = &batch->runs[batch->num_runs];
	u32 n = tx->sh.num_slots, i, slot, kept;

	for (run = batch->runs; run < last; run++) {
		kept = run->pieces && run->kept ?
		       batch->frag_slots[run->frag] : run->kept;
		i = run->pieces ? 0 : run->frames - kept;
		slot = vsw_ring_add(n, run->slot, i);
		for (i = 0; i < kept; i++, slot = vsw_ring_next(n, slot))
			__clear_bit(slot, tx->done);
	}
}

/* Whether a slot from @tx->head on is before the end of what stayed last time. */
static bool vsw_tx_is_seen(const struct vsw_tx_ring *tx, u32 at)
{
	u32 n = tx->sh.num_slots;

	return vsw_ring_dist(n, tx->head, at) <
	       vsw_ring_dist(n, tx->head, tx->seen);
}

/*
 * Note which slots from @at to before @end, a batch, are done with.
 *
 * Return: the slot from which to go on: behind all that stayed last time, if it
 * waits for one ring only and some of it has to stay again.
 */
static noinline u32 vsw_tx_note(struct vsw_tx_ring *tx, u32 at, u32 end)
{
	if (!tx->kept) {
		tx->waits = 0;
		tx->seen_at = jiffies;
		vsw_tx_mark(tx, tx->head, at);
	}
	tx->kept = true;
	tx->odd = true;
	vsw_tx_mark(tx, at, end);
	vsw_tx_uncount(tx->batch);
	vsw_tx_unmark(tx);
	if (tx->waits == 1 && vsw_tx_is_seen(tx, end) &&
	    tx->batch->group_of[tx->wait.port] == VSW_GROUP_STUCK)
		return tx->seen;
	return end;
}

/*
 * Some of the frames from @tx->head to before @head may stay.
 *
 * Return: the slot of the first of them; @head if there is none.
 */
static noinline u32 vsw_tx_keep(struct vsw_tx_ring *tx, u32 head)
{
	struct vsw_batch *batch = tx->batch;
	u32 at = tx->head;

	while (at != head && __test_and_clear_bit(at, tx->done))
		at = vsw_ring_next(tx->sh.num_slots, at);
	tx->kept = at != head;
	tx->odd = tx->kept || tx->locked || tx->vnet;
	tx->seen = head;
	tx->waits = batch->waits;
	tx->wait = batch->wait;
	batch->waits = 0;
	if (tx->kept)
		/* The next sync tries each port anew. */
		memset(batch->group_of, 0, sizeof(batch->group_of));
	else
		/* Also bits that a program which rewrote slots has outrun. */
		bitmap_zero(tx->done, tx->sh.num_slots);
	return at;
}

/*
 * Send the slots from @at to before @head. Frames for ports that make their
 * senders wait stay where they are; those behind them for others do not, and are
 * marked so that they are not sent again.
 *
 * Return: the slot of the first frame that stays.
 */
static inline u32 vsw_tx_send(struct vsw_tx_ring *tx, u32 at, u32 head)
{
	struct vsw_batch *batch = tx->batch;
	u32 next;

	for (;;) {
		vsw_path_enter();
		batch->lookup = rcu_dereference(batch->sw->lookup);
		next = vsw_fetch(tx, batch, at, head);
		vsw_forward(batch);
		vsw_path_leave();
		if (unlikely(batch->kept || tx->kept))
			next = vsw_tx_note(tx, at, next);
		vsw_stats_add(&tx->stats, batch->num_frames, batch->bytes);
		at = next;
		if (likely(at == head))
			break;
		cond_resched();
	}
	return unlikely(tx->kept) ? vsw_tx_keep(tx, head) : at;
}

/*
 * Frames that stayed may be taken back: forget what is known of slots that are
 * not before @head any more.
 */
static void vsw_tx_forget(struct vsw_tx_ring *tx, u32 head)
{
	u32 at;

	for (at = head; at != tx->seen; at = vsw_ring_next(tx->sh.num_slots, at))
		__clear_bit(at, tx->done);
	tx->seen = head;
	tx->waits = 0;
}

/*
 * Where to begin if there are frames that stayed: behind them, as long as all of
 * them wait for one ring, and that has no more room than it had. Else a sender
 * would pay for all of them each time that it tries in vain. But addresses, ports
 * or the lookup may have changed, so once in a tick they are looked at in any case.
 *
 * Return: the slot.
 */
static noinline u32 vsw_tx_resume(struct vsw_tx_ring *tx, u32 head)
{
	struct vsw_batch *batch = tx->batch;

	if (vsw_tx_is_seen(tx, head))
		vsw_tx_forget(tx, head);
	if (time_after(jiffies, tx->seen_at)) {
		tx->seen_at = jiffies;
		tx->waits = 0;
	}
	if (tx->waits != 1 || !vsw_rx_is_stuck(batch->src, &tx->wait))
		return tx->head;
	if (tx->seen != head) {
		batch->waits = 1;
		batch->wait = tx->wait;
		batch->group_of[tx->wait.port] = VSW_GROUP_STUCK;
	}
	return tx->seen;
}

/*
 * Make skbs of frames with headers from @at on, as many as go together.
 *
 * Return: the slot behind them.
 */
static u32 vsw_tx_fetch_vnet(struct vsw_tx_ring *tx, u32 at, u32 head,
			     struct sk_buff_head *skbs)
{
	struct vsw_batch *batch = tx->batch;
	struct vsw_chain chain;
	u32 n;

	__skb_queue_head_init(skbs);
	for (n = 0; at != head && n < VSW_SKB_BATCH; n++) {
		at = vsw_fetch_chain(&tx->sh, batch->frags, at, head, &chain);
		if (!chain.drop)
			chain.drop = vsw_vnet_get(skbs, batch->frags, chain.len,
						  batch->src->net);
		if (chain.drop)
			vsw_src_drop(batch, chain.drop, 1);
	}
	return at;
}

/* Send all before @head, which is frames with headers; returns @head. */
static noinline u32 vsw_tx_send_vnet(struct vsw_tx_ring *tx, u32 head)
{
	struct sk_buff_head skbs;

	while (tx->head != head) {
		vsw_path_enter();
		tx->head = vsw_tx_fetch_vnet(tx, tx->head, head, &skbs);
		vsw_skb_send_made(tx->batch, &skbs);
		vsw_path_leave();
		cond_resched();
	}
	return head;
}

/**
 * vsw_tx_sync() - send what a program has put into a TX ring
 * @pair: the ring pair
 *
 * Context: process context, may sleep.
 * Return: 1: there is room for more behind cur; 0: there is none; -ENODEV: the
 * ring is not attached any more; the errors of vsw_ring_read_pointers(), which
 * leave all as it is.
 */
int vsw_tx_sync(struct vsw_ring_pair *pair)
{
	struct vsw_tx_ring *tx = &pair->tx;
	u32 n = tx->sh.num_slots, head, cur, tail, at;
	int ret = -ENODEV;

	mutex_lock(&tx->lock);
	if (unlikely(!tx->attached))
		goto out;
	/* Nothing is sent later, so the program owns all slots but one. */
	ret = vsw_ring_read_pointers(&tx->sh, tx->head, n - 1, &head, &cur);
	if (unlikely(ret))
		goto out;

	at = tx->head;
	if (unlikely(tx->odd)) {
		if (tx->kept)
			at = vsw_tx_resume(tx, head);
		else if (tx->vnet)
			at = vsw_tx_send_vnet(tx, head);
	}
	if (likely(at != head))
		tx->head = vsw_tx_send(tx, at, head);
	tail = vsw_ring_prev(n, tx->head);
	vsw_ring_write_tail(&tx->sh, tail);
	ret = cur != tail;
out:
	mutex_unlock(&tx->lock);
	return ret;
}
