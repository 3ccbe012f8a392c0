//===- kept_forms_test.cpp - who makes bytes of its own form says so ----------===//
#include "runtime/state/kept_forms.h"

#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <iterator>
#include <regex>
#include <set>
#include <string>

using namespace millrace;
namespace fs = std::filesystem;

namespace {

const fs::path kSource = MILLRACE_SOURCE_DIR;

std::string textOf(const fs::path &file) {
  std::ifstream in(file);
  return {std::istreambuf_iterator<char>(in), {}};
}

/// The files that the list says to make what the forms name.
std::set<fs::path> filesOfForms() {
  std::string text = textOf(kSource / "runtime/state/kept_forms.h");
  text.erase(0, text.find("kKeptForms[]"));
  std::set<fs::path> files;
  std::regex name("[a-zA-Z_/]+\\.(cpp|h)");
  for (std::sregex_iterator it(text.begin(), text.end(), name), end; it != end; ++it)
    files.insert(it->str().starts_with("lowering/") ? kSource / it->str() : kSource / "runtime/state" / it->str());
  return files;
}

} // namespace

TEST(KeptForms, EachFileThatMakesTextsOfItsOwnFormIsListed) {
  std::set<fs::path> listed = filesOfForms();
  EXPECT_GE(listed.size(), std::size(kKeptForms) - 1);
  for (const fs::path &file : listed)
    EXPECT_TRUE(fs::exists(file)) << file << " is listed, and is not there";
  size_t makers = 0;
  auto look = [&](const char *folder, const std::regex &makes) {
    for (const fs::directory_entry &entry : fs::directory_iterator(kSource / folder))
      if (entry.path().extension() == ".cpp" && std::regex_search(textOf(entry.path()), makes)) {
        ++makers;
        EXPECT_TRUE(listed.contains(entry.path())) << entry.path() << " has no form in kept_forms.h";
      }
  };
  look("runtime/state", std::regex("\\n(static )?mr_string [a-zA-Z:]+\\(StringArena &texts, mr_string"));
  look("lowering", std::regex("keptAside(OrNew)?\\("));
  EXPECT_GE(makers, 10u);
}

TEST(KeptForms, NoTwoHaveOneName) {
  std::set<std::string> names;
  for (const KeptForm &form : kKeptForms)
    EXPECT_TRUE(names.insert(form.what).second) << form.what;
}
