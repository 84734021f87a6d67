#pragma once
#include "discord/gateway/session.hpp"
#include "discord/rest/rate_limiter.hpp"
#include "features/feature.hpp"
#include "net/http_client.hpp"
#include "pch/asio.hpp"
