/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * libvsw: ring ports
 *
 * Functions that can fail return 0 or a negative errno.
 */
#ifndef _VSW_VSW_H
#define _VSW_VSW_H

#include <stddef.h>
#include <stdint.h>

#include <linux/vsw.h>
#include <vsw/ring.h>

/* Of the library; the symbol map tells what is new in it. */
#define VSW_LIB_VERSION	"0.1.0"

#ifdef __cplusplus
extern "C" {
#endif

/* An attached port. */
struct vsw_port;

/* Attach all ring pairs of a port. */
#define VSW_ALL_RINGS	(-1)

/**
 * struct vsw_port_params - how to attach a port
 * @ring: index of one ring pair, or VSW_ALL_RINGS
 * @flags: VSW_ATTACH_NO_TX_POLL, VSW_ATTACH_RX_DIRECT
 * @device: path of the device, NULL for /dev/vsw
 */
struct vsw_port_params {
	int		ring;
	uint32_t	flags;
	const char	*device;
};

/**
 * vsw_port_open() - attach a port of the caller's network namespace
 * @port: out: the port
 * @name: its name
 * @params: NULL for all ring pairs and no flags
 *
 * Return: 0; the errors of open(2), mmap(2) and VSW_IOC_ATTACH in
 * <linux/vsw.h>.
 */
int vsw_port_open(struct vsw_port **port, const char *name,
		  const struct vsw_port_params *params);

/**
 * vsw_port_close() - detach a port and unmap its region
 * @port: the port; NULL is allowed
 */
void vsw_port_close(struct vsw_port *port);

/**
 * vsw_port_fd() - file descriptor for poll(2), select(2) and epoll(7)
 * @port: the port
 */
int vsw_port_fd(const struct vsw_port *port);

/**
 * vsw_port_info() - what the kernel answered to VSW_IOC_ATTACH
 * @port: the port
 */
const struct vsw_attach *vsw_port_info(const struct vsw_port *port);

/**
 * vsw_port_tx() - a TX ring
 * @port: the port
 * @i: index of the ring pair
 *
 * Return: the ring, or NULL if it does not exist or is not attached.
 */
struct vsw_ring *vsw_port_tx(const struct vsw_port *port, unsigned int i);

/**
 * vsw_port_rx() - an RX ring
 * @port: the port
 * @i: index of the ring pair
 *
 * Return: the ring, or NULL if it does not exist or is not attached.
 */
struct vsw_ring *vsw_port_rx(const struct vsw_port *port, unsigned int i);

/**
 * vsw_port_txsync() - send the frames before head of all attached TX rings
 * @port: the port
 *
 * Return: 0; the errors of VSW_IOC_TXSYNC in <linux/vsw.h>.
 */
int vsw_port_txsync(struct vsw_port *port);

/**
 * vsw_port_rxsync() - return read slots, and receive
 * @port: the port
 *
 * Return: 0; the errors of VSW_IOC_RXSYNC in <linux/vsw.h>.
 */
int vsw_port_rxsync(struct vsw_port *port);

#ifdef __cplusplus
}
#endif

#endif /* _VSW_VSW_H */
