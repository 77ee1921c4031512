// SPDX-License-Identifier: GPL-2.0
/*
 * /dev/vsw: how programs attach ring ports
 *
 * An open file belongs to the network namespace of who opened it, like a
 * socket, wherever it is passed. It holds that namespace until it attaches a
 * port; from then on it holds the port only, so that the namespace can go.
 */

#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/nsproxy.h>
#include <linux/poll.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "chardev.h"
#include "port.h"
#include "ring.h"
#include "switch.h"

static int vsw_open(struct inode *inode, struct file *filp)
{
	struct vsw_file *file;

	file = kzalloc(sizeof(*file), GFP_KERNEL_ACCOUNT);
	if (!file)
		return -ENOMEM;

	mutex_init(&file->lock);
	init_waitqueue_head(&file->rx_wait);
	init_waitqueue_head(&file->tx_wait);
	file->net = get_net(current->nsproxy->net_ns);
	filp->private_data = file;
	return nonseekable_open(inode, filp);
}

/* Called when the last descriptor and the last mapping are gone. */
static int vsw_release(struct inode *inode, struct file *filp)
{
	struct vsw_file *file = filp->private_data;

	if (file->set)
		vsw_ring_detach(file);
	else
		put_net(file->net);
	/* A sender that delivers right now may look for sleepers. */
	kfree_rcu(file, rcu);
	return 0;
}

static int vsw_attach_check(const struct vsw_attach *attach)
{
	if (attach->flags & ~(VSW_ATTACH_ONE_RING | VSW_ATTACH_NO_TX_POLL |
			      VSW_ATTACH_RX_DIRECT))
		return -EINVAL;
	if (strnlen(attach->name, VSW_NAME_SIZE) == VSW_NAME_SIZE)
		return -EINVAL;
	if (attach->ring && !(attach->flags & VSW_ATTACH_ONE_RING))
		return -EINVAL;
	return attach->reserved ? -EINVAL : 0;
}

static void vsw_attach_reply(const struct vsw_file *file,
			     struct vsw_attach *attach)
{
	const struct vsw_region *region = file->set->region;
	const struct vsw_layout *layout = &region->layout;

	attach->region_id = region->id;
	attach->region_size = layout->size;
	attach->if_offset = file->first * layout->if_stride;
	attach->rings = layout->rings;
	attach->slots = layout->slots;
	attach->buf_size = layout->buf_size;
}

/* Attach the port of @file's namespace that @attach names. */
static int vsw_attach_port(struct vsw_file *file,
			   const struct vsw_attach *attach)
{
	u32 num = attach->flags & VSW_ATTACH_ONE_RING ? 1 : 0;
	struct vsw_port *port;
	int err;

	if (file->set)
		return -EISCONN;
	if (!ns_capable(file->net->user_ns, CAP_NET_RAW))
		return -EPERM;
	port = vsw_port_get_owned(vsw_net(file->net), attach->name);
	if (!port)
		return -ENODEV;

	file->flags = attach->flags;
	mutex_lock(&port->lock);
	err = vsw_ring_attach(port, file, attach->ring, num);
	mutex_unlock(&port->lock);
	vsw_port_put(port);
	if (err)
		return err;
	put_net(file->net);
	file->net = NULL;
	return 0;
}

static noinline int vsw_ioctl_attach(struct vsw_file *file, void __user *arg)
{
	struct vsw_attach attach;
	u32 size;
	int err;

	if (get_user(size, (u32 __user *)arg))
		return -EFAULT;
	if (size < VSW_ATTACH_SIZE_VER0)
		return -EINVAL;
	if (size > PAGE_SIZE)
		return -E2BIG;
	err = copy_struct_from_user(&attach, sizeof(attach), arg, size);
	if (err)
		return err;
	err = vsw_attach_check(&attach);
	if (err)
		return err;

	/* A reply that cannot be written must not leave the port attached. */
	size = min_t(u32, size, sizeof(attach));
	if (copy_to_user(arg, &attach, size))
		return -EFAULT;

	mutex_lock(&file->lock);
	err = vsw_attach_port(file, &attach);
	mutex_unlock(&file->lock);
	if (err)
		return err;

	vsw_attach_reply(file, &attach);
	return copy_to_user(arg, &attach, size) ? -EFAULT : 0;
}

/* The rings of a file, or NULL if it has not attached a port. */
static struct vsw_ring_set *vsw_file_set(const struct vsw_file *file)
{
	/* Pairs with the release in vsw_ring_attach(). */
	return smp_load_acquire(&file->set);
}

/* Sync @num ring pairs; returns 0 or the first error. */
static noinline int vsw_sync_pairs(struct vsw_ring_pair *pair, u32 num,
				   int (*sync)(struct vsw_ring_pair *pair))
{
	int ret = 0, err;

	for (; num; num--, pair++) {
		err = min(sync(pair), 0);
		ret = ret ?: err;
	}
	return ret;
}

/*
 * Sync all rings of a direction. Inline, so that @sync is called directly for
 * the ports with one ring pair, which most are.
 */
static __always_inline int vsw_sync(const struct vsw_file *file,
				    int (*sync)(struct vsw_ring_pair *pair))
{
	if (unlikely(!vsw_file_set(file)))
		return -ENXIO;
	if (likely(file->num == 1))
		return min(sync(file->pair), 0);
	return vsw_sync_pairs(file->pair, file->num, sync);
}

static long vsw_ioctl(struct file *filp, unsigned int cmd, unsigned long arg)
{
	struct vsw_file *file = filp->private_data;

	switch (cmd) {
	case VSW_IOC_TXSYNC:
		return vsw_sync(file, vsw_tx_sync);
	case VSW_IOC_RXSYNC:
		return vsw_sync(file, vsw_rx_sync);
	case VSW_IOC_ATTACH:
		return vsw_ioctl_attach(file, (void __user *)arg);
	default:
		return -ENOTTY;
	}
}

/*
 * What a program has written to its mapping goes to where it belongs: the same
 * as VSW_IOC_TXSYNC, but on the way to here the kernel spends 390 instructions
 * instead of 620. (drivers/video/fbdev/core/fb_defio.c uses fsync so, too.)
 */
static int vsw_fsync(struct file *filp, loff_t start, loff_t end, int datasync)
{
	return vsw_sync(filp->private_data, vsw_tx_sync);
}

static int vsw_mmap(struct file *filp, struct vm_area_struct *vma)
{
	struct vsw_ring_set *set = vsw_file_set(filp->private_data);

	return set ? vsw_region_mmap(set->region, vma) : -ENXIO;
}

/* Sync all rings of a direction; returns @event if one of them is ready. */
static __poll_t vsw_poll_sync(struct vsw_file *file, struct vsw_ring_set *set,
			      int (*sync)(struct vsw_ring_pair *pair),
			      __poll_t event)
{
	__poll_t mask = 0;
	u32 i;

	for (i = file->first; i < file->first + file->num; i++) {
		int ready = sync(&set->pair[i]);

		if (ready < 0)
			mask |= EPOLLERR;
		else if (ready)
			mask |= event;
	}
	return mask;
}

/*
 * Waiting implies a sync, as in netmap: of the RX rings if the caller waits
 * for frames, of the TX rings always or, with VSW_ATTACH_NO_TX_POLL, if it
 * waits for room.
 */
static __poll_t vsw_poll(struct file *filp, struct poll_table_struct *wait)
{
	struct vsw_file *file = filp->private_data;
	struct vsw_ring_set *set = vsw_file_set(file);
	__poll_t events = poll_requested_events(wait);
	__poll_t mask = 0, tx;

	/* Also before a port is attached: epoll asks for it only once. */
	poll_wait(filp, &file->rx_wait, wait);
	poll_wait(filp, &file->tx_wait, wait);
	if (!set)
		return EPOLLERR;
	smp_mb();	/* G, H */
	if (READ_ONCE(file->hangup))
		return EPOLLERR | EPOLLHUP;

	tx = events & (EPOLLOUT | EPOLLWRNORM);
	if (tx || !(file->flags & VSW_ATTACH_NO_TX_POLL))
		mask |= vsw_poll_sync(file, set, vsw_tx_sync, tx);
	if (events & (EPOLLIN | EPOLLRDNORM))
		mask |= vsw_poll_sync(file, set, vsw_rx_sync,
				      EPOLLIN | EPOLLRDNORM);
	return mask;
}

static const struct file_operations vsw_fops = {
	.owner		= THIS_MODULE,
	.open		= vsw_open,
	.release	= vsw_release,
	.unlocked_ioctl	= vsw_ioctl,
	.compat_ioctl	= compat_ptr_ioctl,
	.fsync		= vsw_fsync,
	.mmap		= vsw_mmap,
	.poll		= vsw_poll,
};

static struct miscdevice vsw_misc = {
	.minor	= MISC_DYNAMIC_MINOR,
	.name	= VSW_DEVICE_NAME,
	.fops	= &vsw_fops,
	.mode	= 0666,
};

/**
 * vsw_chardev_init() - make /dev/vsw
 *
 * Anyone may open it; what matters is the right to attach a port.
 *
 * Return: 0 or a negative errno.
 */
int __init vsw_chardev_init(void)
{
	return misc_register(&vsw_misc);
}

/**
 * vsw_chardev_exit() - remove /dev/vsw, which nobody has open
 */
void vsw_chardev_exit(void)
{
	misc_deregister(&vsw_misc);
}
