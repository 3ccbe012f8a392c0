// Part of every program of a build with AddressSanitizer that uses LLVM's libraries. They are not instrumented: what
// headers of theirs poison in our files, they would not clear.
extern "C" const char *__asan_default_options() { return "allow_user_poisoning=0"; }
