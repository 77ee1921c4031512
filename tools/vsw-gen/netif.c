// SPDX-License-Identifier: GPL-2.0
/*
 * vsw-gen: what backends must know of an interface
 */
#include <errno.h>
#include <net/if.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "netif.h"

/**
 * netif_mtu() - how long frames may be, and whether ours are
 * @ifname: name of the interface
 * @conf: says how long ours are
 *
 * Return: the MTU, or a negative errno, and then it has said why.
 */
int netif_mtu(const char *ifname, const struct gen_conf *conf)
{
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	struct ifreq ifr = { 0 };
	int err = 0;

	memcpy(ifr.ifr_name, ifname, strlen(ifname));
	if (fd < 0 || ioctl(fd, SIOCGIFMTU, &ifr))
		err = -errno;
	if (fd >= 0)
		close(fd);
	if (err)
		return gen_error(err, "interface %s", ifname);
	if (conf->frame_len > (uint32_t)ifr.ifr_mtu + NETIF_MAX_HDR)
		return gen_error(-EMSGSIZE, "interface %s has MTU %d", ifname,
				 ifr.ifr_mtu);
	return ifr.ifr_mtu;
}
