// SPDX-License-Identifier: GPL-2.0
/* Skbs on their way into the switch */

#include <linux/if_vlan.h>
#include <linux/unaligned.h>

#include "forward.h"
#include "lookup.h"
#include "skb.h"

/* The batch of this CPU becomes that of another port. */
static noinline void vsw_skb_take_batch(struct vsw_batch *batch,
					struct vsw_port *port,
					struct vsw_stats *stats)
{
	WRITE_ONCE(batch->src, port);
	batch->sw = port->sw;
	batch->stats = stats;
	/* What it says depends on what the port may do. */
	batch->src_memo.entry = NULL;
}

/* Make the batch of this CPU that of a port; there is nothing in it yet. */
static __always_inline void vsw_skb_begin(struct vsw_batch *batch,
					  struct vsw_port *port,
					  struct vsw_stats *stats,
					  u64 flood_due, u32 queue)
{
	/* With vsw_skb_forget(). */
	if (unlikely(READ_ONCE(batch->src) != port))
		vsw_skb_take_batch(batch, port, stats);
	batch->flood_due = flood_due;
	batch->src_ring = queue;
	batch->rx_ring = queue;
	batch->lookup = rcu_dereference(batch->sw->lookup);
	batch->kept = 0;
}

/*
 * Bytes that have to be in one piece, where the owner of the skb's pages cannot
 * change them: so they are the snapshot that a lookup may ask for.
 */
static u32 vsw_skb_head_len(const struct vsw_batch *batch,
			    const struct sk_buff *skb)
{
	u32 len = skb->len;

	if (batch->lookup->grain != VSW_BY_FRAME)
		return ETH_HLEN;
	/* A list is of segments, as SCTP makes it: none may lose its first bytes. */
	if (unlikely(skb_is_gso(skb) && skb_has_frag_list(skb)))
		len = max(skb_pagelen(skb), ETH_HLEN);
	return min(len, VSW_SNAPSHOT_LEN);
}

/* A frame that cannot be looked at. */
static noinline void vsw_skb_refuse(struct vsw_batch *batch,
				    struct sk_buff *skb)
{
	vsw_src_drop(batch, skb->len < ETH_HLEN ? VSW_DROP_RUNT :
						  VSW_DROP_NO_MEMORY, 1);
	kfree_skb(skb);
}

/*
 * Make a frame number @i of the batch, and a run.
 *
 * Return: its length; 0: it was dropped.
 */
static __always_inline u32 vsw_skb_fetch(struct vsw_batch *batch,
					 struct sk_buff *skb, u32 i)
{
	const u8 *data;
	u32 len;

	if (unlikely(skb->len < ETH_HLEN ||
		     !pskb_may_pull(skb, vsw_skb_head_len(batch, skb)))) {
		vsw_skb_refuse(batch, skb);
		return 0;
	}
	skb_reset_mac_header(skb);
	data = skb->data;
	len = skb->len;
	batch->skb[i] = skb;
	batch->frags[i] = (struct vsw_frag) {
		.data = data, .len = len - skb->data_len,
	};
	/* Of one piece, whose length is not that of the frame. */
	batch->runs[i] = (struct vsw_run) {
		.lo = get_unaligned_le64(data),
		.hi = get_unaligned_le32(data + 8),
		.len = len,
		.frag = i,
		.frames = 1,
		.verdict = VSW_TO_NONE,
		.pieces = 1,
	};
	return len;
}

/* There are @n frames in the batch. */
static __always_inline void vsw_skb_fetched(struct vsw_batch *batch, u32 n)
{
	batch->num_runs = n;
	batch->num_frames = n;
	batch->num_frags = n;
}

/* Free what is left: frames that were copied, and those that nobody has taken. */
static void vsw_skb_release(struct vsw_batch *batch)
{
	struct vsw_run *run;
	u32 i;

	vsw_for_each_run(run, batch) {
		if (vsw_run_is_flooded(run)) {
			consume_skb(batch->skb[run->frag]);
			batch->skb[run->frag] = NULL;
		}
	}
	for (i = 0; i < batch->num_frags; i++)
		kfree_skb(batch->skb[i]);
}

/*
 * Send what leaves by uplinks. Who is called again meanwhile, as one of them is on
 * top of another interface, sends its own: all of it would go ever deeper.
 */
static noinline void vsw_skb_send_out(struct sk_buff_head *out)
{
	struct sk_buff_head mine;
	struct sk_buff *skb;

	__skb_queue_head_init(&mine);
	skb_queue_splice_init(out, &mine);
	while ((skb = __skb_dequeue(&mine)))
		dev_queue_xmit(skb);
}

/* Deliver the batch; then what is left may be freed, and leave. */
static void vsw_skb_deliver_batch(struct vsw_skb_scratch *scratch,
				  u64 *flood_due)
{
	struct vsw_batch *batch = scratch->batch;

	vsw_deliver_batch(batch);
	*flood_due = batch->flood_due;
	vsw_skb_release(batch);
	if (unlikely(!skb_queue_empty(&scratch->out)))
		vsw_skb_send_out(&scratch->out);
}

/* The netdev port for which a batch is that is one run; NULL otherwise. */
static __always_inline struct vsw_skb_port *
vsw_skb_only_netdev(const struct vsw_batch *batch)
{
	struct vsw_port *port;

	if (unlikely(batch->num_runs != 1))
		return NULL;
	/* No other verdict is the index of a port. */
	port = vsw_switch_port(batch->sw, batch->runs[0].verdict);
	return likely(port && port != batch->src &&
		      port->ops->deliver == vsw_netdev_deliver) ?
	       vsw_skb_port(port) : NULL;
}

/*
 * Take frames of a burst into the batch, as many as fit.
 *
 * Return: number of frames.
 */
static u32 vsw_skb_fetch_burst(struct vsw_batch *batch,
			       struct sk_buff_head *burst)
{
	struct sk_buff *skb;
	u64 bytes = 0;
	u32 n = 0, len;

	while (n < VSW_SKB_BATCH && (skb = __skb_dequeue(burst))) {
		len = vsw_skb_fetch(batch, skb, n);
		bytes += len;
		n += !!len;
	}
	vsw_skb_fetched(batch, n);
	vsw_stats_add(batch->stats, n, bytes);
	return n;
}

/* Send a burst that was held; those of it that are too many, in turn. */
static noinline void vsw_skb_send_held(struct vsw_skb_port *sp,
				       struct vsw_skb_cpu *cpu)
{
	struct vsw_skb_scratch *scratch = this_cpu_ptr(&vsw_skb_scratch);
	struct vsw_batch *batch = scratch->batch;
	struct vsw_port *port;

	while (!skb_queue_empty(&cpu->held)) {
		vsw_skb_begin(batch, &sp->port, &cpu->tx, cpu->flood_due,
			      cpu->held_queue);
		if (unlikely(!vsw_skb_fetch_burst(batch, &cpu->held)))
			continue;
		batch->lookup->lookup(batch->lookup, batch);
		port = vsw_switch_port(batch->sw, batch->runs[0].verdict);
		cpu->gather = !port || port->ops->deliver != vsw_netdev_deliver;
		vsw_skb_deliver_batch(scratch, &cpu->flood_due);
	}
}

/* Keep a frame until its burst ends, or is long enough. */
static noinline void vsw_skb_hold(struct vsw_skb_port *sp,
				  struct vsw_skb_cpu *cpu, struct sk_buff *skb,
				  u32 queue, bool more)
{
	if (cpu->held_queue != queue)
		vsw_skb_send_held(sp, cpu);
	cpu->held_queue = queue;
	__skb_queue_tail(&cpu->held, skb);
	if (!more || skb_queue_len(&cpu->held) >= VSW_SKB_BATCH)
		vsw_skb_send_held(sp, cpu);
}

/* Deliver the only frame of the batch of this CPU to whoever gets it. */
static noinline void vsw_skb_deliver_one(struct vsw_skb_cpu *cpu)
{
	cpu->gather = true;
	vsw_skb_deliver_batch(this_cpu_ptr(&vsw_skb_scratch), &cpu->flood_due);
}

/**
 * vsw_skb_send() - send a frame that came from an interface
 * @sp: its port
 * @skb: the frame, with skb->data at the Ethernet header; taken
 * @queue: the queue of the interface that it came from
 * @more: another one follows at once, from the same queue
 *
 * Most frames are for one interface. That has to cost hardly more than veth, which
 * looks at none: so then the batch serves the lookup only.
 *
 * Context: rcu_read_lock(), bottom halves off.
 */
void vsw_skb_send(struct vsw_skb_port *sp, struct sk_buff *skb, u32 queue,
		  bool more)
{
	struct vsw_batch *batch = this_cpu_read(vsw_skb_scratch.batch);
	struct vsw_skb_cpu *cpu = this_cpu_ptr(sp->cpu);
	struct vsw_skb_port *to;
	u32 len;

	if (unlikely(!skb_queue_empty(&cpu->held) || (more && cpu->gather))) {
		vsw_skb_hold(sp, cpu, skb, queue, more);
		return;
	}
	vsw_skb_begin(batch, &sp->port, &cpu->tx, cpu->flood_due, queue);
	len = vsw_skb_fetch(batch, skb, 0);
	if (unlikely(!len))
		return;
	vsw_skb_fetched(batch, 1);
	vsw_stats_add(&cpu->tx, 1, len);
	batch->lookup->lookup(batch->lookup, batch);
	to = vsw_skb_only_netdev(batch);
	if (unlikely(!to || !vsw_netdev_pass(to, skb, queue)))
		vsw_skb_deliver_one(cpu);
}

/**
 * vsw_skb_send_made() - send frames of a ring that were made skbs
 * @ring: batch of the TX ring, whose port, index and counters count
 * @skbs: the frames, VSW_SKB_BATCH at most; taken
 *
 * Context: rcu_read_lock(), bottom halves off, with exclusive use of @ring.
 */
void vsw_skb_send_made(struct vsw_batch *ring, struct sk_buff_head *skbs)
{
	struct vsw_skb_scratch *scratch = this_cpu_ptr(&vsw_skb_scratch);
	struct vsw_batch *batch = scratch->batch;

	vsw_skb_begin(batch, ring->src, ring->stats, ring->flood_due,
		      ring->src_ring);
	if (likely(vsw_skb_fetch_burst(batch, skbs))) {
		batch->lookup->lookup(batch->lookup, batch);
		vsw_skb_deliver_batch(scratch, &ring->flood_due);
	}
	/* The port may be gone before the batch is used again. */
	WRITE_ONCE(batch->src, NULL);
}

/**
 * vsw_skb_put_form() - put an 802.1Q tag into a frame, or take it out
 * @batch: the batch
 * @run: a run of it, which is one frame
 * @tci: what the tag says
 * @tagged: the frame is to have one; now it has none. Otherwise the reverse
 *
 * Other skbs may share the bytes of the frame; then it gets a head of its own.
 *
 * Context: as &vsw_lookup_ops.lookup.
 * Return: false: there was no memory for that, and it was counted.
 */
bool vsw_skb_put_form(struct vsw_batch *batch, struct vsw_run *run, u16 tci,
		      bool tagged)
{
	struct sk_buff *skb = batch->skb[run->frag];
	u16 old;

	if (tagged ? __vlan_insert_tag(skb, htons(ETH_P_8021Q), tci) :
		     __skb_vlan_pop(skb, &old)) {
		vsw_src_drop(batch, VSW_DROP_NO_MEMORY, 1);
		return false;
	}
	if (tagged)
		skb->protocol = htons(ETH_P_8021Q);
	/* What was summed up is not what is there now. */
	if (skb->ip_summed == CHECKSUM_COMPLETE)
		skb->ip_summed = CHECKSUM_NONE;
	batch->frags[run->frag] = (struct vsw_frag) {
		.data = skb->data, .len = skb_headlen(skb),
	};
	run->len = skb->len;
	return true;
}

/**
 * vsw_skb_lose() - note that there was no memory for a frame of an interface
 * @sp: its port
 *
 * Context: bottom halves off.
 */
void vsw_skb_lose(struct vsw_skb_port *sp)
{
	vsw_stats_drop(&this_cpu_ptr(sp->cpu)->tx, VSW_DROP_NO_MEMORY, 1);
	trace_vsw_drop(&sp->port, VSW_DROP_NO_MEMORY, 1);
}

/**
 * vsw_skb_drop_held() - forget bursts that will not end any more
 * @sp: a port whose interface does not send any more
 *
 * Context: process context.
 */
void vsw_skb_drop_held(struct vsw_skb_port *sp)
{
	int i;

	for_each_possible_cpu(i)
		__skb_queue_purge(&per_cpu_ptr(sp->cpu, i)->held);
}
