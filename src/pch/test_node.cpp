#include "pch/test_node.hpp"
