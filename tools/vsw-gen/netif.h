/* SPDX-License-Identifier: GPL-2.0 */
/*
 * vsw-gen: what backends must know of an interface
 */
#ifndef _NETIF_H
#define _NETIF_H

#include <net/ethernet.h>

#include "gen.h"

/* Bytes of a frame that an interface does not count: a header, with a tag. */
#define NETIF_MAX_HDR	(ETH_HLEN + 4)

int netif_mtu(const char *ifname, const struct gen_conf *conf);

#endif /* _NETIF_H */
