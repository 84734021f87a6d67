#include "pch/feature.hpp"
