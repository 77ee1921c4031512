// SPDX-License-Identifier: GPL-2.0
/*
 * The forwarding engine: a batch of frames finds its destinations
 *
 * Three stages after the frames were fetched: the lookup says where each one
 * goes, grouping makes a list for each destination, delivering hands the
 * lists over. Lookup and lock of a destination so are paid once for a batch,
 * the idea of section 3.3 of the VALE paper.
 */

#include <linux/rculist.h>

#include "forward.h"
#include "lookup.h"

/* The group of the port @index, made if need be; NULL if there is no port. */
static struct vsw_group *vsw_group_get(struct vsw_batch *batch, u32 index)
{
	struct vsw_group *group;
	struct vsw_port *port;

	if (unlikely(index >= VSW_MAX_PORTS))
		return NULL;
	if (batch->group_of[index])
		return &batch->groups[batch->group_of[index] - 1];

	port = vsw_switch_port(batch->src->sw, index);
	if (unlikely(!port))
		return NULL;
	group = &batch->groups[batch->num_groups++];
	batch->group_of[index] = batch->num_groups;
	group->port = port;
	group->list = (struct vsw_list) {};
	return group;
}

/* The run goes to one port, or is dropped. */
static void vsw_group_unicast(struct vsw_batch *batch, u32 i)
{
	const u32 verdict = batch->runs[i].verdict, frames = batch->runs[i].frames;
	struct vsw_group *group;

	if (unlikely(verdict == VSW_TO_NONE)) {
		vsw_src_drop(batch, VSW_DROP_LOOKUP, frames);
		return;
	}
	if (unlikely(verdict == batch->src->index)) {
		vsw_src_drop(batch, VSW_DROP_SAME_PORT, frames);
		return;
	}
	group = vsw_group_get(batch, verdict);
	if (unlikely(!group)) {
		vsw_src_drop(batch, VSW_DROP_NO_PORT, frames);
		return;
	}
	vsw_list_add(batch, &group->list, i);
}

static void vsw_group_runs(struct vsw_batch *batch)
{
	u32 i;

	for (i = 0; i < batch->num_runs; i++) {
		if (batch->runs[i].verdict == VSW_TO_ALL)
			vsw_list_add(batch, &batch->flood, i);
		else
			vsw_group_unicast(batch, i);
	}
}

/*
 * Flooded frames for ports that get no others; these get all together.
 *
 * Return: whether anybody listens.
 */
static bool vsw_deliver_flood(struct vsw_batch *batch)
{
	static const struct vsw_list none;
	struct vsw_port *port;
	bool heard = false;

	list_for_each_entry_rcu(port, &batch->src->sw->active, active_node)
		if (port != batch->src && !batch->group_of[port->index])
			heard |= port->ops->deliver(port, batch, &none);
	return heard;
}

static void vsw_deliver(struct vsw_batch *batch)
{
	struct vsw_group *group, *end = &batch->groups[batch->num_groups];
	bool heard = false;

	for (group = batch->groups; group < end; group++)
		heard |= group->port->ops->deliver(group->port, batch,
						   &group->list);
	if (batch->flood.frames) {
		heard |= vsw_deliver_flood(batch);
		if (!heard)
			vsw_src_drop(batch, VSW_DROP_NO_LISTENER,
				     batch->flood.frames);
		batch->flood = (struct vsw_list) {};
	}

	for (group = batch->groups; group < end; group++)
		batch->group_of[group->port->index] = 0;
	batch->num_groups = 0;
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

	sw->lookup->lookup(sw, batch);
	vsw_group_runs(batch);
	vsw_deliver(batch);
}
