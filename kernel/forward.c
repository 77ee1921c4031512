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

/* The port that a run goes to, which is not flooded; NULL if it is dropped. */
static struct vsw_port *vsw_destination(struct vsw_batch *batch,
					const struct vsw_run *run)
{
	const struct vsw_port *src = batch->src;
	enum vsw_drop drop = VSW_DROP_NO_PORT;
	struct vsw_port *port;

	if (unlikely(run->verdict == VSW_TO_NONE)) {
		drop = VSW_DROP_LOOKUP;
	} else if (unlikely(run->verdict == src->index)) {
		drop = VSW_DROP_SAME_PORT;
	} else {
		port = vsw_switch_port(src->sw, run->verdict);
		if (likely(port))
			return port;
	}
	vsw_src_drop(batch, drop, run->frames);
	return NULL;
}

/* Most ports are ring ports: spare them the indirect call. */
static bool vsw_deliver_to(struct vsw_port *port, struct vsw_batch *batch,
			   const struct vsw_list *own)
{
	return INDIRECT_CALL_1(port->ops->deliver, vsw_ring_deliver,
			       port, batch, own);
}

/* The group of a port, made if need be. */
static struct vsw_group *vsw_group_get(struct vsw_batch *batch,
				       struct vsw_port *port)
{
	u16 *group_of = &batch->group_of[port->index];

	if (!*group_of) {
		batch->groups[batch->num_groups] = (struct vsw_group) {
			.port = port,
		};
		*group_of = ++batch->num_groups;
	}
	return &batch->groups[*group_of - 1];
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

/* Find the group of the run with index @i, or what else becomes of it. */
static noinline void vsw_group_run(struct vsw_batch *batch, u32 i)
{
	struct vsw_run *run = &batch->runs[i];
	struct vsw_port *port;

	if (run->verdict == VSW_TO_ALL) {
		vsw_list_add(batch, &batch->flood, i);
		return;
	}
	port = vsw_destination(batch, run);
	if (likely(port) && !vsw_keep_run(batch, port, run))
		vsw_list_add(batch, &vsw_group_get(batch, port)->list, i);
}

static void vsw_group_runs(struct vsw_batch *batch)
{
	const struct vsw_run *run = batch->runs;
	u32 i, group;

	for (i = 0; i < batch->num_runs; i++, run++) {
		/* Most runs follow others to the same port. */
		group = run->verdict < VSW_MAX_PORTS ?
			batch->group_of[run->verdict] - 1U : U32_MAX;
		if (likely(group < batch->num_groups))
			vsw_list_append(batch, &batch->groups[group].list, i);
		else
			vsw_group_run(batch, i);
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

	list_for_each_entry_rcu(port, &batch->src->sw->active, active_node) {
		group = batch->group_of[port->index];
		if (port == batch->src || (group && group != VSW_GROUP_STUCK))
			continue;
		batch->refuse = group;
		heard |= vsw_deliver_to(port, batch, &none);
		batch->refuse = false;
	}
	return heard;
}

static void vsw_deliver(struct vsw_batch *batch)
{
	struct vsw_group *group, *end = &batch->groups[batch->num_groups];
	bool heard = false;
	u32 kept;

	for (group = batch->groups; group < end; group++) {
		kept = batch->kept;
		heard |= vsw_deliver_to(group->port, batch, &group->list);
		group->stuck = batch->kept != kept;
	}
	if (batch->flood.frames) {
		heard |= vsw_deliver_flood(batch);
		if (!heard)
			vsw_src_drop(batch, VSW_DROP_NO_LISTENER,
				     batch->flood.frames);
		batch->flood = (struct vsw_list) {};
	}

	for (group = batch->groups; group < end; group++)
		batch->group_of[group->port->index] =
			group->stuck ? VSW_GROUP_STUCK : 0;
	batch->num_groups = 0;
}

static noinline void vsw_deliver_groups(struct vsw_batch *batch)
{
	vsw_group_runs(batch);
	vsw_deliver(batch);
}

/* The port for a batch of one run, if that can be delivered as it is. */
static struct vsw_port *vsw_only_destination(const struct vsw_switch *sw,
					     const struct vsw_batch *batch)
{
	struct vsw_port *port;

	if (unlikely(batch->num_runs != 1))
		return NULL;
	/* No other verdict is the index of a port. */
	port = vsw_switch_port(sw, batch->runs[0].verdict);
	if (unlikely(!port || port == batch->src ||
		     batch->group_of[port->index] == VSW_GROUP_STUCK))
		return NULL;
	return port;
}

/**
 * vsw_forward() - send a batch of frames on their way
 * @batch: frames that were fetched
 *
 * Context: rcu_read_lock(), with exclusive use of @batch.
 */
void vsw_forward(struct vsw_batch *batch)
{
	struct vsw_switch *sw = batch->src->sw;
	struct vsw_port *port;

	sw->lookup->lookup(sw, batch);
	port = vsw_only_destination(sw, batch);
	if (unlikely(!port)) {
		vsw_deliver_groups(batch);
		return;
	}
	batch->only.frames = batch->runs[0].frames;
	vsw_deliver_to(port, batch, &batch->only);
	if (unlikely(batch->kept))
		batch->group_of[port->index] = VSW_GROUP_STUCK;
}
