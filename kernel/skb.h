/* SPDX-License-Identifier: GPL-2.0 */
/* Ports whose frames are skbs: interfaces of whatever kind */
#ifndef _VSW_SKB_H
#define _VSW_SKB_H

#include <linux/etherdevice.h>
#include <linux/netdevice.h>
#include <linux/skbuff.h>

#include "netdev.h"
#include "pkt.h"
#include "stats.h"
#include "vsw.h"

/* Frames of skbs that go through the switch together. */
#define VSW_SKB_BATCH	64

/* Bytes of a virtio-net header: struct virtio_net_hdr_v1. */
#define VSW_VNET_LEN	12

struct vsw_gro_cell;

/**
 * struct vsw_skb_cpu - what a port of skbs has for each CPU
 * @tx: frames accepted from the interface, and drops that it caused
 * @rx: frames delivered to it, and drops for want of room there
 * @held: frames of a burst that has not ended
 * @held_queue: the queue that they came from
 * @gather: hold the frames of a burst: those before were for a port that gains
 *	by getting many at once, as an interface does not
 * @flood_due: &vsw_batch.flood_due while no batch is on its way
 */
struct vsw_skb_cpu {
	struct vsw_stats	tx;
	struct vsw_stats	rx;
	struct sk_buff_head	held;
	u32			held_queue;
	bool			gather;
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

/**
 * vsw_skb_is_up() - does a device take frames?
 * @dev: the device
 *
 * Return: whether it does.
 */
static inline bool vsw_skb_is_up(const struct net_device *dev)
{
	return likely(netif_running(dev) && netif_carrier_ok(dev));
}

void vsw_skb_drop(struct vsw_skb_port *sp, enum vsw_drop reason, u32 frames);

/*
 * __dev_forward_skb(), inlined. What was just made has nothing of another namespace
 * that would have to be wiped off.
 */
static __always_inline bool vsw_netdev_take(struct net_device *dev,
					    struct sk_buff *skb, bool made)
{
	if (!made)
		return !____dev_forward_skb(dev, skb, true);
	if (likely(__is_skb_forwardable(dev, skb, true)))
		return true;
	dev_core_stats_rx_dropped_inc(dev);
	kfree_skb(skb);
	return false;
}

/**
 * vsw_netdev_emit() - into the stack of the interface's namespace, as veth does it
 * @sp: a netdev port whose interface is up
 * @skb: the frame; taken
 * @queue: the queue that it came from
 * @made: it was made for this interface; it has come from no other
 *
 * Context: bottom halves off.
 * Return: VSW_DROP_NONE, or why it was dropped.
 */
static __always_inline enum vsw_drop vsw_netdev_emit(struct vsw_skb_port *sp,
						     struct sk_buff *skb,
						     u32 queue, bool made)
{
	struct vsw_gro_cell __percpu *gro = READ_ONCE(sp->gro);
	struct net_device *dev = sp->dev;

	if (unlikely(!vsw_netdev_take(dev, skb, made)))
		return VSW_DROP_TOO_LONG;
	skb->protocol = eth_type_trans(skb, dev);
	skb_postpull_rcsum(skb, eth_hdr(skb), ETH_HLEN);
	if (dev->real_num_rx_queues > 1)
		skb_record_rx_queue(skb, queue % dev->real_num_rx_queues);
	if (unlikely(gro ? !vsw_gro_receive(gro, skb) :
			   __netif_rx(skb) != NET_RX_SUCCESS))
		return VSW_DROP_NO_ROOM;
	return VSW_DROP_NONE;
}

/**
 * vsw_netdev_pass() - give one frame to the stack behind an interface
 * @sp: a netdev port
 * @skb: the frame, of an interface; taken
 * @queue: the queue that it came from
 *
 * Context: rcu_read_lock(), bottom halves off.
 * Return: whether the interface is up; if not, nothing was done.
 */
static __always_inline bool vsw_netdev_pass(struct vsw_skb_port *sp,
					    struct sk_buff *skb, u32 queue)
{
	enum vsw_drop reason;
	u32 len = skb->len;

	if (unlikely(!vsw_skb_is_up(sp->dev)))
		return false;
	reason = vsw_netdev_emit(sp, skb, queue, false);
	if (likely(!reason))
		vsw_stats_add(&this_cpu_ptr(sp->cpu)->rx, 1, len);
	else
		vsw_skb_drop(sp, reason, 1);
	return true;
}

/* skb_tx.c: data path */
void vsw_skb_send(struct vsw_skb_port *sp, struct sk_buff *skb, u32 queue,
		  bool more);
void vsw_skb_send_made(struct vsw_batch *ring, struct sk_buff_head *skbs);
bool vsw_skb_put_form(struct vsw_batch *batch, struct vsw_run *run, u16 tci,
		      bool tagged);
void vsw_skb_lose(struct vsw_skb_port *sp);
void vsw_skb_drop_held(struct vsw_skb_port *sp);

/* skb_rx.c: data path */
struct sk_buff *vsw_skb_build(const struct vsw_frag *frag, u32 len,
			      struct net_device *dev);
bool vsw_netdev_deliver(struct vsw_port *port, struct vsw_batch *batch,
			const struct vsw_list *own);
bool vsw_uplink_deliver(struct vsw_port *port, struct vsw_batch *batch,
			const struct vsw_list *own);

/* skb_vnet.c: data path */
enum vsw_drop vsw_vnet_get(struct sk_buff_head *skbs,
			   const struct vsw_frag *frags, u32 len,
			   struct net *net);
bool vsw_vnet_tells(struct sk_buff *skb);
struct vsw_frag vsw_vnet_put(struct sk_buff *skb);
const struct vsw_frag *vsw_vnet_pieces(const struct vsw_batch *batch,
				       const struct vsw_frag *frag, u32 num);

/* skb_port.c: control path */
int vsw_skb_prepare(void);
void vsw_skb_shutdown(void);
int vsw_skb_port_init(struct vsw_skb_port *sp);
void vsw_skb_port_destroy(struct vsw_skb_port *sp);
void vsw_skb_set_active(struct vsw_skb_port *sp, bool active);
void vsw_skb_counters(struct vsw_port *port, struct vsw_counters *sum);
int vsw_skb_fill(struct vsw_port *port, struct sk_buff *skb,
		 struct net *reader);

#endif /* _VSW_SKB_H */
