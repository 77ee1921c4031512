// SPDX-License-Identifier: GPL-2.0
/*
 * vsw-gen: raw sockets with rings, which the kernel calls PACKET_MMAP
 *
 * The rings are those of TPACKET_V2, in which a frame is there as soon as it has
 * come. TPACKET_V3 would need less work for each frame received, but hands over
 * blocks of frames when they are full, or when a timer of milliseconds says so:
 * no answer would ever take less than that.
 *
 * As in a vsw ring, the buffers that send hold the frame from the beginning.
 */
#include <errno.h>
#include <linux/if_packet.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "io_packet.h"
#include "netif.h"

/* Frames of a ring, but no more bytes than this. */
#define RING_FRAMES	2048
#define RING_BYTES	(16U << 20)
#define MIN_BLOCK	65536U
#define MIN_FRAME	2048U

/* Where the frame is in a buffer that sends. */
#define TX_DATA		(TPACKET2_HDRLEN - sizeof(struct sockaddr_ll))

/* What a buffer needs besides the frame: TX_DATA, or the same and some more. */
#define OVERHEAD	(TPACKET_ALIGN(TPACKET2_HDRLEN) + TPACKET_ALIGNMENT + ETH_HLEN)

/**
 * struct mmap_ring - a ring
 * @buf: its buffers
 * @frames: number of these
 * @at: the next one that we look at
 * @read: buffers that the last burst has shown
 */
struct mmap_ring {
	uint8_t		*buf;
	uint32_t	frames;
	uint32_t	at;
	uint32_t	read;
};

/**
 * struct mmap_io - the backend
 * @rx: ring that receives, behind the other one in memory; without buffers if
 *	it does not
 * @tx: ring that sends
 * @frame: bytes of a buffer
 * @map: the memory
 * @size: its size
 */
struct mmap_io {
	struct mmap_ring	rx;
	struct mmap_ring	tx;
	uint32_t		frame;
	uint8_t			*map;
	size_t			size;
};

static struct tpacket2_hdr *header(const struct mmap_io *m,
				   const struct mmap_ring *ring, uint32_t i)
{
	return (void *)(ring->buf + (size_t)i * m->frame);
}

static uint32_t status_of(const struct tpacket2_hdr *hdr)
{
	return __atomic_load_n(&hdr->tp_status, __ATOMIC_ACQUIRE);
}

static void set_status(struct tpacket2_hdr *hdr, uint32_t status)
{
	__atomic_store_n(&hdr->tp_status, status, __ATOMIC_RELEASE);
}

static uint32_t next(const struct mmap_ring *ring, uint32_t i)
{
	return i + 1 < ring->frames ? i + 1 : 0;
}

/* A buffer takes what the interface may have to carry, and is a power of two. */
static int choose_frame(struct mmap_io *m, const struct gen_conf *conf)
{
	int mtu = netif_mtu(conf->ifname, conf);

	if (mtu < 0)
		return mtu;
	m->frame = MIN_FRAME;
	while (m->frame < mtu + NETIF_MAX_HDR + OVERHEAD)
		m->frame *= 2;
	return 0;
}

static int make_ring(struct mmap_io *m, int fd, int option,
		     struct mmap_ring *ring)
{
	struct tpacket_req req = {
		.tp_block_size = m->frame > MIN_BLOCK ? m->frame : MIN_BLOCK,
		.tp_frame_size = m->frame,
	};
	uint32_t max = RING_BYTES / m->frame;

	req.tp_frame_nr = max < RING_FRAMES ? max : RING_FRAMES;
	req.tp_block_nr = req.tp_frame_nr / (req.tp_block_size / m->frame);
	if (setsockopt(fd, SOL_PACKET, option, &req, sizeof(req)))
		return -errno;
	ring->frames = req.tp_frame_nr;
	m->size += (size_t)req.tp_frame_nr * m->frame;
	return 0;
}

/* The kernel maps the ring that receives first. */
static int map_rings(struct mmap_io *m, int fd)
{
	m->map = mmap(NULL, m->size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (m->map == MAP_FAILED) {
		m->map = NULL;
		return -errno;
	}
	m->rx.buf = m->map;
	m->tx.buf = m->map + (size_t)m->rx.frames * m->frame;
	return 0;
}

/* Frames that the driver still has count as memory of the socket. */
static int make_rings(struct mmap_io *m, int fd, int dirs)
{
	int version = TPACKET_V2, size = RING_BYTES;
	int err = 0;

	if (setsockopt(fd, SOL_PACKET, PACKET_VERSION, &version,
		       sizeof(version)))
		return -errno;
	if (setsockopt(fd, SOL_SOCKET, SO_SNDBUFFORCE, &size, sizeof(size)))
		setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &size, sizeof(size));
	if (dirs & IO_RX)
		err = make_ring(m, fd, PACKET_RX_RING, &m->rx);
	if (!err)
		err = make_ring(m, fd, PACKET_TX_RING, &m->tx);
	return err ?: map_rings(m, fd);
}

static void mmap_close(struct gen_io *io)
{
	struct mmap_io *m = io->priv;

	if (m->map)
		munmap(m->map, m->size);
	close(io->fd);
	free(m);
}

static int open_rings(struct gen_io *io, int dirs)
{
	const struct gen_conf *conf = io->conf;
	struct mmap_io *m = io->priv;
	int err = choose_frame(m, conf);
	uint32_t i;

	if (err)
		return err;
	err = make_rings(m, io->fd, dirs);
	if (err)
		return gen_error(err, "rings of buffers of %u bytes", m->frame);
	for (i = 0; dirs & IO_TX && i < m->tx.frames; i++)
		frame_template((uint8_t *)header(m, &m->tx, i) + TX_DATA, conf);
	return 0;
}

static int mmap_open(struct gen_io *io, int dirs)
{
	int err;

	io->fd = packet_socket(io->conf);
	if (io->fd < 0)
		return io->fd;
	io->priv = calloc(1, sizeof(struct mmap_io));
	if (!io->priv) {
		close(io->fd);
		return gen_error(-ENOMEM, "buffers");
	}
	err = open_rings(io, dirs) ?: packet_bind(io->fd, io->conf, dirs);
	if (err)
		mmap_close(io);
	return err;
}

/* Let the kernel send what is ready, or learn why it cannot. */
static int kick(const struct gen_io *io)
{
	if (send(io->fd, NULL, 0, MSG_DONTWAIT) >= 0)
		return 0;
	switch (errno) {
	case EAGAIN:
	case EINTR:
	case ENOBUFS:
		return 0;
	default:
		return -errno;
	}
}

/* The next buffer that sends, or NULL. */
static uint8_t *free_buffer(const struct mmap_io *m)
{
	struct tpacket2_hdr *hdr = header(m, &m->tx, m->tx.at);

	return status_of(hdr) == TP_STATUS_AVAILABLE ?
	       (uint8_t *)hdr + TX_DATA : NULL;
}

static void push_buffer(struct mmap_io *m, uint32_t len)
{
	struct tpacket2_hdr *hdr = header(m, &m->tx, m->tx.at);

	hdr->tp_len = len;
	set_status(hdr, TP_STATUS_SEND_REQUEST);
	m->tx.at = next(&m->tx, m->tx.at);
}

static int mmap_tx(struct gen_io *io, uint32_t n)
{
	struct gen_seg seg = { .len = io->conf->frame_len };
	struct mmap_io *m = io->priv;
	uint32_t k;
	int err;

	for (k = 0; k < n; k++) {
		seg.data = free_buffer(m);
		if (!seg.data)
			break;
		if (io->fill)
			io_fill(io, &seg, io->seq + k);
		push_buffer(m, seg.len);
	}
	err = kick(io);
	return err ? err : (int)k;
}

static int mmap_put(struct gen_io *io, const struct gen_seg *seg, uint32_t n)
{
	struct mmap_io *m = io->priv;
	uint8_t *buf;
	uint32_t k;
	int err;

	for (k = 0; k < n; k++) {
		buf = free_buffer(m);
		if (!buf)
			break;
		memcpy(buf, seg[k].data, seg[k].len);
		push_buffer(m, seg[k].len);
	}
	err = kick(io);
	return err ? err : (int)k;
}

static int mmap_rx(struct gen_io *io, struct gen_seg *seg, uint32_t max)
{
	struct mmap_io *m = io->priv;
	struct tpacket2_hdr *hdr;
	uint32_t i = m->rx.at, n;

	for (; m->rx.read; m->rx.read--) {
		set_status(header(m, &m->rx, i), TP_STATUS_KERNEL);
		i = next(&m->rx, i);
	}
	m->rx.at = i;

	for (n = 0; n < max && n < m->rx.frames; n++) {
		hdr = header(m, &m->rx, i);
		if (!(status_of(hdr) & TP_STATUS_USER))
			break;
		seg[n].data = (uint8_t *)hdr + hdr->tp_mac;
		seg[n].len = hdr->tp_snaplen;
		seg[n].more = 0;
		i = next(&m->rx, i);
	}
	m->rx.read = n;
	return n ? (int)n : gen_socket_error(io->fd);
}

/* Frames leave in order, so it depends on the last one. */
static int mmap_push(struct gen_io *io)
{
	struct mmap_io *m = io->priv;
	struct tpacket2_hdr *last;
	int err;

	last = header(m, &m->tx, (m->tx.at ?: m->tx.frames) - 1);
	if (status_of(last) != TP_STATUS_SEND_REQUEST)
		return 0;
	err = kick(io);
	return err ? err : status_of(last) == TP_STATUS_SEND_REQUEST;
}

const struct gen_io_ops io_mmap = {
	.name = "packet-mmap",
	.waits = true,
	.open = mmap_open,
	.tx = mmap_tx,
	.rx = mmap_rx,
	.put = mmap_put,
	.push = mmap_push,
	.close = mmap_close,
};
