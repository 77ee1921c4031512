/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Rings: the only code that touches words which programs can write
 *
 * A program may change any byte of its mapping at any time. So each word of
 * it is read once, into a local copy; the copy is checked, and only the copy
 * is used. Geometry, indices and addresses are the kernel's own. What the
 * kernel writes for the program it never reads back.
 *
 * A ring pair as its two sides see it:
 *
 *	program                          kernel
 *
 *	TX ring
 *	fill slots                       read tx.ring->head     (A)
 *	write head              (A)      read slots, copy frames
 *	read tail               (B)      write tail             (B)
 *	fill slots
 *
 *	RX ring
 *	read tail               (C)      receiver: tail = rx.published (C, E)
 *	read slots                       receiver: rx.released = head  (D, F)
 *	write head              (D)      sender: read rx.released      (F)
 *	                                 sender: fill slots
 *	                                 sender: write rx.published    (E)
 *	sleep in poll           (G)      sender: wake a sleeper        (G)
 *
 * Each letter is a pair of a release and an acquire, but for G, which is a
 * pair of full barriers: the sender publishes and then looks for sleepers,
 * the receiver goes to sleep and then looks for published slots. In the RX
 * ring, "sender" is whoever delivers; "receiver" is a sync of the program.
 *
 * Any number of senders fill an RX ring. Under reserve_lock a sender takes
 * consecutive slots; then it fills them without the lock; then, again under
 * the lock, it notes that they are full, and publishes all slots up to the
 * first that another sender still fills. So slots are published in the order
 * in which they were reserved, and nobody waits for the copying of another.
 * (Rizzo, Lettieri: "VALE, a switched Ethernet for virtual machines", CoNEXT
 * 2012, section 3.4, has the idea of reserving before copying.)
 */
#ifndef _VSW_RING_H
#define _VSW_RING_H

#include <linux/mutex.h>
#include <linux/poll.h>
#include <linux/spinlock.h>
#include <linux/wait.h>
#include <linux/workqueue.h>

#include <uapi/linux/vsw.h>

#include "pkt.h"
#include "region.h"
#include "vsw.h"

struct vsw_file;

/**
 * struct vsw_shring - a ring in shared memory, and what the kernel knows of it
 * @ring: the ring; what it holds is not to be trusted
 * @bufs: buffer 0 of the region; constant, as all that follows
 * @num_slots: number of slots
 * @buf_size: bytes of a buffer
 * @num_bufs: number of buffers
 */
struct vsw_shring {
	struct vsw_ring		*ring;
	u8			*bufs;
	u32			num_slots;
	u32			buf_size;
	u32			num_bufs;
};

/**
 * struct vsw_tx_ring - frames from a program
 * @lock: one sync at a time; protects all that follows
 * @sh: the ring in shared memory
 * @attached: a file has the ring
 * @head: first slot that the program keeps
 * @tail: first slot that belongs to the kernel
 * @cur: the program waits for slots behind this one
 * @stats: frames accepted, and drops that the sender caused
 * @batch: scratch memory
 */
struct vsw_tx_ring {
	struct mutex		lock;	/* order: 4 */
	struct vsw_shring	sh;
	bool			attached;
	u32			head;
	u32			tail;
	u32			cur;
	struct vsw_stats	stats;
	struct vsw_batch	*batch;
};

/**
 * struct vsw_rx_ring - frames for a program
 * @reserve_lock: protects @file, @reserved, @published, @filled and @stats
 * @sh: the ring in shared memory
 * @file: the file that has the ring, or NULL; read under RCU to wake it
 * @reserved: first slot that no sender has taken
 * @published: first slot that the program must not read yet; published with E
 * @filled: for the first slot of each range that a sender has filled but not
 *	published: 1 + the slot behind the range; 0 elsewhere
 * @stats: frames delivered, and drops that the receiver caused
 * @lock: one sync at a time; protects all that follows
 * @released: first slot that the program keeps; published with F
 * @tail: what the program knows of @published
 * @cur: the program waits for slots behind this one
 */
struct vsw_rx_ring {
	spinlock_t		reserve_lock;	/* order: 5 */
	struct vsw_shring	sh;
	struct vsw_file __rcu	*file;
	u32			reserved;
	u32			published;
	u16			*filled;
	struct vsw_stats	stats;

	struct mutex		lock ____cacheline_aligned_in_smp;
	u32			released;
	u32			tail;
	u32			cur;
};

/**
 * struct vsw_ring_pair - what a file attaches at least
 * @tx: frames from the program
 * @rx: frames for the program
 * @idle_since: when the pair was detached, for cond_synchronize_rcu(): senders
 *	may fill its slots for a grace period longer
 */
struct vsw_ring_pair {
	struct vsw_tx_ring	tx;
	struct vsw_rx_ring	rx;
	unsigned long		idle_since;
};

/**
 * struct vsw_ring_set - all that exists only while a port is attached
 * @port: the port, of which the set holds a reference
 * @region: memory of the rings and buffers
 * @files: number of files that use the set; under &vsw_port.lock
 * @free_work: frees the set a grace period after the last file
 * @num_pairs: number of ring pairs
 * @pair: the ring pairs
 */
struct vsw_ring_set {
	struct vsw_ring_port	*port;
	struct vsw_region	*region;
	u32			files;
	struct rcu_work		free_work;
	u32			num_pairs;
	struct vsw_ring_pair	pair[] __counted_by(num_pairs);
};

/**
 * struct vsw_ring_port - a port whose rings programs map
 * @port: what all ports have
 * @set: rings and memory while at least one ring pair is attached
 * @layout: geometry; under &vsw_port.lock
 * @attached: number of attached ring pairs; under &vsw_port.lock
 * @counters: of ring pairs that were detached; under &vsw_port.lock
 */
struct vsw_ring_port {
	struct vsw_port			port;
	struct vsw_ring_set __rcu	*set;
	struct vsw_layout		layout;
	u32				attached;
	struct vsw_counters		counters;
};

static_assert(offsetof(struct vsw_ring_port, port) == 0);

/**
 * vsw_ring_port() - the ring port that a port is
 * @port: a port of type ring
 *
 * Return: the ring port.
 */
static inline struct vsw_ring_port *vsw_ring_port(struct vsw_port *port)
{
	return container_of(port, struct vsw_ring_port, port);
}

/**
 * struct vsw_file - an open /dev/vsw
 * @lock: one attach at a time; outside of all other locks
 * @net: network namespace of who opened it; NULL once a port is attached
 * @set: the rings; set once, with a release
 * @first: index of the first ring pair
 * @num: number of ring pairs
 * @flags: VSW_ATTACH_*
 * @hangup: the port has been deleted
 * @rx_wait: who sleeps until frames come
 * @tx_wait: who sleeps until there is room to send
 * @rcu: defers freeing
 */
struct vsw_file {
	struct mutex		lock;	/* order: 0 */
	struct net		*net;
	struct vsw_ring_set	*set;
	u32			first;
	u32			num;
	u32			flags;
	bool			hangup;
	wait_queue_head_t	rx_wait;
	wait_queue_head_t	tx_wait;
	struct rcu_head		rcu;
};

/* The first eight bytes of a slot, to be read and written as one word. */
union vsw_slot_word {
	struct {
		u32	buf_idx;
		u16	len;
		u16	flags;
	};
	u64		word;
};

static_assert(sizeof(union vsw_slot_word) == sizeof(u64));

static inline u32 vsw_ring_next(u32 num_slots, u32 i)
{
	return i + 1 == num_slots ? 0 : i + 1;
}

static inline u32 vsw_ring_prev(u32 num_slots, u32 i)
{
	return (i ?: num_slots) - 1;
}

static inline u32 vsw_ring_add(u32 num_slots, u32 i, u32 n)
{
	i += n;
	return i >= num_slots ? i - num_slots : i;
}

/* How many slots there are from @from to before @to. */
static inline u32 vsw_ring_dist(u32 num_slots, u32 from, u32 to)
{
	return to >= from ? to - from : to + num_slots - from;
}

/**
 * vsw_ring_read_pointers() - read and check what a program says of its ring
 * @sh: the ring
 * @first: first slot that the program owned so far
 * @tail: first slot that belongs to the kernel
 * @head: out: first slot that the program keeps
 * @cur: out: the program waits for slots behind this one
 *
 * Head is read before cur. A program writes cur first, so that another thread
 * which syncs meanwhile sees a cur that is at or behind the head it sees.
 *
 * Return: 0; -EINVAL: not an index of a slot; -ERANGE: not between @first and
 * @tail, or cur is before head. On an error @head and @cur are not set.
 */
static inline int vsw_ring_read_pointers(const struct vsw_shring *sh, u32 first,
					 u32 tail, u32 *head, u32 *cur)
{
	u32 n = sh->num_slots;
	u32 h = smp_load_acquire(&sh->ring->head);	/* A, D */
	u32 c = READ_ONCE(sh->ring->cur);

	if (unlikely(h >= n || c >= n))
		return -EINVAL;
	if (unlikely(vsw_ring_dist(n, first, h) > vsw_ring_dist(n, first, tail) ||
		     vsw_ring_dist(n, h, c) > vsw_ring_dist(n, h, tail)))
		return -ERANGE;
	*head = h;
	*cur = c;
	return 0;
}

/**
 * vsw_ring_write_tail() - tell a program which slots are its own
 * @sh: the ring
 * @tail: first slot that belongs to the kernel
 *
 * TX (B): the kernel is done with the slots before it. RX (C): the slots
 * before it have been filled.
 */
static inline void vsw_ring_write_tail(const struct vsw_shring *sh, u32 tail)
{
	smp_store_release(&sh->ring->tail, tail);	/* B, C */
}

/**
 * vsw_ring_read_slot() - read a slot once
 * @sh: the ring
 * @i: index of the slot
 *
 * Return: its first eight bytes, as they were at one point in time.
 */
static inline union vsw_slot_word vsw_ring_read_slot(const struct vsw_shring *sh,
						     u32 i)
{
	const u64 *word = (const u64 *)&sh->ring->slot[i];

	return (union vsw_slot_word) { .word = READ_ONCE(*word) };
}

/**
 * vsw_ring_write_slot() - write a slot
 * @sh: the ring
 * @i: index of the slot
 * @slot: what to write
 */
static inline void vsw_ring_write_slot(const struct vsw_shring *sh, u32 i,
				       union vsw_slot_word slot)
{
	WRITE_ONCE(*(u64 *)&sh->ring->slot[i], slot.word);
}

/**
 * vsw_ring_buf() - the buffer that a slot names
 * @sh: the ring
 * @buf_idx: what vsw_ring_read_slot() read
 *
 * Return: its memory, or NULL if the index is not that of a buffer which may
 * belong to a slot.
 */
static inline u8 *vsw_ring_buf(const struct vsw_shring *sh, u32 buf_idx)
{
	if (unlikely(buf_idx < VSW_FIRST_BUF || buf_idx >= sh->num_bufs))
		return NULL;
	return sh->bufs + (u64)buf_idx * sh->buf_size;
}

/* ring.c: control path */
struct vsw_port *vsw_ring_port_create(const struct vsw_layout *layout);
int vsw_ring_port_set(struct vsw_port *port, const struct vsw_layout *layout);
const struct vsw_layout *vsw_ring_layout(struct vsw_port *port);
const struct vsw_region *vsw_ring_region(struct vsw_port *port, u32 *files);
int vsw_ring_attach(struct vsw_ring_port *rp, struct vsw_file *file, u32 first,
		    u32 num);
void vsw_ring_detach(struct vsw_file *file);

/* port_ring.c: data path */
void vsw_ring_deliver(struct vsw_port *port, struct vsw_batch *batch,
		      const struct vsw_list *own);
int vsw_tx_sync(struct vsw_ring_set *set, u32 i, bool *ready);
int vsw_rx_sync(struct vsw_ring_set *set, u32 i, bool *ready);

#endif /* _VSW_RING_H */
