package main

/*
#cgo LDFLAGS: -lgalop
#include <galop.h>

// The results of one call in one struct: cgo passes one pointer instead of three.
typedef struct {
	const uint32_t *ids;
	size_t count;
	galop_error error;
} answer;

static galop_status match(const galop_matcher *matcher, galop_scratch *scratch, const char *event, size_t length,
                          answer *answer) {
	return galop_match(matcher, scratch, event, length, &answer->ids, &answer->count, &answer->error);
}
*/
import "C"

import (
	"fmt"
	"unsafe"
)

// Error is a failed call, with a stable code and, for a faulty text, the place.
type Error struct {
	Status, Detail uint32
	Start, End     int
	Text           string
}

func (e *Error) Error() string { return e.Text }

func failure(status C.galop_status, raw C.galop_error) error {
	text := C.GoString(C.galop_status_text(C.uint32_t(status)))
	if code := C.GoString(C.galop_detail_text(C.uint32_t(raw.detail))); code != "" {
		text = fmt.Sprintf("%s: %s at byte %d", text, code, raw.start)
	}
	return &Error{uint32(status), uint32(raw.detail), int(raw.start), int(raw.end), text}
}

func chars(text []byte) (*C.char, C.size_t) {
	if len(text) == 0 {
		return nil, 0
	}
	return (*C.char)(unsafe.Pointer(&text[0])), C.size_t(len(text))
}

// Compile makes a matcher from patterns. The ids are their indices.
func Compile(patterns [][]byte) (*Matcher, error) {
	var rules *C.galop_rules
	var raw C.galop_error
	if status := C.galop_rules_new(nil, &rules); status != C.GALOP_STATUS_OK {
		return nil, failure(status, raw)
	}
	defer C.galop_rules_free(rules)
	for _, pattern := range patterns {
		text, length := chars(pattern)
		if status := C.galop_rules_add(rules, text, length, 0, nil, &raw); status != C.GALOP_STATUS_OK {
			return nil, failure(status, raw)
		}
	}
	matcher := &Matcher{}
	if status := C.galop_matcher_new(rules, nil, &matcher.raw, &raw); status != C.GALOP_STATUS_OK {
		return nil, failure(status, raw)
	}
	return matcher, nil
}

// Matcher is a compiled set of rules, for any number of goroutines.
type Matcher struct{ raw *C.galop_matcher }

// Close frees the matcher.
func (m *Matcher) Close() { C.galop_matcher_free(m.raw) }

// Scratch is the memory of one goroutine at a time.
type Scratch struct {
	raw    *C.galop_scratch
	answer C.answer
	batch  C.galop_batch
}

// NewScratch makes a scratch.
func NewScratch() (*Scratch, error) {
	scratch := &Scratch{}
	if status := C.galop_scratch_new(&scratch.raw); status != C.GALOP_STATUS_OK {
		return nil, failure(status, C.galop_error{})
	}
	return scratch, nil
}

// Close frees the scratch.
func (s *Scratch) Close() { C.galop_scratch_free(s.raw) }

// Match finds the ids of the rules that an event matches. The ids are valid until the next use of
// the scratch.
func (m *Matcher) Match(scratch *Scratch, event []byte) ([]uint32, error) {
	text, length := chars(event)
	if status := C.match(m.raw, scratch.raw, text, length, &scratch.answer); status != C.GALOP_STATUS_OK {
		return nil, failure(status, scratch.answer.error)
	}
	return unsafe.Slice((*uint32)(unsafe.Pointer(scratch.answer.ids)), int(scratch.answer.count)), nil
}

// MatchBatch matches the events between the offsets. There is one offset more than events. The ids
// of event i are ids[starts[i]:starts[i+1]]. Both results are valid until the next use of the
// scratch.
func (m *Matcher) MatchBatch(scratch *Scratch, events []byte, offsets []uintptr) (ids []uint32, starts []uintptr, err error) {
	text, length := chars(events)
	places, batch := (*C.size_t)(unsafe.Pointer(&offsets[0])), &scratch.batch
	status := C.galop_match_batch(m.raw, scratch.raw, text, length, places, C.size_t(len(offsets)-1), batch)
	if status != C.GALOP_STATUS_OK {
		return nil, nil, failure(status, C.galop_error{})
	}
	if batch.error_count > 0 {
		return nil, nil, failure(C.GALOP_STATUS_EVENT_REFUSED, *batch.errors)
	}
	ids = unsafe.Slice((*uint32)(unsafe.Pointer(batch.ids)), int(batch.id_count))
	return ids, unsafe.Slice((*uintptr)(unsafe.Pointer(batch.starts)), len(offsets)), nil
}
