/* Null pointers, objects of another kind and impossible lengths are refused, and no output is written. */

#include "check.h"

#define IS_NULL(call) CHECK_STATUS(call, GALOP_STATUS_NULL_POINTER)
#define IS_WRONG(call) CHECK_STATUS(call, GALOP_STATUS_WRONG_OBJECT)
#define IS_INVALID(call) CHECK_STATUS(call, GALOP_STATUS_INVALID_ARGUMENT)

static const char *const PATTERNS[] = {"{\"a\":[1]}"};
static const char EVENT[] = "{\"a\":1}";
static const size_t LENGTH = sizeof EVENT - 1;

static int32_t never(void *context, uint32_t id, uint64_t value) {
  (void)context;
  (void)id;
  (void)value;
  CHECK(!"called back");
  return 0;
}

int main(void) {
  galop_rules *rules = rules_of(PATTERNS, 1);
  galop_matcher *matcher = matcher_of(PATTERNS, 1);
  galop_scratch *scratch = new_scratch();
  const size_t offsets[] = {0, LENGTH};
  const uint32_t *ids = NULL;
  const uint64_t *values = NULL;
  size_t number = 77;
  bool found = false;
  galop_batch batch = {NULL, NULL, NULL, 77, 77};
  galop_error error = {77, 77, 77, 77, 77};

  /* NULL may be freed. */
  OK(galop_rules_free(NULL));
  OK(galop_matcher_free(NULL));
  OK(galop_scratch_free(NULL));

  IS_NULL(galop_rules_new(NULL, NULL));
  IS_NULL(galop_rules_add(NULL, PATTERNS[0], 9, 0, NULL, &error));
  CHECK(error.status == GALOP_STATUS_NULL_POINTER && error.detail == GALOP_DETAIL_NONE && error.start == 0);
  IS_NULL(galop_rules_add(rules, NULL, 9, 0, NULL, NULL));
  IS_NULL(galop_rules_report(NULL, PATTERNS[0], 9, NULL, 0, &number));
  IS_NULL(galop_rules_count(NULL, &number));
  IS_NULL(galop_rules_count(rules, NULL));
  galop_matcher *made = NULL;
  IS_NULL(galop_matcher_new(NULL, NULL, &made, NULL));
  IS_NULL(galop_matcher_new(rules, NULL, NULL, NULL));
  IS_NULL(galop_matcher_values(NULL, &values, &number));
  IS_NULL(galop_matcher_values(matcher, NULL, &number));
  IS_NULL(galop_matcher_values(matcher, &values, NULL));
  IS_NULL(galop_matcher_memory_usage(NULL, &number));
  IS_NULL(galop_matcher_memory_usage(matcher, NULL));
  IS_NULL(galop_scratch_new(NULL));
  IS_NULL(galop_scratch_memory_usage(NULL, &number));
  IS_NULL(galop_scratch_memory_usage(scratch, NULL));
  IS_NULL(galop_scratch_shrink(NULL, 0));
  IS_NULL(galop_match(NULL, scratch, EVENT, LENGTH, &ids, &number, NULL));
  IS_NULL(galop_match(matcher, NULL, EVENT, LENGTH, &ids, &number, NULL));
  IS_NULL(galop_match(matcher, scratch, NULL, LENGTH, &ids, &number, NULL));
  IS_NULL(galop_match(matcher, scratch, EVENT, LENGTH, NULL, &number, NULL));
  IS_NULL(galop_match(matcher, scratch, EVENT, LENGTH, &ids, NULL, NULL));
  IS_NULL(galop_is_match(NULL, scratch, EVENT, LENGTH, &found, NULL));
  IS_NULL(galop_is_match(matcher, NULL, EVENT, LENGTH, &found, NULL));
  IS_NULL(galop_is_match(matcher, scratch, NULL, LENGTH, &found, NULL));
  IS_NULL(galop_is_match(matcher, scratch, EVENT, LENGTH, NULL, NULL));
  IS_NULL(galop_match_each(NULL, scratch, EVENT, LENGTH, never, NULL, NULL));
  IS_NULL(galop_match_each(matcher, NULL, EVENT, LENGTH, never, NULL, NULL));
  IS_NULL(galop_match_each(matcher, scratch, NULL, LENGTH, never, NULL, NULL));
  IS_NULL(galop_match_each(matcher, scratch, EVENT, LENGTH, NULL, NULL, NULL));
  IS_NULL(galop_match_batch(NULL, scratch, EVENT, LENGTH, offsets, 1, &batch));
  IS_NULL(galop_match_batch(matcher, NULL, EVENT, LENGTH, offsets, 1, &batch));
  IS_NULL(galop_match_batch(matcher, scratch, NULL, LENGTH, offsets, 1, &batch));
  IS_NULL(galop_match_batch(matcher, scratch, EVENT, LENGTH, NULL, 1, &batch));
  IS_NULL(galop_match_batch(matcher, scratch, EVENT, LENGTH, NULL, 0, &batch));
  IS_NULL(galop_match_batch(matcher, scratch, EVENT, LENGTH, offsets, 1, NULL));

  /* Other languages have no types for pointers. */
  void *as_rules = rules, *as_matcher = matcher, *as_scratch = scratch;
  IS_WRONG(galop_rules_count(as_matcher, &number));
  IS_WRONG(galop_rules_add(as_scratch, PATTERNS[0], 9, 0, NULL, NULL));
  IS_WRONG(galop_matcher_new(as_scratch, NULL, &made, NULL));
  IS_WRONG(galop_matcher_memory_usage(as_rules, &number));
  IS_WRONG(galop_match(as_scratch, as_matcher, EVENT, LENGTH, &ids, &number, NULL));
  IS_WRONG(galop_match(matcher, as_rules, EVENT, LENGTH, &ids, &number, NULL));
  IS_WRONG(galop_rules_free(as_matcher));
  IS_WRONG(galop_matcher_free(as_scratch));
  IS_WRONG(galop_scratch_free(as_rules));

  IS_INVALID(galop_match(matcher, scratch, EVENT, SIZE_MAX, &ids, &number, NULL));
  IS_INVALID(galop_match(matcher, scratch, EVENT, SIZE_MAX / 2 + 1, &ids, &number, NULL));
  IS_INVALID(galop_rules_add(rules, PATTERNS[0], SIZE_MAX, 0, NULL, NULL));
  IS_INVALID(galop_match_batch(matcher, scratch, EVENT, LENGTH, offsets, SIZE_MAX, &batch));
  IS_INVALID(galop_match_batch(matcher, scratch, EVENT, LENGTH, offsets, SIZE_MAX - 1, &batch));

  CHECK(made == NULL && ids == NULL && values == NULL && number == 77 && !found);
  CHECK(batch.ids == NULL && batch.starts == NULL && batch.errors == NULL);
  CHECK(batch.id_count == 77 && batch.error_count == 77);

  /* The objects are still usable. */
  OK(galop_match(matcher, scratch, EVENT, LENGTH, &ids, &number, NULL));
  CHECK(number == 1 && ids[0] == 0);
  OK(galop_rules_count(rules, &number));
  CHECK(number == 1);
  OK(galop_scratch_free(scratch));
  OK(galop_matcher_free(matcher));
  OK(galop_rules_free(rules));
  return 0;
}
