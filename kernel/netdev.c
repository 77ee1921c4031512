// SPDX-License-Identifier: GPL-2.0
/*
 * Netdev ports: interfaces that are made for their ports
 *
 * The interface and its port live and die together: "ip link del" deletes the
 * port, and deleting the port the interface. The name of the port is that which
 * both were given; the interface may get another one, or move to another
 * namespace, and remains the port's.
 */

#include <linux/etherdevice.h>
#include <linux/ethtool.h>
#include <linux/net_tstamp.h>
#include <linux/rtnetlink.h>
#include <linux/slab.h>
#include <linux/string_helpers.h>
#include <net/rtnetlink.h>

#include "netdev.h"
#include "port.h"
#include "skb.h"
#include "switch.h"

/* What does not touch frames: they go to another interface as they are. */
#define VSW_NETDEV_FEATURES \
	(NETIF_F_SG | NETIF_F_FRAGLIST | NETIF_F_HW_CSUM | NETIF_F_RXCSUM | \
	 NETIF_F_SCTP_CRC | NETIF_F_HIGHDMA | NETIF_F_GSO_SOFTWARE | \
	 NETIF_F_GSO_ENCAP_ALL)

/**
 * struct vsw_netdev - private memory of an interface
 * @sp: its port, of which it holds a reference
 */
struct vsw_netdev {
	struct vsw_skb_port	*sp;
};

static struct vsw_skb_port *vsw_netdev_port(const struct net_device *dev)
{
	return ((struct vsw_netdev *)netdev_priv(dev))->sp;
}

/*
 * Bottom halves are off, which is a read side of RCU as well (vsw_path_enter());
 * only lockdep has to be told.
 */
static netdev_tx_t vsw_netdev_xmit(struct sk_buff *skb, struct net_device *dev)
{
	skb_tx_timestamp(skb);
	rcu_lock_acquire(&rcu_lock_map);
	vsw_skb_send(vsw_netdev_port(dev), skb, skb_get_queue_mapping(skb),
		     netdev_xmit_more());
	rcu_lock_release(&rcu_lock_map);
	return NETDEV_TX_OK;
}

static int vsw_netdev_open(struct net_device *dev)
{
	struct vsw_skb_port *sp = vsw_netdev_port(dev);
	int err = dev->features & NETIF_F_GRO ? vsw_gro_start(sp) : 0;

	if (err)
		return err;
	vsw_skb_set_active(sp, true);
	return 0;
}

static int vsw_netdev_stop(struct net_device *dev)
{
	struct vsw_skb_port *sp = vsw_netdev_port(dev);

	vsw_skb_drop_held(sp);
	vsw_skb_set_active(sp, false);
	vsw_gro_stop(sp);
	return 0;
}

static int vsw_netdev_set_features(struct net_device *dev,
				   netdev_features_t features)
{
	struct vsw_skb_port *sp = vsw_netdev_port(dev);

	if (!((dev->features ^ features) & NETIF_F_GRO) || !netif_running(dev))
		return 0;
	if (features & NETIF_F_GRO)
		return vsw_gro_start(sp);
	vsw_gro_stop(sp);
	return 0;
}

/* The interface goes, and so does the port, unless that has begun. */
static void vsw_netdev_uninit(struct net_device *dev)
{
	struct vsw_skb_port *sp = vsw_netdev_port(dev);

	if (!sp->leaving)
		vsw_port_vanish(&sp->port);
}

static void vsw_netdev_destructor(struct net_device *dev)
{
	vsw_port_put(&vsw_netdev_port(dev)->port);
}

static u64 vsw_netdev_tx_drops(const struct vsw_counters *counters)
{
#define R(name)	VSW_DROP_##name,
	static const u8 reasons[] = { VSW_TX_DROP_REASONS(R) };
#undef R
	u64 sum = 0;
	u32 i;

	for (i = 0; i < ARRAY_SIZE(reasons); i++)
		sum += counters->drops[reasons[i]];
	return sum;
}

/* What is lost on the way to the stack is counted by the stack, too. */
static void vsw_netdev_stats64(struct net_device *dev,
			       struct rtnl_link_stats64 *stats)
{
	struct vsw_counters counters;

	vsw_skb_counters(&vsw_netdev_port(dev)->port, &counters);
	stats->tx_packets = counters.tx_frames;
	stats->tx_bytes = counters.tx_bytes;
	stats->tx_dropped = vsw_netdev_tx_drops(&counters);
	stats->rx_packets = counters.rx_frames;
	stats->rx_bytes = counters.rx_bytes;
}

/* All multicast frames come in any case. */
static void vsw_netdev_set_rx_mode(struct net_device *dev)
{
}

static const struct net_device_ops vsw_netdev_ops = {
	.ndo_uninit		= vsw_netdev_uninit,
	.ndo_open		= vsw_netdev_open,
	.ndo_stop		= vsw_netdev_stop,
	.ndo_start_xmit		= vsw_netdev_xmit,
	.ndo_get_stats64	= vsw_netdev_stats64,
	.ndo_set_rx_mode	= vsw_netdev_set_rx_mode,
	.ndo_set_mac_address	= eth_mac_addr,
	.ndo_validate_addr	= eth_validate_addr,
	.ndo_set_features	= vsw_netdev_set_features,
	.ndo_features_check	= passthru_features_check,
};

struct vsw_netdev_stat {
	const char	*name;
	u32		offset;
};

#define R(name)	{ "drop_" #name, offsetof(struct vsw_counters, \
					  drops[VSW_DROP_##name]) },
static const struct vsw_netdev_stat vsw_netdev_stats[] = {
	{ "tx_frames", offsetof(struct vsw_counters, tx_frames) },
	{ "tx_bytes", offsetof(struct vsw_counters, tx_bytes) },
	{ "rx_frames", offsetof(struct vsw_counters, rx_frames) },
	{ "rx_bytes", offsetof(struct vsw_counters, rx_bytes) },
	VSW_DROP_REASONS(R)
};

#undef R

static void vsw_netdev_get_drvinfo(struct net_device *dev,
				   struct ethtool_drvinfo *info)
{
	const struct vsw_skb_port *sp = vsw_netdev_port(dev);

	strscpy(info->driver, "vsw");
	snprintf(info->bus_info, sizeof(info->bus_info), "%s/%u",
		 sp->port.sw->name, sp->port.index);
}

static void vsw_netdev_get_strings(struct net_device *dev, u32 set, u8 *buf)
{
	char name[ETH_GSTRING_LEN];
	u32 i;

	if (set != ETH_SS_STATS)
		return;
	for (i = 0; i < ARRAY_SIZE(vsw_netdev_stats); i++) {
		string_lower(name, vsw_netdev_stats[i].name);
		ethtool_puts(&buf, name);
	}
}

static int vsw_netdev_get_sset_count(struct net_device *dev, int set)
{
	return set == ETH_SS_STATS ? ARRAY_SIZE(vsw_netdev_stats) :
				     -EOPNOTSUPP;
}

static void vsw_netdev_get_stats(struct net_device *dev,
				 struct ethtool_stats *stats, u64 *data)
{
	struct vsw_counters c;
	u32 i;

	vsw_skb_counters(&vsw_netdev_port(dev)->port, &c);
	for (i = 0; i < ARRAY_SIZE(vsw_netdev_stats); i++)
		data[i] = *(u64 *)((void *)&c + vsw_netdev_stats[i].offset);
}

/* There is no link whose speed could be told; veth says the same. */
static int vsw_netdev_get_link(struct net_device *dev,
			       struct ethtool_link_ksettings *cmd)
{
	cmd->base.speed = SPEED_10000;
	cmd->base.duplex = DUPLEX_FULL;
	cmd->base.port = PORT_OTHER;
	cmd->base.autoneg = AUTONEG_DISABLE;
	return 0;
}

static void vsw_netdev_get_channels(struct net_device *dev,
				    struct ethtool_channels *channels)
{
	channels->max_combined = dev->num_tx_queues;
	channels->combined_count = dev->real_num_tx_queues;
}

static const struct ethtool_ops vsw_netdev_ethtool_ops = {
	.get_drvinfo		= vsw_netdev_get_drvinfo,
	.get_link		= ethtool_op_get_link,
	.get_strings		= vsw_netdev_get_strings,
	.get_sset_count		= vsw_netdev_get_sset_count,
	.get_ethtool_stats	= vsw_netdev_get_stats,
	.get_link_ksettings	= vsw_netdev_get_link,
	.get_ts_info		= ethtool_op_get_ts_info,
	.get_channels		= vsw_netdev_get_channels,
};

/*
 * Interfaces are made by vswctl only, as they need a switch: so there is no
 * "setup". "ip link del" needs no more than that there is a kind.
 */
static struct rtnl_link_ops vsw_netdev_link_ops = {
	.kind		= "vsw",
	.dellink	= unregister_netdevice_queue,
};

static void vsw_netdev_setup(struct net_device *dev)
{
	ether_setup(dev);
	dev->priv_flags &= ~IFF_TX_SKB_SHARING;
	dev->priv_flags |= IFF_LIVE_ADDR_CHANGE | IFF_NO_QUEUE |
			   IFF_PHONY_HEADROOM | IFF_DISABLE_NETPOLL;
	/* Interfaces may be on top of each other in any order. */
	dev->lltx = true;
	dev->netdev_ops = &vsw_netdev_ops;
	dev->ethtool_ops = &vsw_netdev_ethtool_ops;
	dev->rtnl_link_ops = &vsw_netdev_link_ops;
	dev->features = VSW_NETDEV_FEATURES;
	dev->hw_features = VSW_NETDEV_FEATURES;
	dev->hw_enc_features = VSW_NETDEV_FEATURES;
	dev->vlan_features = VSW_NETDEV_FEATURES;
	dev->mpls_features = NETIF_F_HW_CSUM | NETIF_F_GSO_SOFTWARE;
	dev->max_mtu = ETH_MAX_MTU - ETH_HLEN;
	netif_set_tso_max_size(dev, GSO_MAX_SIZE);
}

static void vsw_netdev_detach(struct vsw_port *port)
{
	struct vsw_skb_port *sp = vsw_skb_port(port);

	if (sp->dev->reg_state != NETREG_REGISTERED)
		return;
	sp->leaving = true;
	unregister_netdevice(sp->dev);
}

static void vsw_netdev_free(struct vsw_port *port)
{
	struct vsw_skb_port *sp = vsw_skb_port(port);

	vsw_skb_port_destroy(sp);
	kfree(sp);
}

static const struct vsw_port_ops vsw_netdev_port_ops = {
	.type		= VSW_PORT_TYPE_NETDEV,
	.deliver	= vsw_netdev_deliver,
	.detach		= vsw_netdev_detach,
	.counters	= vsw_skb_counters,
	.fill		= vsw_skb_fill,
	.free		= vsw_netdev_free,
};

/* Make the interface of a port, which is not on its switch yet. */
static int vsw_netdev_register(struct vsw_skb_port *sp, const char *name,
			       struct net *net, u32 queues,
			       struct netlink_ext_ack *extack)
{
	struct net_device *dev;
	int err;

	if (strchr(name, '%')) {
		NL_SET_ERR_MSG(extack, "a '%' in the name of an interface stands for a number");
		return -EINVAL;
	}
	dev = alloc_netdev_mqs(sizeof(struct vsw_netdev), name, NET_NAME_USER,
			       vsw_netdev_setup, queues, queues);
	if (!dev)
		return -ENOMEM;
	dev_net_set(dev, net);
	eth_hw_addr_random(dev);
	((struct vsw_netdev *)netdev_priv(dev))->sp = sp;
	sp->dev = dev;
	err = register_netdevice(dev);
	if (!err)
		return 0;
	if (err == -EEXIST)
		NL_SET_ERR_MSG(extack, "an interface of this name exists");
	free_netdev(dev);
	return err;
}

/* Put a port on a switch whose interface is there. */
static int vsw_netdev_publish(struct vsw_skb_port *sp, struct vsw_switch *sw,
			      const char *name, struct net *net,
			      struct netlink_ext_ack *extack)
{
	struct net_device *dev = sp->dev;
	int err;

	dev->needs_free_netdev = true;
	/* What a veth has in this place: see netdev_gro.c. */
	dev->wanted_features &= ~NETIF_F_GRO;
	netdev_update_features(dev);
	err = vsw_port_add(sw, &sp->port, name, net, extack);
	if (err) {
		unregister_netdevice(dev);
		return err;
	}
	refcount_inc(&sp->port.refs);
	dev->priv_destructor = vsw_netdev_destructor;
	netif_carrier_on(dev);
	return 0;
}

/**
 * vsw_netdev_add() - make an interface and its port
 * @sw: the switch
 * @name: name of both, checked
 * @net: namespace that owns the port, and in which the interface is at first
 * @queues: number of queues in each direction
 * @setup: what the port is to begin with
 * @extack: for the reason of an error
 *
 * Context: process context, may sleep; RTNL and &vsw_net.lock of the switch are
 * held.
 * Return: 0; -EEXIST: there is an interface, or the owner has a port, of this
 * name; -EINVAL: it is none for an interface; -ENOMEM; the errors of
 * register_netdevice() and vsw_port_add().
 */
int vsw_netdev_add(struct vsw_switch *sw, const char *name, struct net *net,
		   u32 queues, const struct vsw_port_setup *setup,
		   struct netlink_ext_ack *extack)
{
	struct vsw_skb_port *sp = kzalloc(sizeof(*sp), GFP_KERNEL_ACCOUNT);
	int err;

	if (!sp)
		return -ENOMEM;
	sp->port.ops = &vsw_netdev_port_ops;
	sp->port.security = setup->security;
	RCU_INIT_POINTER(sp->port.vlans, setup->vlans);
	/* Until it is on the switch. */
	sp->port.gone = true;
	err = vsw_skb_port_init(sp);
	if (err)
		goto err_free;
	err = vsw_netdev_register(sp, name, net, queues, extack);
	if (err)
		goto err_destroy;
	err = vsw_netdev_publish(sp, sw, name, net, extack);
	if (!err)
		return 0;

err_destroy:
	vsw_skb_port_destroy(sp);
err_free:
	kfree(sp);
	return err;
}

/**
 * vsw_netdev_switch() - the switch of which an interface is a netdev port
 * @dev: the interface
 *
 * Context: RTNL is held.
 * Return: the switch, or NULL if it is another kind of interface.
 */
const struct vsw_switch *vsw_netdev_switch(const struct net_device *dev)
{
	return dev->netdev_ops == &vsw_netdev_ops ?
	       vsw_netdev_port(dev)->port.sw : NULL;
}

/**
 * vsw_netdev_init() - register the kind of interface
 *
 * Return: 0 or a negative errno.
 */
int __init vsw_netdev_init(void)
{
	return rtnl_link_register(&vsw_netdev_link_ops);
}

/**
 * vsw_netdev_exit() - unregister it, and all interfaces that are left
 */
void vsw_netdev_exit(void)
{
	rtnl_link_unregister(&vsw_netdev_link_ops);
}
