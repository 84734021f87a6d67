#include "pch/test_pure.hpp"
