# How the lit tests run. Each test names its tools by their bare names; they are found in the build's bin directory and
# in LLVM's.
import os
import sys

import lit.formats

config.name = "Millrace"
config.test_format = lit.formats.ShTest(execute_external=False)
config.suffixes = [".mlir", ".test"]
config.excludes = ["inputs"]
config.test_source_root = os.path.dirname(__file__)
config.test_exec_root = config.millrace_binary_dir + "/test/lit"

config.environment["PATH"] = os.pathsep.join(
    [config.millrace_binary_dir + "/bin", config.llvm_root + "/bin", config.environment.get("PATH", "")]
)
config.environment["FILECHECK_OPTS"] = "--enable-var-scope --allow-unused-prefixes=false"
config.environment["NO_COLOR"] = "1"
config.substitutions.append(("%python", sys.executable))
config.substitutions.append(("%examples", config.millrace_source_dir + "/examples"))
config.substitutions.append(("%tools", config.millrace_source_dir + "/tools"))
config.substitutions.append(("%inputs", os.path.join(config.test_source_root, "inputs")))

# Root may write and read everything: tests of permissions cannot fail as they should.
if os.geteuid() == 0:
    config.available_features.add("root")
else:
    config.available_features.add("user")
if config.sanitize:
    config.available_features.add("sanitized")

# A minimal root may have no terminals (/dev/pts).
try:
    for descriptor in os.openpty():
        os.close(descriptor)
    config.available_features.add("terminal")
except OSError:
    pass
