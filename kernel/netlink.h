/* SPDX-License-Identifier: GPL-2.0 */
/* The generic netlink family */
#ifndef _VSW_NETLINK_H
#define _VSW_NETLINK_H

#include <linux/types.h>

struct vsw_port;
struct vsw_switch;

void vsw_nl_switch_notify(struct vsw_switch *sw, u8 cmd);
void vsw_nl_port_notify(struct vsw_port *port, u8 cmd);
int vsw_nl_init(void);
void vsw_nl_exit(void);

#endif /* _VSW_NETLINK_H */
