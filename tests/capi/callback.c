/* A callback is called for every matching rule, may stop, and cannot use the scratch of its own call. */

#include "check.h"

static const char *const PATTERNS[] = {
    "{\"a\":[1]}", "{\"a\":[2]}", "{\"a\":[{\"exists\":true}]}", "{\"a\":[{\"numeric\":[\"<\",5]}]}",
};
static const char EVENT[] = "{\"a\":1}";

struct seen {
  size_t calls, stop_after;
  uint32_t ids[4];
  uint64_t values[4];
};

static int32_t note(void *context, uint32_t id, uint64_t value) {
  struct seen *seen = context;
  CHECK(seen->calls < 4);
  seen->ids[seen->calls] = id;
  seen->values[seen->calls] = value;
  seen->calls++;
  return seen->calls == seen->stop_after ? -1 : 0;
}

struct objects {
  galop_matcher *matcher;
  galop_scratch *scratch, *other;
  size_t calls;
};

static int32_t meddle(void *context, uint32_t id, uint64_t value) {
  struct objects *objects = context;
  const uint32_t *ids = NULL;
  size_t count = 77;
  galop_error error;
  (void)value;
  CHECK_STATUS(galop_match(objects->matcher, objects->scratch, EVENT, strlen(EVENT), &ids, &count, &error),
               GALOP_STATUS_IN_USE);
  CHECK(error.status == GALOP_STATUS_IN_USE && ids == NULL && count == 77);
  CHECK_STATUS(galop_scratch_memory_usage(objects->scratch, &count), GALOP_STATUS_IN_USE);
  CHECK_STATUS(galop_scratch_shrink(objects->scratch, 0), GALOP_STATUS_IN_USE);
  CHECK_STATUS(galop_scratch_free(objects->scratch), GALOP_STATUS_IN_USE);
  /* Another scratch can be used. */
  OK(galop_match(objects->matcher, objects->other, EVENT, strlen(EVENT), &ids, &count, NULL));
  CHECK(count == 3 && ids[objects->calls] == id);
  objects->calls++;
  return 0;
}

static int32_t count_only(void *context, uint32_t id, uint64_t value) {
  (void)context;
  (void)id;
  (void)value;
  return 0;
}

int main(void) {
  galop_matcher *matcher = matcher_of(PATTERNS, 4);
  galop_scratch *scratch = new_scratch();
  size_t length = strlen(EVENT);

  struct seen seen = {0, 0, {0}, {0}};
  OK(galop_match_each(matcher, scratch, EVENT, length, note, &seen, NULL));
  CHECK(seen.calls == 3 && seen.ids[0] == 0 && seen.ids[1] == 2 && seen.ids[2] == 3);
  CHECK(seen.values[0] == 100 && seen.values[1] == 102 && seen.values[2] == 103);

  galop_error error = {77, 77, 77, 77, 77};
  seen.calls = 0;
  seen.stop_after = 2;
  CHECK_STATUS(galop_match_each(matcher, scratch, EVENT, length, note, &seen, &error), GALOP_STATUS_STOPPED);
  CHECK(seen.calls == 2 && error.status == GALOP_STATUS_STOPPED && error.detail == GALOP_DETAIL_NONE);

  seen.calls = 0;
  OK(galop_match_each(matcher, scratch, "{\"a\":9,\"b\":{}}", 14, note, &seen, NULL));
  CHECK(seen.calls == 1 && seen.ids[0] == 2);
  CHECK_STATUS(galop_match_each(matcher, scratch, "{\"a\":", 5, note, &seen, &error), GALOP_STATUS_EVENT_REFUSED);
  CHECK(seen.calls == 1 && error.detail == GALOP_DETAIL_UNEXPECTED_END && error.start == 5);
  OK(galop_match_each(matcher, scratch, EVENT, length, count_only, NULL, NULL));

  struct objects objects = {matcher, scratch, new_scratch(), 0};
  OK(galop_match_each(matcher, scratch, EVENT, length, meddle, &objects, NULL));
  CHECK(objects.calls == 3);

  OK(galop_scratch_free(objects.other));
  OK(galop_scratch_free(scratch));
  OK(galop_matcher_free(matcher));
  return 0;
}
