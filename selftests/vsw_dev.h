/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the test programs share: /dev/vsw, and frames in rings
 *
 * A frame is known by its ports, a number and its length: each of its bytes
 * follows from them.
 */
#ifndef _VSW_DEV_H
#define _VSW_DEV_H

#include <poll.h>
#include <sys/ioctl.h>
#include <sys/mman.h>

#include <linux/vsw.h>
#include <vsw/ring.h>

#include "vsw_test.h"

#define DEVICE		"/dev/" VSW_DEVICE_NAME
#define ALL		0xffff	/* instead of a port: the broadcast address */
#define HDR_LEN		14
#define SEQ_LEN		(HDR_LEN + 4)	/* of a frame that has its number */

/* A port that the program has attached and mapped; its first ring pair. */
struct dev {
	int			fd;
	struct vsw_attach	info;
	char			*map;
	struct vsw_if		*nif;
	struct vsw_ring		*tx;
	struct vsw_ring		*rx;
};

/*
 * The device
 */

static inline int dev_open(void)
{
	int fd = open(DEVICE, O_RDWR | O_CLOEXEC);

	must(fd >= 0);
	return fd;
}

/* An ioctl; 0 or the errno. */
static inline int dev_ioctl(int fd, unsigned long cmd, void *arg)
{
	return ioctl(fd, cmd, arg) < 0 ? errno : 0;
}

static inline struct vsw_attach dev_request(unsigned int port)
{
	struct vsw_attach req = { .size = sizeof(req) };

	snprintf(req.name, sizeof(req.name), "p%u", port);
	return req;
}

/* Attach a port, all of it; 0 or the errno. */
static inline int dev_attach(int fd, unsigned int port)
{
	struct vsw_attach req = dev_request(port);

	return dev_ioctl(fd, VSW_IOC_ATTACH, &req);
}

static inline struct vsw_ring *dev_tx(const struct dev *dev, uint32_t i)
{
	return (void *)((char *)dev->nif + dev->nif->ring_ofs[i]);
}

static inline struct vsw_ring *dev_rx(const struct dev *dev, uint32_t i)
{
	return dev_tx(dev, dev->info.rings + 1 + i);
}

/* Map what has been attached already. */
static inline void dev_map(struct dev *dev)
{
	uint32_t i = dev->info.ring;

	dev->map = mmap(NULL, dev->info.region_size, PROT_READ | PROT_WRITE,
			MAP_SHARED, dev->fd, 0);
	must(dev->map != MAP_FAILED);
	dev->nif = (void *)(dev->map + dev->info.if_offset);
	dev->tx = dev_tx(dev, i);
	dev->rx = dev_rx(dev, i);
}

static inline void dev_up_flags(struct dev *dev, unsigned int port,
				uint32_t flags, uint32_t ring)
{
	dev->info = dev_request(port);
	dev->info.flags = flags;
	dev->info.ring = ring;
	dev->fd = dev_open();
	must(!dev_ioctl(dev->fd, VSW_IOC_ATTACH, &dev->info));
	dev_map(dev);
}

static inline void dev_up(struct dev *dev, unsigned int port)
{
	dev_up_flags(dev, port, 0, 0);
}

static inline void dev_unmap(struct dev *dev)
{
	must(!munmap(dev->map, dev->info.region_size));
}

static inline void dev_down(struct dev *dev)
{
	dev_unmap(dev);
	must(!close(dev->fd));
}

/* Make port @i, and attach it. */
static inline void dev_new(struct dev *dev, unsigned int i, uint32_t rings,
			   uint32_t slots, uint32_t buf_size)
{
	port_add(i, rings, slots, buf_size);
	dev_up(dev, i);
}

static inline int txsync(const struct dev *dev)
{
	return dev_ioctl(dev->fd, VSW_IOC_TXSYNC, NULL);
}

static inline int rxsync(const struct dev *dev)
{
	return dev_ioctl(dev->fd, VSW_IOC_RXSYNC, NULL);
}

/* Returned events; after @timeout ms 0. */
static inline short dev_poll(const struct dev *dev, short events, int timeout)
{
	struct pollfd pfd = { .fd = dev->fd, .events = events };
	int ret;

	do
		ret = poll(&pfd, 1, timeout);
	while (ret < 0 && errno == EINTR);
	must(ret >= 0);
	return ret ? pfd.revents : 0;
}

/*
 * Frames
 */

static inline uint8_t mac_byte(unsigned int port, unsigned int i)
{
	static const uint8_t base[6] = { 2 };

	if (port == ALL)
		return 0xff;
	return i < 4 ? base[i] : i == 4 ? port >> 8 : port;
}

static inline uint8_t frame_byte(unsigned int to, unsigned int from,
				 uint32_t seq, uint32_t at)
{
	if (at < 6)
		return mac_byte(to, at);
	if (at < 12)
		return mac_byte(from, at - 6);
	if (at < HDR_LEN)
		return at == 12 ? 0x88 : 0xb5;
	if (at < SEQ_LEN)
		return seq >> 8 * (SEQ_LEN - 1 - at);
	return (uint32_t)((seq + 257 * at) * 2654435761u) >> 24;
}

/* A piece of a frame, from byte @at on. */
static inline void frame_write(uint8_t *buf, uint32_t len, unsigned int to,
			       unsigned int from, uint32_t seq, uint32_t at)
{
	uint32_t i;

	for (i = 0; i < len; i++)
		buf[i] = frame_byte(to, from, seq, at + i);
}

static inline bool frame_is(const uint8_t *buf, uint32_t len, unsigned int to,
			    unsigned int from, uint32_t seq, uint32_t at)
{
	uint32_t i;

	for (i = 0; i < len; i++)
		if (buf[i] != frame_byte(to, from, seq, at + i))
			return false;
	return true;
}

static inline uint32_t frame_seq(const uint8_t *buf)
{
	return (uint32_t)buf[HDR_LEN] << 24 | buf[HDR_LEN + 1] << 16 |
	       buf[HDR_LEN + 2] << 8 | buf[HDR_LEN + 3];
}

/* Put a frame into slots of @piece bytes at most, without a sync. */
static inline void put_pieces(struct vsw_ring *ring, unsigned int to,
			      unsigned int from, uint32_t seq, uint32_t len,
			      uint32_t piece)
{
	uint32_t i = ring->head, slots = 0, at = 0, n;

	do {
		must(slots < vsw_ring_avail(ring));
		n = len - at < piece ? len - at : piece;
		frame_write(vsw_slot_buf(ring, i), n, to, from, seq, at);
		at += n;
		ring->slot[i].len = n;
		ring->slot[i].flags = at < len ? VSW_SLOT_MOREFRAG : 0;
		i = vsw_ring_next(ring, i);
		slots++;
	} while (at < len);
	vsw_ring_advance(ring, slots);
}

static inline void put(struct vsw_ring *ring, unsigned int to,
		       unsigned int from, uint32_t seq, uint32_t len)
{
	put_pieces(ring, to, from, seq, len, ring->buf_size);
}

/* Put a frame, and have it sent. */
static inline void send_frame(struct dev *dev, unsigned int to,
			      unsigned int from, uint32_t seq, uint32_t len)
{
	put(dev->tx, to, from, seq, len);
	must(!txsync(dev));
}

/* Take the next frame out of an RX ring; whether it is what it should be. */
static inline bool got(struct vsw_ring *ring, unsigned int to,
		       unsigned int from, uint32_t seq, uint32_t len)
{
	uint32_t avail = vsw_ring_avail(ring), i = ring->head, n = 0, at = 0;
	const struct vsw_slot *slot;
	bool good = true;

	do {
		if (n++ == avail)
			return false;
		slot = &ring->slot[i];
		good = good && slot->len <= len - at &&
		       frame_is(vsw_slot_buf(ring, i), slot->len, to, from,
				seq, at);
		at += slot->len;
		i = vsw_ring_next(ring, i);
	} while (slot->flags & VSW_SLOT_MOREFRAG);
	vsw_ring_advance(ring, n);
	return good && at == len;
}

/* Sync, and take a frame as got() does. */
static inline bool recv_frame(struct dev *dev, unsigned int to,
			      unsigned int from, uint32_t seq, uint32_t len)
{
	return !rxsync(dev) && got(dev->rx, to, from, seq, len);
}

/* Whether a frame from one port arrives at the other. */
static inline bool traffic(struct dev *a, unsigned int from, struct dev *b,
			   unsigned int to)
{
	static uint32_t seq = 1u << 30;

	put(a->tx, to, from, ++seq, 60);
	return !txsync(a) && recv_frame(b, to, from, seq, 60);
}

#endif /* _VSW_DEV_H */
