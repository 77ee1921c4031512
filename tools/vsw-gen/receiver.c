// SPDX-License-Identifier: GPL-2.0
/*
 * vsw-gen: what those who take frames share
 */
#include <errno.h>
#include <poll.h>
#include <stdlib.h>

#include "receiver.h"

/**
 * burst_alloc() - make room for a burst
 * @burst: the burst
 * @conf: says how many frames it has
 *
 * Return: 0 or -ENOMEM, and then it has said so.
 */
int burst_alloc(struct burst *burst, const struct gen_conf *conf)
{
	burst->room = conf->burst > GEN_MIN_SEGS ? conf->burst : GEN_MIN_SEGS;
	burst->seg = calloc(burst->room, sizeof(*burst->seg));
	return burst->seg ? 0 : gen_error(-ENOMEM, "buffers");
}

/**
 * receiver_sleep() - sleep until a frame comes, or room for what waits
 * @io: the backend
 *
 * A receive call that blocks has slept already.
 *
 * Return: 0 or a negative errno.
 */
int receiver_sleep(struct gen_io *io)
{
	int waits = io_push(io);

	if (waits < 0)
		return waits;
	if (!io->conf->blocking || io->nowait || io->conf->backend->waits)
		io_wait(io, waits ? POLLIN | POLLOUT : POLLIN);
	return 0;
}

/**
 * receiver_announce() - send one frame, unless told not to
 * @io: the backend
 *
 * So a switch learns where our address is before the first frame for us comes.
 *
 * Return: 0 or a negative errno, and then it has said why.
 */
int receiver_announce(struct gen_io *io)
{
	const struct gen_conf *conf = io->conf;
	uint8_t frame[GEN_MIN_FRAME];
	struct gen_seg seg = { .data = frame };
	int sent;

	if (!conf->announce || conf->backend->bare)
		return 0;
	seg.len = frame_announcement(frame, &conf->local);
	sent = conf->backend->put(io, &seg, 1);
	if (sent == 1)
		return 0;
	return gen_error(sent ?: -EAGAIN, "cannot announce our address through %s",
			 gen_place(conf));
}
