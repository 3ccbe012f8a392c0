# Building the compiler's own libraries: they see LLVM's headers and share one precompiled header.

separate_arguments(MILLRACE_LLVM_DEFINITIONS NATIVE_COMMAND "${LLVM_DEFINITIONS}")

# Everything that most files of the compiler include; narrow includes beyond it (headers dominate build time).
set(MILLRACE_PCH
  mlir/IR/BuiltinOps.h mlir/IR/Builders.h mlir/IR/DialectImplementation.h mlir/IR/OpImplementation.h
  mlir/IR/PatternMatch.h mlir/IR/SymbolTable.h mlir/Bytecode/BytecodeOpInterface.h
  mlir/Interfaces/SideEffectInterfaces.h mlir/Interfaces/ControlFlowInterfaces.h mlir/Pass/Pass.h
  llvm/ADT/TypeSwitch.h llvm/ADT/StringSwitch.h)
list(TRANSFORM MILLRACE_PCH REPLACE "(.+)" "<\\1>")
list(PREPEND MILLRACE_PCH ${CMAKE_SOURCE_DIR}/cmake/statistic.h)

add_library(MillracePch OBJECT ${CMAKE_SOURCE_DIR}/cmake/pch.cpp)
target_include_directories(MillracePch SYSTEM PRIVATE ${LLVM_INCLUDE_DIRS} ${MLIR_INCLUDE_DIRS})
target_compile_definitions(MillracePch PRIVATE ${MILLRACE_LLVM_DEFINITIONS})
target_compile_options(MillracePch PRIVATE -fno-exceptions)
target_precompile_headers(MillracePch PRIVATE ${MILLRACE_PCH})

# How code that uses LLVM and MLIR is compiled and linked: the shared libraries, never the static ones.
function(millrace_compiler_target target)
  target_include_directories(${target} SYSTEM PUBLIC ${LLVM_INCLUDE_DIRS} ${MLIR_INCLUDE_DIRS})
  target_include_directories(${target} PUBLIC ${CMAKE_SOURCE_DIR} ${CMAKE_BINARY_DIR} ${CMAKE_SOURCE_DIR}/runtime/include)
  target_compile_definitions(${target} PUBLIC ${MILLRACE_LLVM_DEFINITIONS})
  # CMake would give programs -fPIE, which does not fit the precompiled header of the libraries.
  set_target_properties(${target} PROPERTIES POSITION_INDEPENDENT_CODE OFF)
  target_compile_options(${target} PRIVATE -fno-exceptions -fPIC)
  target_link_libraries(${target} PUBLIC MLIR LLVM)
  target_precompile_headers(${target} REUSE_FROM MillracePch)
  get_target_property(kind ${target} TYPE)
  if(MILLRACE_SANITIZE MATCHES "address" AND kind STREQUAL "EXECUTABLE")
    target_sources(${target} PRIVATE ${CMAKE_SOURCE_DIR}/cmake/asan.cpp)
  endif()
endfunction()

# millrace_add_library(NAME sources... DEPENDS targets... LINK libraries...)
function(millrace_add_library name)
  cmake_parse_arguments(ARG "" "" "DEPENDS;LINK" ${ARGN})
  add_library(${name} STATIC ${ARG_UNPARSED_ARGUMENTS})
  millrace_compiler_target(${name})
  target_link_libraries(${name} PUBLIC ${ARG_LINK})
  if(ARG_DEPENDS)
    add_dependencies(${name} ${ARG_DEPENDS})
  endif()
endfunction()

# millrace_add_tool(NAME sources... LINK libraries...)
function(millrace_add_tool name)
  cmake_parse_arguments(ARG "" "" "LINK" ${ARGN})
  add_executable(${name} ${ARG_UNPARSED_ARGUMENTS})
  millrace_compiler_target(${name})
  target_link_libraries(${name} PRIVATE ${ARG_LINK})
endfunction()

# millrace_tablegen(GROUP file.td gen-flag=output ...): one .td, several outputs beside the build's copy of the folder.
function(millrace_dialect group prefix name)
  # group: folder name (expr), prefix: Expr, name: dialect name
  set(LLVM_TARGET_DEFINITIONS ${prefix}Ops.td)
  set(TABLEGEN_FLAGS -I ${CMAKE_SOURCE_DIR} -I ${MLIR_INCLUDE_DIRS})
  mlir_tablegen(${prefix}Dialect.h.inc -gen-dialect-decls -dialect=${name} ${TABLEGEN_FLAGS})
  mlir_tablegen(${prefix}Dialect.cpp.inc -gen-dialect-defs -dialect=${name} ${TABLEGEN_FLAGS})
  mlir_tablegen(${prefix}Types.h.inc -gen-typedef-decls -typedefs-dialect=${name} ${TABLEGEN_FLAGS})
  mlir_tablegen(${prefix}Types.cpp.inc -gen-typedef-defs -typedefs-dialect=${name} ${TABLEGEN_FLAGS})
  mlir_tablegen(${prefix}Attrs.h.inc -gen-attrdef-decls -attrdefs-dialect=${name} ${TABLEGEN_FLAGS})
  mlir_tablegen(${prefix}Attrs.cpp.inc -gen-attrdef-defs -attrdefs-dialect=${name} ${TABLEGEN_FLAGS})
  mlir_tablegen(${prefix}Ops.h.inc -gen-op-decls -dialect=${name} ${TABLEGEN_FLAGS})
  mlir_tablegen(${prefix}Ops.cpp.inc -gen-op-defs -dialect=${name} ${TABLEGEN_FLAGS})
  if(EXISTS ${CMAKE_CURRENT_SOURCE_DIR}/${prefix}Enums.td) # tablegen would repeat the enums of included files
    set(LLVM_TARGET_DEFINITIONS ${prefix}Enums.td)
    mlir_tablegen(${prefix}Enums.h.inc -gen-enum-decls ${TABLEGEN_FLAGS})
    mlir_tablegen(${prefix}Enums.cpp.inc -gen-enum-defs ${TABLEGEN_FLAGS})
  endif()
  if(EXISTS ${CMAKE_CURRENT_SOURCE_DIR}/${prefix}Interfaces.td)
    set(LLVM_TARGET_DEFINITIONS ${prefix}Interfaces.td)
    mlir_tablegen(${prefix}Interfaces.h.inc -gen-op-interface-decls ${TABLEGEN_FLAGS})
    mlir_tablegen(${prefix}Interfaces.cpp.inc -gen-op-interface-defs ${TABLEGEN_FLAGS})
  endif()
  add_public_tablegen_target(Millrace${prefix}IncGen)
endfunction()
