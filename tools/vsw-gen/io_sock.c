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

static uint8_t *sock_buf(const struct sock_msgs *msgs, uint32_t i)
{
	return msgs->bufs + (size_t)i * STRIDE;
}

static size_t bufs_size(const struct gen_io *io)
{
	return (size_t)io->conf->burst * STRIDE;
}

/* mmap, because pages that are not used cost nothing then. */
static int alloc_bufs(const struct gen_io *io, struct sock_msgs *msgs)
{
	msgs->bufs = mmap(NULL, bufs_size(io), PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (msgs->bufs == MAP_FAILED)
		msgs->bufs = NULL;
	return msgs->bufs ? 0 : -ENOMEM;
}

static int alloc_msgs(const struct gen_io *io, struct sock_msgs *msgs)
{
	uint32_t i, n = io->conf->burst;

	msgs->msg = calloc(n, sizeof(*msgs->msg));
	msgs->iov = calloc(n, sizeof(*msgs->iov));
	msgs->addr = calloc(n, sizeof(*msgs->addr));
	if (!msgs->msg || !msgs->iov || !msgs->addr)
		return -ENOMEM;
	for (i = 0; i < n; i++) {
		msgs->msg[i].msg_hdr.msg_iov = &msgs->iov[i];
		msgs->msg[i].msg_hdr.msg_iovlen = 1;
	}
	return 0;
}

static void free_msgs(const struct gen_io *io, struct sock_msgs *msgs)
{
	if (msgs->bufs)
		munmap(msgs->bufs, bufs_size(io));
	free(msgs->msg);
	free(msgs->iov);
	free(msgs->addr);
}

static int prepare_tx(const struct gen_io *io, struct sock_io *s)
{
	int err = alloc_bufs(io, &s->tx);
	uint32_t i;

	for (i = 0; !err && i < io->conf->burst; i++) {
		frame_template(sock_buf(&s->tx, i), io->conf);
		s->tx.iov[i].iov_base = sock_buf(&s->tx, i) + s->skip;
		s->tx.iov[i].iov_len = io->conf->frame_len - s->skip;
	}
	return err;
}

static int prepare_rx(const struct gen_io *io, struct sock_io *s)
{
	int err = alloc_msgs(io, &s->rx) ?: alloc_bufs(io, &s->rx);
	uint32_t i;

	for (i = 0; !err && i < io->conf->burst; i++) {
		s->rx.iov[i].iov_base = sock_buf(&s->rx, i) + s->skip;
		s->rx.iov[i].iov_len = GEN_MAX_FRAME - s->skip;
		if (s->skip)
			s->rx.msg[i].msg_hdr.msg_name = &s->rx.addr[i];
	}
	return err;
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
 * @dirs: IO_*
 */
int sock_open(struct gen_io *io, int fd, uint32_t skip, int dirs)
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
	err = alloc_msgs(io, &s->tx);
	if (!err && dirs & IO_TX)
		err = prepare_tx(io, s);
	if (!err && dirs & IO_RX)
		err = prepare_rx(io, s);
	if (!err)
		err = set_options(io);
	if (err) {
		sock_close(io);
		return gen_error(err, "buffers of %u frames",
				 io->conf->burst);
	}
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
	free_msgs(io, &s->tx);
	free_msgs(io, &s->rx);
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

	for (i = 0; i < n; i++) {
		const struct msghdr *msg = &s->tx.msg[i].msg_hdr;

		if (sendto(io->fd, msg->msg_iov->iov_base, msg->msg_iov->iov_len,
			   0, msg->msg_name, msg->msg_namelen) < 0)
			return i ? (int)i : soft_error(errno);
	}
	return n;
}

static int send_msgs(struct gen_io *io, struct sock_io *s, uint32_t n)
{
	int sent;

	if (!io->conf->mmsg)
		return send_each(io, s, n);
	sent = sendmmsg(io->fd, s->tx.msg, n, 0);
	return sent < 0 ? soft_error(errno) : sent;
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

	if (n > io->conf->burst)
		n = io->conf->burst;
	for (i = 0; io->fill && i < n; i++) {
		struct gen_seg seg = {
			.data = sock_buf(&s->tx, i),
			.len = io->conf->frame_len,
		};

		io_fill(io, &seg, io->seq + i);
	}
	return send_msgs(io, s, n);
}

/* Where the headers say that a datagram goes to. */
static void address_msg(struct sock_msgs *msgs, uint32_t i,
			const struct gen_seg *seg)
{
	struct msghdr *msg = &msgs->msg[i].msg_hdr;
	struct gen_hdr hdr;

	memcpy(&hdr, seg->data, sizeof(hdr));
	msgs->addr[i] = (struct sockaddr_in){
		.sin_family = AF_INET,
		.sin_addr.s_addr = hdr.ip.daddr,
		.sin_port = hdr.udp.dest,
	};
	msg->msg_name = &msgs->addr[i];
	msg->msg_namelen = sizeof(msgs->addr[i]);
}

/**
 * sock_put() - send frames from where they are
 * @io: the backend
 * @seg: the frames
 * @n: their number
 */
int sock_put(struct gen_io *io, const struct gen_seg *seg, uint32_t n)
{
	struct sock_io *s = io->priv;
	uint32_t i;

	if (n > io->conf->burst)
		n = io->conf->burst;
	for (i = 0; i < n; i++) {
		s->tx.iov[i].iov_base = seg[i].data + s->skip;
		s->tx.iov[i].iov_len = seg[i].len - s->skip;
		if (s->skip)
			address_msg(&s->tx, i, &seg[i]);
	}
	return send_msgs(io, s, n);
}

static int recv_each(struct gen_io *io, struct sock_io *s, uint32_t max)
{
	uint32_t i;

	for (i = 0; i < max; i++) {
		ssize_t len = recvmsg(io->fd, &s->rx.msg[i].msg_hdr,
				      i || io->nowait ? MSG_DONTWAIT : 0);

		if (len < 0)
			return i ? (int)i : soft_error(errno);
		s->rx.msg[i].msg_len = len;
	}
	return i;
}

/* Give a datagram the headers that its sender would have written. */
static void add_headers(const struct gen_conf *conf, const struct sock_io *s,
			uint32_t i, uint32_t len)
{
	struct gen_addr src = conf->peer;

	src.ip = s->rx.addr[i].sin_addr;
	frame_header(sock_buf(&s->rx, i), &src, &conf->local, len);
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
		s->rx.msg[i].msg_hdr.msg_namelen = sizeof(s->rx.addr[i]);

	if (io->conf->mmsg)
		n = recvmmsg(io->fd, s->rx.msg, max, io->nowait ?
			     MSG_DONTWAIT : MSG_WAITFORONE, NULL);
	else
		n = recv_each(io, s, max);
	if (n < 0)
		return io->conf->mmsg ? soft_error(errno) : n;

	for (i = 0; i < n; i++) {
		seg[i].data = sock_buf(&s->rx, i);
		seg[i].len = s->rx.msg[i].msg_len + s->skip;
		seg[i].more = 0;
		if (s->skip)
			add_headers(io->conf, s, i, seg[i].len);
	}
	return n;
}
