#include "pch/pure.hpp"
