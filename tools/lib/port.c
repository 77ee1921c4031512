// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * libvsw: ring ports
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <vsw/vsw.h>

#define DEVICE	"/dev/" VSW_DEVICE_NAME

/* vsw_if.host_tx_rings: constant, as all that tells where the rings are. */
#define HOST_RINGS	1

/**
 * struct vsw_port - an attached port
 * @fd: the device
 * @map: the region
 * @info: the kernel's answer; how many rings there are comes from here, not
 *	from the mapping, which others may write to
 * @ring: the TX rings, then the RX rings; NULL where there is none
 */
struct vsw_port {
	int			fd;
	void			*map;
	struct vsw_attach	info;
	struct vsw_ring		*ring[];
};

static int open_retry(const char *path)
{
	int fd;

	do
		fd = open(path, O_RDWR | O_CLOEXEC);
	while (fd < 0 && errno == EINTR);
	return fd < 0 ? -errno : fd;
}

static int ioctl_retry(int fd, unsigned long request, void *arg)
{
	int ret;

	do
		ret = ioctl(fd, request, arg);
	while (ret < 0 && errno == EINTR);
	return ret < 0 ? -errno : 0;
}

static int attach(int fd, const char *name,
		  const struct vsw_port_params *params, struct vsw_attach *info)
{
	size_t len = strlen(name);

	if (len >= sizeof(info->name))
		return -EINVAL;
	memset(info, 0, sizeof(*info));
	info->size = sizeof(*info);
	memcpy(info->name, name, len);
	if (params) {
		info->flags = params->flags;
		if (params->ring != VSW_ALL_RINGS) {
			info->flags |= VSW_ATTACH_ONE_RING;
			info->ring = params->ring;
		}
	}
	return ioctl_retry(fd, VSW_IOC_ATTACH, info);
}

/* Look once where the rings are, so that nobody can move them later. */
static int find_rings(struct vsw_port *port)
{
	const struct vsw_attach *info = &port->info;
	const struct vsw_if *nif;
	uint64_t base = info->if_offset, ofs;
	unsigned int i, k;

	nif = (const struct vsw_if *)((char *)port->map + base);
	for (i = 0; i < 2 * info->rings; i++) {
		k = i < info->rings ? i : i + HOST_RINGS;
		ofs = __atomic_load_n(&nif->ring_ofs[k], __ATOMIC_RELAXED);
		if (!ofs)
			continue;
		/* It may be negative: the sum counts, modulo 2^64. */
		if (base + ofs > info->region_size - sizeof(struct vsw_ring))
			return -EPROTO;
		port->ring[i] = (void *)((char *)port->map + base + ofs);
	}
	return 0;
}

static int port_map(struct vsw_port *port)
{
	const struct vsw_attach *info = &port->info;
	uint64_t if_size = sizeof(struct vsw_if) +
			   (2ULL * info->rings + 2 * HOST_RINGS) * sizeof(int64_t);

	if (info->region_size < if_size + sizeof(struct vsw_ring) ||
	    info->region_size != (size_t)info->region_size ||
	    info->if_offset > info->region_size - if_size)
		return -EPROTO;
	port->map = mmap(NULL, info->region_size, PROT_READ | PROT_WRITE,
			 MAP_SHARED, port->fd, 0);
	if (port->map == MAP_FAILED)
		return -errno;
	return find_rings(port);
}

static struct vsw_port *port_alloc(int fd, const struct vsw_attach *info)
{
	struct vsw_port *port;

	port = calloc(1, sizeof(*port) + 2 * info->rings * sizeof(port->ring[0]));
	if (!port)
		return NULL;
	port->fd = fd;
	port->map = MAP_FAILED;
	port->info = *info;
	return port;
}

int vsw_port_open(struct vsw_port **out, const char *name,
		  const struct vsw_port_params *params)
{
	struct vsw_attach info;
	struct vsw_port *port;
	int fd, err;

	fd = open_retry(params && params->device ? params->device : DEVICE);
	if (fd < 0)
		return fd;
	err = attach(fd, name, params, &info);
	if (err)
		goto err_close;
	err = -EPROTO;
	if (info.rings > VSW_MAX_RINGS)
		goto err_close;
	err = -ENOMEM;
	port = port_alloc(fd, &info);
	if (!port)
		goto err_close;
	err = port_map(port);
	if (err) {
		vsw_port_close(port);
		return err;
	}
	*out = port;
	return 0;

err_close:
	close(fd);
	return err;
}

void vsw_port_close(struct vsw_port *port)
{
	if (!port)
		return;
	if (port->map != MAP_FAILED)
		munmap(port->map, port->info.region_size);
	close(port->fd);
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
	return i < port->info.rings ? port->ring[i] : NULL;
}

struct vsw_ring *vsw_port_rx(const struct vsw_port *port, unsigned int i)
{
	return i < port->info.rings ? port->ring[port->info.rings + i] : NULL;
}

int vsw_port_txsync(struct vsw_port *port)
{
	int ret;

	do
		ret = fsync(port->fd);
	while (ret < 0 && errno == EINTR);
	return ret < 0 ? -errno : 0;
}

int vsw_port_rxsync(struct vsw_port *port)
{
	return ioctl_retry(port->fd, VSW_IOC_RXSYNC, NULL);
}
