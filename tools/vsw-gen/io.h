/* SPDX-License-Identifier: GPL-2.0 */
/*
 * vsw-gen: I/O backends
 */
#ifndef _IO_H
#define _IO_H

#include <linux/vsw.h>

#include "payload.h"

/**
 * struct gen_io - a backend at work
 * @conf: the command line
 * @fd: for poll()
 * @fill: what is written to each frame that is sent
 * @FILL_NONE: nothing
 * @FILL_PRODUCE: every byte of the payload
 * @FILL_SEAL: a mark with a sequence number
 * @seq: sequence number of the next frame, or the total for an end frame
 * @kind: GEN_KIND_* of the frames that are sent
 * @tries: how often there was no room, since there was some
 * @priv: the backend's own
 */
struct gen_io {
	const struct gen_conf	*conf;
	int			fd;
	enum {
		FILL_NONE,
		FILL_PRODUCE,
		FILL_SEAL,
	}			fill;
	uint64_t		seq;
	uint16_t		kind;
	uint32_t		tries;
	void			*priv;
};

/**
 * struct gen_io_ops - a backend
 * @name: its name
 * @waits: tx() takes what there is room for, and the rest is tried again;
 *	otherwise what there is no room for is dropped
 * @open: prepare to send (or to receive); says what is wrong, and returns a
 *	negative errno
 * @tx: send some frames; returns how many were sent, or a negative errno. The
 *	backend fills them by io_fill(), and does not change &gen_io.seq.
 * @rx: receive; writes at most @max pieces of whole frames, and returns their
 *	number or a negative errno. The pieces are valid until the next call.
 * @tx_one: send one frame that the caller made; may be NULL
 * @flush: wait until all that was sent is on its way; may be NULL
 * @close: undo @open
 */
struct gen_io_ops {
	const char	*name;
	bool		waits;
	int		(*open)(struct gen_io *io, bool sender);
	int		(*tx)(struct gen_io *io, uint32_t n);
	int		(*rx)(struct gen_io *io, struct gen_seg *seg,
			      uint32_t max);
	int		(*tx_one)(struct gen_io *io, const void *frame,
				  uint32_t len);
	void		(*flush)(struct gen_io *io);
	void		(*close)(struct gen_io *io);
};

/* A burst has room for the longest frame. */
#define GEN_MIN_SEGS	VSW_MAX_FRAGS

extern const struct gen_io_ops io_ring;
extern const struct gen_io_ops io_packet;
extern const struct gen_io_ops io_udp;

/**
 * io_fill() - write what changes from frame to frame
 * @io: says what
 * @seg: pieces of the frame
 * @seq: sequence number of the frame
 */
static inline void io_fill(const struct gen_io *io, const struct gen_seg *seg,
			   uint64_t seq)
{
	if (io->fill == FILL_SEAL)
		payload_seal(seg, io->kind, seq);
	else
		payload_produce(seg, seq);
}

#endif /* _IO_H */
