"""galop for Python, with ctypes. The contract is that of galop.h.

The library is found by GALOP_LIBRARY or by its name.
"""

import ctypes
import os
from ctypes import POINTER, byref, c_char_p, c_size_t, c_uint32, c_uint64, c_void_p


class RawError(ctypes.Structure):
    _fields_ = [("status", c_uint32), ("detail", c_uint32), ("start", c_size_t), ("end", c_size_t), ("index", c_size_t)]


class RawBatch(ctypes.Structure):
    _fields_ = [
        ("ids", POINTER(c_uint32)),
        ("starts", POINTER(c_size_t)),
        ("errors", POINTER(RawError)),
        ("id_count", c_size_t),
        ("error_count", c_size_t),
    ]


_library = ctypes.CDLL(os.environ.get("GALOP_LIBRARY", "libgalop.so.1"))


def _function(name, *arguments, returns=c_uint32):
    function = getattr(_library, "galop_" + name)
    function.argtypes, function.restype = arguments, returns
    return function


_status_text = _function("status_text", c_uint32, returns=c_char_p)
_detail_text = _function("detail_text", c_uint32, returns=c_char_p)
_rules_new = _function("rules_new", c_void_p, c_void_p)
_rules_add = _function("rules_add", c_void_p, c_char_p, c_size_t, c_uint64, c_void_p, c_void_p)
_rules_report = _function("rules_report", c_void_p, c_char_p, c_size_t, c_char_p, c_size_t, c_void_p)
_rules_free = _function("rules_free", c_void_p)
_matcher_new = _function("matcher_new", c_void_p, c_void_p, c_void_p, c_void_p)
_matcher_free = _function("matcher_free", c_void_p)
_scratch_new = _function("scratch_new", c_void_p)
_scratch_free = _function("scratch_free", c_void_p)
_match = _function("match", c_void_p, c_void_p, c_char_p, c_size_t, c_void_p, c_void_p, c_void_p)
_match_batch = _function("match_batch", c_void_p, c_void_p, c_char_p, c_size_t, c_void_p, c_size_t, c_void_p)


class Error(Exception):
    """A failed call, with a stable code and, for a faulty text, the place."""

    def __init__(self, status, raw=None, text=None):
        self.code = _detail_text(raw.detail).decode() if raw else ""
        self.start, self.end, self.index = (raw.start, raw.end, raw.index) if raw else (0, 0, 0)
        super().__init__(text or f"{_status_text(status).decode()}: {self.code}".rstrip(": "))


def _check(status, raw=None):
    if status:
        raise Error(status, raw)


class Rules:
    def __init__(self):
        self._as_parameter_ = c_void_p()
        _check(_rules_new(None, byref(self._as_parameter_)))

    def add(self, pattern: bytes, value=0):
        number, raw = c_uint32(), RawError()
        if status := _rules_add(self, pattern, len(pattern), value, byref(number), byref(raw)):
            text, length = ctypes.create_string_buffer(4096), c_size_t()
            _check(_rules_report(self, pattern, len(pattern), text, len(text), byref(length)))
            raise Error(status, raw, text.value.decode(errors="replace"))
        return number.value

    def __del__(self):
        _rules_free(self)


class Matcher:
    """Compiled rules. Each matching thread needs its own Scratch."""

    def __init__(self, rules):
        self._as_parameter_, raw = c_void_p(), RawError()
        _check(_matcher_new(rules, None, byref(self._as_parameter_), byref(raw)), raw)

    def match(self, scratch, event: bytes):
        """Returns the ids of the rules that an event matches."""
        if status := _match(self._as_parameter_, scratch.handle, event, len(event), *scratch.outputs):
            raise Error(status, scratch.error)
        count = scratch.count.value
        return scratch.ids[:count] if count else []

    def match_batch(self, scratch, events: bytes, offsets):
        """Returns the ids of all events, and the start of the ids of each event. `offsets` is an array of size_t."""
        _check(_match_batch(self, scratch, events, len(events), offsets, len(offsets) - 1, byref(scratch.batch)))
        batch = scratch.batch
        if batch.error_count:
            raise Error(batch.errors[0].status, batch.errors[0])
        return batch.ids[: batch.id_count], batch.starts[: len(offsets)]

    def __del__(self):
        _matcher_free(self)


class Scratch:
    def __init__(self):
        self._as_parameter_ = self.handle = c_void_p()
        _check(_scratch_new(byref(self.handle)))
        # The outputs are allocated once, because allocation is more expensive than matching.
        self.ids, self.count, self.error, self.batch = POINTER(c_uint32)(), c_size_t(), RawError(), RawBatch()
        self.outputs = byref(self.ids), byref(self.count), byref(self.error)

    def __del__(self):
        _scratch_free(self)
