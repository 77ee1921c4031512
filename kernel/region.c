// SPDX-License-Identifier: GPL-2.0
/* The memory behind a ring port */

#include <linux/align.h>
#include <linux/atomic.h>
#include <linux/capability.h>
#include <linux/cred.h>
#include <linux/idr.h>
#include <linux/mm.h>
#include <linux/sched/signal.h>
#include <linux/sched/user.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>

#include <uapi/linux/vsw.h>

#include "region.h"

/* Rings start at cache lines of their own, also where these are larger. */
#define VSW_RING_ALIGN	256

static DEFINE_IDA(vsw_region_ids);

/**
 * vsw_layout_init() - lay a region out
 * @layout: out: the layout
 * @rings: ring pairs, 1..VSW_MAX_RINGS
 * @slots: slots of each ring, VSW_MIN_SLOTS..VSW_MAX_SLOTS
 * @buf_size: bytes of each buffer, VSW_MIN_BUF_SIZE..VSW_MAX_BUF_SIZE
 *
 * Return: 0; -E2BIG: the region would be larger than 4 GiB, more than the
 * offsets of old clients of this memory layout can express.
 */
int vsw_layout_init(struct vsw_layout *layout, u32 rings, u32 slots,
		    u32 buf_size)
{
	/* One entry for each ring, and two for the host rings of netmap. */
	u32 if_size = sizeof(struct vsw_if) + (2 * rings + 2) * sizeof(s64);

	layout->rings = rings;
	layout->slots = slots;
	layout->buf_size = buf_size;
	layout->num_bufs = VSW_FIRST_BUF + 2 * rings * slots;
	layout->if_stride = ALIGN(if_size, VSW_BUF_ALIGN);
	layout->ring_ofs = ALIGN(rings * layout->if_stride, VSW_RING_ALIGN);
	layout->ring_stride = ALIGN(sizeof(struct vsw_ring) +
				    slots * sizeof(struct vsw_slot),
				    VSW_RING_ALIGN);
	layout->buf_ofs = PAGE_ALIGN(layout->ring_ofs +
				     2 * rings * layout->ring_stride);
	layout->size = PAGE_ALIGN(layout->buf_ofs +
				  (u64)layout->num_bufs * buf_size);
	return layout->size > U32_MAX ? -E2BIG : 0;
}

/* Charge RLIMIT_MEMLOCK as io_uring does for its rings. */
static int vsw_region_charge(struct vsw_region *region)
{
	unsigned long limit = rlimit(RLIMIT_MEMLOCK) >> PAGE_SHIFT;
	struct user_struct *user = current_user();
	unsigned long old, new;

	if (capable(CAP_IPC_LOCK))
		return 0;

	old = atomic_long_read(&user->locked_vm);
	do {
		new = old + region->num_pages;
		if (new > limit)
			return -ENOMEM;
	} while (!atomic_long_try_cmpxchg(&user->locked_vm, &old, new));

	region->user = get_uid(user);
	return 0;
}

static void vsw_region_uncharge(struct vsw_region *region)
{
	if (!region->user)
		return;
	atomic_long_sub(region->num_pages, &region->user->locked_vm);
	free_uid(region->user);
}

static void vsw_region_free_pages(struct vsw_region *region,
				  unsigned long num)
{
	while (num--)
		__free_page(region->pages[num]);
	kvfree(region->pages);
}

/*
 * Single pages, as a long-lived system has no larger ones; zero, as the
 * programs that map them must not see what was there.
 */
static int vsw_region_alloc_pages(struct vsw_region *region)
{
	unsigned long i;

	region->pages = kvmalloc_array(region->num_pages,
				       sizeof(*region->pages), VSW_GFP_ATTACH);
	if (!region->pages)
		return -ENOMEM;

	for (i = 0; i < region->num_pages; i++) {
		/* Who is being killed for want of memory must not want more. */
		if (fatal_signal_pending(current))
			goto err_free;
		region->pages[i] = alloc_page(VSW_GFP_ATTACH | __GFP_ZERO);
		if (!region->pages[i])
			goto err_free;
		cond_resched();
	}
	return 0;

err_free:
	vsw_region_free_pages(region, i);
	return -ENOMEM;
}

/**
 * vsw_region_create() - allocate a region
 * @layout: its layout
 *
 * The memory is charged to the caller: to the memory cgroup and, without
 * CAP_IPC_LOCK, to RLIMIT_MEMLOCK.
 *
 * Context: process context, may sleep.
 * Return: the region, all zero, or an ERR_PTR(): -ENOMEM, -ENOSPC (no number).
 */
struct vsw_region *vsw_region_create(const struct vsw_layout *layout)
{
	struct vsw_region *region;
	int err;

	region = kzalloc(sizeof(*region), VSW_GFP_ATTACH);
	if (!region)
		return ERR_PTR(-ENOMEM);
	region->layout = *layout;
	region->num_pages = layout->size >> PAGE_SHIFT;

	err = ida_alloc_min(&vsw_region_ids, 1, GFP_KERNEL);
	if (err < 0)
		goto err_free;
	region->id = err;

	err = vsw_region_charge(region);
	if (err)
		goto err_id;
	err = vsw_region_alloc_pages(region);
	if (err)
		goto err_uncharge;
	region->base = vmap(region->pages, region->num_pages, VM_MAP,
			    PAGE_KERNEL);
	if (!region->base) {
		err = -ENOMEM;
		goto err_pages;
	}
	return region;

err_pages:
	vsw_region_free_pages(region, region->num_pages);
err_uncharge:
	vsw_region_uncharge(region);
err_id:
	ida_free(&vsw_region_ids, region->id);
err_free:
	kfree(region);
	return ERR_PTR(err);
}

/**
 * vsw_region_destroy() - free a region
 * @region: a region that is neither mapped by programs nor used by the data
 *	path
 *
 * Context: process context, may sleep.
 */
void vsw_region_destroy(struct vsw_region *region)
{
	vunmap(region->base);
	vsw_region_free_pages(region, region->num_pages);
	vsw_region_uncharge(region);
	ida_free(&vsw_region_ids, region->id);
	kfree(region);
}

/**
 * vsw_region_mmap() - map a region, or a part of it, into a program
 * @region: the region
 * @vma: the mapping
 *
 * All pages are there at once: the data path of a program takes no faults.
 *
 * Return: 0; -EINVAL: the mapping is private, or reaches beyond the region;
 * the errors of vm_map_pages().
 */
int vsw_region_mmap(const struct vsw_region *region,
		    struct vm_area_struct *vma)
{
	unsigned long num = vma_pages(vma);

	/* VM_SHARED is not there if the file was opened for reading only. */
	if (!(vma->vm_flags & VM_MAYSHARE))
		return -EINVAL;
	if (vma->vm_pgoff > region->num_pages ||
	    num > region->num_pages - vma->vm_pgoff)
		return -EINVAL;

	vm_flags_set(vma, VM_DONTEXPAND | VM_DONTDUMP);
	return vm_map_pages(vma, region->pages, region->num_pages);
}
