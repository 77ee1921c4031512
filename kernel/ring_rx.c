// SPDX-License-Identifier: GPL-2.0
/* RX rings: reserve room, fill it, publish; and what happens without room */

#include <linux/bitmap.h>
#include <linux/export.h>
#include <linux/jiffies.h>
#include <linux/math64.h>
#include <linux/minmax.h>
#include <linux/timekeeping.h>

#include "forward.h"
#include "lookup.h"
#include "ring.h"

/* Note when frames came; libpcap takes it as their time. */
static void vsw_rx_write_time(const struct vsw_shring *sh)
{
	struct vsw_ring *ring = sh->ring;
	u32 nsec;
	u64 sec = div_u64_rem(ktime_get_real_ns(), NSEC_PER_SEC, &nsec);

	WRITE_ONCE(ring->ts.sec, sec);
	WRITE_ONCE(ring->ts.usec, nsec / NSEC_PER_USEC);
}

/* Wake the programs behind a port that may wait for room at another. */
static void vsw_tx_wake(struct vsw_port *port)
{
	struct vsw_ring_set *set = rcu_dereference(port->rings);
	struct vsw_file *file;
	u32 i;

	for (i = 0; set && i < set->num_pairs; i++) {
		file = rcu_dereference(set->pair[i].rx.file);
		/* Who waits for frames only sends by that, too. */
		if (file)
			wake_up_interruptible_poll(&file->tx_wait,
						   EPOLLOUT | EPOLLWRNORM |
						   EPOLLIN | EPOLLRDNORM);
	}
}

/**
 * vsw_rx_wake_waiting() - let senders that wait for room try again
 * @rx: the ring that has got room, or does not make them wait any more
 *
 * Context: any but hard interrupts.
 */
void vsw_rx_wake_waiting(struct vsw_rx_ring *rx)
{
	struct vsw_port *port;
	unsigned int i;

	smp_mb();	/* H */
	if (likely(!READ_ONCE(rx->awaited)))
		return;
	/* Before the bits are read: one that is set later sets this again. */
	smp_store_mb(rx->awaited, false);
	if (rx->direct)
		vsw_ring_write_flags(&rx->sh, 0);

	rcu_read_lock();
	for_each_set_bit(i, rx->waiting, VSW_MAX_PORTS) {
		clear_bit(i, rx->waiting);
		port = vsw_switch_port(rx->port->sw, i);
		if (port)
			vsw_tx_wake(port);
	}
	rcu_read_unlock();
}

/*
 * Sync a ring whose published slots the program learns of by this alone.
 *
 * Return: as vsw_rx_sync().
 */
static int vsw_rx_sync_plain(struct vsw_rx_ring *rx)
{
	u32 owned = vsw_ring_dist(rx->sh.num_slots, rx->released, rx->tail);
	u32 head, cur, published;
	int err;

	err = vsw_ring_read_pointers(&rx->sh, rx->released, owned, &head, &cur);
	if (unlikely(err))
		return err;
	smp_store_release(&rx->released, head);		/* F */
	published = smp_load_acquire(&rx->published);	/* E */
	if (published != rx->tail) {
		rx->tail = published;
		vsw_rx_write_time(&rx->sh);
	}
	vsw_ring_write_tail(&rx->sh, published);
	return cur != published;
}

/* Sync a ring that senders keep in sync, too. */
static int vsw_rx_sync_direct(struct vsw_rx_ring *rx)
{
	u32 owned, head, cur;
	int ret;

	spin_lock_bh(&rx->reserve_lock);
	owned = vsw_ring_dist(rx->sh.num_slots, rx->released, rx->published);
	ret = vsw_ring_read_pointers(&rx->sh, rx->released, owned, &head, &cur);
	if (!ret) {
		WRITE_ONCE(rx->released, head);
		vsw_ring_write_tail(&rx->sh, rx->published);
		ret = cur != rx->published;
	}
	spin_unlock_bh(&rx->reserve_lock);
	return ret;
}

/*
 * Whether it is worth while to wake who waits for room. To wake for each slot
 * would make sender and receiver take turns with a few frames each.
 */
static bool vsw_rx_is_half_empty(const struct vsw_rx_ring *rx)
{
	u32 n = rx->sh.num_slots;

	return vsw_ring_dist(n, READ_ONCE(rx->released),
			     READ_ONCE(rx->published)) <= n / 2;
}

/**
 * vsw_rx_sync() - take back the slots that a program has read, show new ones
 * @pair: the ring pair
 *
 * Context: process context, may sleep.
 * Return: 1: there are frames behind cur; 0: there are none; otherwise as
 * vsw_tx_sync().
 */
int vsw_rx_sync(struct vsw_ring_pair *pair)
{
	struct vsw_rx_ring *rx = &pair->rx;
	int ret = -ENODEV;

	mutex_lock(&rx->lock);
	if (unlikely(!rcu_access_pointer(rx->file)))
		goto out;
	ret = rx->direct ? vsw_rx_sync_direct(rx) : vsw_rx_sync_plain(rx);
	smp_mb();	/* H */
	if (unlikely(READ_ONCE(rx->awaited)) &&
	    /* Who waits for frames must not wait for who waits for room. */
	    (!ret || vsw_rx_is_half_empty(rx)))
		vsw_rx_wake_waiting(rx);
out:
	mutex_unlock(&rx->lock);
	return ret;
}

static void vsw_rx_drop(struct vsw_rx_ring *rx, enum vsw_drop reason,
			u32 frames)
{
	if (likely(!frames))
		return;
	vsw_stats_drop(&rx->stats, reason, frames);
	trace_vsw_drop(rx->port, reason, frames);
}

/* Look how far the receiver has come; returns how many slots can be taken. */
static noinline u32 vsw_rx_look(struct vsw_rx_ring *rx)
{
	u32 n = rx->sh.num_slots;
	u32 released = smp_load_acquire(&rx->released);	/* F */

	if (rx->direct) {
		released = vsw_ring_read_head(&rx->sh, released, rx->published);
		WRITE_ONCE(rx->released, released);
	}
	/* Frames that fit, or never will, are no sign of life; releasing is. */
	if (rx->full && rx->full_at != released)
		rx->full = false;
	/* One slot stays empty, or a full ring would look like an empty one. */
	rx->room = n - 1 - vsw_ring_dist(n, released, rx->reserved);
	return rx->room;
}

/* Leave those frames behind the first @skip that are for one port only. */
static u32 vsw_rx_keep(struct vsw_batch *batch, const struct vsw_port *port,
		       const struct vsw_list *own, u32 skip)
{
	struct vsw_merge merge = { own->first, batch->flood.first };
	struct vsw_run *run;
	u32 kept = 0;

	while ((run = vsw_merge_next(&merge))) {
		u32 n = min_t(u32, skip, run->frames);

		skip -= n;
		if (vsw_run_is_flooded(run))
			continue;
		run->kept = run->frames - n;
		kept += run->kept;
	}
	batch->kept += kept;
	if (kept)
		batch->group_of[port->index] = VSW_GROUP_STUCK;
	return kept;
}

/* Whether the receiver has not received for longer than senders have to wait. */
static bool vsw_rx_is_late(struct vsw_rx_ring *rx, unsigned long patience)
{
	u32 released = READ_ONCE(rx->released);

	if (!rx->full || rx->full_at != released) {
		rx->full = true;
		rx->full_at = released;
		rx->full_since = jiffies;
	}
	return patience && time_after(jiffies, rx->full_since + patience);
}

/* Note that the sender waits for more room than @room. */
static void vsw_rx_await(struct vsw_rx_ring *rx, struct vsw_batch *batch,
			 u32 room)
{
	batch->waits++;
	batch->wait = (struct vsw_wait) {
		.port = rx->port->index,
		.ring = rx->index,
		/* By now it may be further, but then there was more room. */
		.released = vsw_ring_add(rx->sh.num_slots, rx->reserved,
					 room + 1),
	};
	set_bit(batch->src->index, rx->waiting);
	/* Who sees @awaited set sees the bit. */
	smp_mb__after_atomic();
	WRITE_ONCE(rx->awaited, true);
	if (rx->direct)
		vsw_ring_write_flags(&rx->sh, VSW_RING_NEED_SYNC);
	smp_mb();	/* H */
	if (vsw_rx_look(rx) > room)
		vsw_tx_wake(batch->src);
}

/*
 * There are @room slots, and they are room for the first @done of the frames
 * only: drop the others, or leave them with the sender.
 */
static noinline void vsw_rx_refuse(struct vsw_rx_ring *rx,
				   struct vsw_batch *batch,
				   const struct vsw_list *own, u32 done,
				   u32 room)
{
	struct vsw_ring_port *rp = vsw_ring_port(rx->port);
	u32 rest = own->frames + batch->flood.frames - done, kept;
	unsigned long patience;

	/* Of those whose frames are skbs nobody can wait. */
	if (READ_ONCE(rp->config.on_full) == VSW_ON_FULL_DROP || batch->out) {
		vsw_rx_drop(rx, VSW_DROP_NO_ROOM, rest);
		return;
	}
	patience = msecs_to_jiffies(READ_ONCE(rp->config.deadline));
	if (vsw_rx_is_late(rx, patience)) {
		vsw_rx_drop(rx, VSW_DROP_DEADLINE, rest);
		return;
	}
	kept = vsw_rx_keep(batch, rx->port, own, done);
	vsw_rx_drop(rx, VSW_DROP_NO_ROOM, rest - kept);
	if (!kept)
		return;
	if (patience)
		mod_timer(&rx->deadline, rx->full_since + patience + 1);
	vsw_rx_await(rx, batch, room);
}

/* How many frames of one slot each find room, if it may be less than all. */
static noinline u32 vsw_rx_squeeze(struct vsw_rx_ring *rx,
				   struct vsw_batch *batch,
				   const struct vsw_list *own)
{
	u32 frames = own->frames + batch->flood.frames, room = vsw_rx_look(rx);

	if (frames > room) {
		frames = room;
		vsw_rx_refuse(rx, batch, own, frames, room);
	}
	return frames;
}

/* Take slots, for which there is room, for @frames frames. */
static __always_inline void vsw_rx_take(struct vsw_rx_ring *rx,
					struct vsw_span *span, u32 slots,
					u32 frames)
{
	span->rx = rx;
	span->at = rx->reserved;
	span->end = vsw_ring_add(rx->sh.num_slots, span->at, slots);
	span->frames = frames;
	WRITE_ONCE(rx->reserved, span->end);
	rx->room -= slots;
}

/* Copy a frame, which fits, into a slot; returns the number of bytes. */
static __always_inline size_t vsw_fill_slot(const struct vsw_shring *sh,
					    struct vsw_batch *batch,
					    struct vsw_slot *slot,
					    const struct vsw_frag *frag)
{
	u32 buf_idx = vsw_slot_read(slot).buf_idx;
	size_t len = frag->len;

	if (unlikely(!vsw_ring_has_buf(sh, buf_idx))) {
		batch->spoiled++;
		vsw_slot_write_len(slot, 0, 1 << VSW_SLOT_FRAGS_SHIFT);
		return 0;
	}
	vsw_copy(vsw_ring_buf(sh, buf_idx), frag->data, len);
	vsw_slot_write_len(slot, len, 1 << VSW_SLOT_FRAGS_SHIFT);
	return len;
}

/*
 * Copy @n frames, each of which fits into one slot, into the slots from @at on:
 * those of the runs of @merge, or if it is NULL, the first ones of the batch.
 * Inline, as it is constant which lists there are.
 *
 * Return: number of bytes.
 */
static __always_inline u64 vsw_fill_slots(const struct vsw_shring *ring,
					  struct vsw_batch *batch,
					  struct vsw_merge *merge, u32 at,
					  u32 n)
{
	/* Copies that no store to memory can change. */
	const struct vsw_shring sh = *ring;
	const struct vsw_frag *frag = batch->frags;
	struct vsw_slot *slot = vsw_ring_slot(&sh, at), *last = slot + n;
	/* Frames of the run from @frag on. */
	u32 left = 0, wrapped = 0;
	u64 bytes = 0;

	if (unlikely(at + n > sh.num_slots)) {
		wrapped = at + n - sh.num_slots;
		last -= wrapped;
	}
	for (;;) {
		for (; slot != last; slot++, frag++) {
			if (merge && !left--) {
				const struct vsw_run *run;

				run = vsw_merge_take(merge);
				frag = &batch->frags[run->frag];
				left = run->frames - 1;
			}
			bytes += vsw_fill_slot(&sh, batch, slot, frag);
		}
		if (likely(!wrapped))
			return bytes;
		slot = vsw_ring_slot(&sh, 0);
		last = slot + wrapped;
		wrapped = 0;
	}
}

static noinline u64 vsw_fill_first(const struct vsw_shring *sh,
				   struct vsw_batch *batch, u32 at, u32 n)
{
	return vsw_fill_slots(sh, batch, NULL, at, n);
}

/* The same for one frame, at half the cost for who sends one at a time. */
static noinline u64 vsw_fill_one(const struct vsw_shring *sh,
				 struct vsw_batch *batch, u32 at)
{
	return vsw_fill_slot(sh, batch, vsw_ring_slot(sh, at), batch->frags);
}

static noinline u64 vsw_fill_merged(const struct vsw_shring *sh,
				    struct vsw_batch *batch,
				    struct vsw_run *own, u32 at, u32 n)
{
	struct vsw_merge merge = { own, batch->flood.first };

	return vsw_fill_slots(sh, batch, &merge, at, n);
}

static __always_inline u64 vsw_fill_own(const struct vsw_shring *sh,
					struct vsw_batch *batch,
					struct vsw_run *own, u32 at, u32 n)
{
	struct vsw_merge merge = { .own = own };

	return vsw_fill_slots(sh, batch, &merge, at, n);
}

/* Slots are full; @bytes is what the frames have that could be copied. */
static __always_inline void vsw_span_filled(struct vsw_span *span,
					    struct vsw_batch *batch, u64 bytes)
{
	span->bytes = bytes;
	span->spoiled = batch->spoiled;
	batch->spoiled = 0;
}

/**
 * vsw_drop_no_port() - drop what is for a ring that nobody has
 * @batch: the batch
 * @frames: number of frames for this ring alone; those that are flooded are not
 *	for who does not listen
 *
 * Return: false.
 */
noinline bool vsw_drop_no_port(struct vsw_batch *batch, u32 frames)
{
	if (frames)
		vsw_src_drop(batch, VSW_DROP_NO_PORT, frames);
	return false;
}

static noinline void vsw_rx_wake(struct vsw_rx_ring *rx, struct vsw_file *file)
{
	trace_vsw_wake(rx->port, rx->index);
	wake_up_interruptible_poll(&file->rx_wait, EPOLLIN | EPOLLRDNORM);
}

/*
 * Reserve slots for frames each of which needs one; if there is no room for all,
 * for the first of them.
 */
static __always_inline void vsw_rx_reserve(struct vsw_rx_ring *rx,
					   struct vsw_batch *batch,
					   const struct vsw_list *own,
					   struct vsw_span *span)
{
	u32 frames = own->frames + batch->flood.frames;

	spin_lock(&rx->reserve_lock);
	if (unlikely(!rcu_access_pointer(rx->file))) {
		spin_unlock(&rx->reserve_lock);
		span->rx = NULL;
		span->frames = 0;
		vsw_drop_no_port(batch, own->frames);
		return;
	}
	if (unlikely(rx->room < frames))
		frames = vsw_rx_squeeze(rx, batch, own);
	vsw_rx_take(rx, span, frames, frames);
	spin_unlock(&rx->reserve_lock);
}

static inline void vsw_rx_count(struct vsw_rx_ring *rx,
				const struct vsw_span *span)
{
	vsw_stats_add(&rx->stats, span->frames - span->spoiled, span->bytes);
	vsw_rx_drop(rx, VSW_DROP_BAD_RX_SLOT, span->spoiled);
}

/*
 * Publish slots that are full, and those behind them that other senders have
 * filled meanwhile; or leave it to the sender that still fills slots before them.
 *
 * Return: whether somebody still has the ring.
 */
static __always_inline bool vsw_rx_publish(struct vsw_batch *batch,
					   const struct vsw_list *own,
					   const struct vsw_span *span)
{
	struct vsw_rx_ring *rx = span->rx;
	u32 end = span->end, next;
	struct vsw_file *file;

	spin_lock(&rx->reserve_lock);
	file = rcu_dereference(rx->file);
	if (unlikely(!file))
		goto out;

	vsw_rx_count(rx, span);
	if (unlikely(span->at != rx->published)) {
		rx->filled[span->at] = end + 1;
		goto out;
	}
	while (unlikely(rx->filled[end])) {
		next = rx->filled[end] - 1;
		rx->filled[end] = 0;
		end = next;
	}
	smp_store_release(&rx->published, end);	/* E */
	if (rx->direct)
		vsw_ring_write_tail(&rx->sh, end);
out:
	spin_unlock(&rx->reserve_lock);
	if (unlikely(!file))
		return vsw_drop_no_port(batch, min(span->frames, own->frames));
	/* G: published before, looked for sleepers behind the barrier in it. */
	if (unlikely(wq_has_sleeper(&file->rx_wait)))
		vsw_rx_wake(rx, file);
	return true;
}

/* Deliver frames of which each needs one slot. */
static noinline bool vsw_deliver_plain(struct vsw_rx_ring *rx,
				       struct vsw_batch *batch,
				       const struct vsw_list *own)
{
	struct vsw_span span;
	u64 bytes;

	vsw_rx_reserve(rx, batch, own, &span);
	if (unlikely(!span.frames))
		return span.rx;
	if (unlikely(own != &batch->only))
		bytes = vsw_fill_merged(&rx->sh, batch, own->first, span.at,
					span.frames);
	else if (span.frames == 1)
		bytes = vsw_fill_one(&rx->sh, batch, span.at);
	else
		bytes = vsw_fill_first(&rx->sh, batch, span.at, span.frames);
	vsw_span_filled(&span, batch, bytes);
	return vsw_rx_publish(batch, own, &span);
}

/* Deliver frames of which some may need several slots, or none is welcome. */
static noinline bool vsw_deliver_special(struct vsw_rx_ring *rx,
					 struct vsw_batch *batch,
					 const struct vsw_list *own)
{
	u32 total = own->frames + batch->flood.frames;
	struct vsw_span span;
	struct vsw_take take;
	u32 room, done;

	if (unlikely(batch->skb))
		return vsw_skb_deliver_ring(rx, batch, own);

	/* As if the ring were empty; only if it is not so is this done again. */
	take = vsw_chain_tally(rx, batch, own, rx->sh.num_slots - 1);
	spin_lock(&rx->reserve_lock);
	if (unlikely(!rcu_access_pointer(rx->file))) {
		spin_unlock(&rx->reserve_lock);
		return vsw_drop_no_port(batch, own->frames);
	}
	room = batch->refuse ? 0 : vsw_rx_look(rx);
	if (take.slots > room)
		take = vsw_chain_tally(rx, batch, own, room);
	vsw_rx_drop(rx, VSW_DROP_TOO_LONG, take.too_long);
	done = take.frames + take.too_long;
	if (done != total)
		vsw_rx_refuse(rx, batch, own, done, room);
	vsw_rx_take(rx, &span, take.slots, take.frames);
	spin_unlock(&rx->reserve_lock);
	if (!take.slots)
		return true;

	vsw_span_filled(&span, batch,
			vsw_chain_fill(rx, batch, own, span.at, span.frames));
	return vsw_rx_publish(batch, own, &span);
}

/* The RX ring of a port, which has @set, for the frames of a batch. */
static inline struct vsw_rx_ring *vsw_rx_of(struct vsw_ring_set *set,
					    const struct vsw_batch *batch)
{
	u32 i = batch->rx_ring;
	struct vsw_rx_ring *rx;

	if (unlikely(i >= set->num_pairs))
		i %= set->num_pairs;
	rx = &set->pair[i].rx;
	/* To compute it for each of its fields anew would take longer. */
	OPTIMIZER_HIDE_VAR(rx);
	return rx;
}

/* No frame is longer, if all are plain and welcome; otherwise what no ring has. */
static inline u32 vsw_plain_len(const struct vsw_batch *batch)
{
	return likely(!batch->has_pieces && !batch->refuse) ?
	       batch->max_piece : U32_MAX;
}

/**
 * vsw_rx_deliver() - copy frames into a given RX ring
 * @rx: the ring
 * @batch: the batch; its flooded frames are for the ring, too
 * @own: frames of the batch for this ring alone
 *
 * Context: rcu_read_lock(), bottom halves off.
 * Return: whether the ring is attached.
 */
inline bool vsw_rx_deliver(struct vsw_rx_ring *rx, struct vsw_batch *batch,
			   const struct vsw_list *own)
{
	if (likely(vsw_plain_len(batch) <= rx->plain_max))
		return vsw_deliver_plain(rx, batch, own);
	return vsw_deliver_special(rx, batch, own);
}

/**
 * vsw_ring_deliver() - copy frames into an RX ring
 * @port: a ring port
 * @batch: the batch; its flooded frames are for the port, too
 * @own: frames of the batch for this port alone
 *
 * The RX ring is that of the index of the sender's TX ring, unless the lookup
 * says otherwise, so frames of a TX ring stay in order. So that they do, nothing
 * is taken behind a frame for which there is no room.
 *
 * Context: rcu_read_lock().
 * Return: whether the ring is attached.
 */
bool vsw_ring_deliver(struct vsw_port *port, struct vsw_batch *batch,
		      const struct vsw_list *own)
{
	struct vsw_ring_set *set = rcu_dereference(port->rings);

	if (unlikely(!set))
		return vsw_drop_no_port(batch, own->frames);
	return vsw_rx_deliver(vsw_rx_of(set, batch), batch, own);
}

/*
 * Reserve slots for each group, or deliver to it what does not get them so.
 *
 * Return: whether anybody listens whose frames were delivered.
 */
static noinline bool vsw_groups_reserve(struct vsw_batch *batch)
{
	struct vsw_group *group, *end = &batch->groups[batch->num_groups];
	const u32 len = vsw_plain_len(batch);
	struct vsw_ring_set *set;
	struct vsw_rx_ring *rx;
	struct vsw_port *port;
	bool heard = false;

	for (group = batch->groups; group < end; group++) {
		port = group->port;
		/* From now on it says whether the port is stuck. */
		batch->group_of[port->index] = 0;
		set = rcu_dereference(port->rings);
		if (likely(set)) {
			rx = vsw_rx_of(set, batch);
			if (likely(len <= rx->plain_max)) {
				vsw_rx_reserve(rx, batch, &group->list,
					       &group->span);
				continue;
			}
		}
		heard |= port->ops->deliver(port, batch, &group->list);
		group->span.rx = NULL;
		group->span.frames = 0;
	}
	return heard;
}

static noinline void vsw_groups_fill(struct vsw_batch *batch)
{
	struct vsw_group *group, *end = &batch->groups[batch->num_groups];
	struct vsw_span *span;
	u64 bytes;

	for (group = batch->groups; group < end; group++) {
		span = &group->span;
		if (unlikely(!span->frames))
			continue;
		if (unlikely(batch->flood.first))
			bytes = vsw_fill_merged(&span->rx->sh, batch,
						group->list.first, span->at,
						span->frames);
		else
			bytes = vsw_fill_own(&span->rx->sh, batch,
					     group->list.first, span->at,
					     span->frames);
		vsw_span_filled(span, batch, bytes);
	}
}

static noinline bool vsw_groups_publish(struct vsw_batch *batch)
{
	struct vsw_group *group, *end = &batch->groups[batch->num_groups];
	bool heard = false;

	for (group = batch->groups; group < end; group++)
		heard |= likely(group->span.frames) ?
			 vsw_rx_publish(batch, &group->list, &group->span) :
			 !!group->span.rx;
	return heard;
}

/**
 * vsw_ring_deliver_groups() - copy frames into the RX rings of many ports
 * @batch: the batch; its flooded frames are for each group, too. Those of its
 *	groups that are of other ports are delivered as well
 *
 * As vsw_ring_deliver() for each group, but each step for all groups in turn:
 * lists are short if there are many, and to call functions for each of them takes
 * longer than to copy its frames.
 *
 * Context: rcu_read_lock(), bottom halves off.
 * Return: whether anybody listens.
 */
bool vsw_ring_deliver_groups(struct vsw_batch *batch)
{
	bool heard = vsw_groups_reserve(batch);

	vsw_groups_fill(batch);
	return vsw_groups_publish(batch) || heard;
}

/* How far the receiver has come, for who does not hold the lock. */
static u32 vsw_rx_released(const struct vsw_rx_ring *rx)
{
	u32 released = READ_ONCE(rx->released);

	/* Else only a sender that finds no room looks how far it has come. */
	if (READ_ONCE(rx->direct))
		released = vsw_ring_read_head(&rx->sh, released,
					      READ_ONCE(rx->published));
	return released;
}

/**
 * vsw_rx_is_stuck() - is it still in vain to send to a ring without room?
 * @src: the port that waits
 * @wait: what it waits for
 *
 * If so, the sender still is among those that are woken when it is not any more:
 * not only by room, but also when nobody has to wait.
 *
 * Return: whether the receiver has released nothing since.
 */
bool vsw_rx_is_stuck(const struct vsw_port *src, const struct vsw_wait *wait)
{
	const struct vsw_ring_set *set;
	const struct vsw_rx_ring *rx;
	struct vsw_port *port;
	bool stuck = false;

	rcu_read_lock();
	port = vsw_switch_port(src->sw, wait->port);
	set = port ? rcu_dereference(port->rings) : NULL;
	if (set && wait->ring < set->num_pairs) {
		rx = &set->pair[wait->ring].rx;
		stuck = READ_ONCE(rx->awaited) &&
			test_bit(src->index, rx->waiting) &&
			vsw_rx_released(rx) == wait->released;
	}
	rcu_read_unlock();
	return stuck;
}

/* Slots of a ring that hold frames or are being filled. */
static u32 vsw_rx_fill(const struct vsw_rx_ring *rx)
{
	if (!rcu_access_pointer(rx->file))
		return VSW_FILL_NOBODY;
	return vsw_ring_dist(rx->sh.num_slots, vsw_rx_released(rx),
			     READ_ONCE(rx->reserved));
}

/**
 * vsw_port_fill() - how full the RX ring of a port is
 * @sw: the switch
 * @index: index of the port, unchecked
 * @ring: index of the RX ring, such as &vsw_batch.rx_ring; one that the port
 *	does not have is taken modulo the number of those that it has
 *
 * A hint: the ring may be fuller or emptier by now.
 *
 * Context: rcu_read_lock().
 * Return: number of slots in use, 0 if the port is an interface; VSW_FILL_NOBODY if
 * nobody receives there, or there is no such port.
 */
u32 vsw_port_fill(const struct vsw_switch *sw, u32 index, u32 ring)
{
	struct vsw_port *port = vsw_switch_port(sw, index);
	const struct vsw_ring_set *set;

	if (unlikely(!port))
		return VSW_FILL_NOBODY;
	if (port->ops->deliver != vsw_ring_deliver)
		return READ_ONCE(port->receives) ? 0 : VSW_FILL_NOBODY;
	set = rcu_dereference(port->rings);
	if (unlikely(!set))
		return VSW_FILL_NOBODY;
	if (unlikely(ring >= set->num_pairs))
		ring %= set->num_pairs;
	return vsw_rx_fill(&set->pair[ring].rx);
}
EXPORT_SYMBOL_GPL(vsw_port_fill);
