// SPDX-License-Identifier: GPL-2.0
/*
 * The forwarding engine: a batch of frames finds its destinations
 *
 * Three stages after the frames were fetched: the lookup says where each one
 * goes, grouping makes a list for each destination, delivering hands the
 * lists over. Lookup and lock of a destination so are paid once for a batch,
 * the idea of section 3.3 of the VALE paper.
 */

#include <linux/indirect_call_wrapper.h>
#include <linux/rculist.h>

#include "forward.h"
#include "lookup.h"
#include "ring.h"
#include "vlan.h"

/* The lookup drops a run; a reason of its own is counted by it. */
static void vsw_lookup_drop(struct vsw_batch *batch, const struct vsw_run *run)
{
	struct vsw_lookup *lookup = batch->lookup;

	vsw_src_drop(batch, VSW_DROP_LOOKUP, run->frames);
	if (!run->reason || run->reason > lookup->ops->num_reasons)
		return;
	this_cpu_add(lookup->drops->frames[run->reason - 1], run->frames);
	trace_vsw_lookup_drop(batch->src, lookup->ops->name,
			      lookup->ops->reasons[run->reason - 1],
			      run->frames);
}

/* A run was to go to the index @to, where @port is, and cannot. */
static noinline void vsw_drop_run(struct vsw_batch *batch,
				  const struct vsw_run *run, u16 to,
				  const struct vsw_port *port)
{
	if (to == VSW_TO_NONE)
		vsw_lookup_drop(batch, run);
	else
		vsw_src_drop(batch,
			     port ? VSW_DROP_SAME_PORT : VSW_DROP_NO_PORT,
			     run->frames);
}

/* The port with the index @to, to which a run goes; NULL if it is dropped. */
static inline struct vsw_port *vsw_destination(struct vsw_batch *batch,
					       const struct vsw_run *run,
					       u16 to)
{
	/* VSW_TO_NONE is the index of no port. */
	struct vsw_port *port = vsw_switch_port(batch->sw, to);

	if (likely(port && port != batch->src))
		return port;
	vsw_drop_run(batch, run, to, port);
	return NULL;
}

/* Most ports are ring ports: spare them the indirect call. */
static inline bool vsw_deliver_to(struct vsw_port *port,
				  struct vsw_batch *batch,
				  const struct vsw_list *own)
{
	return INDIRECT_CALL_1(port->ops->deliver, vsw_ring_deliver,
			       port, batch, own);
}

/* Whether earlier frames for the port have stayed, so that this run does. */
static bool vsw_keep_run(struct vsw_batch *batch, const struct vsw_port *port,
			 struct vsw_run *run)
{
	if (likely(batch->group_of[port->index] != VSW_GROUP_STUCK))
		return false;
	run->kept = run->frames;
	batch->kept += run->frames;
	return true;
}

/* Make a group with a run whose port has none, or see what else becomes of it. */
static noinline void vsw_group_begin(struct vsw_batch *batch,
				     struct vsw_run *run)
{
	struct vsw_group *group;
	struct vsw_port *port;

	if (run->verdict == VSW_TO_ALL) {
		vsw_list_add(&batch->flood, run);
		return;
	}
	port = vsw_destination(batch, run, run->verdict);
	if (unlikely(!port || vsw_keep_run(batch, port, run)))
		return;
	batch->group_of[run->verdict] = batch->num_groups + 1;
	group = &batch->groups[batch->num_groups++];
	group->port = port;
	vsw_list_begin(&group->list, run);
}

static void vsw_group_runs(struct vsw_batch *batch)
{
	struct vsw_run *run, *end = &batch->runs[batch->num_runs];
	u32 i;

	for (run = batch->runs; run < end; run++) {
		/* Most runs follow others to the same port. */
		i = run->verdict < VSW_MAX_PORTS ?
		    batch->group_of[run->verdict] - 1U : U32_MAX;
		if (likely(i < batch->num_groups))
			vsw_list_add(&batch->groups[i].list, run);
		else
			vsw_group_begin(batch, run);
	}
}

/*
 * Flooded frames for ports that get no others; these get all together. At a
 * port for which frames have stayed they are lost, for they must not overtake.
 *
 * Return: whether anybody listens.
 */
static bool vsw_deliver_flood(struct vsw_batch *batch)
{
	static const struct vsw_list none;
	struct vsw_port *port;
	bool heard = false;
	u16 group;

	list_for_each_entry_rcu(port, &batch->sw->active, active_node) {
		group = batch->group_of[port->index];
		if (port == batch->src || (group && group != VSW_GROUP_STUCK) ||
		    unlikely(vsw_port_keeps_apart(port, batch->src)))
			continue;
		batch->refuse = group;
		heard |= vsw_deliver_to(port, batch, &none);
		batch->refuse = false;
	}
	return heard;
}

static void vsw_deliver(struct vsw_batch *batch)
{
	/* First, as it has to know who is in a group. */
	bool heard = batch->flood.first && vsw_deliver_flood(batch);

	heard |= vsw_ring_deliver_groups(batch);
	batch->num_groups = 0;

	if (batch->flood.first) {
		if (!heard)
			vsw_src_drop(batch, VSW_DROP_NO_LISTENER,
				     batch->flood.frames);
		vsw_list_init(&batch->flood);
	}
}

/* Deliver one run to one port. */
static bool vsw_deliver_single(struct vsw_batch *batch, struct vsw_port *port,
			       struct vsw_run *run)
{
	vsw_list_begin(&batch->single, run);
	return vsw_deliver_to(port, batch, &batch->single);
}

/* One of several ports gets a run, unless it must not have anything of the sender. */
static bool vsw_deliver_share(struct vsw_batch *batch, struct vsw_port *port,
			      u32 i)
{
	bool heard;

	if (port == batch->src || vsw_port_keeps_apart(port, batch->src))
		return false;
	if (batch->runs[i].verdict == VSW_TO_VLAN &&
	    !vsw_vlan_shape(batch, i, port))
		return false;
	/* It must not overtake frames that have stayed. */
	batch->refuse = batch->group_of[port->index];
	heard = vsw_deliver_single(batch, port, &batch->runs[i]);
	batch->refuse = false;
	return heard;
}

static void vsw_deliver_set(struct vsw_batch *batch, u32 i)
{
	const struct vsw_port_set *set = batch->aside[i].set;
	struct vsw_port *port;
	bool heard = false;
	u32 k;

	for (k = 0; set && k < set->num; k++) {
		port = vsw_switch_port(batch->sw, set->index[k]);
		if (port)
			heard |= vsw_deliver_share(batch, port, i);
	}
	if (!heard)
		vsw_src_drop(batch, VSW_DROP_NO_LISTENER, batch->runs[i].frames);
}

static void vsw_deliver_vlan(struct vsw_batch *batch, u32 i)
{
	struct vsw_port *port;
	bool heard = false;

	list_for_each_entry_rcu(port, &batch->sw->active, active_node)
		heard |= vsw_deliver_share(batch, port, i);
	if (!heard)
		vsw_src_drop(batch, VSW_DROP_NO_LISTENER, batch->runs[i].frames);
}

static void vsw_deliver_unicast(struct vsw_batch *batch, u32 i, u16 to, u32 ring)
{
	struct vsw_run *run = &batch->runs[i];
	struct vsw_port *port = vsw_destination(batch, run, to);

	if (!port || vsw_keep_run(batch, port, run))
		return;
	batch->rx_ring = ring;
	vsw_deliver_single(batch, port, run);
	batch->rx_ring = batch->src_ring;
}

/*
 * Some runs go to a set of ports, a VLAN, or a certain ring: there is no list that
 * they could be in without losing their place, so each run is delivered in its turn.
 */
static noinline void vsw_deliver_in_order(struct vsw_batch *batch)
{
	u32 i;

	batch->in_order = false;
	for (i = 0; i < batch->num_runs; i++) {
		const struct vsw_aside *aside = &batch->aside[i];
		struct vsw_run *run = &batch->runs[i];

		switch (run->verdict) {
		case VSW_TO_ALL:
			vsw_list_add(&batch->flood, run);
			vsw_deliver(batch);
			break;
		case VSW_TO_SET:
			vsw_deliver_set(batch, i);
			break;
		case VSW_TO_VLAN:
			vsw_deliver_vlan(batch, i);
			break;
		case VSW_TO_RING:
			vsw_deliver_unicast(batch, i, aside->port, aside->ring);
			break;
		default:
			vsw_deliver_unicast(batch, i, run->verdict,
					    batch->src_ring);
		}
	}
}

/* Frames that stay with the sender come to the lookup again. */
static noinline void vsw_uncount_kept(struct vsw_batch *batch)
{
	const struct vsw_run *run;

	vsw_for_each_run(run, batch)
		if (run->kept)
			vsw_lookup_uncount(batch->lookup, batch, run,
					   run->kept);
}

static noinline void vsw_deliver_groups(struct vsw_batch *batch)
{
	if (unlikely(batch->in_order)) {
		vsw_deliver_in_order(batch);
		return;
	}
	vsw_group_runs(batch);
	vsw_deliver(batch);
}

/* The port for a batch of one run, if that can be delivered as it is. */
static inline struct vsw_port *vsw_only_destination(const struct vsw_batch *batch)
{
	struct vsw_port *port;

	if (unlikely(batch->num_runs != 1))
		return NULL;
	/* No other verdict is the index of a port. */
	port = vsw_switch_port(batch->sw, batch->runs[0].verdict);
	if (unlikely(!port || port == batch->src ||
		     batch->group_of[port->index] == VSW_GROUP_STUCK))
		return NULL;
	return port;
}

/* Whether the frames of a run could be the next ones of another run. */
static bool vsw_run_follows(const struct vsw_run *last,
			    const struct vsw_run *run)
{
	return !last->pieces && !run->pieces &&
	       run->slot == last->slot + last->frames &&
	       run->frag == last->frag + last->frames;
}

/**
 * vsw_join_runs() - make runs longer where the verdict allows it
 * @batch: the batch; some of its runs may have been joined before
 *
 * What a lookup by frame had to tell apart need not be delivered apart.
 */
void vsw_join_runs(struct vsw_batch *batch)
{
	struct vsw_run *last = batch->runs, *run = last + 1;
	const u32 n = batch->num_runs;
	struct vsw_run *end = last + n;
	bool gapless;

	if (!n || batch->in_order)
		return;
	/* One frame each, none missing, and in slots that follow each other. */
	gapless = !batch->has_pieces && n == batch->num_frames &&
		  end[-1].slot - last->slot + 1 == n;
	for (; run < end; run++) {
		if (likely(run->verdict == last->verdict) &&
		    run->verdict != VSW_TO_NONE &&
		    (gapless || vsw_run_follows(last, run)))
			last->frames += run->frames;
		else
			*++last = *run;
	}
	batch->num_runs = last + 1 - batch->runs;
}

static __always_inline void vsw_deliver_decided(struct vsw_batch *batch)
{
	struct vsw_port *port = vsw_only_destination(batch);

	if (likely(port)) {
		batch->runs[0].next = NULL;
		batch->only.frames = batch->runs[0].frames;
		vsw_deliver_to(port, batch, &batch->only);
	} else {
		vsw_deliver_groups(batch);
	}
	if (unlikely(batch->kept))
		vsw_uncount_kept(batch);
}

/**
 * vsw_deliver_batch() - deliver a batch of which the lookup has decided
 * @batch: the batch
 *
 * Context: rcu_read_lock(), with exclusive use of @batch.
 */
void vsw_deliver_batch(struct vsw_batch *batch)
{
	vsw_deliver_decided(batch);
}

/**
 * vsw_forward() - send a batch of frames on their way
 * @batch: frames that were fetched
 *
 * Context: rcu_read_lock(), with exclusive use of @batch.
 */
void vsw_forward(struct vsw_batch *batch)
{
	struct vsw_lookup *lookup = batch->lookup;

	lookup->lookup(lookup, batch);
	vsw_deliver_decided(batch);
}
