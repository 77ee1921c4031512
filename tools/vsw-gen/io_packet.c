// SPDX-License-Identifier: GPL-2.0
/*
 * vsw-gen: raw sockets on an interface
 */
#include <errno.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <unistd.h>

#include "io_sock.h"

/*
 * A sender's socket has no protocol: it must not receive, which would cost.
 * And its frames go to the driver at once; where that is not possible they take
 * the queueing discipline's way.
 */
static int packet_open(struct gen_io *io, bool sender)
{
	struct sockaddr_ll addr = {
		.sll_family = AF_PACKET,
		.sll_protocol = sender ? 0 : htons(ETHERTYPE_IP),
		.sll_ifindex = if_nametoindex(io->conf->ifname),
	};
	int one = 1;
	int fd, err;

	if (!addr.sll_ifindex)
		return gen_error(-errno, "interface %s", io->conf->ifname);
	fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return gen_error(-errno, "cannot open a raw socket");
	if (sender)
		setsockopt(fd, SOL_PACKET, PACKET_QDISC_BYPASS, &one,
			   sizeof(one));
	if (bind(fd, (struct sockaddr *)&addr, sizeof(addr))) {
		err = -errno;
		close(fd);
		return gen_error(err, "cannot bind a raw socket to %s",
				 io->conf->ifname);
	}
	return sock_open(io, fd, 0, sender);
}

static int packet_tx_one(struct gen_io *io, const void *frame, uint32_t len)
{
	return send(io->fd, frame, len, 0) < 0 ? -errno : 0;
}

const struct gen_io_ops io_packet = {
	.name = "packet",
	.open = packet_open,
	.tx = sock_tx,
	.rx = sock_rx,
	.tx_one = packet_tx_one,
	.close = sock_close,
};
