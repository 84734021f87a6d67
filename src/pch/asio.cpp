#include "pch/asio.hpp"
