/* Explanations: verdict, text and JSON, and their faults. */

#include "check.h"

static galop_explanation *explain(galop_rules *rules, uint32_t id, const char *event) {
  size_t length = strlen(event);
  char *copy = exactly(event, length);
  galop_explanation *explanation = NULL;
  OK(galop_explain(rules, id, copy, length, &explanation, NULL));
  free(copy);
  CHECK(explanation != NULL);
  return explanation;
}

static void explanations_have_a_verdict_and_texts(galop_rules *rules) {
  galop_explanation *miss = explain(rules, 0, "{\"code\":80}");
  galop_explanation *match = explain(rules, 0, "{\"code\":\"80\"}");
  bool matches = true;
  OK(galop_explanation_matches(miss, &matches));
  CHECK(!matches);
  OK(galop_explanation_matches(match, &matches));
  CHECK(matches);
  OK(galop_explanation_free(match));

  const char *text = NULL;
  size_t length = 0;
  OK(galop_explanation_text(miss, &text, &length));
  CHECK(length == strlen(text));
  CHECK(strcmp(text,
               "no match: 1 of 1 field fails\n"
               "  missed  code is 80 (1:9), wanted \"80\"\n"
               "            kind-differs: the value is a number; the field holds for the string \"80\"\n") == 0);
  OK(galop_explanation_json(miss, &text, &length));
  CHECK(length == strlen(text));
  CHECK(strstr(text, "{\"matches\":false,\"failing\":1,\"fields\":[{\"path\":\"code\"") == text);
  CHECK(strstr(text, "\"code\":\"kind-differs\"") != NULL);
  OK(galop_explanation_free(miss));
  OK(galop_explanation_free(NULL));
}

static void explanations_outlive_the_rules(void) {
  static const char *const PATTERNS[] = {"{\"a\":[1]}"};
  galop_rules *rules = rules_of(PATTERNS, 1);
  galop_explanation *explanation = explain(rules, 0, "{\"a\":\"\\u0000\"}");
  OK(galop_rules_free(rules));
  const char *text = NULL;
  size_t length = 0;
  OK(galop_explanation_text(explanation, &text, &length));
  CHECK(length == strlen(text) && strstr(text, "\\u0000") != NULL);
  OK(galop_explanation_free(explanation));
}

static void faults_are_reported(galop_rules *rules) {
  galop_explanation *explanation = NULL;
  galop_error error = {77, 77, 77, 77, 77};
  CHECK_STATUS(galop_explain(rules, 1, "{}", 2, &explanation, &error), GALOP_STATUS_INVALID_ARGUMENT);
  CHECK(error.status == GALOP_STATUS_INVALID_ARGUMENT && error.detail == GALOP_DETAIL_NONE);
  CHECK_STATUS(galop_explain(rules, 0, "{\"a\":tru}", 9, &explanation, &error), GALOP_STATUS_EVENT_REFUSED);
  CHECK(error.detail == GALOP_DETAIL_INVALID_LITERAL && error.start == 5);
  CHECK_STATUS(galop_explain(rules, 0, NULL, 0, &explanation, NULL), GALOP_STATUS_EVENT_REFUSED);
  CHECK_STATUS(galop_explain(rules, 0, NULL, 1, &explanation, NULL), GALOP_STATUS_NULL_POINTER);
  CHECK_STATUS(galop_explain(NULL, 0, "{}", 2, &explanation, NULL), GALOP_STATUS_NULL_POINTER);
  CHECK_STATUS(galop_explain(rules, 0, "{}", 2, NULL, NULL), GALOP_STATUS_NULL_POINTER);
  CHECK(explanation == NULL);

  bool matches = false;
  const galop_explanation *wrong = (const galop_explanation *)rules;
  CHECK_STATUS(galop_explanation_matches(wrong, &matches), GALOP_STATUS_WRONG_OBJECT);
  CHECK_STATUS(galop_explanation_matches(NULL, &matches), GALOP_STATUS_NULL_POINTER);
}

int main(void) {
  static const char *const PATTERNS[] = {"{\"code\":[\"80\"]}"};
  galop_rules *rules = rules_of(PATTERNS, 1);
  explanations_have_a_verdict_and_texts(rules);
  explanations_outlive_the_rules();
  faults_are_reported(rules);
  OK(galop_rules_free(rules));
  return 0;
}
