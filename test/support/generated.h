//===- generated.h - sources with generated decoders, for tests -----------===//
//
// test/fuzz/CMakeLists.txt builds pipelines/*.mlir with samples as shared
// libraries in MILLRACE_DECODE_DIR; their sources are what is tested.
//
//===----------------------------------------------------------------------===//
#ifndef MILLRACE_TEST_SUPPORT_GENERATED_H
#define MILLRACE_TEST_SUPPORT_GENERATED_H

#include "test/support/decode.h"

#include <dlfcn.h>

namespace millrace::test {

/// The source of one of the pipelines; stops the program if it is not there.
inline const mr_source_desc &generatedSource(const std::string &name) {
  void *library = dlopen((MILLRACE_DECODE_DIR "/" + name + ".so").c_str(), RTLD_NOW | RTLD_LOCAL);
  if (!library) {
    std::fprintf(stderr, "%s\n", dlerror());
    std::abort();
  }
  auto pipeline = reinterpret_cast<mr_pipeline_fn>(dlsym(library, "mr_pipeline"));
  return pipeline()->sources[0];
}

/// The ways in which text can be decoded; the first is the general path, by which the others are judged.
struct Way {
  DecodePath path;
  Simd simd;
  uint32_t batchSize;
};
inline constexpr Way ways[] = {{DecodePath::General, Simd::Portable, 4096}, {DecodePath::Generated, Simd::Auto, 4096},
                               {DecodePath::Generated, Simd::Avx2, 3},      {DecodePath::Learned, Simd::Auto, 4096},
                               {DecodePath::Learned, Simd::Portable, 1},    {DecodePath::Auto, Simd::Avx2, 4096}};

/// What `way` makes of the text.
inline Outcome decodeBy(const Way &way, const mr_source_desc &source, std::string_view text) {
  DecodeOptions options;
  options.path = way.path;
  options.simd = way.simd;
  options.maxBatch = way.batchSize;
  return decodeJson(source, text, options, way.batchSize);
}

} // namespace millrace::test

#endif
