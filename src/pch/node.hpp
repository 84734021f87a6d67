#pragma once
#include <CLI/CLI.hpp>

#include "bot/fleet_runtime.hpp"
#include "pch/asio.hpp"
