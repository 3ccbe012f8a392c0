// The precompiled header is built with this file; the compiler's libraries reuse it.
