/* The ordinary use of rules, matchers and scratches. */

#include "check.h"

static const char *const PATTERNS[] = {
    "{\"absent\":[\"has this\"]}",
    "{\"source\":[\"aws.ec2\"]}",
    "{\"region\":[{\"prefix\":\"eu-\"}]}",
    "{\"detail\":{\"state\":[\"stopped\"],\"code\":[{\"numeric\":[\">\",7]}]}}",
};
static const char EVENT[] =
    "{\"source\":\"aws.ec2\",\"region\":\"eu-west-1\",\"detail\":{\"state\":\"stopped\",\"code\":80}}";

static void versions(void) {
  CHECK(galop_abi_version() == GALOP_ABI_VERSION);
  CHECK(strchr(galop_version(), '.') != NULL);
  CHECK(strcmp(galop_status_text(GALOP_STATUS_OK), "ok") == 0);
  CHECK(strcmp(galop_status_text(77), "unknown status") == 0);
  CHECK(strcmp(galop_detail_text(GALOP_DETAIL_LEAF_NOT_ARRAY), "leaf-not-array") == 0);
  CHECK(strcmp(galop_detail_text(GALOP_DETAIL_NONE), "") == 0);
}

static void ids_count_up(void) {
  galop_rules *rules = NULL;
  OK(galop_rules_new(NULL, &rules));
  for (uint32_t i = 0; i < 4; i++) {
    uint32_t id = 99;
    OK(galop_rules_add(rules, PATTERNS[i], strlen(PATTERNS[i]), i, &id, NULL));
    CHECK(id == i);
  }
  size_t count = 0;
  OK(galop_rules_count(rules, &count));
  CHECK(count == 4);
  OK(galop_rules_free(rules));
}

static void three_ways_to_match(void) {
  galop_matcher *matcher = matcher_of(PATTERNS, 4);
  galop_scratch *scratch = new_scratch();
  bool found = false;

  CHECK(ids_for(matcher, scratch, EVENT) == 123);
  OK(galop_is_match(matcher, scratch, EVENT, strlen(EVENT), &found, NULL));
  CHECK(found);

  CHECK(ids_for(matcher, scratch, "{}") == 0);
  OK(galop_is_match(matcher, scratch, "{}", 2, &found, NULL));
  CHECK(!found);

  CHECK(ids_for(matcher, scratch, "{\"detail\":{\"code\":8,\"state\":\"stopped\"}}") == 3);
  CHECK(ids_for(matcher, scratch, "{\"detail\":{\"code\":7,\"state\":\"stopped\"}}") == 0);

  OK(galop_scratch_free(scratch));
  OK(galop_matcher_free(matcher));
}

static void values_stand_at_the_ids(void) {
  galop_rules *rules = rules_of(PATTERNS, 3);
  galop_matcher *matcher = NULL;
  OK(galop_matcher_new(rules, NULL, &matcher, NULL));
  OK(add(rules, PATTERNS[3], UINT64_MAX, NULL));

  const uint64_t *values = NULL;
  size_t count = 0;
  OK(galop_matcher_values(matcher, &values, &count));
  CHECK(count == 3 && values[0] == 100 && values[1] == 101 && values[2] == 102);

  galop_matcher *later = NULL;
  OK(galop_matcher_new(rules, NULL, &later, NULL));
  OK(galop_rules_free(rules));
  OK(galop_matcher_values(later, &values, &count));
  CHECK(count == 4 && values[3] == UINT64_MAX);

  /* One scratch for both matchers. The rule that was added later is in the later matcher only. */
  galop_scratch *scratch = new_scratch();
  CHECK(ids_for(matcher, scratch, EVENT) == 12);
  CHECK(ids_for(later, scratch, EVENT) == 123);
  CHECK(ids_for(matcher, scratch, EVENT) == 12);
  OK(galop_scratch_free(scratch));
  OK(galop_matcher_free(later));
  OK(galop_matcher_free(matcher));
}

static void options_change_no_answer(void) {
  galop_rules *rules = rules_of(PATTERNS, 4);
  galop_scratch *scratch = new_scratch();
  int missing = 0;
  for (uint32_t kernel = GALOP_KERNEL_FASTEST; kernel <= GALOP_KERNEL_AVX512; kernel++) {
    for (uint32_t flags = 0; flags <= (GALOP_FLAG_TRUSTED | GALOP_FLAG_DISTINCT_NAMES); flags++) {
      galop_options options = {sizeof options, 1 << 30, 1 << 20, 100, 1000, flags, kernel, 100, 1000, 1000, 10000};
      galop_matcher *matcher = NULL;
      galop_error error = {0, 0, 7, 7, 7};
      galop_status status = galop_matcher_new(rules, &options, &matcher, &error);
      if (status == GALOP_STATUS_BUILD_REFUSED) {
        CHECK(error.detail == GALOP_DETAIL_KERNEL_UNAVAILABLE && error.index == 0 && matcher == NULL);
        CHECK(strcmp(galop_detail_text(error.detail), "kernel-unavailable") == 0);
        CHECK(kernel > GALOP_KERNEL_PORTABLE);
        missing++;
        continue;
      }
      CHECK_STATUS(status, GALOP_STATUS_OK);
      CHECK(ids_for(matcher, scratch, EVENT) == 123);
      OK(galop_matcher_free(matcher));
    }
  }
  /* No machine has both the vectors of x86-64 and those of AArch64. */
  CHECK(missing > 0);
  OK(galop_scratch_free(scratch));
  OK(galop_rules_free(rules));
}

static void memory_is_known(void) {
  galop_matcher *matcher = matcher_of(PATTERNS, 4), *none = matcher_of(PATTERNS, 0);
  galop_scratch *scratch = new_scratch();
  size_t four = 0, empty = 0, before = 0, after = 0;
  OK(galop_matcher_memory_usage(matcher, &four));
  OK(galop_matcher_memory_usage(none, &empty));
  CHECK(four > empty);
  OK(galop_scratch_memory_usage(scratch, &before));
  CHECK(ids_for(matcher, scratch, EVENT) == 123);
  OK(galop_scratch_memory_usage(scratch, &after));
  CHECK(after > before);
  OK(galop_scratch_shrink(scratch, after));
  OK(galop_scratch_memory_usage(scratch, &before));
  CHECK(before == after);
  OK(galop_scratch_shrink(scratch, after - 1));
  OK(galop_scratch_memory_usage(scratch, &before));
  CHECK(before < after);
  CHECK(ids_for(matcher, scratch, EVENT) == 123);
  OK(galop_scratch_free(scratch));
  OK(galop_matcher_free(none));
  OK(galop_matcher_free(matcher));
}

int main(void) {
  versions();
  ids_count_up();
  three_ways_to_match();
  values_stand_at_the_ids();
  options_change_no_answer();
  memory_is_known();
  return 0;
}
