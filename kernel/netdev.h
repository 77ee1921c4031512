/* SPDX-License-Identifier: GPL-2.0 */
/* Netdev ports: interfaces that are made for their ports */
#ifndef _VSW_NETDEV_H
#define _VSW_NETDEV_H

#include <linux/types.h>

struct net;
struct net_device;
struct netlink_ext_ack;
struct vsw_port_security;
struct vsw_switch;

int vsw_netdev_add(struct vsw_switch *sw, const char *name, struct net *net,
		   u32 queues, const struct vsw_port_security *security,
		   struct netlink_ext_ack *extack);
const struct vsw_switch *vsw_netdev_switch(const struct net_device *dev);
int vsw_netdev_init(void);
void vsw_netdev_exit(void);

#endif /* _VSW_NETDEV_H */
