/* SPDX-License-Identifier: GPL-2.0 */
/* The forwarding engine */
#ifndef _VSW_FORWARD_H
#define _VSW_FORWARD_H

#include <linux/bottom_half.h>
#include <linux/rcupdate.h>

#include "pkt.h"
#include "trace.h"

/**
 * vsw_path_enter() - begin to send a batch
 *
 * Senders run in process context and in softirqs, and take the same locks, so
 * bottom halves are off. That is a read side of RCU as well, since there is one
 * flavour of it; only lockdep has to be told. And nobody is preempted between
 * reserving slots and publishing them.
 */
static inline void vsw_path_enter(void)
{
	local_bh_disable();
	rcu_lock_acquire(&rcu_lock_map);
}

/**
 * vsw_path_leave() - the batch has been sent
 */
static inline void vsw_path_leave(void)
{
	rcu_lock_release(&rcu_lock_map);
	local_bh_enable();
}

/**
 * vsw_src_drop() - drop frames because of their sender
 * @batch: the batch that they belong to
 * @reason: one of VSW_TX_DROP_REASONS
 * @frames: number of frames
 */
static inline void vsw_src_drop(struct vsw_batch *batch, enum vsw_drop reason,
				u32 frames)
{
	vsw_stats_drop(batch->stats, reason, frames);
	trace_vsw_drop(batch->src, reason, frames);
}

void vsw_join_runs(struct vsw_batch *batch);
void vsw_deliver_batch(struct vsw_batch *batch);
void vsw_forward(struct vsw_batch *batch);

#endif /* _VSW_FORWARD_H */
