//===- start.cpp - main() of a built binary ---------------------------------------------------===//
//
// In a library of its own (millrace_start), because the driver has another
// main(). `mr_pipeline` is the one symbol that a compiled pipeline exports.
//
//===----------------------------------------------------------------------===//
#include "runtime/engine/engine.h"

extern "C" const mr_pipeline_desc *mr_pipeline();

int main(int argc, char **argv) { return mr_main(mr_pipeline(), argc, argv); }
