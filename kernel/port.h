/* SPDX-License-Identifier: GPL-2.0 */
/* Ports of any kind: life and names */
#ifndef _VSW_PORT_H
#define _VSW_PORT_H

#include "vsw.h"

/**
 * struct vsw_port_setup - what a port of any kind is to begin with
 * @security: what it may not do
 * @vlans: its VLANs or NULL; the port's own if it gets onto the switch
 */
struct vsw_port_setup {
	struct vsw_port_security	security;
	struct vsw_vlans		*vlans;
};

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
