// SPDX-License-Identifier: GPL-2.0
/*
 * Skbs for rings: frames as they would be on a wire
 *
 * What an interface sends may lack its checksums, be longer than any frame, and
 * lie in many pages. A program that reads a ring expects none of that, unless the
 * ring has headers that say so. So frames are made plain here, as runs and pieces
 * behind those of the batch, and delivered like those of a ring.
 */

#include <net/gso.h>

#include "forward.h"
#include "ring.h"
#include "skb.h"

/**
 * struct vsw_flat - plain frames that are being gathered
 * @rx: the ring that they are for
 * @batch: the batch, in whose unused runs and pieces they are
 * @own: those that are for this ring alone
 * @runs: number of runs in use
 * @frags: number of pieces in use
 * @segments: what frames were cut into
 */
struct vsw_flat {
	struct vsw_rx_ring	*rx;
	struct vsw_batch	*batch;
	struct vsw_list		own;
	u32			runs;
	u32			frags;
	struct sk_buff_head	segments;
};

static void vsw_flat_begin(struct vsw_flat *flat)
{
	struct vsw_batch *batch = flat->batch;

	vsw_list_init(&flat->own);
	flat->runs = batch->num_runs;
	flat->frags = batch->num_frags;
	vsw_list_init(&batch->flood);
	batch->has_pieces = false;
	batch->max_piece = 0;
}

/* Deliver what has been gathered. */
static void vsw_flat_flush(struct vsw_flat *flat)
{
	if (flat->runs != flat->batch->num_runs)
		vsw_rx_deliver(flat->rx, flat->batch, &flat->own);
	__skb_queue_purge(&flat->segments);
	vsw_flat_begin(flat);
}

static void vsw_flat_lose(struct vsw_flat *flat)
{
	vsw_src_drop(flat->batch, VSW_DROP_NO_MEMORY, 1);
}

/* Whether some bytes of an skb have no address, or are in other skbs. */
static bool vsw_flat_is_scattered(const struct sk_buff *skb)
{
	return skb_has_frag_list(skb) ||
	       (skb_is_nonlinear(skb) &&
		(IS_ENABLED(CONFIG_HIGHMEM) || !skb_frags_readable(skb)));
}

/* The pieces of an skb, of which each has an address. */
static u32 vsw_flat_pieces(struct vsw_frag *frag, const struct sk_buff *skb)
{
	const struct skb_shared_info *info = skb_shinfo(skb);
	u32 i;

	frag[0] = (struct vsw_frag) {
		.data = skb->data, .len = skb_headlen(skb),
	};
	for (i = 0; i < info->nr_frags; i++)
		frag[i + 1] = (struct vsw_frag) {
			.data = skb_frag_address(&info->frags[i]),
			.len = skb_frag_size(&info->frags[i]),
		};
	return 1 + info->nr_frags;
}

/* Add a frame that needs no more than to be laid out in pieces. */
static void vsw_flat_add(struct vsw_flat *flat, struct sk_buff *skb,
			 const struct vsw_run *like)
{
	struct vsw_batch *batch = flat->batch;
	struct vsw_run *run;
	u32 num;

	if (unlikely(vsw_flat_is_scattered(skb)) && skb_linearize(skb)) {
		vsw_flat_lose(flat);
		return;
	}
	if (flat->runs == VSW_BATCH_SLOTS ||
	    flat->frags + 2 + MAX_SKB_FRAGS > ARRAY_SIZE(batch->frags))
		vsw_flat_flush(flat);

	if (unlikely(flat->rx->vnet))
		batch->frags[flat->frags++] = vsw_vnet_put(skb);
	run = &batch->runs[flat->runs];
	num = vsw_flat_pieces(&batch->frags[flat->frags], skb);
	*run = *like;
	run->frag = flat->frags;
	run->len = skb->len;
	run->pieces = num > 1 ? num : 0;
	batch->has_pieces |= num > 1;
	batch->max_piece = max(batch->max_piece, skb_headlen(skb));
	vsw_list_add(vsw_run_is_flooded(like) ? &batch->flood : &flat->own, run);
	flat->runs++;
	flat->frags += num;
}

/* Cut a frame into such as fit the wire, with all checksums. */
static void vsw_flat_segment(struct vsw_flat *flat, struct sk_buff *skb,
			     const struct vsw_run *like)
{
	struct sk_buff *segment, *next;

	segment = skb_gso_segment(skb, NETIF_F_SG | NETIF_F_HIGHDMA);
	if (IS_ERR_OR_NULL(segment)) {
		vsw_flat_lose(flat);
		return;
	}
	skb_list_walk_safe(segment, segment, next) {
		skb_mark_not_on_list(segment);
		vsw_flat_add(flat, segment, like);
		/* Behind it, as a full batch is delivered before it is added. */
		__skb_queue_tail(&flat->segments, segment);
	}
}

/* Whether a frame may stay as it is, since the ring has headers. */
static bool vsw_flat_is_raw(const struct vsw_flat *flat, struct sk_buff *skb)
{
	return unlikely(flat->rx->vnet) && vsw_vnet_tells(skb) &&
	       !skb_has_frag_list(skb) &&
	       vsw_chain_slots(&flat->rx->sh, VSW_VNET_LEN + skb->len);
}

static void vsw_flat_frame(struct vsw_flat *flat, struct sk_buff *skb,
			   const struct vsw_run *like)
{
	if (vsw_flat_is_raw(flat, skb))
		vsw_flat_add(flat, skb, like);
	else if (skb_is_gso(skb))
		vsw_flat_segment(flat, skb, like);
	else if (skb->ip_summed == CHECKSUM_PARTIAL &&
		 skb_csum_hwoffload_help(skb, 0))
		vsw_flat_lose(flat);
	else
		vsw_flat_add(flat, skb, like);
}

/**
 * vsw_skb_deliver_ring() - copy frames of skbs into an RX ring
 * @rx: the ring
 * @batch: the batch; its flooded frames are for the ring, too
 * @own: frames of the batch for this ring alone
 *
 * Context: rcu_read_lock(), bottom halves off.
 * Return: whether the ring is attached.
 */
bool vsw_skb_deliver_ring(struct vsw_rx_ring *rx, struct vsw_batch *batch,
			  const struct vsw_list *own)
{
	struct vsw_merge merge = { own->first, batch->flood.first };
	struct vsw_flat flat = { .rx = rx, .batch = batch };
	const struct vsw_list flood = batch->flood;
	struct sk_buff **skb = batch->skb;
	const struct vsw_run *run;

	if (unlikely(!rcu_access_pointer(rx->file)))
		return vsw_drop_no_port(batch, own->frames);

	batch->skb = NULL;
	__skb_queue_head_init(&flat.segments);
	vsw_flat_begin(&flat);
	while ((run = vsw_merge_next(&merge)))
		vsw_flat_frame(&flat, skb[run->frag], run);
	vsw_flat_flush(&flat);

	batch->skb = skb;
	batch->flood = flood;
	batch->has_pieces = true;
	batch->max_piece = U32_MAX;
	return true;
}
