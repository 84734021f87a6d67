#include "pch/node.hpp"
