#include "pch/test_feature.hpp"
