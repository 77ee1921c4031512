/* SPDX-License-Identifier: GPL-2.0 */
/*
 * vsw-gen: what those who use ring ports share
 */
#ifndef _RING_PORT_H
#define _RING_PORT_H

#include <vsw/vsw.h>

#include "io.h"

int gen_port_open(struct vsw_port **port, const char *name,
		  const struct vsw_port_params *params);

#endif /* _RING_PORT_H */
