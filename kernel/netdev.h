/* SPDX-License-Identifier: GPL-2.0 */
/* Netdev ports: interfaces that are made for their ports */
#ifndef _VSW_NETDEV_H
#define _VSW_NETDEV_H

#include <linux/types.h>

struct net;
struct sk_buff;
struct vsw_gro_cell;
struct vsw_skb_port;
struct net_device;
struct netlink_ext_ack;
struct vsw_port_setup;
struct vsw_switch;

/* netdev.c */
int vsw_netdev_add(struct vsw_switch *sw, const char *name, struct net *net,
		   u32 queues, const struct vsw_port_setup *setup,
		   struct netlink_ext_ack *extack);
const struct vsw_switch *vsw_netdev_switch(const struct net_device *dev);
int vsw_netdev_init(void);
void vsw_netdev_exit(void);

/* netdev_gro.c */
bool vsw_gro_receive(struct vsw_gro_cell __percpu *cells, struct sk_buff *skb);
int vsw_gro_start(struct vsw_skb_port *sp);
void vsw_gro_stop(struct vsw_skb_port *sp);

#endif /* _VSW_NETDEV_H */
