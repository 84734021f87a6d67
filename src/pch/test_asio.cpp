#include "pch/test_asio.hpp"
