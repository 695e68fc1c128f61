//! The allocator: [`Heap`] on the memory of this module.

use crate::heap::{Heap, Memory, class};
use core::alloc::{GlobalAlloc, Layout};
use core::arch::wasm32::memory_grow;
use core::cell::UnsafeCell;
use core::ptr::null_mut;

struct Pages;

impl Memory for Pages {
    fn load(&self, at: usize) -> usize {
        // SAFETY: `Heap` asks for blocks that nobody uses, 16 bytes or longer and aligned to as many.
        unsafe { *(at as *const usize) }
    }

    fn store(&mut self, at: usize, value: usize) {
        // SAFETY: as above.
        unsafe { *(at as *mut usize) = value }
    }

    fn grow(&mut self, pages: usize) -> Option<usize> {
        let before = memory_grow::<0>(pages);
        (before != usize::MAX).then_some(before << 16)
    }
}

struct Global(UnsafeCell<Heap>);

// SAFETY: this module runs on one thread.
unsafe impl Sync for Global {}

/// What must fit: a block is aligned to 16, and to its own size below that.
fn class_of(layout: Layout, bytes: usize) -> Option<usize> {
    (layout.align() <= 16).then(|| class(bytes))?
}

// SAFETY: blocks do not overlap, are as long as asked for and aligned to 16; `Heap` is tested for it.
unsafe impl GlobalAlloc for Global {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: nothing else borrows the heap: it calls nobody.
        let heap = unsafe { &mut *self.0.get() };
        let block = class_of(layout, layout.size()).and_then(|class| heap.take(class, &mut Pages));
        block.map_or(null_mut(), |block| block as *mut u8)
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        // SAFETY: as above.
        let heap = unsafe { &mut *self.0.get() };
        if let Some(class) = class_of(layout, layout.size()) {
            heap.give(block as usize, class, &mut Pages);
        }
    }

    unsafe fn realloc(&self, block: *mut u8, layout: Layout, bytes: usize) -> *mut u8 {
        if class_of(layout, layout.size()) == class_of(layout, bytes) {
            return block;
        }
        // SAFETY: the caller's promises are those of these calls.
        unsafe {
            let other = self.alloc(Layout::from_size_align_unchecked(bytes, layout.align()));
            if !other.is_null() {
                let kept = if bytes < layout.size() {
                    bytes
                } else {
                    layout.size()
                };
                block.copy_to_nonoverlapping(other, kept);
                self.dealloc(block, layout);
            }
            other
        }
    }
}

#[global_allocator]
static GLOBAL: Global = Global(UnsafeCell::new(Heap::EMPTY));

/// There is nobody to read a panic's words: the browser says where the module stopped.
#[cfg(feature = "lean")]
#[panic_handler]
fn panicked(_: &core::panic::PanicInfo) -> ! {
    core::arch::wasm32::unreachable()
}
