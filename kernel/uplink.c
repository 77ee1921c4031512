// SPDX-License-Identifier: GPL-2.0
/*
 * Uplink ports: network devices that are there already
 *
 * All that a device receives goes to the switch, and nothing to the stack above
 * it; net/openvswitch/vport-netdev.c and the bridge take devices in the same way.
 * No driver has to know. When the device is unregistered, or moves to another
 * namespace, the port is deleted.
 */

#include <linux/if_arp.h>
#include <linux/if_vlan.h>
#include <linux/netdevice.h>
#include <linux/rtnetlink.h>
#include <linux/slab.h>
#include <net/netlink.h>

#include "netdev.h"
#include "port.h"
#include "skb.h"
#include "switch.h"
#include "uplink.h"

/**
 * struct vsw_uplink - an uplink port
 * @sp: what ports of skbs have
 * @tracker: of the reference to the device
 * @active: the device is up, and the port gets flooded frames
 */
struct vsw_uplink {
	struct vsw_skb_port	sp;
	netdevice_tracker	tracker;
	bool			active;
};

static struct vsw_uplink *vsw_uplink(struct vsw_port *port)
{
	return container_of(port, struct vsw_uplink, sp.port);
}

/* Make a received frame what it was on the wire; NULL if there is no memory. */
static struct sk_buff *vsw_uplink_unpull(struct sk_buff *skb)
{
	/* Others, such as tcpdump, may hold it, too. */
	skb = skb_share_check(skb, GFP_ATOMIC);
	if (unlikely(!skb))
		return NULL;
	skb_push_rcsum(skb, ETH_HLEN);
	if (!skb_vlan_tag_present(skb))
		return skb;
	/* What was summed up does not include the tag. */
	if (skb->ip_summed == CHECKSUM_COMPLETE)
		skb->ip_summed = CHECKSUM_NONE;
	return __vlan_hwaccel_push_inside(skb);
}

static rx_handler_result_t vsw_uplink_receive(struct sk_buff **pskb)
{
	struct sk_buff *skb = *pskb;
	struct vsw_skb_port *sp = rcu_dereference(skb->dev->rx_handler_data);
	u32 queue;

	if (unlikely(skb->pkt_type == PACKET_LOOPBACK))
		return RX_HANDLER_PASS;
	queue = skb_rx_queue_recorded(skb) ? skb_get_rx_queue(skb) : 0;
	skb = vsw_uplink_unpull(skb);
	if (likely(skb))
		vsw_skb_send(sp, skb, queue, false);
	else
		vsw_skb_lose(sp);
	return RX_HANDLER_CONSUMED;
}

/* The device has come up or gone down. */
static void vsw_uplink_set_active(struct vsw_uplink *uplink, bool active)
{
	if (uplink->active == active)
		return;
	uplink->active = active;
	vsw_skb_set_active(&uplink->sp, active);
}

static void vsw_uplink_detach(struct vsw_port *port)
{
	struct vsw_uplink *uplink = vsw_uplink(port);
	struct net_device *dev = uplink->sp.dev;

	netdev_rx_handler_unregister(dev);
	dev_set_promiscuity(dev, -1);
	vsw_uplink_set_active(uplink, false);
}

static void vsw_uplink_free(struct vsw_port *port)
{
	struct vsw_uplink *uplink = vsw_uplink(port);

	netdev_put(uplink->sp.dev, &uplink->tracker);
	vsw_skb_port_destroy(&uplink->sp);
	kfree(uplink);
}

static const struct vsw_port_ops vsw_uplink_ops = {
	.type		= VSW_PORT_TYPE_UPLINK,
	.deliver	= vsw_uplink_deliver,
	.detach		= vsw_uplink_detach,
	.counters	= vsw_skb_counters,
	.fill		= vsw_skb_fill,
	.free		= vsw_uplink_free,
};

/* The device that an attribute names, if it may be an uplink. */
static struct net_device *vsw_uplink_find(const struct vsw_switch *sw,
					  struct net *net,
					  const struct nlattr *attr,
					  struct netlink_ext_ack *extack)
{
	struct net_device *dev = __dev_get_by_name(net, nla_data(attr));
	const char *why = NULL;
	int err = -EINVAL;

	if (!dev) {
		why = "no such device";
		err = -ENODEV;
	} else if (dev->type != ARPHRD_ETHER || dev->flags & IFF_LOOPBACK) {
		why = "not an Ethernet device";
	} else if (dev->priv_flags & (IFF_DONT_BRIDGE | IFF_NO_RX_HANDLER)) {
		why = "the device cannot be part of a switch";
	} else if (netdev_is_rx_handler_busy(dev) ||
		   netdev_master_upper_dev_get(dev)) {
		why = "the device belongs to a switch, a bridge or the like";
		err = -EBUSY;
	} else if (vsw_netdev_switch(dev) == sw) {
		why = "the interface is a port of this switch";
	} else {
		return dev;
	}
	NL_SET_ERR_MSG_ATTR_FMT(extack, attr, "%s", why);
	return ERR_PTR(err);
}

/* Make a device receive all frames, as they come. */
static int vsw_uplink_open(struct net_device *dev,
			   struct netlink_ext_ack *extack)
{
	int err = dev_set_promiscuity(dev, 1);

	if (err)
		NL_SET_ERR_MSG(extack, "the device cannot receive all frames");
	else
		/* Nobody can take apart again what LRO has merged. */
		dev_disable_lro(dev);
	return err;
}

/**
 * vsw_uplink_add() - make a device a port
 * @sw: the switch
 * @name: name of the port, checked
 * @net: namespace that owns the port, and in which the device is
 * @attr: attribute with the name of the device
 * @setup: what the port is to begin with
 * @extack: for the reason of an error
 *
 * Context: process context, may sleep; RTNL and &vsw_net.lock of the switch are
 * held.
 * Return: 0; -ENODEV: there is no such device; -EINVAL: it is not of a kind that
 * can be a port; -EBUSY: it belongs to another switch or the like; -ENOMEM; the
 * errors of dev_set_promiscuity() and vsw_port_add().
 */
int vsw_uplink_add(struct vsw_switch *sw, const char *name, struct net *net,
		   const struct nlattr *attr,
		   const struct vsw_port_setup *setup,
		   struct netlink_ext_ack *extack)
{
	struct vsw_uplink *uplink;
	struct net_device *dev;
	int err;

	dev = vsw_uplink_find(sw, net, attr, extack);
	if (IS_ERR(dev))
		return PTR_ERR(dev);
	uplink = kzalloc(sizeof(*uplink), GFP_KERNEL_ACCOUNT);
	if (!uplink)
		return -ENOMEM;
	uplink->sp.port.ops = &vsw_uplink_ops;
	uplink->sp.port.security = setup->security;
	RCU_INIT_POINTER(uplink->sp.port.vlans, setup->vlans);
	uplink->sp.dev = dev;
	err = vsw_skb_port_init(&uplink->sp);
	if (err)
		goto err_free;
	err = vsw_uplink_open(dev, extack);
	if (err)
		goto err_destroy;
	err = vsw_port_add(sw, &uplink->sp.port, name, net, extack);
	if (err)
		goto err_close;
	netdev_hold(dev, &uplink->tracker, GFP_KERNEL);
	/* With RTNL, what vsw_uplink_find() has found is still so. */
	WARN_ON(netdev_rx_handler_register(dev, vsw_uplink_receive,
					   &uplink->sp));
	vsw_uplink_set_active(uplink, netif_running(dev));
	return 0;

err_close:
	dev_set_promiscuity(dev, -1);
err_destroy:
	vsw_skb_port_destroy(&uplink->sp);
err_free:
	kfree(uplink);
	return err;
}

/* The uplink port that a device is, or NULL. */
static struct vsw_uplink *vsw_uplink_of(const struct net_device *dev)
{
	if (rtnl_dereference(dev->rx_handler) != vsw_uplink_receive)
		return NULL;
	return vsw_uplink(rtnl_dereference(dev->rx_handler_data));
}

/*
 * Not every master needs the rx_handler, but none would get a frame of an uplink. A
 * switch is no interface that could be the master itself.
 */
static int vsw_uplink_keep(const struct netdev_notifier_changeupper_info *info)
{
	if (!info->master || !info->linking)
		return NOTIFY_DONE;
	NL_SET_ERR_MSG_MOD(info->info.extack,
			   "the device is the uplink of a switch");
	return notifier_from_errno(-EBUSY);
}

static int vsw_uplink_event(struct notifier_block *nb, unsigned long event,
			    void *info)
{
	struct vsw_uplink *uplink = vsw_uplink_of(netdev_notifier_info_to_dev(info));

	if (!uplink)
		return NOTIFY_DONE;
	switch (event) {
	case NETDEV_UP:
	case NETDEV_DOWN:
		vsw_uplink_set_active(uplink, event == NETDEV_UP);
		break;
	case NETDEV_UNREGISTER:
		vsw_port_vanish(&uplink->sp.port);
		break;
	case NETDEV_PRECHANGEUPPER:
		return vsw_uplink_keep(info);
	case NETDEV_PRE_TYPE_CHANGE:
		return NOTIFY_BAD;
	}
	return NOTIFY_DONE;
}

static struct notifier_block vsw_uplink_notifier = {
	.notifier_call = vsw_uplink_event,
};

/**
 * vsw_uplink_init() - begin to follow devices
 *
 * Return: 0 or a negative errno.
 */
int __init vsw_uplink_init(void)
{
	return register_netdevice_notifier(&vsw_uplink_notifier);
}

/**
 * vsw_uplink_exit() - undo vsw_uplink_init()
 */
void vsw_uplink_exit(void)
{
	unregister_netdevice_notifier(&vsw_uplink_notifier);
}
