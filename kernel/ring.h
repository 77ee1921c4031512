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
 *	                                 sender: note that it waits    (H)
 *	                                 receiver: wake who waits      (H)
 *
 * Each letter is a pair of a release and an acquire, but for G and H, which
 * are pairs of full barriers. G: the sender publishes and then looks for
 * sleepers, the receiver goes to sleep and then looks for published slots. H,
 * the same with room instead of frames: the receiver releases and then looks
 * for waiting senders, a sender notes that it waits and then looks for room.
 * In the RX ring, "sender" is whoever delivers; "receiver" is a sync of the
 * program.
 *
 * A program may ask for an RX ring that needs no sync to receive
 * (VSW_ATTACH_RX_DIRECT). Then the sender is the kernel's side of C and D,
 * too: it writes tail when it publishes, and reads head when it finds no room.
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
#include <linux/timer.h>
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
 * @bufs: buffer VSW_FIRST_BUF of the region; constant, as all that follows
 * @buf_size: bytes of a buffer
 * @num_slots: number of slots
 * @num_bufs: number of buffers from @bufs on
 */
struct vsw_shring {
	struct vsw_ring		*ring;
	u8			*bufs;
	size_t			buf_size;
	u32			num_slots;
	u32			num_bufs;
};

/**
 * struct vsw_tx_ring - frames from a program
 * @lock: one sync at a time; protects all that follows
 * @sh: the ring in shared memory
 * @attached: a file has the ring
 * @head: first slot that the program keeps
 * @kept: frames from @head on wait for room at their destination; those behind
 *	the first that are done with are marked in @done
 * @locked: the port is; see &vsw_port_security.locked
 * @vnet: a virtio-net header precedes each frame; constant
 * @odd: @kept, @locked or @vnet
 * @waits: number of RX rings for which the kept frames wait; 0: not known
 * @wait: that ring, if it is one
 * @seen: slot behind the kept frames
 * @seen_at: when all of them were looked at, in jiffies
 * @done: slots from @head to before @seen that are not to be sent any more
 * @stats: frames accepted, and drops that the sender caused
 * @batch: scratch memory
 */
struct vsw_tx_ring {
	struct mutex		lock;	/* order: 4 */
	struct vsw_shring	sh;
	bool			attached;
	u32			head;
	bool			kept;
	bool			locked;
	bool			vnet;
	bool			odd;
	u32			waits;
	struct vsw_wait		wait;
	u32			seen;
	unsigned long		seen_at;
	unsigned long		*done;
	struct vsw_stats	stats;
	struct vsw_batch	*batch;
};

/**
 * struct vsw_rx_ring - frames for a program
 * @sh: the ring in shared memory
 * @file: the file that has the ring, or NULL; read under RCU to wake it
 * @port: the port; constant
 * @plain_max: no plain frame that only has to be copied is longer; 0 if there
 *	are none; constant
 * @vnet: a virtio-net header precedes each frame; constant
 * @direct: the program receives without sync
 * @awaited: a bit of @waiting may be set
 * @filled: for the first slot of each range that a sender has filled but not
 *	published: 1 + the slot behind the range; 0 elsewhere
 * @reserve_lock: protects what follows up to @stats, and @file, @direct and
 *	@filled
 * @reserved: first slot that no sender has taken
 * @room: so many slots can be taken at least, without a look at @released
 * @published: first slot that the program must not read yet; published with E
 * @full: the last sender found no room
 * @full_at: @released when it did
 * @full_since: since when @released has been that, in jiffies
 * @stats: frames delivered, and drops that the receiver caused
 * @waiting: indices of the ports that wait for room
 * @deadline: wakes those that have waited too long
 * @index: number of the ring pair; constant
 * @lock: one sync at a time; protects all that follows
 * @released: first slot that the program keeps; published with F
 * @tail: what the program knows of @published, unless the ring is @direct
 *
 * Senders and the receiver run on different CPUs. What both read, what senders
 * write with each batch and what the receiver writes with each sync have cache
 * lines of their own, so that per batch only @published and @released travel.
 */
struct vsw_rx_ring {
	struct vsw_shring	sh;
	struct vsw_file __rcu	*file;
	struct vsw_port		*port;
	u16			*filled;
	u32			plain_max;
	bool			vnet;
	bool			direct;
	bool			awaited;

	spinlock_t		reserve_lock ____cacheline_aligned_in_smp; /* order: 5 */
	u32			reserved;
	u32			room;
	u32			published;
	bool			full;
	u32			full_at;
	unsigned long		full_since;
	struct vsw_stats	stats;
	unsigned long		*waiting;
	struct timer_list	deadline;
	u32			index;

	struct mutex		lock ____cacheline_aligned_in_smp; /* order: 4 */
	u32			released;
	u32			tail;
};

static_assert(offsetofend(struct vsw_rx_ring, awaited) <= SMP_CACHE_BYTES);
/* Locks that debug themselves are larger. */
static_assert(offsetofend(struct vsw_rx_ring, stats.bytes) -
	      offsetof(struct vsw_rx_ring, reserve_lock) <= SMP_CACHE_BYTES ||
	      IS_ENABLED(CONFIG_DEBUG_SPINLOCK));
static_assert(offsetofend(struct vsw_rx_ring, tail) -
	      offsetof(struct vsw_rx_ring, lock) <= SMP_CACHE_BYTES ||
	      IS_ENABLED(CONFIG_DEBUG_MUTEXES));

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
 * struct vsw_ring_config - attributes of a ring port
 * @layout: geometry; cannot change while the port is attached
 * @on_full: what becomes of frames for which there is no room
 * @deadline: milliseconds for which senders wait for a receiver that does not
 *	receive; 0: for ever
 * @vnet_hdr: a virtio-net header precedes each frame; cannot change while the
 *	port is attached
 */
struct vsw_ring_config {
	struct vsw_layout	layout;
	enum vsw_on_full	on_full;
	u32			deadline;
	bool			vnet_hdr;
};

/**
 * struct vsw_ring_port - a port whose rings programs map
 * @port: what all ports have
 * @config: attributes; changed under &vsw_port.lock
 * @attached: number of attached ring pairs; under &vsw_port.lock
 * @counters: of ring pairs that were detached; under &vsw_port.lock
 */
struct vsw_ring_port {
	struct vsw_port			port;
	struct vsw_ring_config		config;
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
 * @pair: the first ring pair
 * @first: its index
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
	struct vsw_ring_pair	*pair;
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
 * @owned: number of slots that it owned
 * @head: out: first slot that the program keeps
 * @cur: out: the program waits for slots behind this one
 *
 * Head is read before cur. A program writes cur first, so that another thread
 * which syncs meanwhile sees a cur that is at or behind the head it sees.
 *
 * Return: 0; -EINVAL: not an index of a slot; -ERANGE: beyond what the program
 * owned, or cur is before head. On an error @head and @cur are not set.
 */
static inline int vsw_ring_read_pointers(const struct vsw_shring *sh, u32 first,
					 u32 owned, u32 *head, u32 *cur)
{
	u32 n = sh->num_slots;
	u32 h = smp_load_acquire(&sh->ring->head);	/* A, D */
	u32 c = READ_ONCE(sh->ring->cur);
	u32 to_cur;

	if (unlikely(c >= n))
		return -EINVAL;
	/* In the order of the ring: first, head, cur, tail. */
	to_cur = vsw_ring_dist(n, first, c);
	if (unlikely(h != c)) {
		if (h >= n)
			return -EINVAL;
		if (vsw_ring_dist(n, first, h) > to_cur)
			return -ERANGE;
	}
	if (unlikely(to_cur > owned))
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
 * vsw_ring_read_head() - read how far a program has received, without a sync
 * @sh: an RX ring
 * @released: first slot that the program kept so far
 * @published: first slot that it must not read yet
 *
 * Return: first slot that it keeps now; @released if it says what cannot be.
 */
static inline u32 vsw_ring_read_head(const struct vsw_shring *sh, u32 released,
				     u32 published)
{
	u32 n = sh->num_slots;
	u32 head = smp_load_acquire(&sh->ring->head);	/* D */

	if (unlikely(head >= n || vsw_ring_dist(n, released, head) >
				  vsw_ring_dist(n, released, published)))
		return released;
	return head;
}

/**
 * vsw_ring_write_flags() - tell a program what it should do
 * @sh: the ring
 * @flags: VSW_RING_*
 */
static inline void vsw_ring_write_flags(const struct vsw_shring *sh, u32 flags)
{
	WRITE_ONCE(sh->ring->flags, flags);
}

/**
 * vsw_ring_slot() - where a slot is
 * @sh: the ring
 * @i: index of the slot
 *
 * Return: the slot; to be read and written with the functions below only.
 */
static inline struct vsw_slot *vsw_ring_slot(const struct vsw_shring *sh, u32 i)
{
	return &sh->ring->slot[i];
}

/**
 * vsw_slot_read() - read a slot once
 * @slot: the slot
 *
 * Return: its first eight bytes, as they were at one point in time.
 */
static inline union vsw_slot_word vsw_slot_read(const struct vsw_slot *slot)
{
	return (union vsw_slot_word) { .word = READ_ONCE(*(const u64 *)slot) };
}

/**
 * vsw_slot_len_flags() - length and flags of a slot as one number
 * @slot: what vsw_slot_read() read
 *
 * Return: the length, and the flags above bit 16.
 */
static inline u32 vsw_slot_len_flags(union vsw_slot_word slot)
{
#ifdef __LITTLE_ENDIAN
	return slot.word >> 32;
#else
	return slot.len | (u32)slot.flags << 16;
#endif
}

/**
 * vsw_slot_write() - write a slot
 * @slot: the slot
 * @word: what to write
 */
static inline void vsw_slot_write(struct vsw_slot *slot,
				  union vsw_slot_word word)
{
	WRITE_ONCE(*(u64 *)slot, word.word);
}

/**
 * vsw_slot_write_len() - write what a slot holds, not where
 * @slot: the slot
 * @len: bytes of the frame in it
 * @flags: VSW_SLOT_*
 */
static inline void vsw_slot_write_len(struct vsw_slot *slot, u32 len, u32 flags)
{
	u32 *word = (u32 *)&slot->len;

	BUILD_BUG_ON(offsetof(struct vsw_slot, flags) !=
		     offsetof(struct vsw_slot, len) + sizeof(u16));
#ifdef __LITTLE_ENDIAN
	WRITE_ONCE(*word, len + (flags << 16));
#else
	WRITE_ONCE(*word, (len << 16) + flags);
#endif
}

/**
 * vsw_ring_has_buf() - is a number that of a buffer which may belong to a slot?
 * @sh: the ring
 * @buf_idx: what a slot says
 *
 * Return: whether it is.
 */
static inline bool vsw_ring_has_buf(const struct vsw_shring *sh, u32 buf_idx)
{
	return likely(buf_idx - VSW_FIRST_BUF < sh->num_bufs);
}

/**
 * vsw_ring_buf() - the memory of a buffer
 * @sh: the ring
 * @buf_idx: number of a buffer for which vsw_ring_has_buf() holds
 *
 * Return: the memory.
 */
static inline u8 *vsw_ring_buf(const struct vsw_shring *sh, u32 buf_idx)
{
	return sh->bufs + (buf_idx - VSW_FIRST_BUF) * sh->buf_size;
}

/**
 * struct vsw_take - frames that an RX ring takes
 * @frames: number of frames
 * @slots: slots that they need
 * @too_long: frames passed over because they need more slots than a frame may
 *	have
 */
struct vsw_take {
	u32	frames;
	u32	slots;
	u32	too_long;
};

/* ring.c: control path */
struct vsw_port *vsw_ring_port_create(const struct vsw_ring_config *config);
int vsw_ring_port_set(struct vsw_port *port,
		      const struct vsw_ring_config *config);
const struct vsw_ring_config *vsw_ring_config(struct vsw_port *port);
const struct vsw_region *vsw_ring_region(struct vsw_port *port, u32 *files);
int vsw_ring_attach(struct vsw_port *port, struct vsw_file *file, u32 first,
		    u32 num);
void vsw_ring_detach(struct vsw_file *file);

/* ring_tx.c: data path */
int vsw_tx_sync(struct vsw_ring_pair *pair);

/* ring_chain.c: data path */
u32 vsw_chain_slots(const struct vsw_shring *sh, u32 len);
struct vsw_take vsw_chain_tally(const struct vsw_rx_ring *rx,
				struct vsw_batch *batch,
				const struct vsw_list *own, u32 room);
u64 vsw_chain_fill(const struct vsw_rx_ring *rx, struct vsw_batch *batch,
		   const struct vsw_list *own, u32 at, u32 frames);

/* skb_ring.c: data path */
bool vsw_skb_deliver_ring(struct vsw_rx_ring *rx, struct vsw_batch *batch,
			  const struct vsw_list *own);

/* ring_rx.c: data path */
bool vsw_drop_no_port(struct vsw_batch *batch, u32 frames);
bool vsw_rx_deliver(struct vsw_rx_ring *rx, struct vsw_batch *batch,
		    const struct vsw_list *own);
bool vsw_ring_deliver(struct vsw_port *port, struct vsw_batch *batch,
		      const struct vsw_list *own);
bool vsw_ring_deliver_groups(struct vsw_batch *batch);
int vsw_rx_sync(struct vsw_ring_pair *pair);
bool vsw_rx_is_stuck(const struct vsw_port *src, const struct vsw_wait *wait);
void vsw_rx_wake_waiting(struct vsw_rx_ring *rx);

#endif /* _VSW_RING_H */
