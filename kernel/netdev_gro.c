// SPDX-License-Identifier: GPL-2.0
/*
 * Netdev ports with GRO: frames are put together on their way into the stack
 *
 * As for a veth it is off until "ethtool -K eth0 gro on": what comes from other
 * interfaces has not been cut in the first place. What comes from rings has, and
 * from the wires behind uplinks.
 *
 * Each CPU has a queue and a NAPI, like those of net/core/gro_cells.c, but all frames
 * go by them: some going another way would overtake others.
 */

#include <linux/netdevice.h>
#include <linux/rtnetlink.h>

#include "netdev.h"
#include "skb.h"

/* Frames in a queue; as many as the backlog of a CPU has by default. */
#define VSW_GRO_QUEUE	1000

/**
 * struct vsw_gro_cell - the way into the stack by a CPU
 * @napi: takes frames from @queue
 * @queue: frames that were delivered
 */
struct vsw_gro_cell {
	struct napi_struct	napi;
	struct sk_buff_head	queue;
};

static int vsw_gro_poll(struct napi_struct *napi, int budget)
{
	struct vsw_gro_cell *cell = container_of(napi, struct vsw_gro_cell,
						 napi);
	struct sk_buff *skb;
	int done = 0;

	while (done < budget && (skb = skb_dequeue(&cell->queue))) {
		done++;
		if (likely(!skb_cloned(skb))) {
			napi_gro_receive(napi, skb);
			continue;
		}
		/* Others see its bytes, too; it must not overtake what is held. */
		napi_gro_flush(napi, false);
		netif_receive_skb(skb);
	}
	if (done < budget)
		napi_complete_done(napi, done);
	return done;
}

/**
 * vsw_gro_receive() - give a frame to the stack by way of GRO
 * @cells: &vsw_skb_port.gro of the port
 * @skb: the frame as the stack wants it; taken
 *
 * Context: bottom halves off.
 * Return: whether there was room.
 */
bool vsw_gro_receive(struct vsw_gro_cell __percpu *cells, struct sk_buff *skb)
{
	struct vsw_gro_cell *cell = this_cpu_ptr(cells);

	if (unlikely(skb_queue_len_lockless(&cell->queue) >= VSW_GRO_QUEUE)) {
		kfree_skb_reason(skb, SKB_DROP_REASON_CPU_BACKLOG);
		return false;
	}
	/* With threaded NAPI it is taken off by another CPU. */
	skb_queue_tail(&cell->queue, skb);
	napi_schedule(&cell->napi);
	return true;
}

/**
 * vsw_gro_start() - have frames for a port go by GRO from now on
 * @sp: a netdev port without it
 *
 * Context: process context, may sleep; RTNL is held.
 * Return: 0 or -ENOMEM.
 */
int vsw_gro_start(struct vsw_skb_port *sp)
{
	struct vsw_gro_cell __percpu *cells;
	struct vsw_gro_cell *cell;
	int cpu;

	ASSERT_RTNL();

	cells = alloc_percpu_gfp(struct vsw_gro_cell, GFP_KERNEL_ACCOUNT);
	if (!cells)
		return -ENOMEM;
	for_each_possible_cpu(cpu) {
		cell = per_cpu_ptr(cells, cpu);
		skb_queue_head_init(&cell->queue);
		/* No socket can know which of them its frames come by. */
		set_bit(NAPI_STATE_NO_BUSY_POLL, &cell->napi.state);
		netif_napi_add(sp->dev, &cell->napi, vsw_gro_poll);
		napi_enable(&cell->napi);
	}
	/* As rcu_assign_pointer(): who sees the cells sees what they hold. */
	smp_store_release(&sp->gro, cells);
	return 0;
}

/**
 * vsw_gro_stop() - have frames for a port go without GRO from now on
 * @sp: a netdev port, with it or without
 *
 * Context: process context, may sleep; RTNL is held.
 */
void vsw_gro_stop(struct vsw_skb_port *sp)
{
	struct vsw_gro_cell __percpu *cells = sp->gro;
	struct vsw_gro_cell *cell;
	int cpu;

	if (!cells)
		return;
	WRITE_ONCE(sp->gro, NULL);
	synchronize_net();
	for_each_possible_cpu(cpu) {
		cell = per_cpu_ptr(cells, cpu);
		napi_disable(&cell->napi);
		__netif_napi_del(&cell->napi);
		skb_queue_purge(&cell->queue);
	}
	/* Who walks through the NAPIs of the machine may still stand at one. */
	synchronize_net();
	free_percpu(cells);
}
