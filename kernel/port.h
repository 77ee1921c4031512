/* SPDX-License-Identifier: GPL-2.0 */
/* Ports of any kind: life and names */
#ifndef _VSW_PORT_H
#define _VSW_PORT_H

#include "vsw.h"

int vsw_port_add(struct vsw_switch *sw, struct vsw_port *port,
		 const char *name, struct net *owner,
		 struct netlink_ext_ack *extack);
void vsw_port_secure(struct vsw_port *port,
		     const struct vsw_port_security *security);
void vsw_port_del(struct vsw_port *port);
void vsw_port_vanish(struct vsw_port *port);
void vsw_port_put(struct vsw_port *port);
void vsw_port_activate(struct vsw_port *port);
void vsw_port_deactivate(struct vsw_port *port);
void vsw_port_announce(struct vsw_port *port, bool receives);
struct vsw_port *vsw_port_get_owned(struct vsw_net *vn, const char *name);

#endif /* _VSW_PORT_H */
