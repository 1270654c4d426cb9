// The C++ wrapper of examples/cpp: ownership, exceptions, and that no exception passes through the
// library.

#include <cstdio>
#include <cstdlib>

#include "../../examples/cpp/galop.hpp"

#define CHECK(condition)                                                      \
  do {                                                                        \
    if (!(condition)) {                                                       \
      std::fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, #condition); \
      std::exit(1);                                                           \
    }                                                                         \
  } while (0)

// No base class, so a handler for exceptions of libraries cannot catch it.
struct on_purpose {};

static galop::matcher two_rules() {
  galop::rules rules;
  CHECK(rules.add("{\"a\":[1]}", 10) == 0);
  CHECK(rules.add("{\"a\":[{\"exists\":true}]}", 11) == 1);
  return galop::matcher(rules);
}

int main() {
  const galop::matcher matcher = two_rules();
  galop::scratch scratch;
  CHECK(matcher.memory_usage() > 0);

  const galop::ids ids = matcher.match(scratch, "{\"a\":1}");
  CHECK(ids.size() == 2 && ids.begin()[0] == 0 && ids.begin()[1] == 1);
  CHECK(matcher.match(scratch, "{\"b\":1}").empty());

  uint64_t sum = 0;
  CHECK(matcher.each(scratch, "{\"a\":1}", [&](uint32_t id, uint64_t value) { return sum += id + value, true; }));
  CHECK(sum == 22);
  CHECK(!matcher.each(scratch, "{\"a\":1}", [](uint32_t, uint64_t) { return false; }));
  bool caught = false;
  try {
    matcher.each(scratch, "{\"a\":1}", [](uint32_t, uint64_t) -> bool { throw on_purpose(); });
  } catch (const on_purpose &) {
    caught = true;
  }
  CHECK(caught);

  const galop::batch batch = matcher.batch(scratch, "{\"a\":1}{}[]", {0, 7, 9, 11});
  CHECK(batch.size() == 3 && batch[0].size() == 2 && batch[1].empty() && batch[2].empty() && batch.all().size() == 2);
  const std::vector<galop_error> errors = batch.errors();
  CHECK(errors.size() == 1 && errors[0].index == 2 && errors[0].detail == GALOP_DETAIL_ROOT_NOT_OBJECT);

  try {
    matcher.match(scratch, "{\"a\":}");
    CHECK(!"refused");
  } catch (const galop::error &error) {
    CHECK(error.code() == "unexpected-character" && error.raw().start == 5);
    CHECK(error.raw().status == GALOP_STATUS_EVENT_REFUSED);
  }
  try {
    galop::rules().add("{\"a\":[]}");
    CHECK(!"refused");
  } catch (const galop::error &error) {
    CHECK(error.code() == "empty-list" && std::string(error.what()).find("1 | {\"a\":[]}") != std::string::npos);
  }
  return 0;
}
