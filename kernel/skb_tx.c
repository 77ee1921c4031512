// SPDX-License-Identifier: GPL-2.0
/* Skbs on their way into the switch */

#include <linux/if_vlan.h>
#include <linux/unaligned.h>

#include "forward.h"
#include "lookup.h"
#include "skb.h"

/* Make the batch of this CPU that of a port. */
static void vsw_skb_begin(struct vsw_batch *batch, struct vsw_skb_port *sp,
			  struct vsw_skb_cpu *cpu, u32 queue)
{
	if (batch->src != &sp->port) {
		batch->src = &sp->port;
		batch->sw = sp->port.sw;
		/* What it says depends on what the port may do. */
		batch->src_memo.entry = NULL;
	}
	batch->stats = &cpu->tx;
	batch->flood_due = cpu->flood_due;
	batch->src_ring = queue;
	batch->rx_ring = queue;
	batch->lookup = rcu_dereference(batch->sw->lookup);
	batch->num_runs = 0;
	batch->num_frags = 0;
	batch->num_frames = 0;
	batch->bytes = 0;
	batch->kept = 0;
}

/*
 * Bytes that have to be in one piece, where the owner of the skb's pages cannot
 * change them: so they are the snapshot that a lookup may ask for.
 */
static u32 vsw_skb_head_len(const struct vsw_batch *batch,
			    const struct sk_buff *skb)
{
	return batch->lookup->grain == VSW_BY_FRAME ?
	       min(skb->len, VSW_SNAPSHOT_LEN) : ETH_HLEN;
}

/* Put a frame into the batch, as a run. */
static void vsw_skb_fetch(struct vsw_batch *batch, struct sk_buff *skb)
{
	u32 i = batch->num_runs;

	if (unlikely(skb->len < ETH_HLEN ||
		     !pskb_may_pull(skb, vsw_skb_head_len(batch, skb)))) {
		vsw_src_drop(batch, skb->len < ETH_HLEN ? VSW_DROP_RUNT :
							  VSW_DROP_NO_MEMORY, 1);
		kfree_skb(skb);
		return;
	}
	batch->skb[i] = skb;
	batch->frags[i] = (struct vsw_frag) {
		.data = skb->data, .len = skb_headlen(skb),
	};
	/* Of one piece, whose length is not that of the frame. */
	batch->runs[i] = (struct vsw_run) {
		.lo = get_unaligned_le64(skb->data),
		.hi = get_unaligned_le32(skb->data + 8),
		.len = skb->len,
		.frag = i,
		.frames = 1,
		.verdict = VSW_TO_NONE,
		.pieces = 1,
	};
	batch->num_runs = i + 1;
	batch->num_frags = i + 1;
	batch->num_frames = i + 1;
	batch->bytes += skb->len;
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

static void vsw_skb_end(struct vsw_skb_scratch *scratch,
			struct vsw_skb_cpu *cpu)
{
	struct vsw_batch *batch = scratch->batch;

	if (batch->num_runs)
		vsw_forward(batch);
	vsw_stats_add(&cpu->tx, batch->num_frames, batch->bytes);
	cpu->flood_due = batch->flood_due;
	vsw_skb_release(batch);
	if (unlikely(!skb_queue_empty(&scratch->out)))
		vsw_skb_send_out(&scratch->out);
}

/* Send a burst that was held; those of it that are too many, in turn. */
static noinline void vsw_skb_send_held(struct vsw_skb_port *sp,
				       struct vsw_skb_cpu *cpu)
{
	struct vsw_skb_scratch *scratch = this_cpu_ptr(&vsw_skb_scratch);
	struct vsw_batch *batch = scratch->batch;

	while (!skb_queue_empty(&cpu->held)) {
		vsw_skb_begin(batch, sp, cpu, cpu->held_queue);
		while (batch->num_runs < VSW_SKB_BATCH &&
		       !skb_queue_empty(&cpu->held))
			vsw_skb_fetch(batch, __skb_dequeue(&cpu->held));
		vsw_skb_end(scratch, cpu);
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

/**
 * vsw_skb_send() - send a frame that came from an interface
 * @sp: its port
 * @skb: the frame, with skb->data at the Ethernet header; taken
 * @queue: the queue of the interface that it came from
 * @more: another one follows at once, from the same queue
 *
 * Context: rcu_read_lock(), bottom halves off.
 */
void vsw_skb_send(struct vsw_skb_port *sp, struct sk_buff *skb, u32 queue,
		  bool more)
{
	struct vsw_skb_scratch *scratch = this_cpu_ptr(&vsw_skb_scratch);
	struct vsw_skb_cpu *cpu = this_cpu_ptr(sp->cpu);

	if (unlikely(more || !skb_queue_empty(&cpu->held))) {
		vsw_skb_hold(sp, cpu, skb, queue, more);
		return;
	}
	vsw_skb_begin(scratch->batch, sp, cpu, queue);
	vsw_skb_fetch(scratch->batch, skb);
	vsw_skb_end(scratch, cpu);
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
