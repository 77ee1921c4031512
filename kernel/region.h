/* SPDX-License-Identifier: GPL-2.0 */
/* The memory behind a ring port: layout, pages, who pays for them */
#ifndef _VSW_REGION_H
#define _VSW_REGION_H

#include <linux/gfp.h>
#include <linux/mm_types.h>
#include <linux/types.h>

struct user_struct;

/*
 * For what attaching needs: charged to who attaches, who can be told that
 * there is no memory; nobody need be killed for it.
 */
#define VSW_GFP_ATTACH	(GFP_KERNEL_ACCOUNT | __GFP_RETRY_MAYFAIL | \
			 __GFP_NOWARN)

/**
 * struct vsw_layout - where things are in a region
 * @rings: ring pairs
 * @slots: slots of each ring
 * @buf_size: bytes of each buffer
 * @num_bufs: buffers, with the reserved ones
 * @if_stride: bytes from one struct vsw_if to the next; there is one for each
 *	ring pair, as no more files can attach a port
 * @ring_ofs: first ring; TX rings come first
 * @ring_stride: bytes from one ring to the next
 * @buf_ofs: first buffer
 * @size: bytes of the region, whole pages
 */
struct vsw_layout {
	u32	rings;
	u32	slots;
	u32	buf_size;
	u32	num_bufs;
	u32	if_stride;
	u32	ring_ofs;
	u32	ring_stride;
	u64	buf_ofs;
	u64	size;
};

/**
 * struct vsw_region - memory shared with programs
 * @layout: where things are in it
 * @id: number, unique while the region exists, never zero
 * @num_pages: number of pages
 * @pages: the pages
 * @base: where the kernel has mapped them
 * @user: whose RLIMIT_MEMLOCK is charged; NULL if nobody's
 */
struct vsw_region {
	struct vsw_layout	layout;
	u32			id;
	unsigned long		num_pages;
	struct page		**pages;
	void			*base;
	struct user_struct	*user;
};

int vsw_layout_init(struct vsw_layout *layout, u32 rings, u32 slots,
		    u32 buf_size);
struct vsw_region *vsw_region_create(const struct vsw_layout *layout);
void vsw_region_destroy(struct vsw_region *region);
int vsw_region_mmap(const struct vsw_region *region,
		    struct vm_area_struct *vma);

#endif /* _VSW_REGION_H */
