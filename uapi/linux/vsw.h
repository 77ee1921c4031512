/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/*
 * vsw: ring memory and the /dev/vsw interface
 *
 * The memory of a ring port follows the netmap API, version 14, offset for
 * offset (Rizzo, "netmap: a novel framework for fast packet I/O", USENIX ATC
 * 2012), under names of its own. Everything in a mapping is reached by
 * offsets, so programs may map a region at different addresses:
 *
 *   if     = map + vsw_attach.if_offset
 *   ring   = if + if->ring_ofs[k]   TX ring i: k = i
 *                                   RX ring i: k = tx_rings + host_tx_rings + i
 *   buffer = ring + ring->buf_ofs + index * ring->buf_size
 *
 * The mapping is writable as a whole. What the comments call constant is
 * written once by the kernel and never read back by it.
 */
#ifndef _UAPI_LINUX_VSW_H
#define _UAPI_LINUX_VSW_H

#include <linux/ioctl.h>
#include <linux/types.h>

#define VSW_DEVICE_NAME		"vsw"

/* Size of the name of a switch or a port, including the terminating NUL. */
#define VSW_NAME_SIZE		16

/* Limits of a ring port, checked when the port is created. */
#define VSW_MAX_RINGS		64	/* ring pairs */
#define VSW_MIN_SLOTS		2	/* per ring; one slot always stays empty */
#define VSW_MAX_SLOTS		4096
#define VSW_MIN_BUF_SIZE	256	/* bytes, in steps of VSW_BUF_ALIGN */
#define VSW_MAX_BUF_SIZE	16384
#define VSW_BUF_ALIGN		64

/* A frame spans at most this many slots; longer chains are dropped. */
#define VSW_MAX_FRAGS		64

/* Buffers 0 and 1 of a region are reserved and never belong to a slot. */
#define VSW_FIRST_BUF		2

/**
 * struct vsw_slot - one buffer of a ring
 * @buf_idx: number of the buffer inside the region; the owner of the slot may
 *	exchange it for another buffer that it owns
 * @len: bytes of the frame in this buffer
 * @flags: VSW_SLOT_*
 * @ptr: unused, zero
 */
struct vsw_slot {
	__u32	buf_idx;
	__u16	len;
	__u16	flags;
	__u64	ptr;
};

/* @buf_idx was exchanged by the side that handed the slot over. */
#define VSW_SLOT_BUF_CHANGED	0x0001
/* The frame goes on in the next slot. */
#define VSW_SLOT_MOREFRAG	0x0020
/* RX only: number of slots of the frame, in each of its slots. */
#define VSW_SLOT_FRAGS_SHIFT	8
#define VSW_SLOT_FRAGS_MASK	0xff00

/**
 * struct vsw_timestamp - wall-clock time
 * @sec: seconds since the epoch
 * @usec: microseconds
 */
struct vsw_timestamp {
	__s64	sec;
	__s64	usec;
};

#define VSW_RING_RX		0
#define VSW_RING_TX		1

/*
 * A sender waits for room in this RX ring, which was attached with
 * VSW_ATTACH_RX_DIRECT: sync after the next change of head. Write head first,
 * then a full barrier, then look for the flag.
 */
#define VSW_RING_NEED_SYNC	0x1

/**
 * struct vsw_ring - a circular array of slots
 * @buf_ofs: bytes from this ring to buffer 0 of the region; constant
 * @num_slots: number of slots, not necessarily a power of two; constant
 * @buf_size: bytes of each buffer, and the distance between buffers; constant
 * @ringid: index of the ring among those of its direction; constant
 * @dir: VSW_RING_TX or VSW_RING_RX; constant
 * @head: first slot that the program keeps; written by the program
 * @cur: the program sleeps until @tail moves beyond this slot; written by the
 *	program, between @head and @tail
 * @tail: first slot that belongs to the kernel; written by the kernel, only in
 *	a sync that the program asked for, but for RX rings that were attached
 *	with VSW_ATTACH_RX_DIRECT
 * @flags: VSW_RING_*, written by the kernel; zero on a TX ring
 * @pad0: padding
 * @ts: time at which the last sync brought new slots; RX rings only
 * @offset_mask: zero
 * @buf_align: zero
 * @pad1: padding
 * @sem: for the program's own use, never touched by the kernel
 * @slot: the slots
 *
 * The slots from @head to before @tail belong to the program, all others to
 * the kernel. Indices wrap at @num_slots. The program writes slots first and
 * @head and @cur afterwards, with release order; it reads @tail with acquire
 * order before it reads slots.
 */
struct vsw_ring {
	__s64			buf_ofs;
	__u32			num_slots;
	__u32			buf_size;
	__u16			ringid;
	__u16			dir;
	__u32			head;
	__u32			cur;
	__u32			tail;
	__u32			flags;
	__u32			pad0;
	struct vsw_timestamp	ts;
	__u64			offset_mask;
	__u64			buf_align;
	__u8			pad1[56];
	__u8			sem[128];
	struct vsw_slot		slot[];
};

/**
 * struct vsw_if - the rings of one attachment
 * @name: name of the port
 * @version: zero
 * @flags: VSW_IF_*
 * @tx_rings: TX rings of the port
 * @rx_rings: RX rings of the port
 * @bufs_head: zero; reserved for a list of extra buffers
 * @host_tx_rings: one, always absent
 * @host_rx_rings: one, always absent
 * @spare: zero
 * @ring_ofs: bytes from here to each ring, in the order TX, host TX, RX, host
 *	RX; zero where the attachment has not got the ring
 */
struct vsw_if {
	char	name[VSW_NAME_SIZE];
	__u32	version;
	__u32	flags;
	__u32	tx_rings;
	__u32	rx_rings;
	__u32	bufs_head;
	__u32	host_tx_rings;
	__u32	host_rx_rings;
	__u32	spare[3];
	__s64	ring_ofs[];
};

#define VSW_IF_PRIVATE_REGION	0x1
/* Each frame follows a struct virtio_net_hdr_v1 of <linux/virtio_net.h>. */
#define VSW_IF_VNET_HDR		0x2

/**
 * struct vsw_attach - argument of VSW_IOC_ATTACH
 * @size: sizeof(struct vsw_attach) of the program; the kernel accepts larger
 *	structs if what it does not know is zero
 * @flags: VSW_ATTACH_*
 * @name: name of the port in the network namespace in which /dev/vsw was
 *	opened
 * @ring: with VSW_ATTACH_ONE_RING, the index of the ring pair; otherwise zero
 * @region_id: out: number of the region, unique while it exists, never zero
 * @region_size: out: bytes to map, at file offset 0
 * @if_offset: out: where struct vsw_if is in the mapping
 * @rings: out: ring pairs of the port
 * @slots: out: slots of each ring
 * @buf_size: out: bytes of each buffer
 * @reserved: zero
 */
struct vsw_attach {
	__u32	size;
	__u32	flags;
	char	name[VSW_NAME_SIZE];
	__u32	ring;
	__u32	region_id;
	__u64	region_size;
	__u64	if_offset;
	__u32	rings;
	__u32	slots;
	__u32	buf_size;
	__u32	reserved;
};

/* Size of the first published version of struct vsw_attach. */
#define VSW_ATTACH_SIZE_VER0	64

/* Attach the ring pair that vsw_attach.ring names, not all of them. */
#define VSW_ATTACH_ONE_RING	0x1
/* poll() transmits only if asked for POLLOUT. */
#define VSW_ATTACH_NO_TX_POLL	0x2
/*
 * Receive without system calls: senders write tail of the RX rings, and read
 * head. A sync is needed to sleep in poll(), and if VSW_RING_NEED_SYNC says so.
 * A slot before head may be filled again at any time.
 */
#define VSW_ATTACH_RX_DIRECT	0x4

#define VSW_IOC_MAGIC		0xEF

/*
 * VSW_IOC_ATTACH: give the open file a port, or one ring pair of it.
 *
 * EINVAL	size, flags, name or ring is not acceptable
 * E2BIG	the struct is larger than known and its tail is not zero, or it is
 *		larger than a page
 * EFAULT	the struct cannot be read or written
 * ENODEV	no such ring port in the namespace
 * EPERM	CAP_NET_RAW over the port's namespace is missing
 * EISCONN	this file has a port already
 * EBUSY	another file holds the port or the ring pair
 * ENOMEM	no memory, or RLIMIT_MEMLOCK or the memory cgroup forbids it
 *
 * The port is detached when the last descriptor and the last mapping of the
 * file are gone.
 */
#define VSW_IOC_ATTACH		_IO(VSW_IOC_MAGIC, 0x00)

/*
 * VSW_IOC_TXSYNC: hand the slots before head of every attached TX ring to the
 * switch; fsync(2) and fdatasync(2) do the same by a shorter way.
 * VSW_IOC_RXSYNC: return the slots before head of every attached RX ring, and
 * learn by tail of the slots that were filled.
 *
 * EINVAL	head or cur is not the index of a slot
 * ERANGE	head or cur is beyond the slots that the program owns. Of a TX
 *		ring it owns all but one if nothing waits, so a head that went
 *		back means to send nearly all of them
 * ENXIO	no port is attached
 * ENODEV	the port has been deleted
 *
 * A ring in error is left as it is; the other rings are synced. A frame that
 * the switch cannot accept is no error: it is dropped and counted. Frames for
 * a port without room that makes senders wait (on-full block) stay in the TX
 * ring, which then has less than all but one of its slots between head and
 * tail; poll() for POLLOUT wakes when there is room, and a sync tries again.
 */
#define VSW_IOC_TXSYNC		_IO(VSW_IOC_MAGIC, 0x01)
#define VSW_IOC_RXSYNC		_IO(VSW_IOC_MAGIC, 0x02)

#endif /* _UAPI_LINUX_VSW_H */
