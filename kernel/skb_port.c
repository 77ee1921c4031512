// SPDX-License-Identifier: GPL-2.0
/* Ports whose frames are skbs, on the control path: what all kinds share */

#include <linux/rtnetlink.h>
#include <linux/slab.h>
#include <net/netlink.h>

#include "port.h"
#include "skb.h"

DEFINE_PER_CPU(struct vsw_skb_scratch, vsw_skb_scratch);

static int vsw_skb_scratch_init(struct vsw_skb_scratch *scratch, int cpu)
{
	struct vsw_batch *batch;

	if (scratch->batch)
		return 0;
	batch = kvzalloc_node(offsetof(struct vsw_batch, snapshot), GFP_KERNEL,
			      cpu_to_node(cpu));
	if (!batch)
		return -ENOMEM;
	batch->skb = scratch->skb;
	batch->out = &scratch->out;
	batch->has_pieces = true;
	batch->max_piece = U32_MAX;
	batch->only.first = batch->runs;
	vsw_list_init(&batch->flood);
	__skb_queue_head_init(&scratch->out);
	scratch->batch = batch;
	return 0;
}

/**
 * vsw_skb_prepare() - have what each CPU needs to send skbs
 *
 * It stays until the module goes; who has only plain ring ports never needs it.
 *
 * Context: process context, may sleep.
 * Return: 0 or -ENOMEM.
 */
int vsw_skb_prepare(void)
{
	static DEFINE_MUTEX(lock);
	int cpu, err = 0;

	mutex_lock(&lock);
	for_each_possible_cpu(cpu)
		err = err ?: vsw_skb_scratch_init(per_cpu_ptr(&vsw_skb_scratch,
							      cpu), cpu);
	mutex_unlock(&lock);
	return err;
}

/*
 * No CPU may remember the port: another one may be at its place in memory next, on
 * another switch.
 */
static void vsw_skb_forget(struct vsw_skb_port *sp)
{
	struct vsw_batch *batch;
	int cpu;

	for_each_possible_cpu(cpu) {
		batch = per_cpu(vsw_skb_scratch, cpu).batch;
		/* The CPU may be about to remember another one. */
		if (READ_ONCE(batch->src) == &sp->port)
			cmpxchg(&batch->src, &sp->port, NULL);
	}
}

/**
 * vsw_skb_shutdown() - free what ports of skbs have had in common
 */
void vsw_skb_shutdown(void)
{
	int cpu;

	for_each_possible_cpu(cpu)
		kvfree(per_cpu(vsw_skb_scratch, cpu).batch);
}

/**
 * vsw_skb_port_init() - prepare a port of skbs
 * @sp: the port, all zero but for its kind
 *
 * Context: process context, may sleep; RTNL is held.
 * Return: 0, or -ENOMEM: nothing is to be undone.
 */
int vsw_skb_port_init(struct vsw_skb_port *sp)
{
	struct vsw_skb_cpu *cpu;
	int i;

	if (vsw_skb_prepare())
		return -ENOMEM;
	sp->cpu = alloc_percpu_gfp(struct vsw_skb_cpu, GFP_KERNEL_ACCOUNT);
	if (!sp->cpu)
		return -ENOMEM;
	for_each_possible_cpu(i) {
		cpu = per_cpu_ptr(sp->cpu, i);
		vsw_stats_init(&cpu->tx);
		vsw_stats_init(&cpu->rx);
		__skb_queue_head_init(&cpu->held);
	}
	return 0;
}

/**
 * vsw_skb_port_destroy() - undo vsw_skb_port_init()
 * @sp: the port, which no batch uses any more
 */
void vsw_skb_port_destroy(struct vsw_skb_port *sp)
{
	vsw_skb_forget(sp);
	free_percpu(sp->cpu);
}

/**
 * vsw_skb_set_active() - the interface of a port has come up, or goes down
 * @sp: the port; nothing happens if it is gone
 * @active: which of the two
 *
 * Context: process context, may sleep; RTNL is held.
 */
void vsw_skb_set_active(struct vsw_skb_port *sp, bool active)
{
	struct vsw_port *port = &sp->port;

	mutex_lock(&port->lock);
	if (!port->gone) {
		if (active)
			vsw_port_activate(port);
		vsw_port_announce(port, active);
		if (!active)
			vsw_port_deactivate(port);
	}
	mutex_unlock(&port->lock);
}

/**
 * vsw_skb_counters() - add up what all CPUs have counted
 * @port: a port of skbs
 * @sum: out: the sum
 *
 * Context: any; the port is not gone.
 */
void vsw_skb_counters(struct vsw_port *port, struct vsw_counters *sum)
{
	struct vsw_skb_port *sp = vsw_skb_port(port);
	struct vsw_skb_cpu *cpu;
	int i;

	memset(sum, 0, sizeof(*sum));
	for_each_possible_cpu(i) {
		cpu = per_cpu_ptr(sp->cpu, i);
		vsw_counters_add(sum, &cpu->tx, &cpu->rx);
	}
}

/**
 * vsw_skb_fill() - put the interface of a port into a message
 * @port: a port of skbs
 * @skb: the message
 * @reader: the namespace that reads it
 *
 * Context: process context; &vsw_port.lock is held.
 * Return: 0 or -EMSGSIZE.
 */
int vsw_skb_fill(struct vsw_port *port, struct sk_buff *skb,
		 struct net *reader)
{
	const struct net_device *dev = vsw_skb_port(port)->dev;
	struct net *net;
	int err;

	/* Without RTNL a name that is just being changed may be torn. */
	err = nla_put_string(skb, VSW_A_PORT_DEV, dev->name) ||
	      nla_put_u32(skb, VSW_A_PORT_IFINDEX, dev->ifindex) ||
	      nla_put_u32(skb, VSW_A_PORT_RINGS, dev->real_num_tx_queues);
	rcu_read_lock();
	net = maybe_get_net(dev_net_rcu(dev));
	rcu_read_unlock();
	if (!net)
		return err ? -EMSGSIZE : 0;
	if (!err && !net_eq(net, port->net))
		err = nla_put_s32(skb, VSW_A_PORT_DEV_NETNS_ID,
				  peernet2id_alloc(reader, net, GFP_KERNEL));
	put_net(net);
	return err ? -EMSGSIZE : 0;
}
