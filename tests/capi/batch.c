/* Many events in one call: one buffer, and the offset of each event. */

#include "check.h"

static const char *const PATTERNS[] = {"{\"a\":[1]}", "{\"a\":[{\"exists\":true}]}", "{\"b\":[2]}"};

/* Matches the events of a text, one per line. The line feed is white space, and may be part of the event. */
static size_t offsets_of(const char *lines, size_t *offsets, size_t most) {
  size_t count = 0;
  offsets[0] = 0;
  for (size_t i = 0; lines[i] != '\0'; i++) {
    if (lines[i] == '\n') {
      CHECK(count < most);
      offsets[++count] = i + 1;
    }
  }
  return count;
}

static void answers_stand_side_by_side(const galop_matcher *matcher, galop_scratch *scratch) {
  const char *lines =
      "{\"a\":1}\n"
      "{}\n"
      "{\"a\":1,\"b\":2}\n"
      "{\"a\":}\n"
      "\n"
      "{\"b\":2}\n";
  size_t offsets[8];
  size_t count = offsets_of(lines, offsets, 7);
  size_t length = strlen(lines);
  char *events = exactly(lines, length);
  galop_batch batch;
  OK(galop_match_batch(matcher, scratch, events, length, offsets, count, &batch));
  free(events);

  static const size_t STARTS[] = {0, 2, 2, 5, 5, 5, 6};
  static const uint32_t IDS[] = {0, 1, 0, 1, 2, 2};
  CHECK(count == 6 && batch.id_count == 6 && batch.error_count == 2);
  CHECK(memcmp(batch.starts, STARTS, sizeof STARTS) == 0);
  CHECK(memcmp(batch.ids, IDS, sizeof IDS) == 0);

  const galop_error *error = batch.errors;
  CHECK(error->index == 3 && error->status == GALOP_STATUS_EVENT_REFUSED);
  CHECK(error->detail == GALOP_DETAIL_UNEXPECTED_CHARACTER && error->start == 5 && error->end == 5);
  error++;
  CHECK(error->index == 4 && error->detail == GALOP_DETAIL_UNEXPECTED_END && error->start == 1);

  /* A second batch replaces the results of the first. */
  size_t last[] = {offsets[5], offsets[6]};
  OK(galop_match_batch(matcher, scratch, lines, length, last, 1, &batch));
  CHECK(batch.id_count == 1 && batch.ids[0] == 2 && batch.error_count == 0);
  CHECK(batch.starts[0] == 0 && batch.starts[1] == 1);
}

static void a_batch_may_be_empty(const galop_matcher *matcher, galop_scratch *scratch) {
  const size_t none[] = {0};
  galop_batch batch;
  OK(galop_match_batch(matcher, scratch, NULL, 0, none, 0, &batch));
  CHECK(batch.id_count == 0 && batch.error_count == 0 && batch.starts[0] == 0);
  const size_t empty[] = {0, 0, 0};
  OK(galop_match_batch(matcher, scratch, NULL, 0, empty, 2, &batch));
  CHECK(batch.id_count == 0 && batch.error_count == 2 && batch.errors[1].index == 1);
}

static void offsets_stay_inside(const galop_matcher *matcher, galop_scratch *scratch) {
  static const char EVENTS[] = "{\"a\":1}{\"b\":2}";
  const size_t good[] = {0, 7, 14}, descending[] = {7, 0, 14}, beyond[] = {0, 7, 15}, huge[] = {0, SIZE_MAX, SIZE_MAX};
  galop_batch batch = {NULL, NULL, NULL, 77, 77};
  CHECK_STATUS(galop_match_batch(matcher, scratch, EVENTS, 14, descending, 2, &batch), GALOP_STATUS_INVALID_ARGUMENT);
  CHECK_STATUS(galop_match_batch(matcher, scratch, EVENTS, 14, beyond, 2, &batch), GALOP_STATUS_INVALID_ARGUMENT);
  CHECK_STATUS(galop_match_batch(matcher, scratch, EVENTS, 14, huge, 2, &batch), GALOP_STATUS_INVALID_ARGUMENT);
  CHECK(batch.ids == NULL && batch.id_count == 77);
  OK(galop_match_batch(matcher, scratch, EVENTS, 14, good, 2, &batch));
  CHECK(batch.id_count == 3 && batch.ids[2] == 2);
}

static void a_batch_is_what_its_events_are(const galop_matcher *matcher, galop_scratch *scratch) {
  enum { MANY = 3000 };
  size_t *offsets = malloc((MANY + 1) * sizeof *offsets);
  char *events = malloc(MANY * 32);
  CHECK(offsets != NULL && events != NULL);
  size_t end = 0;
  for (int i = 0; i < MANY; i++) {
    offsets[i] = end;
    int written = sprintf(events + end, "{\"a\":%d,\"b\":%d%s", i % 3, i % 5, i % 7 == 0 ? "" : "}");
    CHECK(written > 0 && written < 32);
    end += (size_t)written;
  }
  offsets[MANY] = end;
  galop_batch batch;
  OK(galop_match_batch(matcher, scratch, events, end, offsets, MANY, &batch));
  CHECK(batch.starts[MANY] == batch.id_count);
  galop_scratch *single = new_scratch();
  size_t errors = 0;
  for (size_t i = 0; i < MANY; i++) {
    const uint32_t *ids = NULL;
    size_t count = 0, start = batch.starts[i];
    galop_error error;
    galop_status status = galop_match(matcher, single, events + offsets[i], offsets[i + 1] - offsets[i], &ids, &count, &error);
    CHECK(batch.starts[i + 1] - start == count);
    CHECK(count == 0 || memcmp(batch.ids + start, ids, count * sizeof *ids) == 0);
    if (status != GALOP_STATUS_OK) {
      CHECK(errors < batch.error_count && batch.errors[errors].index == i);
      CHECK(batch.errors[errors].detail == error.detail && batch.errors[errors].start == error.start);
      errors++;
    }
  }
  CHECK(errors == batch.error_count && errors == (MANY + 6) / 7);
  OK(galop_scratch_free(single));
  free(events);
  free(offsets);
}

int main(void) {
  galop_matcher *matcher = matcher_of(PATTERNS, 3);
  galop_scratch *scratch = new_scratch();
  answers_stand_side_by_side(matcher, scratch);
  a_batch_may_be_empty(matcher, scratch);
  offsets_stay_inside(matcher, scratch);
  a_batch_is_what_its_events_are(matcher, scratch);
  OK(galop_scratch_free(scratch));
  OK(galop_matcher_free(matcher));
  return 0;
}
