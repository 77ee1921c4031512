/* SPDX-License-Identifier: GPL-2.0 */
/*
 * vsw-gen: what the socket backends share
 */
#ifndef _IO_SOCK_H
#define _IO_SOCK_H

#include <sys/socket.h>

#include "io.h"

/**
 * struct sock_msgs - messages of one direction
 * @bufs: one buffer for each frame of a burst, with room for the headers; NULL
 *	if this direction needs none
 * @msg: one message for each frame of a burst
 * @iov: where the message is in the buffer
 * @addr: the other end of each, if the socket makes headers itself
 */
struct sock_msgs {
	uint8_t			*bufs;
	struct mmsghdr		*msg;
	struct iovec		*iov;
	struct sockaddr_in	*addr;
};

/**
 * struct sock_io - a socket backend
 * @tx: what is sent
 * @rx: what was received
 * @skip: bytes of a frame that the socket makes itself
 */
struct sock_io {
	struct sock_msgs	tx;
	struct sock_msgs	rx;
	uint32_t		skip;
};

int sock_open(struct gen_io *io, int fd, uint32_t skip, int dirs);
int sock_tx(struct gen_io *io, uint32_t n);
int sock_rx(struct gen_io *io, struct gen_seg *seg, uint32_t max);
int sock_put(struct gen_io *io, const struct gen_seg *seg, uint32_t n);
void sock_close(struct gen_io *io);

#endif /* _IO_SOCK_H */
