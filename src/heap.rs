//! The allocator's bookkeeping: blocks whose sizes are powers of two, those that were given back in one
//! list for each size. A block is never split or joined, so at worst half of the memory is unused; an
//! overlay holds some hundred kilobytes. General allocators weigh 0.7 KiB brotli more.

/// The memory beneath, by addresses. Nothing lies at 0.
pub trait Memory {
    /// Reads the address that [`store`](Self::store) wrote.
    fn load(&self, at: usize) -> usize;
    /// Writes an address into a block that nobody uses.
    fn store(&mut self, at: usize, value: usize);
    /// Adds pages of 64 KiB, and says where they begin; `None` if there are no more.
    fn grow(&mut self, pages: usize) -> Option<usize>;
}

/// The size of a page, as a power of two.
const PAGE: u32 = 16;
/// The smallest block, as a power of two: what any alignment that occurs divides.
const LEAST: u32 = 4;

/// Which memory is free.
pub struct Heap {
    /// By size, as a power of two: the first block that was given back. Each holds the address of the next.
    free: [usize; 32],
    /// What was never handed out.
    top: usize,
    end: usize,
}

/// The size of the block for so many bytes, as a power of two; none for 2 GiB and more.
pub fn class(bytes: usize) -> Option<usize> {
    let bits = usize::BITS - bytes.saturating_sub(1).leading_zeros();
    let bits = if bits < LEAST { LEAST } else { bits };
    (bits < 32).then_some(bits as usize)
}

impl Heap {
    /// Without any memory.
    pub const EMPTY: Self = Self {
        free: [0; 32],
        top: 0,
        end: 0,
    };

    /// A block of a [`class`]; none where the memory is used up.
    pub fn take(&mut self, class: usize, memory: &mut impl Memory) -> Option<usize> {
        let head = self.free.get_mut(class)?;
        let block = *head;
        if block != 0 {
            *head = memory.load(block);
            return Some(block);
        }
        let size = 1 << class;
        if self.end - self.top < size {
            let pages = (size + (1 << PAGE) - 1) >> PAGE;
            let start = memory.grow(pages)?;
            // Somebody else may have taken the pages between.
            if start != self.end {
                self.top = start;
            }
            self.end = start + (pages << PAGE);
        }
        let block = self.top;
        self.top += size;
        Some(block)
    }

    /// Takes a block of a [`class`] back.
    pub fn give(&mut self, block: usize, class: usize, memory: &mut impl Memory) {
        if let Some(head) = self.free.get_mut(class) {
            memory.store(block, *head);
            *head = block;
        }
    }
}
