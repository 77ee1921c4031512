/* SPDX-License-Identifier: GPL-2.0 */
/*
 * vsw-gen: I/O backends
 */
#ifndef _IO_H
#define _IO_H

#include <linux/vsw.h>
#include <sys/socket.h>

#include "payload.h"

/**
 * struct gen_io - a backend at work
 * @conf: the command line
 * @fd: for poll()
 * @nowait: rx() does not wait, even if sockets block
 * @fill: what is written to each frame that is sent
 * @FILL_NONE: nothing
 * @FILL_PRODUCE: every byte of the payload
 * @FILL_SEAL: a mark with a sequence number
 * @FILL_STAMP: a mark with a sequence number and @time
 * @seq: sequence number of the next frame, or the total for an end frame
 * @time: when the burst is sent
 * @kind: GEN_KIND_* of the frames that are sent
 * @priv: the backend's own
 */
struct gen_io {
	const struct gen_conf	*conf;
	int			fd;
	bool			nowait;
	enum {
		FILL_NONE,
		FILL_PRODUCE,
		FILL_SEAL,
		FILL_STAMP,
	}			fill;
	uint64_t		seq;
	uint64_t		time;
	uint16_t		kind;
	void			*priv;
};

/* What a backend is opened for; put() needs none of them. */
#define IO_TX		1
#define IO_RX		2

/**
 * struct gen_io_ops - a backend
 * @name: its name
 * @waits: tx() and put() take what there is room for, and the rest is tried
 *	again; otherwise what there is no room for is dropped
 * @bare: the kernel makes the headers
 * @open: prepare for IO_*; says what is wrong, and returns a negative errno
 * @tx: send some frames; returns how many were sent, or a negative errno. The
 *	backend fills them by io_fill(), and does not change &gen_io.seq.
 * @rx: receive; writes at most @max pieces of whole frames, and returns their
 *	number or a negative errno. The pieces are valid until the next call.
 * @put: send frames that the caller has: some that it made, or a part of what
 *	rx() has shown; returns how many pieces were sent, or a negative errno.
 *	Who uses it does not use tx().
 * @push: try again to send what still waits for room; returns whether something
 *	does, or a negative errno. NULL if nothing ever does
 * @close: undo @open
 */
struct gen_io_ops {
	const char	*name;
	bool		waits;
	bool		bare;
	int		(*open)(struct gen_io *io, int dirs);
	int		(*tx)(struct gen_io *io, uint32_t n);
	int		(*rx)(struct gen_io *io, struct gen_seg *seg,
			      uint32_t max);
	int		(*put)(struct gen_io *io, const struct gen_seg *seg,
			       uint32_t n);
	int		(*push)(struct gen_io *io);
	void		(*close)(struct gen_io *io);
};

/* A burst has room for the longest frame. */
#define GEN_MIN_SEGS	VSW_MAX_FRAGS

extern const struct gen_io_ops io_ring;
extern const struct gen_io_ops io_packet;
extern const struct gen_io_ops io_mmap;
extern const struct gen_io_ops io_udp;
extern const struct gen_io_ops io_xdp;

void io_wait(const struct gen_io *io, short events);
int io_push(struct gen_io *io);
void io_flush(struct gen_io *io);

/**
 * gen_socket_error() - what a socket has to say to who does not call it
 * @fd: the socket
 *
 * Return: 0 or a negative errno.
 */
static inline int gen_socket_error(int fd)
{
	socklen_t len = sizeof(int);
	int err = 0;

	getsockopt(fd, SOL_SOCKET, SO_ERROR, &err, &len);
	return -err;
}

/**
 * io_fill() - write what changes from frame to frame
 * @io: says what
 * @seg: pieces of the frame
 * @seq: sequence number of the frame
 */
static inline void io_fill(const struct gen_io *io, const struct gen_seg *seg,
			   uint64_t seq)
{
	if (io->fill == FILL_SEAL) {
		payload_seal(seg, io->kind, seq);
		return;
	}
	if (io->conf->touch)
		payload_produce(seg, seq);
	if (io->fill == FILL_STAMP)
		payload_stamp(seg, seq, io->time);
}

#endif /* _IO_H */
