// galop for C++11: objects that free themselves, and exceptions for failures. The contract is that
// of galop.h.

#ifndef GALOP_HPP
#define GALOP_HPP

#include <galop.h>

#include <exception>
#include <memory>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace galop {

// A failed call: its message, with a number, a place and a stable name.
class error : public std::runtime_error {
 public:
  error(const galop_error &raw, const std::string &text) : std::runtime_error(text), raw_(raw) {}

  const galop_error &raw() const noexcept { return raw_; }
  std::string code() const { return galop_detail_text(raw_.detail); }

 private:
  galop_error raw_;
};

inline void check(galop_status status, galop_error raw) {
  if (status == GALOP_STATUS_OK) {
    return;
  }
  raw.status = status;
  const std::string code = galop_detail_text(raw.detail);
  throw error(raw, galop_status_text(status) + (code.empty() ? code : ": " + code));
}

inline void check(galop_status status) { check(status, galop_error()); }

struct deleter {
  void operator()(galop_rules *rules) const noexcept { galop_rules_free(rules); }
  void operator()(galop_matcher *matcher) const noexcept { galop_matcher_free(matcher); }
  void operator()(galop_scratch *scratch) const noexcept { galop_scratch_free(scratch); }
};

// Borrowed ids, valid until the next use of the scratch.
class ids {
 public:
  ids(const uint32_t *begin, const uint32_t *end) noexcept : begin_(begin), end_(end) {}

  const uint32_t *begin() const noexcept { return begin_; }
  const uint32_t *end() const noexcept { return end_; }
  size_t size() const noexcept { return static_cast<size_t>(end_ - begin_); }
  bool empty() const noexcept { return begin_ == end_; }

 private:
  const uint32_t *begin_, *end_;
};

// The answers to a batch, borrowed until the next use of the scratch.
class batch {
 public:
  batch(const galop_batch &raw, size_t size) noexcept : raw_(raw), size_(size) {}

  size_t size() const noexcept { return size_; }
  ids operator[](size_t event) const noexcept {
    return ids(raw_.ids + raw_.starts[event], raw_.ids + raw_.starts[event + 1]);
  }
  ids all() const noexcept { return ids(raw_.ids, raw_.ids + raw_.id_count); }
  std::vector<galop_error> errors() const { return {raw_.errors, raw_.errors + raw_.error_count}; }

 private:
  galop_batch raw_;
  size_t size_;
};

class rules {
 public:
  explicit rules(const galop_limits *limits = nullptr) {
    galop_rules *made = nullptr;
    check(galop_rules_new(limits, &made));
    handle_.reset(made);
  }

  // Throws an exception whose text is the report on the pattern, if the pattern is refused.
  uint32_t add(const std::string &pattern, uint64_t value = 0) {
    uint32_t id = 0;
    galop_error raw = galop_error();
    const galop_status status = galop_rules_add(get(), pattern.data(), pattern.size(), value, &id, &raw);
    if (status == GALOP_STATUS_PATTERN_REFUSED) {
      throw error(raw, report(pattern));
    }
    check(status, raw);
    return id;
  }

  std::string report(const std::string &pattern) const {
    size_t length = 0;
    check(galop_rules_report(get(), pattern.data(), pattern.size(), nullptr, 0, &length));
    std::string text(length + 1, '\0');
    check(galop_rules_report(get(), pattern.data(), pattern.size(), &text[0], text.size(), &length));
    text.resize(length);
    return text;
  }

  galop_rules *get() const noexcept { return handle_.get(); }

 private:
  std::unique_ptr<galop_rules, deleter> handle_;
};

class scratch {
 public:
  scratch() {
    galop_scratch *made = nullptr;
    check(galop_scratch_new(&made));
    handle_.reset(made);
  }

  galop_scratch *get() const noexcept { return handle_.get(); }

 private:
  std::unique_ptr<galop_scratch, deleter> handle_;
};

class matcher {
 public:
  explicit matcher(const rules &rules, const galop_options *options = nullptr) {
    galop_matcher *made = nullptr;
    galop_error raw = galop_error();
    check(galop_matcher_new(rules.get(), options, &made, &raw), raw);
    handle_.reset(made);
  }

  ids match(scratch &scratch, const char *event, size_t length) const {
    const uint32_t *found = nullptr;
    size_t count = 0;
    galop_error raw = galop_error();
    check(galop_match(handle_.get(), scratch.get(), event, length, &found, &count, &raw), raw);
    return ids(found, found + count);
  }

  ids match(scratch &scratch, const std::string &event) const { return match(scratch, event.data(), event.size()); }

  // Calls visit(id, value) for each matching rule until it returns false. Returns true if it never
  // did. It may throw.
  template <typename Visit>
  bool each(scratch &scratch, const std::string &event, Visit &&visit) const {
    typedef typename std::remove_reference<Visit>::type Function;
    struct Call {
      Function &visit;
      std::exception_ptr thrown;

      // No exception may pass through the library, so the exception is stored here.
      static int32_t run(void *context, uint32_t id, uint64_t value) noexcept {
        Call &call = *static_cast<Call *>(context);
        try {
          return call.visit(id, value) ? 0 : 1;
        } catch (...) {
          call.thrown = std::current_exception();
          return 1;
        }
      }
    } call = {visit, nullptr};
    galop_error raw = galop_error();
    const galop_status status =
        galop_match_each(handle_.get(), scratch.get(), event.data(), event.size(), Call::run, &call, &raw);
    if (call.thrown) {
      std::rethrow_exception(call.thrown);
    }
    if (status == GALOP_STATUS_STOPPED) {
      return false;
    }
    check(status, raw);
    return true;
  }

  // The offsets are the starts of the events, and the end of the last event.
  galop::batch batch(scratch &scratch, const std::string &events, const std::vector<size_t> &offsets) const {
    galop_batch raw;
    const size_t count = offsets.empty() ? 0 : offsets.size() - 1;
    check(galop_match_batch(handle_.get(), scratch.get(), events.data(), events.size(), offsets.data(), count, &raw));
    return galop::batch(raw, count);
  }

  size_t memory_usage() const {
    size_t bytes = 0;
    check(galop_matcher_memory_usage(handle_.get(), &bytes));
    return bytes;
  }

 private:
  std::unique_ptr<galop_matcher, deleter> handle_;
};

}  // namespace galop

#endif
