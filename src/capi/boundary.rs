//! The only place where arguments from C become Rust values. Pointers are checked, kinds of objects
//! are told apart, exclusive objects are locked, and panics are caught.
//!
//! An exported function wraps each raw argument in the type of its requirement ([`Shared`],
//! [`Exclusive`], [`Slice`], [`Output`], …). [`call`] checks the arguments in order, runs the
//! function's body on the checked values, and returns a [`Status`]. The body is safe code.

use std::cell::UnsafeCell;
use std::ffi::{c_char, c_void};
use std::marker::PhantomData;
use std::ops::{Deref, DerefMut};
use std::panic::{self, AssertUnwindSafe};
use std::ptr::{self, NonNull};
use std::slice;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use super::callback::OnMatch;
use super::status::{Error, Status};

/// Checks the arguments of an exported function and runs its body.
///
/// The details of a failure are also written to `error`, unless `error` is null. Returns
/// [`Status::Panic`] if the body panics.
///
/// # Safety
///
/// Until the call returns, the arguments satisfy the documentation of their types. `error`
/// satisfies the documentation of an [`Output`] that may be null.
pub(super) unsafe fn call<'a, A: Argument<'a>>(
    arguments: A,
    error: *mut Error,
    body: impl FnOnce(A::Value) -> Result<(), Error>,
) -> Status {
    // SAFETY: `check` requires for `error` the same as this function requires of its caller.
    let error = match unsafe { Optional(Output(error)).check() } {
        Ok(error) => error,
        Err(status) => return status,
    };
    let run = || {
        // SAFETY: `check` requires for the arguments the same as this function requires of its
        // caller.
        let values = unsafe { arguments.check() }?;
        body(values)
    };
    // The body changes shared state only through `Held`, which resets the value after a panic.
    let failure = match panic::catch_unwind(AssertUnwindSafe(run)) {
        Ok(Ok(())) => return Status::Ok,
        Ok(Err(failure)) => failure,
        Err(_) => Error::from(Status::Panic),
    };
    if let Some(error) = error {
        error.set(failure);
    }
    failure.status
}

/// Frees an object. Does nothing if the pointer is null or the object is in use.
///
/// # Safety
///
/// The pointer is null, or points to an object of the library that has not been freed and that no
/// other thread uses.
pub(super) unsafe fn free<H: Handle>(pointer: *mut H) -> Status {
    if pointer.is_null() {
        return Status::Ok;
    }
    // SAFETY: `find` requires the same as this function requires of its caller.
    let object = match unsafe { find(pointer) } {
        Ok(object) => object,
        Err(status) => return status,
    };
    if !object.acquire() {
        return Status::InUse;
    }
    let pointer = pointer.cast::<Object<H::Value>>();
    // SAFETY: `create` made the object in a box, and no other user is left. `object` is not used
    // below.
    let mut owned = unsafe { Box::from_raw(pointer) };
    // A second free of the object is then often refused, as long as the memory is not reused. No
    // code relies on it.
    owned.tag = 0;
    match panic::catch_unwind(AssertUnwindSafe(|| drop(owned))) {
        Ok(()) => Status::Ok,
        Err(_) => Status::Panic,
    }
}

/// A raw argument, and the type of its checked value.
pub(super) trait Argument<'a> {
    type Value;

    /// # Safety
    ///
    /// For the whole of `'a`, the argument satisfies the documentation of its type.
    unsafe fn check(self) -> Result<Self::Value, Status>;
}

/// The type of a pointer to an object in C. The pointer points to an [`Object`] with the value.
pub(super) trait Handle {
    /// A constant that is distinct for every kind of object.
    const TAG: u64;
    /// [`Many`] or [`One`].
    type Users;
    type Value: Send + 'static;
}

/// For handles: several threads may use the object at once.
pub(super) enum Many {}

/// For handles: one caller at a time may use the object.
pub(super) enum One {}

/// A value that can be made valid after a panic in the midst of a change.
pub(super) trait Reset {
    fn reset(&mut self);
}

/// The tag has the same offset for every type of value. It can thus be read before the kind is
/// known.
#[repr(C)]
struct Object<T> {
    tag: u64,
    in_use: AtomicBool,
    value: UnsafeCell<T>,
}

impl<T> Object<T> {
    fn acquire(&self) -> bool {
        self.in_use.compare_exchange(false, true, Ordering::Acquire, Ordering::Relaxed).is_ok()
    }
}

/// Returns a new object for C, which has to free it.
pub(super) fn create<H: Handle>(value: H::Value) -> *mut H {
    let object = Object { tag: H::TAG, in_use: AtomicBool::new(false), value: UnsafeCell::new(value) };
    Box::into_raw(Box::new(object)).cast()
}

/// # Safety
///
/// The pointer is null, or points to an object of the library that is not freed during `'a`.
unsafe fn find<'a, H: Handle>(pointer: *const H) -> Result<&'a Object<H::Value>, Status> {
    if pointer.is_null() {
        return Err(Status::NullPointer);
    }
    let tag = pointer.cast::<u64>();
    if !tag.is_aligned() {
        return Err(Status::WrongObject);
    }
    // SAFETY: every object of the library begins with its tag, and the pointer is aligned for it.
    if unsafe { tag.read() } != H::TAG {
        return Err(Status::WrongObject);
    }
    // SAFETY: the tag shows that the object has a value of this type. Mutable references to objects
    // never exist.
    Ok(unsafe { &*pointer.cast::<Object<H::Value>>() })
}

/// Null, or an object of the library that has not been freed, of a kind that several threads may
/// use at once.
pub(super) struct Shared<H>(pub(super) *const H);

impl<'a, H: Handle<Users = Many, Value: Sync>> Argument<'a> for Shared<H> {
    type Value = &'a H::Value;

    unsafe fn check(self) -> Result<Self::Value, Status> {
        // SAFETY: `find` requires the same as this function requires of its caller.
        let object = unsafe { find(self.0) }?;
        // SAFETY: only `Held` has mutable references to values, and `Held` is never made for kinds
        // with several users.
        Ok(unsafe { &*object.value.get() })
    }
}

/// Null, or an object of the library that has not been freed, of a kind that one caller at a time
/// may use. While the object is [`Held`], a use by another thread or a callback is refused.
pub(super) struct Exclusive<H>(pub(super) *const H);

impl<'a, H: Handle<Users = One, Value: Reset>> Argument<'a> for Exclusive<H> {
    type Value = Held<'a, H::Value>;

    unsafe fn check(self) -> Result<Self::Value, Status> {
        // SAFETY: `find` requires the same as this function requires of its caller.
        let object = unsafe { find(self.0) }?;
        if object.acquire() { Ok(Held { object }) } else { Err(Status::InUse) }
    }
}

/// The value of an object, locked until the `Held` is dropped.
pub(super) struct Held<'a, T: Reset> {
    object: &'a Object<T>,
}

impl<T: Reset> Deref for Held<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        // SAFETY: `in_use` was set when `self` was made, so there is no other `Held`. `self` is
        // borrowed.
        unsafe { &*self.object.value.get() }
    }
}

impl<T: Reset> DerefMut for Held<'_, T> {
    fn deref_mut(&mut self) -> &mut T {
        // SAFETY: as in `deref`, and `self` is borrowed mutably.
        unsafe { &mut *self.object.value.get() }
    }
}

impl<T: Reset> Drop for Held<'_, T> {
    fn drop(&mut self) {
        if thread::panicking() {
            self.reset();
        }
        self.object.in_use.store(false, Ordering::Release);
    }
}

/// An array of `.1` values that are not changed during the call. Null if the array is empty.
pub(super) struct Slice<T>(pub(super) *const T, pub(super) usize);

impl<'a, T: 'a> Argument<'a> for Slice<T> {
    type Value = &'a [T];

    unsafe fn check(self) -> Result<Self::Value, Status> {
        let Slice(pointer, length) = self;
        if length == 0 {
            return Ok(&[]);
        }
        check_pointer(pointer)?;
        if length > isize::MAX as usize / size_of::<T>() {
            return Err(Status::InvalidArgument);
        }
        // SAFETY: the caller promises that the values exist and do not change. The pointer is
        // neither null nor unaligned, and the size fits an `isize`.
        Ok(unsafe { slice::from_raw_parts(pointer, length) })
    }
}

/// A text of `.1` bytes that are not changed during the call. Null if the text is empty.
pub(super) struct Text(pub(super) *const c_char, pub(super) usize);

impl<'a> Argument<'a> for Text {
    type Value = &'a [u8];

    unsafe fn check(self) -> Result<Self::Value, Status> {
        // SAFETY: `check` requires the same as this function requires of its caller. A `c_char` is
        // a byte.
        unsafe { Slice(self.0.cast::<u8>(), self.1).check() }
    }
}

/// Null, or a place for a value, which is used by no other code and may be uninitialized.
pub(super) struct Output<T>(pub(super) *mut T);

impl<'a, T: 'a> Argument<'a> for Output<T> {
    type Value = Place<'a, T>;

    unsafe fn check(self) -> Result<Self::Value, Status> {
        check_pointer(self.0)?;
        let pointer = NonNull::new(self.0).ok_or(Status::NullPointer)?;
        Ok(Place { pointer, borrow: PhantomData })
    }
}

/// The place of a result. `set` consumes the place, so a body writes a result once, at its end.
pub(super) struct Place<'a, T> {
    pointer: NonNull<T>,
    borrow: PhantomData<&'a mut T>,
}

impl<T> Place<'_, T> {
    pub(super) fn set(self, value: T) {
        // SAFETY: `check` tested that the pointer is aligned, and its caller promised that the
        // place is valid.
        unsafe { self.pointer.write(value) }
    }
}

/// An output that may be null.
pub(super) struct Optional<T>(pub(super) Output<T>);

impl<'a, T: 'a> Argument<'a> for Optional<T> {
    type Value = Option<Place<'a, T>>;

    unsafe fn check(self) -> Result<Self::Value, Status> {
        if self.0.0.is_null() {
            return Ok(None);
        }
        // SAFETY: `check` requires the same as this function requires of its caller.
        unsafe { self.0.check() }.map(Some)
    }
}

/// A place for a text of at most `.1` bytes. Null if there is no room.
pub(super) struct Buffer(pub(super) *mut c_char, pub(super) usize);

impl<'a> Argument<'a> for Buffer {
    type Value = TextPlace<'a>;

    unsafe fn check(self) -> Result<Self::Value, Status> {
        let Buffer(pointer, capacity) = self;
        if pointer.is_null() && capacity > 0 {
            return Err(Status::NullPointer);
        }
        Ok(TextPlace { pointer, capacity, borrow: PhantomData })
    }
}

/// The place of a text.
pub(super) struct TextPlace<'a> {
    pointer: *mut c_char,
    capacity: usize,
    borrow: PhantomData<&'a mut [c_char]>,
}

impl TextPlace<'_> {
    /// Writes as many whole characters as fit, and a NUL after them. Writes nothing if the capacity
    /// is zero.
    pub(super) fn set(self, text: &str) {
        let Some(room) = self.capacity.checked_sub(1) else { return };
        let length = (0..=room.min(text.len())).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0);
        let place = self.pointer.cast::<u8>();
        // SAFETY: `length` is at most the length of the text and below the capacity, which the
        // caller of `check` promised. No other code uses the memory.
        unsafe { ptr::copy_nonoverlapping(text.as_ptr(), place, length) };
        // SAFETY: `length` is below the capacity.
        let end = unsafe { place.add(length) };
        // SAFETY: `end` is inside the capacity, as above.
        unsafe { end.write(0) };
    }
}

/// Options that C passes as a structure whose first field is its size in bytes.
///
/// # Safety
///
/// The type is `repr(C)`, made of integers only, and the first integer is the `usize` of the size.
/// There is no padding, not even at the end. Otherwise, a field of a later version would be read
/// from padding that an older caller never initialized.
pub(super) unsafe trait SizePrefixed: Copy + Default {}

/// Null, or a structure whose first field is its size in bytes. Fields that a shorter structure
/// lacks are zero. Bytes that a longer structure has in addition must be zero, because their
/// meaning is unknown.
pub(super) struct Options<T>(pub(super) *const T);

/// The maximum size of a structure. A larger size is an uninitialized one, not one of a later
/// version.
const LONGEST_OPTIONS: usize = 4_096;

impl<'a, T: SizePrefixed> Argument<'a> for Options<T> {
    type Value = T;

    unsafe fn check(self) -> Result<Self::Value, Status> {
        if self.0.is_null() {
            return Ok(T::default());
        }
        check_pointer(self.0)?;
        // SAFETY: the structure begins with its size, and the pointer is aligned for it.
        let size = unsafe { self.0.cast::<usize>().read() };
        if !(size_of::<usize>()..=LONGEST_OPTIONS).contains(&size) {
            return Err(Status::InvalidArgument);
        }
        let given = self.0.cast::<u8>();
        let known = size.min(size_of::<T>());
        let mut options = T::default();
        // SAFETY: the structure has `size` bytes, and `options` has at least `known`. Any bytes are
        // a valid `SizePrefixed`.
        unsafe { ptr::copy_nonoverlapping(given, ptr::from_mut(&mut options).cast(), known) };
        // SAFETY: `known` is at most the `size` bytes of the structure.
        let rest = unsafe { given.add(known) };
        // SAFETY: as above. The caller promises that the bytes do not change.
        let rest = unsafe { slice::from_raw_parts(rest, size - known) };
        if rest.iter().all(|&byte| byte == 0) { Ok(options) } else { Err(Status::UnknownOption) }
    }
}

/// Null, or a function that may be called with the context.
pub(super) struct Callback(pub(super) OnMatch, pub(super) *mut c_void);

impl Argument<'_> for Callback {
    type Value = Visitor;

    unsafe fn check(self) -> Result<Self::Value, Status> {
        let Callback(function, context) = self;
        function.map(|function| Visitor { function, context }).ok_or(Status::NullPointer)
    }
}

/// A checked callback.
pub(super) struct Visitor {
    function: unsafe extern "C-unwind" fn(*mut c_void, u32, u64) -> i32,
    context: *mut c_void,
}

impl Visitor {
    /// Calls the callback. Returns true if the callback returns zero.
    pub(super) fn visit(&self, rule: u32, value: u64) -> bool {
        // SAFETY: the caller of `check` promised that the function may be called with this context.
        unsafe { (self.function)(self.context, rule, value) == 0 }
    }
}

fn check_pointer<T>(pointer: *const T) -> Result<(), Status> {
    if pointer.is_null() {
        Err(Status::NullPointer)
    } else if !pointer.is_aligned() {
        Err(Status::InvalidArgument)
    } else {
        Ok(())
    }
}

macro_rules! tuple {
    ($($name:ident),*) => {
        impl<'a, $($name: Argument<'a>),*> Argument<'a> for ($($name,)*) {
            type Value = ($($name::Value,)*);

            #[allow(non_snake_case, reason = "the type parameters serve as names of the variables")]
            unsafe fn check(self) -> Result<Self::Value, Status> {
                let ($($name,)*) = self;
                // SAFETY: the caller promises for each of the arguments the requirement of its
                // `check`.
                Ok(($(unsafe { $name.check() }?,)*))
            }
        }
    };
}

tuple!(A);
tuple!(A, B);
tuple!(A, B, C);
tuple!(A, B, C, D);
tuple!(A, B, C, D, E);
