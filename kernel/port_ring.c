// SPDX-License-Identifier: GPL-2.0
/* Ring ports on the data path: sync, fetch, deliver */

#include <linux/if_ether.h>
#include <linux/minmax.h>
#include <linux/sched.h>
#include <linux/timekeeping.h>

#include "forward.h"
#include "ring.h"

/* Slot flags of netmap that promise what vsw does not do. */
#define VSW_SLOT_INDIRECT	0x0010

/*
 * Read the slots of one frame, from @at to before @head at most. What is
 * wrong with a frame is found out here; it is passed over as a whole.
 *
 * Return: the slot behind the frame.
 */
static u32 vsw_fetch_frame(const struct vsw_shring *sh, struct vsw_batch *batch,
			   u32 at, u32 head)
{
	struct vsw_frag *frags = &batch->frags[batch->num_frags];
	enum vsw_drop drop = VSW_DROP_NONE;
	u32 num = 0, len = 0;
	bool more;

	do {
		union vsw_slot_word slot = vsw_ring_read_slot(sh, at);
		u8 *data = vsw_ring_buf(sh, slot.buf_idx);

		if (unlikely(slot.flags & VSW_SLOT_BUF_CHANGED)) {
			slot.flags &= ~VSW_SLOT_BUF_CHANGED;
			vsw_ring_write_slot(sh, at, slot);
		}
		if (unlikely(!data))
			drop = VSW_DROP_BAD_BUF;
		else if (unlikely(slot.len > sh->buf_size ||
				  slot.flags & VSW_SLOT_INDIRECT))
			drop = VSW_DROP_BAD_LEN;
		else if (unlikely(num == VSW_MAX_FRAGS))
			drop = VSW_DROP_BAD_CHAIN;
		else
			frags[num++] = (struct vsw_frag) { data, slot.len };

		len += slot.len;
		more = slot.flags & VSW_SLOT_MOREFRAG;
		at = vsw_ring_next(sh->num_slots, at);
	} while (unlikely(more) && at != head);

	if (unlikely(more))
		drop = VSW_DROP_BAD_CHAIN;
	else if (drop == VSW_DROP_NONE && frags[0].len < ETH_HLEN)
		drop = VSW_DROP_RUNT;
	if (unlikely(drop != VSW_DROP_NONE)) {
		vsw_src_drop(batch, drop, 1);
		return at;
	}

	batch->frames[batch->num_frames++] = (struct vsw_frame) {
		.len	= len,
		.frag	= batch->num_frags,
		.frags	= num,
	};
	batch->num_frags += num;
	return at;
}

/* Fill the batch with frames from @at on; returns the slot behind them. */
static u32 vsw_fetch(const struct vsw_shring *sh, struct vsw_batch *batch,
		     u32 at, u32 head)
{
	u64 bytes = 0;
	u32 i;

	batch->num_frames = 0;
	batch->num_frags = 0;
	batch->flood = (struct vsw_list) {};
	while (at != head && batch->num_frags < VSW_BATCH_SLOTS)
		at = vsw_fetch_frame(sh, batch, at, head);

	for (i = 0; i < batch->num_frames; i++)
		bytes += batch->frames[i].len;
	vsw_stats_add(batch->stats, batch->num_frames, bytes);
	return at;
}

/* Send the slots from @at to before @head. */
static void vsw_tx_send(struct vsw_tx_ring *tx, u32 at, u32 head)
{
	while (at != head) {
		rcu_read_lock();
		at = vsw_fetch(&tx->sh, tx->batch, at, head);
		vsw_forward(tx->batch);
		rcu_read_unlock();
		cond_resched();
	}
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

	vsw_tx_send(tx, tx->head, head);
	tx->head = head;
	tx->tail = vsw_ring_prev(tx->sh.num_slots, head);
	vsw_ring_write_tail(&tx->sh, tx->tail);
	*ready = tx->cur != tx->tail;
out:
	mutex_unlock(&tx->lock);
	return err;
}

/* Note when frames came; libpcap takes it as their time. */
static void vsw_rx_write_time(const struct vsw_shring *sh)
{
	struct timespec64 now;

	ktime_get_real_ts64(&now);
	WRITE_ONCE(sh->ring->ts.sec, now.tv_sec);
	WRITE_ONCE(sh->ring->ts.usec, now.tv_nsec / NSEC_PER_USEC);
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
	u32 head, published;
	int err = -ENODEV;

	mutex_lock(&rx->lock);
	if (!rcu_access_pointer(rx->file))
		goto out;
	err = vsw_ring_read_pointers(&rx->sh, rx->released, rx->tail, &head,
				     &rx->cur);
	if (err)
		goto out;

	smp_store_release(&rx->released, head);		/* F */
	published = smp_load_acquire(&rx->published);	/* E */
	if (published != rx->tail) {
		rx->tail = published;
		vsw_rx_write_time(&rx->sh);
	}
	vsw_ring_write_tail(&rx->sh, rx->tail);
	*ready = rx->cur != rx->tail;
out:
	mutex_unlock(&rx->lock);
	return err;
}

/**
 * struct vsw_take - frames that an RX ring takes
 * @frames: number of frames
 * @slots: slots that they need
 * @bytes: their bytes
 * @too_long: frames passed over because they need more slots than a frame may
 *	have
 */
struct vsw_take {
	u32	frames;
	u32	slots;
	u64	bytes;
	u32	too_long;
};

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
static struct vsw_take vsw_rx_tally(const struct vsw_shring *sh,
				    const struct vsw_batch *batch,
				    struct vsw_merge merge, u32 room)
{
	const struct vsw_frame *frame;
	struct vsw_take take = {};
	u32 slots;

	while ((frame = vsw_merge_next(batch, &merge))) {
		slots = vsw_rx_slots(sh, frame->len);
		if (unlikely(!slots)) {
			take.too_long++;
			continue;
		}
		if (take.slots + slots > room)
			break;
		take.frames++;
		take.slots += slots;
		take.bytes += frame->len;
	}
	return take;
}

static void vsw_rx_drop(struct vsw_port *port, struct vsw_rx_ring *rx,
			enum vsw_drop reason, u32 frames)
{
	if (likely(!frames))
		return;
	vsw_stats_drop(&rx->stats, reason, frames);
	trace_vsw_drop(port, reason, frames);
}

/*
 * Take slots for as many of @total frames as there is room for.
 *
 * Return: whether the ring is attached; if so, @take is what fits and @at the
 * first slot taken.
 */
static bool vsw_rx_reserve(struct vsw_port *port, struct vsw_rx_ring *rx,
			   const struct vsw_batch *batch,
			   struct vsw_merge merge, u32 total,
			   struct vsw_take *take, u32 *at)
{
	u32 n = rx->sh.num_slots, end, room;

	*take = vsw_rx_tally(&rx->sh, batch, merge, n - 1);

	spin_lock(&rx->reserve_lock);
	if (unlikely(!rcu_access_pointer(rx->file))) {
		spin_unlock(&rx->reserve_lock);
		return false;
	}
	/* One slot stays empty, or a full ring would look like an empty one. */
	end = vsw_ring_prev(n, smp_load_acquire(&rx->released));	/* F */
	room = vsw_ring_dist(n, rx->reserved, end);
	if (unlikely(take->slots > room))
		*take = vsw_rx_tally(&rx->sh, batch, merge, room);
	*at = rx->reserved;
	rx->reserved = vsw_ring_add(n, rx->reserved, take->slots);
	vsw_stats_add(&rx->stats, take->frames, take->bytes);
	vsw_rx_drop(port, rx, VSW_DROP_TOO_LONG, take->too_long);
	vsw_rx_drop(port, rx, VSW_DROP_NO_ROOM,
		    total - take->frames - take->too_long);
	spin_unlock(&rx->reserve_lock);
	return true;
}

/*
 * Copy a frame of any number of pieces into any number of slots.
 *
 * Return: false if the receiver had spoiled one of the slots; they are then
 * empty.
 */
static bool vsw_copy_pieces(const struct vsw_shring *sh, u32 at, u32 slots,
			    const struct vsw_frag *frag, u32 len)
{
	union vsw_slot_word slot[VSW_MAX_FRAGS];
	u32 i, done = 0, off, chunk, to;
	bool good = true;

	for (i = 0, to = at; i < slots; i++) {
		slot[i] = vsw_ring_read_slot(sh, to);
		good = good && vsw_ring_buf(sh, slot[i].buf_idx);
		to = vsw_ring_next(sh->num_slots, to);
	}

	for (i = 0, to = at; i < slots; i++) {
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
		vsw_ring_write_slot(sh, to, slot[i]);
		to = vsw_ring_next(sh->num_slots, to);
	}
	return good;
}

/* Copy a frame into @slots slots from @at on, as vsw_copy_pieces() does. */
static bool vsw_copy_frame(const struct vsw_shring *sh, u32 at, u32 slots,
			   const struct vsw_batch *batch,
			   const struct vsw_frame *frame)
{
	const struct vsw_frag *frag = &batch->frags[frame->frag];
	union vsw_slot_word slot;
	u8 *buf;

	if (unlikely(frame->frags != 1 || slots != 1))
		return vsw_copy_pieces(sh, at, slots, frag, frame->len);

	slot = vsw_ring_read_slot(sh, at);
	buf = vsw_ring_buf(sh, slot.buf_idx);
	slot.len = buf ? frag->len : 0;
	slot.flags = 1 << VSW_SLOT_FRAGS_SHIFT;
	if (likely(buf))
		memcpy(buf, frag->data, frag->len);
	vsw_ring_write_slot(sh, at, slot);
	return buf;
}

/* Copy the frames into the slots from @at on; returns how many had none. */
static u32 vsw_rx_fill(const struct vsw_shring *sh,
		       const struct vsw_batch *batch, struct vsw_merge merge,
		       u32 frames, u32 at)
{
	const struct vsw_frame *frame;
	u32 slots, bad = 0;

	while (frames && (frame = vsw_merge_next(batch, &merge))) {
		slots = vsw_rx_slots(sh, frame->len);
		if (unlikely(!slots))
			continue;
		if (unlikely(!vsw_copy_frame(sh, at, slots, batch, frame)))
			bad++;
		at = vsw_ring_add(sh->num_slots, at, slots);
		frames--;
	}
	return bad;
}

/*
 * Publish the slots from @at to before @end, and those behind them that other
 * senders have filled meanwhile; or leave it to the sender that still fills
 * slots before @at.
 *
 * Return: the file to wake, or NULL.
 */
static struct vsw_file *vsw_rx_publish(struct vsw_port *port,
				       struct vsw_rx_ring *rx, u32 at, u32 end,
				       u32 bad)
{
	struct vsw_file *file = NULL;
	u32 next;

	spin_lock(&rx->reserve_lock);
	vsw_rx_drop(port, rx, VSW_DROP_BAD_RX_SLOT, bad);
	if (likely(at == rx->published)) {
		while (rx->filled[end]) {
			next = rx->filled[end] - 1;
			rx->filled[end] = 0;
			end = next;
		}
		smp_store_release(&rx->published, end);	/* E */
		file = rcu_dereference(rx->file);
	} else {
		rx->filled[at] = end + 1;
	}
	spin_unlock(&rx->reserve_lock);
	return file;
}

/**
 * vsw_ring_deliver() - copy frames into an RX ring
 * @port: a ring port
 * @batch: the batch; its flooded frames are for the port, too
 * @own: frames of the batch for this port alone
 *
 * The RX ring is that of the index of the sender's TX ring, so frames of a TX
 * ring stay in order.
 *
 * Context: rcu_read_lock().
 */
void vsw_ring_deliver(struct vsw_port *port, struct vsw_batch *batch,
		      const struct vsw_list *own)
{
	struct vsw_ring_set *set = rcu_dereference(vsw_ring_port(port)->set);
	struct vsw_merge merge = { own->first, batch->flood.first };
	u32 total = own->frames + batch->flood.frames;
	struct vsw_file *file;
	struct vsw_rx_ring *rx;
	struct vsw_take take;
	u32 i, at, end, bad;

	if (unlikely(!set)) {
		if (own->frames)
			vsw_src_drop(batch, VSW_DROP_NO_PORT, own->frames);
		return;
	}
	i = batch->src_ring < set->num_pairs ? batch->src_ring :
					       batch->src_ring % set->num_pairs;
	rx = &set->pair[i].rx;
	if (!vsw_rx_reserve(port, rx, batch, merge, total, &take, &at)) {
		vsw_src_drop(batch, VSW_DROP_NO_PORT, total);
		return;
	}
	if (!take.slots)
		return;

	bad = vsw_rx_fill(&rx->sh, batch, merge, take.frames, at);
	end = vsw_ring_add(rx->sh.num_slots, at, take.slots);
	file = vsw_rx_publish(port, rx, at, end, bad);

	/* G: published before, looked for sleepers behind the barrier in it. */
	if (file && wq_has_sleeper(&file->rx_wait)) {
		trace_vsw_wake(port, i);
		wake_up_interruptible_poll(&file->rx_wait,
					   EPOLLIN | EPOLLRDNORM);
	}
}
