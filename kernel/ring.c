// SPDX-License-Identifier: GPL-2.0
/* Ring ports on the control path: attach, detach, delete */

#include <linux/bitmap.h>
#include <linux/slab.h>
#include <net/netlink.h>

#include "netlink.h"
#include "port.h"
#include "ring.h"
#include "skb.h"
#include "switch.h"
#include "trace.h"

/* The layout that programs rely on, offset for offset that of netmap. */
static_assert(sizeof(struct vsw_slot) == 16);
static_assert(offsetof(struct vsw_slot, buf_idx) == 0);
static_assert(offsetof(struct vsw_slot, len) == 4);
static_assert(offsetof(struct vsw_slot, flags) == 6);
static_assert(offsetof(struct vsw_slot, ptr) == 8);
static_assert(sizeof(struct vsw_ring) == 256);
static_assert(offsetof(struct vsw_ring, buf_ofs) == 0);
static_assert(offsetof(struct vsw_ring, num_slots) == 8);
static_assert(offsetof(struct vsw_ring, buf_size) == 12);
static_assert(offsetof(struct vsw_ring, ringid) == 16);
static_assert(offsetof(struct vsw_ring, dir) == 18);
static_assert(offsetof(struct vsw_ring, head) == 20);
static_assert(offsetof(struct vsw_ring, cur) == 24);
static_assert(offsetof(struct vsw_ring, tail) == 28);
static_assert(offsetof(struct vsw_ring, flags) == 32);
static_assert(offsetof(struct vsw_ring, ts) == 40);
static_assert(offsetof(struct vsw_ring, offset_mask) == 56);
static_assert(offsetof(struct vsw_ring, buf_align) == 64);
static_assert(offsetof(struct vsw_ring, sem) == 128);
static_assert(offsetof(struct vsw_ring, slot) == 256);
static_assert(sizeof(struct vsw_if) == 56);
static_assert(offsetof(struct vsw_if, version) == 16);
static_assert(offsetof(struct vsw_if, flags) == 20);
static_assert(offsetof(struct vsw_if, tx_rings) == 24);
static_assert(offsetof(struct vsw_if, rx_rings) == 28);
static_assert(offsetof(struct vsw_if, bufs_head) == 32);
static_assert(offsetof(struct vsw_if, host_tx_rings) == 36);
static_assert(offsetof(struct vsw_if, host_rx_rings) == 40);
static_assert(offsetof(struct vsw_if, ring_ofs) == 56);
static_assert(sizeof(struct vsw_attach) == VSW_ATTACH_SIZE_VER0);

static const struct vsw_port_ops vsw_ring_ops;

static struct vsw_ring_set *vsw_ring_set_of(struct vsw_port *port)
{
	return rcu_dereference_protected(port->rings,
					 lockdep_is_held(&port->lock));
}

/* Ring @k of a region: TX rings first, then RX rings. */
static void vsw_shring_init(struct vsw_shring *sh,
			    const struct vsw_region *region, u32 k)
{
	const struct vsw_layout *layout = &region->layout;

	sh->ring = region->base + layout->ring_ofs + k * layout->ring_stride;
	sh->bufs = region->base + layout->buf_ofs +
		   VSW_FIRST_BUF * layout->buf_size;
	sh->num_slots = layout->slots;
	sh->buf_size = layout->buf_size;
	sh->num_bufs = layout->num_bufs - VSW_FIRST_BUF;
}

static void vsw_ring_set_free(struct vsw_ring_set *set)
{
	struct vsw_port *port = &set->port->port;
	u32 i;

	for (i = 0; i < set->num_pairs; i++) {
		kvfree(set->pair[i].tx.batch);
		bitmap_free(set->pair[i].tx.done);
		kvfree(set->pair[i].rx.filled);
		bitmap_free(set->pair[i].rx.waiting);
	}
	if (set->region)
		vsw_region_destroy(set->region);
	kvfree(set);
	vsw_port_put(port);
}

static void vsw_ring_set_free_work(struct work_struct *work)
{
	vsw_ring_set_free(container_of(to_rcu_work(work), struct vsw_ring_set,
				       free_work));
}

static void vsw_rx_deadline(struct timer_list *timer)
{
	vsw_rx_wake_waiting(container_of(timer, struct vsw_rx_ring, deadline));
}

static int vsw_ring_pair_init(struct vsw_ring_set *set, u32 i)
{
	const bool vnet = set->port->config.vnet_hdr;
	struct vsw_ring_pair *pair = &set->pair[i];

	mutex_init(&pair->tx.lock);
	mutex_init(&pair->rx.lock);
	spin_lock_init(&pair->rx.reserve_lock);
	timer_setup(&pair->rx.deadline, vsw_rx_deadline, 0);
	pair->rx.port = &set->port->port;
	pair->rx.index = i;
	pair->tx.vnet = vnet;
	pair->rx.vnet = vnet;
	vsw_shring_init(&pair->tx.sh, set->region, i);
	vsw_shring_init(&pair->rx.sh, set->region, set->num_pairs + i);
	pair->rx.plain_max = vnet ? 0 : pair->rx.sh.buf_size;
	vsw_stats_init(&pair->tx.stats);
	vsw_stats_init(&pair->rx.stats);
	pair->idle_since = get_completed_synchronize_rcu();

	pair->tx.batch = kvzalloc(sizeof(*pair->tx.batch), VSW_GFP_ATTACH);
	pair->rx.filled = kvcalloc(pair->rx.sh.num_slots,
				   sizeof(*pair->rx.filled),
				   VSW_GFP_ATTACH);
	pair->tx.done = bitmap_zalloc(pair->tx.sh.num_slots,
				      VSW_GFP_ATTACH);
	pair->rx.waiting = bitmap_zalloc(VSW_MAX_PORTS, VSW_GFP_ATTACH);
	if (!pair->tx.batch || !pair->tx.done || !pair->rx.filled ||
	    !pair->rx.waiting)
		return -ENOMEM;

	pair->tx.batch->src = &set->port->port;
	pair->tx.batch->sw = set->port->port.sw;
	pair->tx.batch->src_ring = i;
	pair->tx.batch->rx_ring = i;
	pair->tx.batch->stats = &pair->tx.stats;
	pair->tx.batch->max_piece = pair->tx.sh.buf_size;
	pair->tx.batch->only.first = pair->tx.batch->runs;
	vsw_list_init(&pair->tx.batch->flood);
	return 0;
}

static struct vsw_ring_set *vsw_ring_set_create(struct vsw_ring_port *rp)
{
	struct vsw_ring_set *set;
	int err;
	u32 i;

	set = kvzalloc(struct_size(set, pair, rp->config.layout.rings),
		       VSW_GFP_ATTACH);
	if (!set)
		return ERR_PTR(-ENOMEM);
	refcount_inc(&rp->port.refs);
	set->port = rp;
	set->num_pairs = rp->config.layout.rings;
	INIT_RCU_WORK(&set->free_work, vsw_ring_set_free_work);

	set->region = vsw_region_create(&rp->config.layout);
	if (IS_ERR(set->region)) {
		err = PTR_ERR(set->region);
		set->region = NULL;
		goto err_free;
	}
	err = rp->config.vnet_hdr ? vsw_skb_prepare() : 0;
	if (err)
		goto err_free;
	for (i = 0; i < set->num_pairs; i++) {
		err = vsw_ring_pair_init(set, i);
		if (err)
			goto err_free;
	}
	return set;

err_free:
	vsw_ring_set_free(set);
	return ERR_PTR(err);
}

/* Create a set; if need be, wait for memory that is about to be freed. */
static struct vsw_ring_set *vsw_ring_set_get(struct vsw_ring_port *rp)
{
	struct vsw_ring_set *set = vsw_ring_set_create(rp);

	if (set != ERR_PTR(-ENOMEM))
		return set;
	/* Perhaps it was the same program that has just detached. */
	rcu_barrier();
	flush_workqueue(vsw_wq);
	return vsw_ring_set_create(rp);
}

/* Make the shared memory of a ring what a program expects to find. */
static void vsw_shring_reset(const struct vsw_region *region,
			     const struct vsw_shring *sh, u32 dir, u32 i,
			     u32 tail)
{
	u32 k = dir == VSW_RING_TX ? i : region->layout.rings + i;
	struct vsw_ring *ring = sh->ring;
	u32 slot;

	memset(ring, 0, sizeof(*ring));
	ring->buf_ofs = region->base + region->layout.buf_ofs - (void *)ring;
	ring->num_slots = sh->num_slots;
	ring->buf_size = sh->buf_size;
	ring->ringid = i;
	ring->dir = dir;
	ring->tail = tail;
	for (slot = 0; slot < sh->num_slots; slot++)
		ring->slot[slot] = (struct vsw_slot) {
			.buf_idx = VSW_FIRST_BUF + k * sh->num_slots + slot,
			.len	 = sh->buf_size,
		};
}

/* Give a detached ring pair to a file. */
static void vsw_ring_pair_bind(struct vsw_ring_set *set, u32 i,
			       struct vsw_file *file)
{
	struct vsw_ring_pair *pair = &set->pair[i];
	struct vsw_tx_ring *tx = &pair->tx;
	struct vsw_rx_ring *rx = &pair->rx;

	/* Who found the ring before it was detached may still fill it. */
	cond_synchronize_rcu(pair->idle_since);

	mutex_lock(&tx->lock);
	tx->head = 0;
	tx->kept = false;
	tx->locked = set->port->port.security.locked;
	tx->odd = tx->locked || tx->vnet;
	bitmap_zero(tx->done, tx->sh.num_slots);
	vsw_shring_reset(set->region, &tx->sh, VSW_RING_TX, i,
			 tx->sh.num_slots - 1);
	tx->attached = true;
	mutex_unlock(&tx->lock);

	mutex_lock(&rx->lock);
	WRITE_ONCE(rx->released, 0);
	rx->tail = 0;
	vsw_shring_reset(set->region, &rx->sh, VSW_RING_RX, i, rx->tail);
	memset(rx->filled, 0, rx->sh.num_slots * sizeof(*rx->filled));
	spin_lock_bh(&rx->reserve_lock);
	WRITE_ONCE(rx->reserved, 0);
	rx->room = 0;
	WRITE_ONCE(rx->published, 0);
	rx->full = false;
	WRITE_ONCE(rx->direct, file->flags & VSW_ATTACH_RX_DIRECT);
	rcu_assign_pointer(rx->file, file);
	spin_unlock_bh(&rx->reserve_lock);
	mutex_unlock(&rx->lock);
}

/* Take a ring pair from its file, and keep what it has counted. */
static void vsw_ring_pair_unbind(struct vsw_ring_set *set, u32 i)
{
	struct vsw_ring_pair *pair = &set->pair[i];

	mutex_lock(&pair->tx.lock);
	pair->tx.attached = false;
	mutex_unlock(&pair->tx.lock);

	mutex_lock(&pair->rx.lock);
	spin_lock_bh(&pair->rx.reserve_lock);
	RCU_INIT_POINTER(pair->rx.file, NULL);
	vsw_counters_add(&set->port->counters, &pair->tx.stats,
			 &pair->rx.stats);
	vsw_stats_init(&pair->tx.stats);
	vsw_stats_init(&pair->rx.stats);
	spin_unlock_bh(&pair->rx.reserve_lock);
	mutex_unlock(&pair->rx.lock);

	timer_delete_sync(&pair->rx.deadline);
	/* They find that nobody receives any more. */
	vsw_rx_wake_waiting(&pair->rx);
	pair->idle_since = get_state_synchronize_rcu();
	set->port->attached--;
}

/* Describe to the program what it has attached. */
static void vsw_ring_write_if(struct vsw_ring_set *set,
			      const struct vsw_file *file)
{
	const struct vsw_layout *layout = &set->region->layout;
	struct vsw_if *nif = set->region->base +
			     file->first * layout->if_stride;
	u32 i, rings = layout->rings;

	memset(nif, 0, layout->if_stride);
	strscpy_pad(nif->name, set->port->port.name);
	nif->flags = VSW_IF_PRIVATE_REGION;
	if (set->pair->tx.vnet)
		nif->flags |= VSW_IF_VNET_HDR;
	nif->tx_rings = rings;
	nif->rx_rings = rings;
	nif->host_tx_rings = 1;
	nif->host_rx_rings = 1;
	for (i = file->first; i < file->first + file->num; i++) {
		nif->ring_ofs[i] = (void *)set->pair[i].tx.sh.ring -
				   (void *)nif;
		nif->ring_ofs[rings + 1 + i] =
			(void *)set->pair[i].rx.sh.ring - (void *)nif;
	}
}

/**
 * vsw_ring_attach() - give ring pairs of a port to a file
 * @port: the port, of any kind
 * @file: the file; what is needed to use the port is filled in
 * @first: index of the first ring pair
 * @num: number of ring pairs; 0: all
 *
 * The first file builds the region and pays for it.
 *
 * Context: process context, may sleep; &vsw_port.lock is held.
 * Return: 0; -ENODEV: the port has been deleted; -EOPNOTSUPP: it has no rings;
 * -EINVAL: there is no such ring pair; -EBUSY: another file has one of them; the errors of
 * vsw_region_create().
 */
int vsw_ring_attach(struct vsw_port *port, struct vsw_file *file, u32 first,
		    u32 num)
{
	struct vsw_ring_port *rp = vsw_ring_port(port);
	struct vsw_ring_set *set;
	u32 i;

	lockdep_assert_held(&port->lock);

	if (port->gone)
		return -ENODEV;
	if (port->ops != &vsw_ring_ops)
		return -EOPNOTSUPP;
	set = vsw_ring_set_of(&rp->port);
	if (!num)
		num = rp->config.layout.rings;
	if (first >= rp->config.layout.rings)
		return -EINVAL;
	for (i = first; set && i < first + num; i++)
		if (rcu_access_pointer(set->pair[i].rx.file))
			return -EBUSY;
	if (!set) {
		set = vsw_ring_set_get(rp);
		if (IS_ERR(set))
			return PTR_ERR(set);
	}

	file->pair = &set->pair[first];
	file->first = first;
	file->num = num;
	for (i = first; i < first + num; i++)
		vsw_ring_pair_bind(set, i, file);
	vsw_ring_write_if(set, file);
	set->files++;
	rp->attached += num;
	if (!vsw_ring_set_of(&rp->port)) {
		rcu_assign_pointer(rp->port.rings, set);
		vsw_port_activate(&rp->port);
		vsw_port_announce(&rp->port, true);
	}
	/* Whoever sees the set may use the rings and map the region. */
	smp_store_release(&file->set, set);
	trace_vsw_port_state(&rp->port, "attached");
	vsw_nl_port_notify(&rp->port, VSW_CMD_PORT_SET_NTF);
	return 0;
}

/**
 * vsw_ring_detach() - take back what a file has attached
 * @file: a file that attached a port and is being released
 *
 * Context: process context, may sleep.
 */
void vsw_ring_detach(struct vsw_file *file)
{
	struct vsw_ring_set *set = file->set;
	struct vsw_ring_port *rp = set->port;
	u32 i;

	mutex_lock(&rp->port.lock);
	set->files--;
	if (!file->hangup) {
		/* Before, so that who can send elsewhere loses little. */
		if (!set->files)
			vsw_port_announce(&rp->port, false);
		for (i = file->first; i < file->first + file->num; i++)
			vsw_ring_pair_unbind(set, i);
		if (!set->files) {
			RCU_INIT_POINTER(rp->port.rings, NULL);
			vsw_port_deactivate(&rp->port);
		}
		trace_vsw_port_state(&rp->port, "detached");
		vsw_nl_port_notify(&rp->port, VSW_CMD_PORT_SET_NTF);
	}
	i = set->files;
	mutex_unlock(&rp->port.lock);

	if (!i)
		queue_rcu_work(vsw_wq, &set->free_work);
}

/* The files keep the memory, and get errors and hang-ups from now on. */
static void vsw_ring_stop(struct vsw_port *port)
{
	struct vsw_ring_port *rp = vsw_ring_port(port);
	struct vsw_ring_set *set = vsw_ring_set_of(&rp->port);
	struct vsw_file *file;
	u32 i;

	lockdep_assert_held(&port->lock);

	if (!set)
		return;
	vsw_port_announce(port, false);
	for (i = 0; i < set->num_pairs; i++) {
		file = rcu_dereference_protected(set->pair[i].rx.file,
						 lockdep_is_held(&port->lock));
		if (!file)
			continue;
		vsw_ring_pair_unbind(set, i);
		WRITE_ONCE(file->hangup, true);
		wake_up_poll(&file->rx_wait, EPOLLHUP | EPOLLERR);
		wake_up_poll(&file->tx_wait, EPOLLHUP | EPOLLERR);
	}
	RCU_INIT_POINTER(rp->port.rings, NULL);
	vsw_port_deactivate(port);
}

static void vsw_ring_counters(struct vsw_port *port, struct vsw_counters *sum)
{
	struct vsw_ring_port *rp = vsw_ring_port(port);
	struct vsw_ring_set *set = vsw_ring_set_of(&rp->port);
	u32 i;

	*sum = rp->counters;
	for (i = 0; set && i < set->num_pairs; i++)
		vsw_counters_add(sum, &set->pair[i].tx.stats,
				 &set->pair[i].rx.stats);
}

static int vsw_ring_fill(struct vsw_port *port, struct sk_buff *skb,
			 struct net *reader)
{
	struct vsw_ring_port *rp = vsw_ring_port(port);
	struct vsw_ring_set *set = vsw_ring_set_of(&rp->port);

	if (nla_put_u32(skb, VSW_A_PORT_RINGS, rp->config.layout.rings) ||
	    nla_put_u32(skb, VSW_A_PORT_SLOTS, rp->config.layout.slots) ||
	    nla_put_u32(skb, VSW_A_PORT_BUF_SIZE, rp->config.layout.buf_size) ||
	    nla_put_u32(skb, VSW_A_PORT_ATTACHED, rp->attached))
		return -EMSGSIZE;
	if (nla_put_u32(skb, VSW_A_PORT_ON_FULL, rp->config.on_full) ||
	    nla_put_u32(skb, VSW_A_PORT_DEADLINE, rp->config.deadline) ||
	    nla_put_u32(skb, VSW_A_PORT_VNET_HDR, rp->config.vnet_hdr))
		return -EMSGSIZE;
	if (set && nla_put_u32(skb, VSW_A_PORT_REGION, set->region->id))
		return -EMSGSIZE;
	return 0;
}

static void vsw_ring_secure(struct vsw_port *port)
{
	struct vsw_ring_set *set = vsw_ring_set_of(port);
	struct vsw_tx_ring *tx;
	u32 i;

	for (i = 0; set && i < set->num_pairs; i++) {
		tx = &set->pair[i].tx;
		mutex_lock(&tx->lock);
		tx->locked = port->security.locked;
		tx->odd = tx->kept || tx->locked || tx->vnet;
		mutex_unlock(&tx->lock);
	}
}

static void vsw_ring_free(struct vsw_port *port)
{
	kfree(vsw_ring_port(port));
}

static const struct vsw_port_ops vsw_ring_ops = {
	.type		= VSW_PORT_TYPE_RING,
	.deliver	= vsw_ring_deliver,
	.stop		= vsw_ring_stop,
	.counters	= vsw_ring_counters,
	.secure		= vsw_ring_secure,
	.fill		= vsw_ring_fill,
	.free		= vsw_ring_free,
};

/**
 * vsw_ring_port_create() - make a ring port, not yet on its switch
 * @config: its attributes
 *
 * Return: the port, or NULL without memory.
 */
struct vsw_port *vsw_ring_port_create(const struct vsw_ring_config *config)
{
	struct vsw_ring_port *rp = kzalloc(sizeof(*rp), GFP_KERNEL_ACCOUNT);

	if (!rp)
		return NULL;
	rp->port.ops = &vsw_ring_ops;
	rp->config = *config;
	return &rp->port;
}

/* Let senders that wait look at what has changed. */
static void vsw_ring_wake_waiting(struct vsw_ring_port *rp)
{
	struct vsw_ring_set *set = vsw_ring_set_of(&rp->port);
	u32 i;

	for (i = 0; set && i < set->num_pairs; i++)
		vsw_rx_wake_waiting(&set->pair[i].rx);
}

/**
 * vsw_ring_port_set() - change the attributes of a ring port
 * @port: the port
 * @config: its new attributes
 *
 * Context: process context, may sleep; &vsw_port.lock is held.
 * Return: 0; -EBUSY: what the slots hold would change, and the port is attached.
 */
int vsw_ring_port_set(struct vsw_port *port,
		      const struct vsw_ring_config *config)
{
	struct vsw_ring_port *rp = vsw_ring_port(port);

	if (rp->config.layout.rings != config->layout.rings ||
	    rp->config.layout.slots != config->layout.slots ||
	    rp->config.layout.buf_size != config->layout.buf_size ||
	    rp->config.vnet_hdr != config->vnet_hdr) {
		if (vsw_ring_set_of(&rp->port))
			return -EBUSY;
		rp->config.layout = config->layout;
		rp->config.vnet_hdr = config->vnet_hdr;
	}
	WRITE_ONCE(rp->config.on_full, config->on_full);
	WRITE_ONCE(rp->config.deadline, config->deadline);
	vsw_ring_wake_waiting(rp);
	return 0;
}

/**
 * vsw_ring_config() - the attributes of a ring port
 * @port: the port
 *
 * Context: &vsw_port.lock is held, and protects them.
 * Return: the attributes.
 */
const struct vsw_ring_config *vsw_ring_config(struct vsw_port *port)
{
	return &vsw_ring_port(port)->config;
}

/**
 * vsw_ring_region() - the region behind a port
 * @port: the port, of any kind
 * @files: out: number of files that use it
 *
 * Context: &vsw_port.lock is held, and protects the region.
 * Return: the region, or NULL if the port is not attached, or has no rings.
 */
const struct vsw_region *vsw_ring_region(struct vsw_port *port, u32 *files)
{
	struct vsw_ring_set *set = vsw_ring_set_of(port);

	if (!set)
		return NULL;
	*files = set->files;
	return set->region;
}
