// SPDX-License-Identifier: GPL-2.0
/*
 * vsw-gen: what apps do with any backend
 */
#include <poll.h>

#include "io.h"

/* How long the last frames may take to leave the ring once we have to end. */
#define FLUSH_NS	NSEC_PER_SEC

/**
 * io_wait() - sleep until something happens, but not for long
 * @io: the backend
 * @events: what, as poll() names it
 */
void io_wait(const struct gen_io *io, short events)
{
	struct pollfd pfd = { .fd = io->fd, .events = events };

	poll(&pfd, 1, GEN_POLL_MS);
}

/**
 * io_push() - try again to send what still waits for room
 * @io: the backend
 *
 * Return: whether something waits, or a negative errno.
 */
int io_push(struct gen_io *io)
{
	return io->conf->backend->push ? io->conf->backend->push(io) : 0;
}

/**
 * io_flush() - wait until all that was sent is on its way
 * @io: the backend
 *
 * A receiver that stands still must not make a sender exceed its time.
 */
void io_flush(struct gen_io *io)
{
	uint64_t end = gen_now() + FLUSH_NS;

	while (io_push(io) > 0 &&
	       ((!io->conf->time && !gen_stop) || gen_now() < end))
		io_wait(io, POLLOUT);
}
