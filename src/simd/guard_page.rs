//! Memory for tests between two protected pages: reading a byte before or after a text ends the
//! process.

#![allow(unsafe_code, reason = "pages are made, protected and given back by calls to the operating system")]

use std::io;

/// Readable pages, with a protected page before and another one after them.
pub(super) struct Guarded {
    first_guard: *mut u8,
    page: usize,
    inside: usize,
}

impl Guarded {
    /// Returns memory for texts of up to `length` bytes.
    pub(super) fn new(length: usize) -> Guarded {
        // SAFETY: the call reads a constant of the system.
        let page = unsafe { libc::sysconf(libc::_SC_PAGESIZE) };
        let page = usize::try_from(page).expect("pages have a size");
        let inside = length.max(1).next_multiple_of(page);
        let (access, kind) = (libc::PROT_READ | libc::PROT_WRITE, libc::MAP_PRIVATE | libc::MAP_ANONYMOUS);
        // SAFETY: the system chooses the address of new pages, so no used memory is touched.
        let map = unsafe { libc::mmap(std::ptr::null_mut(), inside + 2 * page, access, kind, -1, 0) };
        assert_ne!(map, libc::MAP_FAILED, "{}", io::Error::last_os_error());
        let guarded = Guarded { first_guard: map.cast(), page, inside };
        for guard in [guarded.first_guard, guarded.last_guard()] {
            // SAFETY: the page is the first or last one of the map, and no reference points to it.
            let status = unsafe { libc::mprotect(guard.cast(), page, libc::PROT_NONE) };
            assert_eq!(status, 0, "{}", io::Error::last_os_error());
        }
        guarded
    }

    fn last_guard(&self) -> *mut u8 {
        self.first_guard.wrapping_add(self.page + self.inside)
    }

    fn inside(&mut self) -> &mut [u8] {
        let start = self.first_guard.wrapping_add(self.page);
        // SAFETY: the pages between the guards are initialised with zeros, can be read and written,
        // and are borrowed as long as `self` is.
        unsafe { std::slice::from_raw_parts_mut(start, self.inside) }
    }

    /// Returns a copy of a text that ends at the start of the last guard.
    pub(super) fn at_end(&mut self, text: &[u8]) -> &[u8] {
        let start = self.inside - text.len();
        let copy = &mut self.inside()[start..];
        copy.copy_from_slice(text);
        copy
    }

    /// Returns a copy of a text that begins at the end of the first guard.
    pub(super) fn at_start(&mut self, text: &[u8]) -> &[u8] {
        let copy = &mut self.inside()[..text.len()];
        copy.copy_from_slice(text);
        copy
    }
}

impl Drop for Guarded {
    fn drop(&mut self) {
        // SAFETY: the range is the whole map, and no reference points into it any more.
        let status = unsafe { libc::munmap(self.first_guard.cast(), self.inside + 2 * self.page) };
        assert_eq!(status, 0, "{}", io::Error::last_os_error());
    }
}

#[test]
fn guards_cannot_be_read() {
    use std::os::fd::AsRawFd;

    let mut guarded = Guarded::new(1);
    guarded.inside().fill(b'x');
    let (_reader, writer) = io::pipe().unwrap();
    let ends = [
        (guarded.last_guard(), false),
        (guarded.last_guard().wrapping_sub(1), true),
        (guarded.first_guard.wrapping_add(guarded.page), true),
        (guarded.first_guard.wrapping_add(guarded.page - 1), false),
    ];
    for (at, is_readable) in ends {
        // SAFETY: the system checks the byte before it reads it, and fails if it is not readable.
        let written = unsafe { libc::write(writer.as_raw_fd(), at.cast(), 1) };
        if is_readable {
            assert_eq!(written, 1);
        } else {
            assert_eq!(written, -1);
            assert_eq!(io::Error::last_os_error().raw_os_error(), Some(libc::EFAULT));
        }
    }
}

mod tests;
