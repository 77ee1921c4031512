// SPDX-License-Identifier: GPL-2.0
/*
 * vsw-gen: UDP sockets
 *
 * The kernel makes the headers. Buffers have room for them nevertheless, so
 * that apps see whole frames here, too.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <unistd.h>

#include "io_sock.h"

static int udp_open(struct gen_io *io, int dirs)
{
	struct sockaddr_in addr = {
		.sin_family = AF_INET,
		.sin_port = htons(GEN_UDP_PORT),
		.sin_addr = io->conf->local.ip,
	};
	char text[INET_ADDRSTRLEN];
	int fd, err;

	fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return gen_error(-errno, "cannot open a UDP socket");
	err = bind(fd, (struct sockaddr *)&addr, sizeof(addr));
	if (!err && dirs & IO_TX) {
		addr.sin_addr = io->conf->peer.ip;
		err = connect(fd, (struct sockaddr *)&addr, sizeof(addr));
	}
	if (err) {
		err = -errno;
		close(fd);
		inet_ntop(AF_INET, &addr.sin_addr, text, sizeof(text));
		return gen_error(err, "cannot use UDP address %s port %u",
				 text, GEN_UDP_PORT);
	}
	io->kind |= GEN_KIND_BARE;
	return sock_open(io, fd, GEN_HDR_LEN, dirs);
}

const struct gen_io_ops io_udp = {
	.name = "udp",
	.bare = true,
	.open = udp_open,
	.tx = sock_tx,
	.rx = sock_rx,
	.put = sock_put,
	.close = sock_close,
};
