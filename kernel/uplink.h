/* SPDX-License-Identifier: GPL-2.0 */
/* Uplink ports: network devices that are there already */
#ifndef _VSW_UPLINK_H
#define _VSW_UPLINK_H

#include <linux/types.h>

struct net;
struct netlink_ext_ack;
struct nlattr;
struct vsw_port_setup;
struct vsw_switch;

int vsw_uplink_add(struct vsw_switch *sw, const char *name, struct net *net,
		   const struct nlattr *dev,
		   const struct vsw_port_setup *setup,
		   struct netlink_ext_ack *extack);
int vsw_uplink_init(void);
void vsw_uplink_exit(void);

#endif /* _VSW_UPLINK_H */
