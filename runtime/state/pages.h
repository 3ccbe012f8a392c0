//===- pages.h - pages of slots and their marks ---------------------------===//
//
// Internal to runtime and lowering: generated code marks the pages it writes.
//
//===----------------------------------------------------------------------===//
#ifndef MILLRACE_RUNTIME_STATE_PAGES_H
#define MILLRACE_RUNTIME_STATE_PAGES_H

/// Slots of one page share a byte of marks; a slot belongs to the page in which it begins.
#define MR_STATE_PAGE_BITS 12

/// The mark: bit 0 written since the last snapshot (runtime/state/snapshot.h clears it), bit 1 in use since the table
/// was made. A write sets both.
#define MR_STATE_WRITTEN 1
#define MR_STATE_USED 2
#define MR_STATE_TOUCHED 3

#endif
