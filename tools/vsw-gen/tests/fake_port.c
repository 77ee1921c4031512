// SPDX-License-Identifier: GPL-2.0
/*
 * A libvsw without a kernel, so that the ring backend runs under sanitizers
 *
 * Port "NAME0" talks to port "NAME1", over UNIX sockets: full rings, frames of
 * several slots and exchanged buffers are as on a real port. FAKE_BUF_SIZE in
 * the environment is the size of the buffers.
 */
#include <errno.h>
#include <poll.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <vsw/vsw.h>

#define SLOTS		37
#define SPARE_BUF	(VSW_FIRST_BUF + 2 * SLOTS)
#define BUFS		(SPARE_BUF + 1)
#define MAX_FRAME	(1 << 16)

struct vsw_port {
	struct vsw_attach	info;
	struct vsw_ring		*tx;
	struct vsw_ring		*rx;
	uint8_t			*bufs;
	uint32_t		tx_done;
	uint32_t		rx_done;
	uint32_t		spare;
	int			fd;
	/* One for each direction: they may have a thread each. */
	uint8_t			tx_frame[MAX_FRAME];
	uint8_t			rx_frame[MAX_FRAME];
};

static socklen_t address(struct sockaddr_un *addr, const char *name, int flip)
{
	size_t len = strlen(name);

	*addr = (struct sockaddr_un){ .sun_family = AF_UNIX };
	memcpy(addr->sun_path + 1, name, len);
	addr->sun_path[len] ^= flip;
	return offsetof(struct sockaddr_un, sun_path) + 1 + len;
}

static struct vsw_ring *ring_new(struct vsw_port *port, int dir)
{
	struct vsw_ring *ring = calloc(1, sizeof(*ring) +
				       SLOTS * sizeof(ring->slot[0]));
	uint32_t i;

	ring->dir = dir;
	ring->num_slots = SLOTS;
	ring->buf_size = port->info.buf_size;
	ring->buf_ofs = port->bufs - (uint8_t *)ring;
	for (i = 0; i < SLOTS; i++)
		ring->slot[i].buf_idx = VSW_FIRST_BUF + dir * SLOTS + i;
	ring->tail = dir == VSW_RING_TX ? SLOTS - 1 : 0;
	return ring;
}

int vsw_port_open(struct vsw_port **out, const char *name,
		  const struct vsw_port_params *params)
{
	struct vsw_port *port = calloc(1, sizeof(*port));
	struct sockaddr_un addr;
	socklen_t len;

	if (params->ring > 0 || strlen(name) + 1 > sizeof(port->info.name)) {
		free(port);
		return -EINVAL;
	}
	memcpy(port->info.name, name, strlen(name));
	port->info.rings = 1;
	port->info.buf_size = atoi(getenv("FAKE_BUF_SIZE") ?: "2048");
	port->bufs = calloc(BUFS, port->info.buf_size);
	port->spare = SPARE_BUF;
	port->tx = ring_new(port, VSW_RING_TX);
	port->rx = ring_new(port, VSW_RING_RX);
	port->fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0);
	len = address(&addr, name, 0);
	if (bind(port->fd, (struct sockaddr *)&addr, len)) {
		vsw_port_close(port);
		return -EBUSY;
	}
	*out = port;
	return 0;
}

void vsw_port_close(struct vsw_port *port)
{
	if (!port)
		return;
	close(port->fd);
	free(port->tx);
	free(port->rx);
	free(port->bufs);
	free(port);
}

int vsw_port_fd(const struct vsw_port *port)
{
	return port->fd;
}

const struct vsw_attach *vsw_port_info(const struct vsw_port *port)
{
	return &port->info;
}

struct vsw_ring *vsw_port_tx(const struct vsw_port *port, unsigned int i)
{
	return i ? NULL : port->tx;
}

struct vsw_ring *vsw_port_rx(const struct vsw_port *port, unsigned int i)
{
	return i ? NULL : port->rx;
}

/* Returns false if the peer has no room. */
static int transmit(struct vsw_port *port, uint32_t len)
{
	struct sockaddr_un addr;
	socklen_t size = address(&addr, port->info.name, '0' ^ '1');

	/* Connected, so that poll() waits for room. Nobody there: lost. */
	if (connect(port->fd, (struct sockaddr *)&addr, size))
		return 1;
	return send(port->fd, port->tx_frame, len, 0) >= 0 || errno != EAGAIN;
}

int vsw_port_txsync(struct vsw_port *port)
{
	struct vsw_ring *ring = port->tx;
	uint32_t i, next = port->tx_done, len = 0;

	for (i = port->tx_done; i != ring->head;) {
		struct vsw_slot *slot = &ring->slot[i];

		memcpy(port->tx_frame + len, vsw_slot_buf(ring, i), slot->len);
		len += slot->len;
		i = vsw_ring_next(ring, i);
		if (slot->flags & VSW_SLOT_MOREFRAG)
			continue;
		if (!transmit(port, len))
			break;
		len = 0;
		/* What a domain does: the buffer is another one now. */
		for (; next != i; next = vsw_ring_next(ring, next)) {
			uint32_t idx = ring->slot[next].buf_idx;

			ring->slot[next].buf_idx = port->spare;
			ring->slot[next].flags = VSW_SLOT_BUF_CHANGED;
			port->spare = idx;
		}
	}
	port->tx_done = next;
	ring->tail = vsw_ring_add(ring, next, SLOTS - 1);
	return 0;
}

int vsw_port_rxsync(struct vsw_port *port)
{
	struct vsw_ring *ring = port->rx;
	uint32_t size = ring->buf_size;
	ssize_t len, at;

	for (;;) {
		uint32_t room = vsw_ring_add(ring, ring->head, SLOTS - 1);
		uint32_t i = ring->tail, free_slots;

		free_slots = room >= i ? room - i : room + SLOTS - i;
		len = recv(port->fd, port->rx_frame, MAX_FRAME, MSG_PEEK);
		if (len < 0 || (len + size - 1) / size > free_slots)
			return 0;
		recv(port->fd, port->rx_frame, MAX_FRAME, 0);
		for (at = 0; at < len; at += size) {
			struct vsw_slot *slot = &ring->slot[i];

			slot->len = len - at < size ? len - at : size;
			slot->flags = at + size < len ? VSW_SLOT_MOREFRAG : 0;
			memcpy(vsw_slot_buf(ring, i), port->rx_frame + at,
			       slot->len);
			i = vsw_ring_next(ring, i);
		}
		ring->tail = i;
	}
}
