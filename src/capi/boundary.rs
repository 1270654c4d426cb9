//! The only place where what C hands over becomes a value: pointers are checked, objects are told apart and held by
//! one caller at a time, panics end here.
//!
//! An exported function wraps each raw argument in the type that says what it must be ([`Shared`], [`Exclusive`],
//! [`Slice`], [`Output`], …) and hands them to [`call`], which checks them in order, runs the function's body on the
//! checked values, and turns whatever comes of it into a [`Status`]. The body is safe code.

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
/// The details of a failure are also written to `error`, unless that is null. A body that panics gives
/// [`Status::Panic`].
///
/// # Safety
///
/// Until the call returns, the arguments keep what their types document, and so does `error`, as an
/// [`Output`] that may be null.
pub(super) unsafe fn call<'a, A: Argument<'a>>(
    arguments: A,
    error: *mut Error,
    body: impl FnOnce(A::Value) -> Result<(), Error>,
) -> Status {
    // SAFETY: the caller's promise for `error` is the one that `check` asks for.
    let error = match unsafe { Optional(Output(error)).check() } {
        Ok(error) => error,
        Err(status) => return status,
    };
    let run = || {
        // SAFETY: the caller's promise for the arguments is the one that `check` asks for.
        let values = unsafe { arguments.check() }?;
        body(values)
    };
    // A body shares nothing with the world outside but what it holds by `Held`, which resets it after a panic.
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

/// Gives back an object. Null is no object, and nothing is done; an object in use stays as it is.
///
/// # Safety
///
/// The pointer is null, or to an object of the library that has not been freed and that no other thread uses.
pub(super) unsafe fn free<H: Handle>(pointer: *mut H) -> Status {
    if pointer.is_null() {
        return Status::Ok;
    }
    // SAFETY: the caller's promise is the one that `find` asks for.
    let object = match unsafe { find(pointer) } {
        Ok(object) => object,
        Err(status) => return status,
    };
    if !object.acquire() {
        return Status::InUse;
    }
    let pointer = pointer.cast::<Object<H::Value>>();
    // SAFETY: `create` made the object in a box, and nobody else uses it any more; `object` is not used below.
    let mut owned = unsafe { Box::from_raw(pointer) };
    // Whoever frees an object twice is told so for as long as the memory serves nothing else. Nothing relies on it.
    owned.tag = 0;
    match panic::catch_unwind(AssertUnwindSafe(|| drop(owned))) {
        Ok(()) => Status::Ok,
        Err(_) => Status::Panic,
    }
}

/// A raw argument, and the value that it becomes when it has been checked.
pub(super) trait Argument<'a> {
    type Value;

    /// # Safety
    ///
    /// For the whole of `'a`, the argument keeps what its type documents.
    unsafe fn check(self) -> Result<Self::Value, Status>;
}

/// An object that C knows by a pointer. The type with this trait is only what the pointer is called; behind it
/// stands an [`Object`] with the value.
pub(super) trait Handle {
    /// Distinct for every kind of object.
    const TAG: u64;
    /// [`Many`] or [`One`].
    type Users;
    type Value: Send + 'static;
}

/// Of handles: many threads may use the object at once.
pub(super) enum Many {}

/// Of handles: one caller at a time may use the object.
pub(super) enum One {}

/// A value that can be used again after a panic broke out in the midst of a change.
pub(super) trait Reset {
    fn reset(&mut self);
}

/// The tag stands at the same place whatever the value is, so that it can be read before the kind is known.
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

/// A new object for C, which has to free it.
pub(super) fn create<H: Handle>(value: H::Value) -> *mut H {
    let object = Object { tag: H::TAG, in_use: AtomicBool::new(false), value: UnsafeCell::new(value) };
    Box::into_raw(Box::new(object)).cast()
}

/// # Safety
///
/// The pointer is null, or to an object of the library that is not freed during `'a`.
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
    // SAFETY: the tag says that it is an object with a value of this type. Mutable references to objects never exist.
    Ok(unsafe { &*pointer.cast::<Object<H::Value>>() })
}

/// Null, or an object of the library that has not been freed, of a kind that many threads may use at once.
pub(super) struct Shared<H>(pub(super) *const H);

impl<'a, H: Handle<Users = Many, Value: Sync>> Argument<'a> for Shared<H> {
    type Value = &'a H::Value;

    unsafe fn check(self) -> Result<Self::Value, Status> {
        // SAFETY: the caller's promise is the one that `find` asks for.
        let object = unsafe { find(self.0) }?;
        // SAFETY: only `Held` has mutable references to values, and there is none for objects with many users.
        Ok(unsafe { &*object.value.get() })
    }
}

/// Null, or an object of the library that has not been freed, of a kind that one caller at a time may use. While it
/// is [`Held`], another thread or a callback that wants it is refused.
pub(super) struct Exclusive<H>(pub(super) *const H);

impl<'a, H: Handle<Users = One, Value: Reset>> Argument<'a> for Exclusive<H> {
    type Value = Held<'a, H::Value>;

    unsafe fn check(self) -> Result<Self::Value, Status> {
        // SAFETY: the caller's promise is the one that `find` asks for.
        let object = unsafe { find(self.0) }?;
        if object.acquire() { Ok(Held { object }) } else { Err(Status::InUse) }
    }
}

/// The value of an object, held until it is dropped.
pub(super) struct Held<'a, T: Reset> {
    object: &'a Object<T>,
}

impl<T: Reset> Deref for Held<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        // SAFETY: `in_use` was set when `self` was made, so there is no other `Held`; and `self` is borrowed.
        unsafe { &*self.object.value.get() }
    }
}

impl<T: Reset> DerefMut for Held<'_, T> {
    fn deref_mut(&mut self) -> &mut T {
        // SAFETY: as above, and `self` is borrowed mutably.
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

/// So many values one after the other, which nobody changes; null if they are none.
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
        // SAFETY: the caller promises that the values are there and stay as they are; the pointer is neither null nor
        // unaligned, and the size fits an `isize`.
        Ok(unsafe { slice::from_raw_parts(pointer, length) })
    }
}

/// So many bytes of text, which nobody changes; null if they are none.
pub(super) struct Text(pub(super) *const c_char, pub(super) usize);

impl<'a> Argument<'a> for Text {
    type Value = &'a [u8];

    unsafe fn check(self) -> Result<Self::Value, Status> {
        // SAFETY: the caller's promise is the one that `check` asks for; a `c_char` is a byte.
        unsafe { Slice(self.0.cast::<u8>(), self.1).check() }
    }
}

/// Null, or a place for a value, which nobody else uses and which may not be initialized.
pub(super) struct Output<T>(pub(super) *mut T);

impl<'a, T: 'a> Argument<'a> for Output<T> {
    type Value = Place<'a, T>;

    unsafe fn check(self) -> Result<Self::Value, Status> {
        check_pointer(self.0)?;
        let pointer = NonNull::new(self.0).ok_or(Status::NullPointer)?;
        Ok(Place { pointer, borrow: PhantomData })
    }
}

/// Where a result goes. That it can be written only once, and by value, keeps it for the end of a body.
pub(super) struct Place<'a, T> {
    pointer: NonNull<T>,
    borrow: PhantomData<&'a mut T>,
}

impl<T> Place<'_, T> {
    pub(super) fn set(self, value: T) {
        // SAFETY: `check` saw that the pointer is aligned, and whoever called it promised the place.
        unsafe { self.pointer.write(value) }
    }
}

/// What the argument says, or null for nothing.
pub(super) struct Optional<T>(pub(super) Output<T>);

impl<'a, T: 'a> Argument<'a> for Optional<T> {
    type Value = Option<Place<'a, T>>;

    unsafe fn check(self) -> Result<Self::Value, Status> {
        if self.0.0.is_null() {
            return Ok(None);
        }
        // SAFETY: the caller's promise is the one that `check` asks for.
        unsafe { self.0.check() }.map(Some)
    }
}

/// A place for so many bytes of text; null if they are none.
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

/// Where a text goes.
pub(super) struct TextPlace<'a> {
    pointer: *mut c_char,
    capacity: usize,
    borrow: PhantomData<&'a mut [c_char]>,
}

impl TextPlace<'_> {
    /// Writes as many characters as there is room for, and a NUL behind them if there is room for anything.
    pub(super) fn set(self, text: &str) {
        let Some(room) = self.capacity.checked_sub(1) else { return };
        let length = (0..=room.min(text.len())).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0);
        let place = self.pointer.cast::<u8>();
        // SAFETY: `length` is at most the length of the text and below the capacity, which whoever called `check`
        // promised; and nobody else uses that memory.
        unsafe { ptr::copy_nonoverlapping(text.as_ptr(), place, length) };
        // SAFETY: `length` is below the capacity.
        let end = unsafe { place.add(length) };
        // SAFETY: as above.
        unsafe { end.write(0) };
    }
}

/// Options that C hands over as a structure whose first field is its size in bytes.
///
/// # Safety
///
/// The type is `repr(C)`, made of integers only, and the first of them is the `usize` of the size. There is no padding,
/// not even at the end: a field that a later version puts there would be read from bytes that an older caller never set.
pub(super) unsafe trait SizePrefixed: Copy + Default {}

/// Null, or a structure of as many bytes as its first field says. What a shorter one lacks is zero; what a longer one
/// has beyond must be zero, since nobody here knows what it asks for.
pub(super) struct Options<T>(pub(super) *const T);

/// Longer structures come from uninitialized sizes, not from later versions.
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
        // SAFETY: the structure has `size` bytes and `options` no fewer than `known`; any bytes are a `SizePrefixed`.
        unsafe { ptr::copy_nonoverlapping(given, ptr::from_mut(&mut options).cast(), known) };
        // SAFETY: the structure has `size` bytes, of which `known` are the first.
        let rest = unsafe { given.add(known) };
        // SAFETY: as above; and the caller promises that the bytes stay as they are.
        let rest = unsafe { slice::from_raw_parts(rest, size - known) };
        if rest.iter().all(|&byte| byte == 0) { Ok(options) } else { Err(Status::UnknownOption) }
    }
}

/// Null, or a function that may be called with this context.
pub(super) struct Callback(pub(super) OnMatch, pub(super) *mut c_void);

impl Argument<'_> for Callback {
    type Value = Visitor;

    unsafe fn check(self) -> Result<Self::Value, Status> {
        let Callback(function, context) = self;
        function.map(|function| Visitor { function, context }).ok_or(Status::NullPointer)
    }
}

/// Calls back.
pub(super) struct Visitor {
    function: unsafe extern "C-unwind" fn(*mut c_void, u32, u64) -> i32,
    context: *mut c_void,
}

impl Visitor {
    /// Whether to go on.
    pub(super) fn visit(&self, rule: u32, value: u64) -> bool {
        // SAFETY: whoever called `check` promised that the function may be called with this context.
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
                // SAFETY: the caller promises for each of the arguments what its `check` asks for.
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
