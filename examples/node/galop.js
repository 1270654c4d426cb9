// galop for Node.js on 64-bit systems, with koffi. The contract is that of galop.h. The library is
// found by GALOP_LIBRARY or by its name.

'use strict';

const koffi = require('koffi');

const library = koffi.load(process.env.GALOP_LIBRARY ?? 'libgalop.so.1');
const statusText = library.func('const char *galop_status_text(uint32_t status)');
const detailText = library.func('const char *galop_detail_text(uint32_t detail)');
const rulesNew = library.func('uint32_t galop_rules_new(void *limits, void *rules)');
const rulesAdd = library.func(
  'uint32_t galop_rules_add(void *rules, void *pattern, size_t length, uint64_t value, void *id, void *error)');
const rulesReport = library.func(
  'uint32_t galop_rules_report(void *rules, void *pattern, size_t length, void *buffer, size_t capacity, void *needed)');
const rulesFree = library.func('uint32_t galop_rules_free(void *rules)');
const matcherNew = library.func('uint32_t galop_matcher_new(void *rules, void *options, void *matcher, void *error)');
const matcherFree = library.func('uint32_t galop_matcher_free(void *matcher)');
const scratchNew = library.func('uint32_t galop_scratch_new(void *scratch)');
const scratchFree = library.func('uint32_t galop_scratch_free(void *scratch)');
const match = library.func(
  'uint32_t galop_match(void *matcher, void *scratch, void *event, size_t length, void *ids, void *count, void *error)');
const matchBatch = library.func(
  'uint32_t galop_match_batch(void *matcher, void *scratch, void *events, size_t length, void *offsets, size_t count, void *batch)');

class GalopError extends Error {
  constructor(status, detail = 0) {
    const code = detailText(detail);
    super(code ? `${statusText(status)}: ${code}` : statusText(status));
    this.code = code;
  }
}

function check(status, detail) {
  if (status !== 0) throw new GalopError(status, detail);
}

const NONE = new Uint32Array(0);

/** Compiled rules; the ids are the indices of the patterns. */
class Matcher {
  constructor(patterns) {
    const place = new BigUint64Array(1);
    check(rulesNew(null, place));
    const rules = place[0];
    try {
      for (const pattern of patterns) {
        if (rulesAdd(rules, pattern, pattern.length, 0, null, null) !== 0) {
          const text = Buffer.alloc(4096);
          check(rulesReport(rules, pattern, pattern.length, text, text.length, place));
          throw new Error(text.toString('utf8', 0, Math.min(Number(place[0]), text.length - 1)));
        }
      }
      check(matcherNew(rules, null, place, null));
    } finally {
      rulesFree(rules);
    }
    this.handle = place[0];
  }

  /** The ids of the rules that an event fits. */
  match(scratch, event) {
    const status = match(this.handle, scratch.handle, event, event.length, scratch.ids, scratch.count, scratch.error);
    if (status !== 0) throw new GalopError(status, scratch.error[1]);
    // An event has few ids, so reading each id is faster than decoding an array.
    const ids = new Array(Number(scratch.count[0]));
    for (let i = 0, place = scratch.ids[0]; i < ids.length; i++, place += 4n) ids[i] = koffi.decode.uint32(place);
    return ids;
  }

  /** The ids of all events together; the events are the bytes between the offsets. */
  matchBatch(scratch, events, offsets) {
    const batch = scratch.batch;
    check(matchBatch(this.handle, scratch.handle, events, events.length, offsets, offsets.length - 1, batch));
    if (batch[4] > 0n) throw new GalopError(...koffi.decode(batch[2], 'uint32_t', 2));
    return batch[3] === 0n ? NONE : koffi.decode(batch[0], 'uint32_t', Number(batch[3]));
  }

  free() {
    matcherFree(this.handle);
  }
}

/** The memory of one thread at a time. */
class Scratch {
  constructor() {
    const place = new BigUint64Array(1);
    check(scratchNew(place));
    this.handle = place[0];
    // The outputs are allocated once, because allocation is more expensive than matching.
    this.ids = new BigUint64Array(1);
    this.count = new BigUint64Array(1);
    this.error = new Uint32Array(8);
    this.batch = new BigUint64Array(5);
  }

  free() {
    scratchFree(this.handle);
  }
}

module.exports = { GalopError, Matcher, Scratch };
