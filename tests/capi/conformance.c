/* Answers every question of a file, for comparison with the answers of Rust.
 *
 * tests/capi/conformance.rs writes the file: sets of patterns and events, as native 32-bit numbers, and as texts
 * after their lengths. One line is printed for each pattern and each event. */

#include "check.h"

static uint32_t number(FILE *file) {
  uint32_t value = 0;
  CHECK(fread(&value, sizeof value, 1, file) == 1);
  return value;
}

/* Returns a text without room after its end. The caller frees it. */
static char *text(FILE *file, size_t *length) {
  *length = number(file);
  char *bytes = malloc(*length > 0 ? *length : 1);
  CHECK(bytes != NULL);
  CHECK(fread(bytes, 1, *length, file) == *length);
  return bytes;
}

struct seen {
  size_t calls;
  const uint32_t *expected;
  size_t count;
};

static int32_t compare(void *context, uint32_t id, uint64_t value) {
  struct seen *seen = context;
  CHECK(seen->calls < seen->count && seen->expected[seen->calls] == id && value == 7 * (uint64_t)id + 1);
  seen->calls++;
  return 0;
}

static void answer_event(const galop_matcher *matcher, galop_scratch *scratch, galop_scratch *other, const char *event,
                         size_t length) {
  const uint32_t *ids = NULL;
  size_t count = 0;
  bool found = false;
  galop_error error, again;
  const size_t offsets[] = {0, length};
  galop_batch batch;
  galop_status status = galop_match(matcher, scratch, event, length, &ids, &count, &error);
  CHECK(galop_is_match(matcher, other, event, length, &found, &again) == status);
  OK(galop_match_batch(matcher, other, event, length, offsets, 1, &batch));
  if (status == GALOP_STATUS_OK) {
    CHECK(found == (count > 0) && batch.error_count == 0 && batch.id_count == count);
    CHECK(count == 0 || memcmp(batch.ids, ids, count * sizeof *ids) == 0);
    struct seen seen = {0, ids, count};
    OK(galop_match_each(matcher, other, event, length, compare, &seen, NULL));
    CHECK(seen.calls == count);
    printf("match");
    for (size_t i = 0; i < count; i++) {
      printf(" %u", (unsigned)ids[i]);
    }
    printf("\n");
  } else {
    CHECK(status == GALOP_STATUS_EVENT_REFUSED && error.status == status && error.end == error.start);
    CHECK(again.detail == error.detail && again.start == error.start);
    CHECK(batch.error_count == 1 && batch.id_count == 0 && batch.errors[0].detail == error.detail);
    printf("refused %s %zu\n", galop_detail_text(error.detail), error.start);
  }
}

static void answer_set(FILE *file) {
  galop_limits limits = {sizeof limits, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};
  uint32_t preset = number(file);
  if (preset == 1) {
    limits.length = 2048;
    limits.combinations = 1000;
    limits.complexity = 10;
  } else if (preset == 2) {
    limits.length = 1 << 20;
    limits.branches = 1 << 16;
    limits.paths = 1 << 22;
    limits.values = 1 << 16;
    limits.stars = 1000;
  } else if (preset == 3) {
    limits.extensions = GALOP_EXTENSION_REGEXP;
  }
  galop_rules *rules = NULL;
  galop_matcher *matcher = NULL;
  OK(galop_rules_new(&limits, &rules));
  uint64_t value = 1;
  for (uint32_t i = number(file); i > 0; i--) {
    size_t length;
    uint32_t id = 0;
    galop_error error;
    char *pattern = text(file, &length);
    galop_status status = galop_rules_add(rules, pattern, length, value, &id, &error);
    free(pattern);
    if (status == GALOP_STATUS_OK) {
      value += 7;
      printf("rule %u\n", (unsigned)id);
    } else {
      CHECK(status == GALOP_STATUS_PATTERN_REFUSED && error.status == status);
      printf("refused %s %zu %zu\n", galop_detail_text(error.detail), error.start, error.end);
    }
  }
  OK(galop_matcher_new(rules, NULL, &matcher, NULL));
  OK(galop_rules_free(rules));
  galop_scratch *scratch = new_scratch(), *other = new_scratch();
  for (uint32_t i = number(file); i > 0; i--) {
    size_t length;
    char *event = text(file, &length);
    answer_event(matcher, scratch, other, event, length);
    free(event);
  }
  OK(galop_scratch_free(other));
  OK(galop_scratch_free(scratch));
  OK(galop_matcher_free(matcher));
}

int main(int argc, char **argv) {
  CHECK(argc == 2);
  FILE *file = fopen(argv[1], "rb");
  CHECK(file != NULL);
  for (uint32_t i = number(file); i > 0; i--) {
    answer_set(file);
  }
  CHECK(fgetc(file) == EOF);
  CHECK(fclose(file) == 0);
  return 0;
}
