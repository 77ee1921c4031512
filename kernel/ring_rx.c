// SPDX-License-Identifier: GPL-2.0
/* RX rings: reserve room, fill it, publish; and what happens without room */

#include <linux/bitmap.h>
#include <linux/jiffies.h>
#include <linux/minmax.h>
#include <linux/timekeeping.h>

#include "forward.h"
#include "ring.h"

/* Note when frames came; libpcap takes it as their time. */
static void vsw_rx_write_time(const struct vsw_shring *sh)
{
	struct timespec64 now;

	ktime_get_real_ts64(&now);
	WRITE_ONCE(sh->ring->ts.sec, now.tv_sec);
	WRITE_ONCE(sh->ring->ts.usec, now.tv_nsec / NSEC_PER_USEC);
}

/* Wake the programs behind a port that may wait for room at another. */
static void vsw_tx_wake(struct vsw_port *port)
{
	struct vsw_ring_set *set = rcu_dereference(vsw_ring_port(port)->set);
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

/* Sync a ring whose published slots the program learns of by this alone. */
static int vsw_rx_sync_plain(struct vsw_rx_ring *rx)
{
	u32 head, published;
	int err;

	err = vsw_ring_read_pointers(&rx->sh, rx->released, rx->tail, &head,
				     &rx->cur);
	if (err)
		return err;
	smp_store_release(&rx->released, head);		/* F */
	published = smp_load_acquire(&rx->published);	/* E */
	if (published != rx->tail) {
		rx->tail = published;
		vsw_rx_write_time(&rx->sh);
	}
	vsw_ring_write_tail(&rx->sh, rx->tail);
	return 0;
}

/* Sync a ring that senders keep in sync, too. */
static int vsw_rx_sync_direct(struct vsw_rx_ring *rx)
{
	u32 head;
	int err;

	spin_lock(&rx->reserve_lock);
	err = vsw_ring_read_pointers(&rx->sh, rx->released, rx->published,
				     &head, &rx->cur);
	if (!err) {
		rx->released = head;
		rx->tail = rx->published;
		vsw_ring_write_tail(&rx->sh, rx->tail);
	}
	spin_unlock(&rx->reserve_lock);
	return err;
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
 * @set: the rings
 * @i: index of the ring pair
 * @ready: out: there are frames behind cur
 *
 * Context: process context, may sleep.
 * Return: as vsw_tx_sync().
 */
int vsw_rx_sync(struct vsw_ring_set *set, u32 i, bool *ready)
{
	struct vsw_rx_ring *rx = &set->pair[i].rx;
	int err = -ENODEV;

	mutex_lock(&rx->lock);
	if (!rcu_access_pointer(rx->file))
		goto out;
	err = rx->direct ? vsw_rx_sync_direct(rx) : vsw_rx_sync_plain(rx);
	if (err)
		goto out;
	*ready = rx->cur != rx->tail;
	/* Who waits for frames must not wait for who waits for room. */
	if (!*ready || vsw_rx_is_half_empty(rx))
		vsw_rx_wake_waiting(rx);
out:
	mutex_unlock(&rx->lock);
	return err;
}

/**
 * struct vsw_take - frames that an RX ring takes
 * @frames: number of frames
 * @slots: slots that they need
 * @too_long: frames passed over because they need more slots than a frame may
 *	have
 */
struct vsw_take {
	u32	frames;
	u32	slots;
	u32	too_long;
};

/* Whether each frame of the batch needs one slot of the ring. */
static bool vsw_rx_is_plain(const struct vsw_shring *sh,
			    const struct vsw_batch *batch)
{
	return !batch->has_pieces && batch->max_piece <= sh->buf_size;
}

/* Slots that a frame needs; 0 if it never fits. */
static u32 vsw_rx_slots(const struct vsw_shring *sh, u32 len)
{
	u32 slots;

	if (likely(len <= sh->buf_size))
		return 1;
	slots = DIV_ROUND_UP(len, sh->buf_size);
	return slots <= min(VSW_MAX_FRAGS, sh->num_slots - 1) ? slots : 0;
}

/* How many of the frames fit into @room slots. */
static noinline struct vsw_take
vsw_rx_tally(const struct vsw_shring *sh, struct vsw_batch *batch,
	     struct vsw_merge merge, u32 room)
{
	const struct vsw_run *run;
	struct vsw_take take = {};
	u32 i, slots;

	while ((run = vsw_merge_next(batch, &merge))) {
		for (i = 0; i < run->frames; i++) {
			slots = vsw_rx_slots(sh, vsw_run_len(batch, run, i));
			if (!slots) {
				take.too_long++;
				continue;
			}
			if (take.slots + slots > room)
				return take;
			take.frames++;
			take.slots += slots;
		}
	}
	return take;
}

static void vsw_rx_drop(struct vsw_rx_ring *rx, enum vsw_drop reason,
			u32 frames)
{
	if (likely(!frames))
		return;
	vsw_stats_drop(&rx->stats, reason, frames);
	trace_vsw_drop(rx->port, reason, frames);
}

/* How many slots can be taken, if there are less than @wanted. */
static u32 vsw_rx_room(struct vsw_rx_ring *rx, u32 wanted)
{
	/* One slot stays empty, or a full ring would look like an empty one. */
	u32 n = rx->sh.num_slots;
	u32 end = vsw_ring_prev(n, smp_load_acquire(&rx->released));	/* F */
	u32 room = vsw_ring_dist(n, rx->reserved, end);

	if (likely(room >= wanted) || !rx->direct)
		return room;
	rx->released = vsw_ring_read_head(&rx->sh, rx->released, rx->published);
	return vsw_ring_dist(n, rx->reserved, vsw_ring_prev(n, rx->released));
}

/* Leave those frames behind the first @skip that are not flooded. */
static u32 vsw_rx_keep(struct vsw_batch *batch, struct vsw_merge merge,
		       u32 skip)
{
	struct vsw_run *run;
	u32 kept = 0;

	while ((run = vsw_merge_next(batch, &merge))) {
		u32 n = min_t(u32, skip, run->frames);

		skip -= n;
		if (run->verdict == VSW_TO_ALL)
			continue;
		run->kept = run->frames - n;
		kept += run->kept;
	}
	batch->kept += kept;
	return kept;
}

/* Whether the receiver has not received for longer than senders have to wait. */
static bool vsw_rx_is_late(struct vsw_rx_ring *rx, unsigned long patience)
{
	if (!rx->full || rx->full_at != rx->released) {
		rx->full = true;
		rx->full_at = rx->released;
		rx->full_since = jiffies;
	}
	return patience && time_after(jiffies, rx->full_since + patience);
}

/*
 * There is no room for the last @rest of the frames: drop them, or leave them
 * with the sender.
 *
 * Return: number of frames left with the sender.
 */
static noinline u32 vsw_rx_refuse(struct vsw_rx_ring *rx,
				  struct vsw_batch *batch,
				  struct vsw_merge merge, u32 skip, u32 rest)
{
	struct vsw_ring_port *rp = vsw_ring_port(rx->port);
	unsigned long patience;
	u32 kept;

	patience = msecs_to_jiffies(READ_ONCE(rp->config.deadline));
	if (READ_ONCE(rp->config.on_full) == VSW_ON_FULL_DROP) {
		vsw_rx_drop(rx, VSW_DROP_NO_ROOM, rest);
		return 0;
	}
	if (vsw_rx_is_late(rx, patience)) {
		vsw_rx_drop(rx, VSW_DROP_DEADLINE, rest);
		return 0;
	}
	kept = vsw_rx_keep(batch, merge, skip);
	vsw_rx_drop(rx, VSW_DROP_NO_ROOM, rest - kept);
	if (kept && patience)
		mod_timer(&rx->deadline, rx->full_since + patience + 1);
	return kept;
}

/* Note that the sender waits for more room than @room. */
static noinline void vsw_rx_await(struct vsw_rx_ring *rx, struct vsw_port *src,
				  u32 room)
{
	set_bit(src->index, rx->waiting);
	/* Who sees @awaited set sees the bit. */
	smp_mb__after_atomic();
	WRITE_ONCE(rx->awaited, true);
	if (rx->direct)
		vsw_ring_write_flags(&rx->sh, VSW_RING_NEED_SYNC);
	smp_mb();	/* H */
	if (vsw_rx_room(rx, U32_MAX) > room)
		vsw_tx_wake(src);
}

/*
 * Take slots for as many of @total frames as there is room for.
 *
 * Return: whether the ring is attached; if so, @take is what fits and @at the
 * first slot taken.
 */
static bool vsw_rx_reserve(struct vsw_rx_ring *rx, struct vsw_batch *batch,
			   struct vsw_merge merge, u32 total,
			   struct vsw_take *take, u32 *at)
{
	bool plain = vsw_rx_is_plain(&rx->sh, batch);
	u32 n = rx->sh.num_slots, room, done;

	if (likely(plain))
		*take = (struct vsw_take) { .frames = total, .slots = total };
	else
		*take = vsw_rx_tally(&rx->sh, batch, merge, n - 1);

	spin_lock(&rx->reserve_lock);
	if (unlikely(!rcu_access_pointer(rx->file))) {
		spin_unlock(&rx->reserve_lock);
		return false;
	}
	room = unlikely(batch->refuse) ? 0 : vsw_rx_room(rx, take->slots);
	if (unlikely(take->slots > room)) {
		if (plain)
			*take = (struct vsw_take) { .frames = room,
						    .slots = room };
		else
			*take = vsw_rx_tally(&rx->sh, batch, merge, room);
	}
	*at = rx->reserved;
	rx->reserved = vsw_ring_add(n, rx->reserved, take->slots);
	vsw_rx_drop(rx, VSW_DROP_TOO_LONG, take->too_long);
	done = take->frames + take->too_long;
	/* Frames that fit, or never will, are no sign of life; releasing is. */
	if (unlikely(rx->full) && rx->full_at != rx->released)
		rx->full = false;
	if (unlikely(done != total) &&
	    vsw_rx_refuse(rx, batch, merge, done, total - done))
		vsw_rx_await(rx, batch->src, room - take->slots);
	spin_unlock(&rx->reserve_lock);
	return true;
}

/**
 * struct vsw_fill - frames on their way into an RX ring
 * @at: slot for the next one
 * @frames: number of frames that are still to be copied
 * @bad: frames for which the receiver had spoiled a slot
 * @bytes: bytes copied
 */
struct vsw_fill {
	u32	at;
	u32	frames;
	u32	bad;
	u64	bytes;
};

/*
 * Copy a frame of any number of pieces into @slots slots. If the receiver has
 * spoiled one of them, they are all left empty.
 */
static void vsw_fill_pieces(const struct vsw_shring *sh, struct vsw_fill *fill,
			    u32 slots, const struct vsw_frag *frag, u32 len)
{
	union vsw_slot_word slot[VSW_MAX_FRAGS];
	u32 i, at, done = 0, off, chunk;
	bool good = true;

	for (i = 0, at = fill->at; i < slots; i++) {
		slot[i] = vsw_slot_read(vsw_ring_slot(sh, at));
		good = good && vsw_ring_has_buf(sh, slot[i].buf_idx);
		at = vsw_ring_next(sh->num_slots, at);
	}
	fill->bytes += good ? len : 0;
	fill->bad += !good;

	for (i = 0, at = fill->at; i < slots; i++) {
		slot[i].len = good ? min(len, sh->buf_size) : 0;
		slot[i].flags = slots << VSW_SLOT_FRAGS_SHIFT;
		if (i + 1 < slots)
			slot[i].flags |= VSW_SLOT_MOREFRAG;
		len -= slot[i].len;

		for (off = 0; off < slot[i].len; off += chunk) {
			while (done == frag->len) {
				frag++;
				done = 0;
			}
			chunk = min(frag->len - done, slot[i].len - off);
			memcpy(vsw_ring_buf(sh, slot[i].buf_idx) + off,
			       frag->data + done, chunk);
			done += chunk;
		}
		vsw_slot_write(vsw_ring_slot(sh, at), slot[i]);
		at = vsw_ring_next(sh->num_slots, at);
	}
	fill->at = at;
}

/* Copy the frames of a run, whatever is special with them. */
static noinline void vsw_fill_special(const struct vsw_shring *sh,
				      struct vsw_fill *fill,
				      const struct vsw_batch *batch,
				      const struct vsw_run *run)
{
	u32 i, len, slots;

	for (i = 0; i < run->frames && fill->frames; i++) {
		len = vsw_run_len(batch, run, i);
		slots = vsw_rx_slots(sh, len);
		if (!slots)
			continue;
		vsw_fill_pieces(sh, fill, slots, &batch->frags[run->frag + i],
				len);
		fill->frames--;
	}
}

/* Copy frames of which each fits into one slot. */
static void vsw_fill_plain(const struct vsw_shring *ring, struct vsw_fill *fill,
			   struct vsw_batch *batch, struct vsw_merge merge)
{
	/* Copies that no store to memory can change. */
	const struct vsw_shring sh = *ring;
	struct vsw_slot *slot = vsw_ring_slot(&sh, fill->at);
	struct vsw_slot *end = vsw_ring_slot(&sh, sh.num_slots);
	const struct vsw_frag *frag, *last;
	const struct vsw_run *run;
	u32 left = fill->frames;
	u64 bytes = 0;

	while (left && (run = vsw_merge_next(batch, &merge))) {
		frag = &batch->frags[run->frag];
		last = frag + min_t(u32, run->frames, left);
		left -= last - frag;
		for (; frag != last; frag++) {
			u32 buf_idx = vsw_slot_read(slot).buf_idx;
			u32 len = frag->len;

			if (likely(vsw_ring_has_buf(&sh, buf_idx))) {
				vsw_copy(vsw_ring_buf(&sh, buf_idx),
					 frag->data, len);
			} else {
				len = 0;
				fill->bad++;
			}
			bytes += len;
			vsw_slot_write_len(slot, len,
					   1 << VSW_SLOT_FRAGS_SHIFT);
			if (unlikely(++slot == end))
				slot = vsw_ring_slot(&sh, 0);
		}
	}
	fill->at = slot - vsw_ring_slot(&sh, 0);
	fill->bytes = bytes;
}

/* Copy @fill->frames frames into the slots from @fill->at on. */
static void vsw_rx_fill(const struct vsw_shring *sh, struct vsw_fill *fill,
			struct vsw_batch *batch, struct vsw_merge merge)
{
	const struct vsw_run *run;

	if (likely(vsw_rx_is_plain(sh, batch))) {
		vsw_fill_plain(sh, fill, batch, merge);
		return;
	}
	while (fill->frames && (run = vsw_merge_next(batch, &merge)))
		vsw_fill_special(sh, fill, batch, run);
}

/*
 * Publish the slots from @at to before @fill->at, and those behind them that
 * other senders have filled meanwhile; or leave it to the sender that still
 * fills slots before @at.
 *
 * Return: the file that has the ring, or NULL if none has it any more.
 */
static struct vsw_file *vsw_rx_publish(struct vsw_rx_ring *rx, u32 at,
				       u32 frames, const struct vsw_fill *fill)
{
	u32 end = fill->at, next;
	struct vsw_file *file;

	spin_lock(&rx->reserve_lock);
	file = rcu_dereference(rx->file);
	if (unlikely(!file))
		goto out;

	vsw_stats_add(&rx->stats, frames - fill->bad, fill->bytes);
	vsw_rx_drop(rx, VSW_DROP_BAD_RX_SLOT, fill->bad);
	if (unlikely(at != rx->published)) {
		rx->filled[at] = end + 1;
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
	return file;
}

/* Nobody has the ring; flooded frames are not for those who do not listen. */
static bool vsw_drop_no_port(struct vsw_batch *batch, u32 frames)
{
	if (frames)
		vsw_src_drop(batch, VSW_DROP_NO_PORT, frames);
	return false;
}

/**
 * vsw_ring_deliver() - copy frames into an RX ring
 * @port: a ring port
 * @batch: the batch; its flooded frames are for the port, too
 * @own: frames of the batch for this port alone
 *
 * The RX ring is that of the index of the sender's TX ring, so frames of a TX
 * ring stay in order. So that they do, nothing is taken behind a frame for
 * which there is no room.
 *
 * Context: rcu_read_lock().
 * Return: whether the ring is attached.
 */
bool vsw_ring_deliver(struct vsw_port *port, struct vsw_batch *batch,
		      const struct vsw_list *own)
{
	struct vsw_ring_set *set = rcu_dereference(vsw_ring_port(port)->set);
	struct vsw_merge merge = { own->first, batch->flood.first };
	u32 total = own->frames + batch->flood.frames;
	u32 at, i = batch->src_ring;
	struct vsw_rx_ring *rx;
	struct vsw_file *file;
	struct vsw_take take;
	struct vsw_fill fill;

	if (unlikely(!set))
		return vsw_drop_no_port(batch, own->frames);
	if (unlikely(i >= set->num_pairs))
		i %= set->num_pairs;
	rx = &set->pair[i].rx;
	if (unlikely(!vsw_rx_reserve(rx, batch, merge, total, &take, &at)))
		return vsw_drop_no_port(batch, own->frames);
	if (!take.slots)
		return true;

	fill = (struct vsw_fill) { .at = at, .frames = take.frames };
	vsw_rx_fill(&rx->sh, &fill, batch, merge);
	file = vsw_rx_publish(rx, at, take.frames, &fill);
	if (unlikely(!file))
		return vsw_drop_no_port(batch, min(take.frames, own->frames));

	/* G: published before, looked for sleepers behind the barrier in it. */
	if (wq_has_sleeper(&file->rx_wait)) {
		trace_vsw_wake(port, i);
		wake_up_interruptible_poll(&file->rx_wait,
					   EPOLLIN | EPOLLRDNORM);
	}
	return true;
}
