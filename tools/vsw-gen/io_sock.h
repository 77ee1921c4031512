/* SPDX-License-Identifier: GPL-2.0 */
/*
 * vsw-gen: what the socket backends share
 */
#ifndef _IO_SOCK_H
#define _IO_SOCK_H

#include <sys/socket.h>

#include "io.h"

/**
 * struct sock_io - a socket backend
 * @bufs: one buffer for each frame of a burst, with room for the headers
 * @msg: one message for each frame of a burst
 * @iov: where the message is in the buffer
 * @from: where each message came from, if @skip
 * @skip: bytes of a frame that the socket makes itself
 */
struct sock_io {
	uint8_t			*bufs;
	struct mmsghdr		*msg;
	struct iovec		*iov;
	struct sockaddr_in	*from;
	uint32_t		skip;
};

int sock_open(struct gen_io *io, int fd, uint32_t skip, bool sender);
int sock_tx(struct gen_io *io, uint32_t n);
int sock_rx(struct gen_io *io, struct gen_seg *seg, uint32_t max);
void sock_close(struct gen_io *io);

#endif /* _IO_SOCK_H */
