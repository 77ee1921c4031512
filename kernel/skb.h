/* SPDX-License-Identifier: GPL-2.0 */
/* Ports whose frames are skbs: interfaces of whatever kind */
#ifndef _VSW_SKB_H
#define _VSW_SKB_H

#include <linux/netdevice.h>
#include <linux/skbuff.h>

#include "pkt.h"
#include "stats.h"
#include "vsw.h"

/* Frames of skbs that go through the switch together. */
#define VSW_SKB_BATCH	64

struct vsw_gro_cell;

/**
 * struct vsw_skb_cpu - what a port of skbs has for each CPU
 * @tx: frames accepted from the interface, and drops that it caused
 * @rx: frames delivered to it, and drops for want of room there
 * @held: frames of a burst that has not ended
 * @held_queue: the queue that they came from
 * @flood_due: &vsw_batch.flood_due while no batch is on its way
 */
struct vsw_skb_cpu {
	struct vsw_stats	tx;
	struct vsw_stats	rx;
	struct sk_buff_head	held;
	u32			held_queue;
	u64			flood_due;
};

/**
 * struct vsw_skb_port - a port whose frames are skbs
 * @port: what all ports have
 * @dev: the interface; constant. It is there until a grace period after the port
 *	is gone
 * @leaving: the port is being deleted, and takes the interface with it
 * @cpu: counters and the like
 * @gro: how frames get into the stack if they do so by GRO; changed under RTNL, read
 *	under RCU. (A pointer cannot be marked as __rcu and __percpu.)
 */
struct vsw_skb_port {
	struct vsw_port			port;
	struct net_device		*dev;
	bool				leaving;
	struct vsw_skb_cpu __percpu	*cpu;
	struct vsw_gro_cell __percpu	*gro;
};

static_assert(offsetof(struct vsw_skb_port, port) == 0);

/**
 * struct vsw_skb_scratch - scratch memory of the sender that a CPU is
 * @batch: the batch; without the last member, copies of headers, as there are
 *	none
 * @skb: the frames of it that nobody has taken yet
 * @out: frames that leave by an uplink when the batch is done. Not before: the
 *	device may be on top of an interface of a switch, and need the batch
 *
 * There is one for each CPU, not for each port: skbs come with bottom halves off,
 * so a CPU is done with one port before it begins with another.
 */
struct vsw_skb_scratch {
	struct vsw_batch	*batch;
	struct sk_buff		*skb[VSW_SKB_BATCH];
	struct sk_buff_head	out;
};

DECLARE_PER_CPU(struct vsw_skb_scratch, vsw_skb_scratch);

/**
 * vsw_skb_port() - the port of skbs that a port is
 * @port: a port of type netdev or uplink
 *
 * Return: the port of skbs.
 */
static inline struct vsw_skb_port *vsw_skb_port(struct vsw_port *port)
{
	return container_of(port, struct vsw_skb_port, port);
}

/* skb_tx.c: data path */
void vsw_skb_send(struct vsw_skb_port *sp, struct sk_buff *skb, u32 queue,
		  bool more);
bool vsw_skb_put_form(struct vsw_batch *batch, struct vsw_run *run, u16 tci,
		      bool tagged);
void vsw_skb_lose(struct vsw_skb_port *sp);
void vsw_skb_drop_held(struct vsw_skb_port *sp);

/* skb_rx.c: data path */
bool vsw_netdev_deliver(struct vsw_port *port, struct vsw_batch *batch,
			const struct vsw_list *own);
bool vsw_uplink_deliver(struct vsw_port *port, struct vsw_batch *batch,
			const struct vsw_list *own);

/* skb_port.c: control path */
void vsw_skb_shutdown(void);
int vsw_skb_port_init(struct vsw_skb_port *sp);
void vsw_skb_port_destroy(struct vsw_skb_port *sp);
void vsw_skb_counters(struct vsw_port *port, struct vsw_counters *sum);
void vsw_skb_secure(struct vsw_port *port);
void vsw_skb_stop(struct vsw_port *port);
int vsw_skb_fill(struct vsw_port *port, struct sk_buff *skb,
		 struct net *reader);

#endif /* _VSW_SKB_H */
