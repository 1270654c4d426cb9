/* Refusals and their places, and the outputs that a failed call must not change. */

#include "check.h"

static const galop_error UNTOUCHED = {77, 77, 77, 77, 77};

static void patterns_are_refused_at_a_place(void) {
  static const char *const VALID[] = {"{\"a\":[1]}"};
  galop_rules *rules = rules_of(VALID, 1);
  galop_error error = UNTOUCHED;
  const char *pattern = "{\"source\":\"aws.s3\"}";
  CHECK_STATUS(add(rules, pattern, 0, &error), GALOP_STATUS_PATTERN_REFUSED);
  CHECK(error.status == GALOP_STATUS_PATTERN_REFUSED && error.detail == GALOP_DETAIL_LEAF_NOT_ARRAY);
  CHECK(error.start == 10 && error.end == 18 && error.index == 0);
  CHECK(strcmp(galop_detail_text(error.detail), "leaf-not-array") == 0);
  CHECK_STATUS(add(rules, pattern, 0, NULL), GALOP_STATUS_PATTERN_REFUSED);
  CHECK_STATUS(add(rules, "", 0, &error), GALOP_STATUS_PATTERN_REFUSED);
  CHECK(error.detail == GALOP_DETAIL_UNEXPECTED_END && error.start == 0 && error.end == 0);
  CHECK_STATUS(galop_rules_add(rules, NULL, 0, 0, NULL, &error), GALOP_STATUS_PATTERN_REFUSED);
  CHECK(error.detail == GALOP_DETAIL_UNEXPECTED_END);
  CHECK_STATUS(add(rules, "{\"a\":[\"\xff\"]}", 0, &error), GALOP_STATUS_PATTERN_REFUSED);
  CHECK(error.detail == GALOP_DETAIL_INVALID_UTF8 && error.start == 7);

  uint32_t id = 99;
  CHECK_STATUS(galop_rules_add(rules, "[]", 2, 0, &id, &error), GALOP_STATUS_PATTERN_REFUSED);
  CHECK(id == 99);
  error = UNTOUCHED;
  OK(galop_rules_add(rules, "{\"a\":[2]}", 9, 0, &id, &error));
  CHECK(id == 1);
  CHECK(error.status == 77 && error.detail == 77 && error.start == 77 && error.end == 77 && error.index == 77);
  OK(galop_rules_free(rules));
}

static void reports_fit_any_buffer(void) {
  static const char PATTERN[] = "{\"source\":[{\"prefx\":\"aws.\"}]}";
  static const char REPORT[] =
      "error[unknown-operator]: not the name of an operator\n"
      " --> 1:13\n"
      "  |\n"
      "1 | {\"source\":[{\"prefx\":\"aws.\"}]}\n"
      "  |             ^^^^^^^\n"
      "  = help: did you mean `\"prefix\"`?";
  galop_rules *rules = rules_of(NULL, 0);
  char buffer[512];
  size_t length = 0, whole = strlen(REPORT);

  OK(galop_rules_report(rules, PATTERN, strlen(PATTERN), NULL, 0, &length));
  CHECK(length == whole);
  OK(galop_rules_report(rules, PATTERN, strlen(PATTERN), buffer, sizeof buffer, &length));
  CHECK(length == whole && strcmp(buffer, REPORT) == 0);

  char *small = malloc(6);
  CHECK(small != NULL);
  OK(galop_rules_report(rules, PATTERN, strlen(PATTERN), small, 6, &length));
  CHECK(length == whole && strcmp(small, "error") == 0);
  free(small);

  OK(galop_rules_report(rules, "{\"a\":[1]}", 9, buffer, sizeof buffer, &length));
  CHECK(length == 0 && buffer[0] == '\0');
  OK(galop_rules_report(rules, "\xff\xfe", 2, buffer, sizeof buffer, &length));
  CHECK(length > 0);
  CHECK_STATUS(galop_rules_report(rules, PATTERN, 1, NULL, 1, &length), GALOP_STATUS_NULL_POINTER);
  CHECK_STATUS(galop_rules_report(rules, PATTERN, 1, buffer, 1, NULL), GALOP_STATUS_NULL_POINTER);

  size_t count = 99;
  OK(galop_rules_count(rules, &count));
  CHECK(count == 0);
  OK(galop_rules_free(rules));
}

static void limits_of_patterns(void) {
  galop_limits aws = {sizeof aws, 2048, 0, 1000, 0, 10, 0, 0, 0, 0, 0, 0};
  galop_rules *rules = NULL;
  galop_error error = UNTOUCHED;
  OK(galop_rules_new(&aws, &rules));
  char *pattern = malloc(4096);
  CHECK(pattern != NULL);
  memset(pattern, ' ', 4096);
  CHECK_STATUS(galop_rules_add(rules, pattern, 2049, 0, NULL, &error), GALOP_STATUS_PATTERN_REFUSED);
  CHECK(error.detail == GALOP_DETAIL_PATTERN_TOO_LONG);
  memcpy(pattern, "{\"a\":[1]}", 9);
  OK(galop_rules_add(rules, pattern, 2048, 0, NULL, &error));
  free(pattern);
  OK(galop_rules_free(rules));

  galop_limits narrow = {sizeof narrow, 0, 3, 2, 1, 0, 2, 1, 10, 1, 0, 0};
  OK(galop_rules_new(&narrow, &rules));
  CHECK_STATUS(add(rules, "{\"a\":{\"b\":{\"c\":[1]}}}", 0, &error), GALOP_STATUS_PATTERN_REFUSED);
  CHECK(error.detail == GALOP_DETAIL_TOO_DEEP);
  CHECK_STATUS(add(rules, "{\"a\":[1],\"b\":[1]}", 0, &error), GALOP_STATUS_PATTERN_REFUSED);
  CHECK(error.detail == GALOP_DETAIL_TOO_MANY_FIELDS);
  CHECK_STATUS(add(rules, "{\"a\":[1,2,3]}", 0, &error), GALOP_STATUS_PATTERN_REFUSED);
  CHECK(error.detail == GALOP_DETAIL_TOO_MANY_VALUES && error.start == 10 && error.end == 11);
  CHECK_STATUS(add(rules, "{\"a\":[{\"wildcard\":\"*b*\"}]}", 0, &error), GALOP_STATUS_PATTERN_REFUSED);
  CHECK(error.detail == GALOP_DETAIL_TOO_MANY_STARS && error.start == 21 && error.end == 22);
  CHECK_STATUS(add(rules, "{\"long-long-1\":[1]}", 0, &error), GALOP_STATUS_PATTERN_REFUSED);
  CHECK(error.detail == GALOP_DETAIL_PATHS_TOO_LONG && error.start == 1 && error.end == 14);
  OK(add(rules, "{\"a\":[1,{\"wildcard\":\"*b\"}]}", 0, &error));
  OK(galop_rules_free(rules));
}

static void limit_of_branches(void) {
  galop_limits single = {sizeof single, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0};
  galop_rules *rules = NULL;
  galop_error error = UNTOUCHED;
  OK(galop_rules_new(&single, &rules));
  OK(add(rules, "{\"$or\":[{\"a\":[1]},{\"b\":[1]}],\"c\":[2]}", 0, &error));
  CHECK_STATUS(add(rules, "{\"$or\":[{\"a\":[1]},{\"b\":[1]}],\"a\":[2]}", 0, &error), GALOP_STATUS_PATTERN_REFUSED);
  CHECK(error.detail == GALOP_DETAIL_TOO_MANY_BRANCHES && error.start == 1 && error.end == 6);
  OK(galop_rules_free(rules));
}

static void events_are_refused_at_a_place(void) {
  static const char *const PATTERNS[] = {"{\"a\":[1]}", "{\"a\":[{\"exists\":true}]}"};
  galop_matcher *matcher = matcher_of(PATTERNS, 2);
  galop_scratch *scratch = new_scratch();
  galop_error error = UNTOUCHED;
  const uint32_t *ids = NULL;
  size_t count = 99;
  bool found = true;
  CHECK_STATUS(galop_match(matcher, scratch, "{\"a\":01}", 8, &ids, &count, &error), GALOP_STATUS_EVENT_REFUSED);
  CHECK(error.status == GALOP_STATUS_EVENT_REFUSED && error.detail == GALOP_DETAIL_INVALID_NUMBER);
  CHECK(error.start == 5 && error.end == 5 && error.index == 0);
  CHECK(ids == NULL && count == 99);
  CHECK_STATUS(galop_is_match(matcher, scratch, NULL, 0, &found, &error), GALOP_STATUS_EVENT_REFUSED);
  CHECK(error.detail == GALOP_DETAIL_UNEXPECTED_END && found);
  CHECK_STATUS(galop_match(matcher, scratch, "[1]", 3, &ids, &count, NULL), GALOP_STATUS_EVENT_REFUSED);
  CHECK(ids_for(matcher, scratch, "{\"a\":2}") == 1);
  OK(galop_scratch_free(scratch));
  OK(galop_matcher_free(matcher));
}

static galop_detail refusal(const galop_rules *rules, const galop_options *options, const char *event) {
  galop_matcher *matcher = NULL;
  galop_scratch *scratch = new_scratch();
  galop_error error = UNTOUCHED;
  bool found = false;
  OK(galop_matcher_new(rules, options, &matcher, NULL));
  galop_status status = galop_is_match(matcher, scratch, event, strlen(event), &found, &error);
  CHECK(status == GALOP_STATUS_EVENT_REFUSED);
  OK(galop_scratch_free(scratch));
  OK(galop_matcher_free(matcher));
  return error.detail;
}

static void limits_of_matchers(void) {
  static const char *const PATTERNS[] = {"{\"l\":{\"a\":[1],\"b\":[2]}}", "{\"a\":[{\"wildcard\":\"*x*y*z*\"}]}"};
  galop_rules *rules = rules_of(PATTERNS, 2);
  galop_matcher *matcher = NULL;
  galop_error error = UNTOUCHED;

  galop_options tiny = {sizeof tiny, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0};
  CHECK_STATUS(galop_matcher_new(rules, &tiny, &matcher, &error), GALOP_STATUS_BUILD_REFUSED);
  CHECK(error.status == GALOP_STATUS_BUILD_REFUSED && error.detail == GALOP_DETAIL_SIZE_LIMIT);
  CHECK(error.index < 2 && matcher == NULL);

  galop_options options = {sizeof options, 0, 5, 0, 0, 0, 0, 0, 0, 0, 0};
  CHECK(refusal(rules, &options, "{\"a\":1}") == GALOP_DETAIL_EVENT_TOO_LONG);
  options.event_length_limit = 0;
  options.event_depth_limit = 2;
  CHECK(refusal(rules, &options, "{\"a\":{\"b\":[]}}") == GALOP_DETAIL_TOO_DEEP);
  options.event_depth_limit = 0;
  options.event_work_limit = 1;
  CHECK(refusal(rules, &options, "{\"l\":[{\"a\":1},{\"b\":2},{\"a\":1},{\"b\":2}]}") == GALOP_DETAIL_TOO_MUCH_WORK);
  options.event_work_limit = 0;
  options.event_leaf_limit = 1;
  CHECK(refusal(rules, &options, "{\"a\":[1,2]}") == GALOP_DETAIL_TOO_MANY_LEAVES);
  options.event_leaf_limit = 0;
  options.event_element_limit = 1;
  CHECK(refusal(rules, &options, "{\"a\":[1,2]}") == GALOP_DETAIL_TOO_MANY_ELEMENTS);
  options.rule_size_limit = 1;
  CHECK_STATUS(galop_matcher_new(rules, &options, &matcher, &error), GALOP_STATUS_BUILD_REFUSED);
  CHECK(error.detail == GALOP_DETAIL_RULE_SIZE_LIMIT && error.index == 0 && matcher == NULL);
  options.rule_size_limit = 0;
  options.rule_limit = 1;
  CHECK_STATUS(galop_matcher_new(rules, &options, &matcher, &error), GALOP_STATUS_BUILD_REFUSED);
  CHECK(error.detail == GALOP_DETAIL_TOO_MANY_RULES && error.index == 1 && matcher == NULL);
  OK(galop_rules_free(rules));
}

/* Options with one unknown field. */
struct later_options {
  galop_options known;
  uint64_t unknown;
};

static void impossible_options(void) {
  galop_rules *rules = rules_of(NULL, 0);
  galop_matcher *matcher = NULL;
  galop_options options = {sizeof options, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};
  options.flags = GALOP_FLAG_TRUSTED | 1u << 31;
  CHECK_STATUS(galop_matcher_new(rules, &options, &matcher, NULL), GALOP_STATUS_UNKNOWN_OPTION);
  options.flags = 0;
  options.kernel = 1000;
  CHECK_STATUS(galop_matcher_new(rules, &options, &matcher, NULL), GALOP_STATUS_UNKNOWN_OPTION);
  options.kernel = 0;
  options.size = 0;
  CHECK_STATUS(galop_matcher_new(rules, &options, &matcher, NULL), GALOP_STATUS_INVALID_ARGUMENT);
  struct later_options later;
  memset(&later, 0, sizeof later);
  later.known.size = sizeof later;
  later.unknown = 1;
  CHECK_STATUS(galop_matcher_new(rules, &later.known, &matcher, NULL), GALOP_STATUS_UNKNOWN_OPTION);
  CHECK(matcher == NULL);
  later.unknown = 0;
  OK(galop_matcher_new(rules, &later.known, &matcher, NULL));
  OK(galop_matcher_free(matcher));

  galop_limits limits = {1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};
  galop_rules *none = NULL;
  CHECK_STATUS(galop_rules_new(&limits, &none), GALOP_STATUS_INVALID_ARGUMENT);
  CHECK(none == NULL);
  OK(galop_rules_free(rules));
}

int main(void) {
  patterns_are_refused_at_a_place();
  reports_fit_any_buffer();
  limits_of_patterns();
  limit_of_branches();
  events_are_refused_at_a_place();
  limits_of_matchers();
  impossible_options();
  return 0;
}
