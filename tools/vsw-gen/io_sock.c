// SPDX-License-Identifier: GPL-2.0
/*
 * vsw-gen: what the socket backends share
 *
 * A burst is one sendmmsg() or recvmmsg(), or one call for each frame.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <unistd.h>

#include "io_sock.h"

/*
 * The distance of buffers: room for the longest frame, and no power of two, so
 * that they do not compete for the same lines of the processor's caches.
 */
#define STRIDE		(65536 + 320)

/* Frames that wait for a receiver which does not run at the moment. */
#define RCVBUF_SIZE	(16 << 20)

static uint8_t *sock_buf(const struct sock_io *s, uint32_t i)
{
	return s->bufs + (size_t)i * STRIDE;
}

static size_t bufs_size(const struct gen_io *io)
{
	return (size_t)io->conf->burst * STRIDE;
}

/* mmap, because pages that are not used cost nothing then. */
static int alloc_bufs(struct gen_io *io, struct sock_io *s)
{
	uint32_t n = io->conf->burst;

	s->bufs = mmap(NULL, bufs_size(io), PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (s->bufs == MAP_FAILED)
		s->bufs = NULL;
	s->msg = calloc(n, sizeof(*s->msg));
	s->iov = calloc(n, sizeof(*s->iov));
	s->from = calloc(n, sizeof(*s->from));
	return s->bufs && s->msg && s->iov && s->from ? 0 : -ENOMEM;
}

static void prepare_bufs(struct gen_io *io, struct sock_io *s, bool sender)
{
	uint32_t i, len = sender ? io->conf->frame_len : GEN_MAX_FRAME;

	for (i = 0; i < io->conf->burst; i++) {
		struct msghdr *hdr = &s->msg[i].msg_hdr;

		if (sender)
			frame_template(sock_buf(s, i), io->conf);
		s->iov[i].iov_base = sock_buf(s, i) + s->skip;
		s->iov[i].iov_len = len - s->skip;
		hdr->msg_iov = &s->iov[i];
		hdr->msg_iovlen = 1;
		if (!sender && s->skip)
			hdr->msg_name = &s->from[i];
	}
}

/*
 * A blocking receiver wakes up now and then to look at the clock. A larger
 * receive buffer is welcome, but not needed.
 */
static int set_options(const struct gen_io *io)
{
	struct timeval tv = { .tv_usec = GEN_POLL_MS * 1000 };
	int size = RCVBUF_SIZE;
	int flags;

	if (setsockopt(io->fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size)))
		setsockopt(io->fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size));

	if (io->conf->blocking)
		return setsockopt(io->fd, SOL_SOCKET, SO_RCVTIMEO, &tv,
				  sizeof(tv)) ? -errno : 0;

	flags = fcntl(io->fd, F_GETFL);
	return fcntl(io->fd, F_SETFL, flags | O_NONBLOCK) ? -errno : 0;
}

/**
 * sock_open() - prepare the buffers
 * @io: gets &gen_io.fd and &gen_io.priv
 * @fd: the socket; it is closed if this fails
 * @skip: bytes of a frame that the socket makes itself
 * @sender: for sock_tx(), otherwise for sock_rx()
 */
int sock_open(struct gen_io *io, int fd, uint32_t skip, bool sender)
{
	struct sock_io *s = calloc(1, sizeof(*s));
	int err;

	io->fd = fd;
	io->priv = s;
	if (!s) {
		close(fd);
		return gen_error(-ENOMEM, "buffers");
	}
	s->skip = skip;
	err = alloc_bufs(io, s);
	if (!err)
		err = set_options(io);
	if (err) {
		sock_close(io);
		return gen_error(err, "buffers of %u frames",
				 io->conf->burst);
	}
	prepare_bufs(io, s, sender);
	return 0;
}

/**
 * sock_close() - undo sock_open(), and close the socket
 * @io: the backend
 */
void sock_close(struct gen_io *io)
{
	struct sock_io *s = io->priv;

	close(io->fd);
	if (s->bufs)
		munmap(s->bufs, bufs_size(io));
	free(s->msg);
	free(s->iov);
	free(s->from);
	free(s);
}

/*
 * Is an error no more than a frame that found no room: in the socket, in the
 * interface's queue, or (UDP) at a peer that is not there yet.
 */
static int soft_error(int err)
{
	switch (err) {
	case EAGAIN:
	case EINTR:
	case ENOBUFS:
	case ECONNREFUSED:
		return 0;
	default:
		return -err;
	}
}

static int send_each(struct gen_io *io, struct sock_io *s, uint32_t n)
{
	uint32_t i;

	for (i = 0; i < n; i++)
		if (send(io->fd, s->iov[i].iov_base, s->iov[i].iov_len, 0) < 0)
			return i ? (int)i : soft_error(errno);
	return n;
}

/**
 * sock_tx() - send a burst
 * @io: the backend
 * @n: number of frames
 */
int sock_tx(struct gen_io *io, uint32_t n)
{
	struct sock_io *s = io->priv;
	uint32_t i;
	int sent;

	if (n > io->conf->burst)
		n = io->conf->burst;
	if (io->fill) {
		for (i = 0; i < n; i++) {
			struct gen_seg seg = {
				.data = sock_buf(s, i),
				.len = io->conf->frame_len,
			};

			io_fill(io, &seg, io->seq + i);
		}
	}
	if (!io->conf->mmsg)
		return send_each(io, s, n);
	sent = sendmmsg(io->fd, s->msg, n, 0);
	return sent < 0 ? soft_error(errno) : sent;
}

static int recv_each(struct gen_io *io, struct sock_io *s, uint32_t max)
{
	uint32_t i;

	for (i = 0; i < max; i++) {
		ssize_t len = recvmsg(io->fd, &s->msg[i].msg_hdr,
				      i ? MSG_DONTWAIT : 0);

		if (len < 0)
			return i ? (int)i : soft_error(errno);
		s->msg[i].msg_len = len;
	}
	return i;
}

/* Give a datagram the headers that its sender would have written. */
static void add_headers(const struct gen_conf *conf, const struct sock_io *s,
			uint32_t i, uint32_t len)
{
	struct gen_addr src = conf->peer;

	src.ip = s->from[i].sin_addr;
	frame_header(sock_buf(s, i), &src, &conf->local, len);
}

/**
 * sock_rx() - receive a burst
 * @io: the backend
 * @seg: out: the frames
 * @max: room in @seg
 */
int sock_rx(struct gen_io *io, struct gen_seg *seg, uint32_t max)
{
	struct sock_io *s = io->priv;
	int i, n;

	if (max > io->conf->burst)
		max = io->conf->burst;
	for (i = 0; s->skip && i < (int)max; i++)
		s->msg[i].msg_hdr.msg_namelen = sizeof(s->from[i]);

	if (io->conf->mmsg)
		n = recvmmsg(io->fd, s->msg, max, MSG_WAITFORONE, NULL);
	else
		n = recv_each(io, s, max);
	if (n < 0)
		return io->conf->mmsg ? soft_error(errno) : n;

	for (i = 0; i < n; i++) {
		seg[i].data = sock_buf(s, i);
		seg[i].len = s->msg[i].msg_len + s->skip;
		seg[i].more = 0;
		if (s->skip)
			add_headers(io->conf, s, i, seg[i].len);
	}
	return n;
}
