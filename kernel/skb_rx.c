// SPDX-License-Identifier: GPL-2.0
/* Frames on their way out of the switch, as skbs */

#include <linux/etherdevice.h>
#include <linux/minmax.h>

#include "forward.h"
#include "ring.h"
#include "skb.h"

/* Bytes of a long frame that lie in the head of the skb: all headers. */
#define VSW_SKB_HEAD	256

/* Longer frames do better with a piece of a page than with kmalloc(). */
#define VSW_SKB_SHORT	(SKB_WITH_OVERHEAD(1024) - NET_SKB_PAD - NET_IP_ALIGN)

/**
 * struct vsw_skb_tally - what became of frames for an interface
 * @frames: number of those delivered
 * @bytes: their bytes
 * @lost: number of those for which there was no memory
 */
struct vsw_skb_tally {
	u32	frames;
	u64	bytes;
	u32	lost;
};

/* What napi_alloc_skb() does for short frames, from what NAPI keeps of its own. */
static struct sk_buff *vsw_skb_alloc_short(struct net_device *dev, u32 len)
{
	const u32 pad = NET_SKB_PAD + NET_IP_ALIGN;
	struct sk_buff *skb;

	skb = __alloc_skb(len + pad, GFP_ATOMIC, SKB_ALLOC_RX | SKB_ALLOC_NAPI,
			  NUMA_NO_NODE);
	if (unlikely(!skb))
		return NULL;
	skb_reserve(skb, pad);
	__skb_put(skb, len);
	skb->dev = dev;
	return skb;
}

static struct sk_buff *vsw_skb_alloc(struct net_device *dev, u32 len)
{
	struct sk_buff *skb;
	int err;

	if (likely(len <= VSW_SKB_SHORT))
		return vsw_skb_alloc_short(dev, len);
	if (len <= SKB_WITH_OVERHEAD(PAGE_SIZE) - NET_SKB_PAD) {
		skb = netdev_alloc_skb_ip_align(dev, len);
		if (likely(skb))
			__skb_put(skb, len);
		return skb;
	}
	skb = alloc_skb_with_frags(NET_SKB_PAD + VSW_SKB_HEAD,
				   len - VSW_SKB_HEAD, PAGE_ALLOC_COSTLY_ORDER,
				   &err, GFP_ATOMIC | __GFP_NOWARN);
	if (!skb)
		return NULL;
	skb_reserve(skb, NET_SKB_PAD);
	__skb_put(skb, VSW_SKB_HEAD);
	skb->data_len = len - VSW_SKB_HEAD;
	skb->len = len;
	return skb;
}

/**
 * vsw_skb_build() - make a frame of a ring an skb
 * @frag: its pieces
 * @len: its bytes
 * @dev: the interface that it is for, or comes from
 *
 * This is the only time that it is copied.
 *
 * Context: bottom halves off.
 * Return: the skb, or NULL without memory.
 */
inline struct sk_buff *vsw_skb_build(const struct vsw_frag *frag, u32 len,
				     struct net_device *dev)
{
	struct sk_buff *skb = vsw_skb_alloc(dev, len);
	u32 done = 0, n;

	if (unlikely(!skb))
		return NULL;
	skb->dev = dev;
	if (likely(frag->len == len && !skb_is_nonlinear(skb))) {
		vsw_copy(skb->data, frag->data, len);
		return skb;
	}
	for (; done < len; done += n, frag++) {
		n = min(frag->len, len - done);
		skb_store_bits(skb, done, frag->data, n);
	}
	return skb;
}

/* Frame @i of a run as an skb that belongs to the caller; NULL without memory. */
static struct sk_buff *vsw_skb_get(struct vsw_batch *batch,
				   const struct vsw_run *run, u32 i,
				   struct net_device *dev)
{
	struct sk_buff *skb;

	if (!batch->skb)
		return vsw_skb_build(&batch->frags[run->frag + i],
				     vsw_run_len(batch, run, i), dev);
	skb = batch->skb[run->frag];
	if (vsw_run_is_flooded(run))
		return skb_clone(skb, GFP_ATOMIC);
	batch->skb[run->frag] = NULL;
	return skb;
}

/**
 * vsw_skb_drop() - drop frames at an interface that does not take them
 * @sp: its port
 * @reason: one of VSW_RX_DROP_REASONS
 * @frames: number of frames
 *
 * Context: bottom halves off.
 */
noinline void vsw_skb_drop(struct vsw_skb_port *sp, enum vsw_drop reason,
			   u32 frames)
{
	vsw_stats_drop(&this_cpu_ptr(sp->cpu)->rx, reason, frames);
	trace_vsw_drop(&sp->port, reason, frames);
}

static void vsw_skb_to_stack(struct vsw_skb_port *sp, struct vsw_batch *batch,
			     struct vsw_skb_tally *tally, struct sk_buff *skb)
{
	u32 len = skb->len;
	enum vsw_drop reason = vsw_netdev_emit(sp, skb, batch->rx_ring,
					       !batch->skb);

	if (unlikely(reason)) {
		vsw_skb_drop(sp, reason, 1);
		return;
	}
	tally->frames++;
	tally->bytes += len;
}

/* Out of a device, as the bridge does it. */
static void vsw_skb_to_device(struct vsw_skb_port *sp, struct vsw_batch *batch,
			      struct vsw_skb_tally *tally, struct sk_buff *skb)
{
	struct net_device *dev = sp->dev;
	bool built = !batch->skb;

	if (unlikely(!is_skb_forwardable(dev, skb))) {
		kfree_skb(skb);
		vsw_skb_drop(sp, VSW_DROP_TOO_LONG, 1);
		return;
	}
	tally->frames++;
	tally->bytes += skb->len;
	skb_scrub_packet(skb, !net_eq(dev_net(dev), dev_net(skb->dev)));
	skb_clear_tstamp(skb);
	skb->dev = dev;
	skb_reset_mac_header(skb);
	if (built) {
		skb->protocol = eth_type_trans(skb, dev);
		skb_reset_network_header(skb);
		__skb_push(skb, ETH_HLEN);
		dev_queue_xmit(skb);
	} else {
		__skb_queue_tail(batch->out, skb);
	}
}

static __always_inline bool
vsw_skb_deliver(struct vsw_port *port, struct vsw_batch *batch,
		const struct vsw_list *own,
		void (*emit)(struct vsw_skb_port *sp, struct vsw_batch *batch,
			     struct vsw_skb_tally *tally, struct sk_buff *skb))
{
	struct vsw_merge merge = { own->first, batch->flood.first };
	struct vsw_skb_port *sp = vsw_skb_port(port);
	struct vsw_skb_tally tally = {};
	const struct vsw_run *run;
	struct sk_buff *skb;
	u32 i;

	if (unlikely(!vsw_skb_is_up(sp->dev))) {
		if (own->frames)
			vsw_src_drop(batch, VSW_DROP_NO_PORT, own->frames);
		return false;
	}
	while ((run = vsw_merge_next(&merge))) {
		for (i = 0; i < run->frames; i++) {
			skb = vsw_skb_get(batch, run, i, sp->dev);
			if (likely(skb))
				emit(sp, batch, &tally, skb);
			else
				tally.lost++;
		}
	}
	vsw_stats_add(&this_cpu_ptr(sp->cpu)->rx, tally.frames, tally.bytes);
	if (unlikely(tally.lost))
		vsw_src_drop(batch, VSW_DROP_NO_MEMORY, tally.lost);
	return true;
}

/**
 * vsw_netdev_deliver() - give frames to the stack behind an interface
 * @port: a netdev port
 * @batch: the batch; its flooded frames are for the port, too
 * @own: frames of the batch for this port alone
 *
 * Context: rcu_read_lock(), bottom halves off.
 * Return: whether the interface is up.
 */
bool vsw_netdev_deliver(struct vsw_port *port, struct vsw_batch *batch,
			const struct vsw_list *own)
{
	return vsw_skb_deliver(port, batch, own, vsw_skb_to_stack);
}

/**
 * vsw_uplink_deliver() - send frames out of a device
 * @port: an uplink port
 * @batch: the batch; its flooded frames are for the port, too
 * @own: frames of the batch for this port alone
 *
 * Context: rcu_read_lock(), bottom halves off.
 * Return: whether the device is up.
 */
bool vsw_uplink_deliver(struct vsw_port *port, struct vsw_batch *batch,
			const struct vsw_list *own)
{
	return vsw_skb_deliver(port, batch, own, vsw_skb_to_device);
}
