# Compiler, warnings, hardening, sanitizers.

if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  message(FATAL_ERROR
    "g++ ${CMAKE_CXX_COMPILER_VERSION} miscompiles coroutines: a co_await in a condition may never resume, and "
    "temporaries in an expression with co_await are destroyed twice. Use clang 19 (the presets do: "
    "cmake --preset dev) or g++ 13 or newer.")
endif()

set(CMAKE_CXX_STANDARD 23)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
# -fPIE for libraries and programs alike, so that one precompiled header serves both.
set(CMAKE_POSITION_INDEPENDENT_CODE OFF)

set(GUILDFLEET_SANITIZE "" CACHE STRING "sanitizers, as -fsanitize takes them")
option(GUILDFLEET_FUZZ "build the libFuzzer targets" OFF)

add_library(guildfleet_options INTERFACE)
target_compile_options(guildfleet_options INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wnon-virtual-dtor -Woverloaded-virtual -Werror -fPIE)
target_link_options(guildfleet_options INTERFACE -pie)
target_include_directories(guildfleet_options INTERFACE ${PROJECT_SOURCE_DIR}/src)

if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
  # Lets ccache hit on objects that use a precompiled header.
  target_compile_options(guildfleet_options INTERFACE "SHELL:-Xclang -fno-pch-timestamp")
endif()

if(GUILDFLEET_SANITIZE)
  target_compile_options(guildfleet_options INTERFACE
    -fsanitize=${GUILDFLEET_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_link_options(guildfleet_options INTERFACE -fsanitize=${GUILDFLEET_SANITIZE})
endif()
if(GUILDFLEET_FUZZ)
  target_compile_options(guildfleet_options INTERFACE -fsanitize=fuzzer-no-link)
endif()

# simdjson's on-demand reader is chosen when it is compiled, not when it runs. v2 (SSE 4.2) is every x86-64 server
# since 2009; v3 (AVX2) is faster where it is known to be there.
set(GUILDFLEET_MARCH "x86-64-v2" CACHE STRING "-march of x86-64 builds; empty: the compiler's default")
if(GUILDFLEET_MARCH AND CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|AMD64")
  target_compile_options(guildfleet_options INTERFACE -march=${GUILDFLEET_MARCH})
endif()

set(CMAKE_CXX_FLAGS_DEBUG "-O0 -g1")
set(CMAKE_CXX_FLAGS_RELWITHDEBINFO "-O1 -g1")
set(CMAKE_CXX_FLAGS_RELEASE "-O2 -g1 -DNDEBUG")
if(CMAKE_BUILD_TYPE STREQUAL "Release")
  target_compile_options(guildfleet_options INTERFACE -D_FORTIFY_SOURCE=2 -fstack-protector-strong
    -ffunction-sections -fdata-sections)
  target_link_options(guildfleet_options INTERFACE -Wl,-z,relro,-z,now -Wl,--gc-sections)
endif()

find_program(GUILDFLEET_CCACHE ccache)
if(GUILDFLEET_CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${GUILDFLEET_CCACHE})
endif()
find_program(GUILDFLEET_MOLD mold)
find_program(GUILDFLEET_LLD ld.lld-19)
if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
  if(GUILDFLEET_MOLD)
    target_link_options(guildfleet_options INTERFACE -fuse-ld=mold)
  elseif(GUILDFLEET_LLD)
    target_link_options(guildfleet_options INTERFACE -fuse-ld=${GUILDFLEET_LLD})
  endif()
endif()
