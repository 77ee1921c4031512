// SPDX-License-Identifier: GPL-2.0
/*
 * vsw-gen: raw sockets on an interface
 */
#include <errno.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <unistd.h>

#include "io_packet.h"
#include "io_sock.h"

/**
 * packet_socket() - make a raw socket, which receives nothing yet
 * @conf: names the interface
 *
 * Its frames go to the driver at once; where that is not possible they take the
 * queueing discipline's way.
 *
 * Return: the socket, or a negative errno, and then it has said why.
 */
int packet_socket(const struct gen_conf *conf)
{
	int one = 1;
	int fd;

	if (!if_nametoindex(conf->ifname))
		return gen_error(-errno, "interface %s", conf->ifname);
	fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return gen_error(-errno, "cannot open a raw socket%s",
				 errno == EPERM ? "; CAP_NET_RAW is needed" : "");
	setsockopt(fd, SOL_PACKET, PACKET_QDISC_BYPASS, &one, sizeof(one));
	return fd;
}

/**
 * packet_bind() - let a raw socket begin
 * @fd: the socket; it is closed if this fails
 * @conf: names the interface
 * @dirs: IO_*; who does not receive has no protocol, for to do so would cost
 *
 * Return: 0 or a negative errno, and then it has said why.
 */
int packet_bind(int fd, const struct gen_conf *conf, int dirs)
{
	struct sockaddr_ll addr = {
		.sll_family = AF_PACKET,
		.sll_protocol = dirs & IO_RX ? htons(ETHERTYPE_IP) : 0,
		.sll_ifindex = if_nametoindex(conf->ifname),
	};
	int err;

	if (!bind(fd, (struct sockaddr *)&addr, sizeof(addr)))
		return 0;
	err = -errno;
	close(fd);
	return gen_error(err, "cannot bind a raw socket to %s", conf->ifname);
}

static int packet_open(struct gen_io *io, int dirs)
{
	int fd = packet_socket(io->conf);
	int err;

	if (fd < 0)
		return fd;
	err = packet_bind(fd, io->conf, dirs);
	return err ?: sock_open(io, fd, 0, dirs);
}

const struct gen_io_ops io_packet = {
	.name = "packet",
	.open = packet_open,
	.tx = sock_tx,
	.rx = sock_rx,
	.put = sock_put,
	.close = sock_close,
};
