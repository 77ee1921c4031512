// SPDX-License-Identifier: GPL-2.0
/* Frames of several slots: how many fit into an RX ring, and copying them */

#include <linux/math.h>
#include <linux/minmax.h>
#include <linux/string.h>

#include "ring.h"
#include "skb.h"

/**
 * vsw_chain_slots() - how many slots a frame needs
 * @sh: the RX ring
 * @len: bytes of the frame, and of what precedes it
 *
 * Return: number of slots; 0 if the frame never fits.
 */
inline u32 vsw_chain_slots(const struct vsw_shring *sh, u32 len)
{
	u32 slots;

	if (likely(len <= sh->buf_size))
		return 1;
	slots = DIV_ROUND_UP(len, sh->buf_size);
	return slots <= min(VSW_MAX_FRAGS, sh->num_slots - 1) ? slots : 0;
}

/* Inline, as it is constant how many bytes precede each frame. */
static __always_inline struct vsw_take
vsw_chain_tally_with(const struct vsw_shring *sh, struct vsw_batch *batch,
		     const struct vsw_list *own, u32 room, u32 hdr_len)
{
	struct vsw_merge merge = { own->first, batch->flood.first };
	const struct vsw_run *run;
	struct vsw_take take = {};
	u32 i, slots;

	while ((run = vsw_merge_next(&merge))) {
		for (i = 0; i < run->frames; i++) {
			slots = vsw_chain_slots(sh, hdr_len +
						    vsw_run_len(batch, run, i));
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

/**
 * vsw_chain_tally() - how many frames fit into a ring
 * @rx: the RX ring
 * @batch: the batch; its flooded frames are meant, too
 * @own: frames for this ring alone
 * @room: number of free slots
 *
 * Return: what the ring takes.
 */
struct vsw_take vsw_chain_tally(const struct vsw_rx_ring *rx,
				struct vsw_batch *batch,
				const struct vsw_list *own, u32 room)
{
	return unlikely(rx->vnet) ?
	       vsw_chain_tally_with(&rx->sh, batch, own, room, VSW_VNET_LEN) :
	       vsw_chain_tally_with(&rx->sh, batch, own, room, 0);
}

/*
 * Copy a frame of any number of pieces into @slots slots from @first on. If the
 * receiver has spoiled one of them, they are all left empty.
 *
 * Return: whether it has not.
 */
static bool vsw_chain_copy(const struct vsw_shring *sh, u32 first, u32 slots,
			   const struct vsw_frag *frag, u32 len)
{
	union vsw_slot_word slot[VSW_MAX_FRAGS];
	u32 i, at, done = 0, off, chunk;
	bool good = true;

	for (i = 0, at = first; i < slots; i++) {
		slot[i] = vsw_slot_read(vsw_ring_slot(sh, at));
		good = good && vsw_ring_has_buf(sh, slot[i].buf_idx);
		at = vsw_ring_next(sh->num_slots, at);
	}
	for (i = 0, at = first; i < slots; i++) {
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
	return good;
}

static __always_inline u64
vsw_chain_fill_with(const struct vsw_shring *sh, struct vsw_batch *batch,
		    const struct vsw_list *own, u32 at, u32 frames, u32 hdr_len)
{
	struct vsw_merge merge = { own->first, batch->flood.first };
	const struct vsw_run *run;
	const struct vsw_frag *frag;
	u32 i, len, slots;
	u64 bytes = 0;

	while (frames) {
		run = vsw_merge_next(&merge);
		for (i = 0; i < run->frames && frames; i++) {
			len = vsw_run_len(batch, run, i);
			slots = vsw_chain_slots(sh, hdr_len + len);
			if (!slots)
				continue;
			frag = &batch->frags[run->frag + i];
			if (hdr_len)
				frag = vsw_vnet_pieces(batch, frag, run->pieces);
			if (likely(vsw_chain_copy(sh, at, slots, frag,
						  hdr_len + len)))
				bytes += len;
			else
				batch->spoiled++;
			at = vsw_ring_add(sh->num_slots, at, slots);
			frames--;
		}
	}
	return bytes;
}

/**
 * vsw_chain_fill() - copy frames into slots
 * @rx: the RX ring
 * @batch: the batch
 * @own: frames for this ring alone
 * @at: first of the slots
 * @frames: number of frames that vsw_chain_tally() found to fit
 *
 * Return: number of bytes, without headers.
 */
u64 vsw_chain_fill(const struct vsw_rx_ring *rx, struct vsw_batch *batch,
		   const struct vsw_list *own, u32 at, u32 frames)
{
	return unlikely(rx->vnet) ?
	       vsw_chain_fill_with(&rx->sh, batch, own, at, frames,
				   VSW_VNET_LEN) :
	       vsw_chain_fill_with(&rx->sh, batch, own, at, frames, 0);
}
