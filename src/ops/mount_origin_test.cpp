#include "ops/mount_origin.hpp"

#include <gtest/gtest.h>

namespace guildfleet::ops {
namespace {

constexpr std::string_view of_a_container =
    R"(842 676 0:54 / / rw,relatime master:1 - overlay overlay rw,lowerdir=/var/lib/a
848 842 0:60 / /tmp rw,nosuid - tmpfs tmpfs rw
850 842 254:1 /srv/my\040bots/secrets/music_token /run/secrets/music_token ro,relatime - ext4 /dev/vda1 rw
851 842 254:1 /var/lib/docker/volumes/fleet_music-storage/_data /app/storage rw,relatime - ext4 /dev/vda1 rw
852 842 254:2 / /data rw - ext4 /dev/vdb rw
853 851 0:61 / /app/storage/scratch rw - tmpfs tmpfs rw
)";

TEST(path_on_host, is_told_of_what_was_mounted_by_itself) {
  struct place {
    std::string_view here;
    std::optional<std::string> there;
  };
  for (const place& each :
       {place{"/run/secrets/music_token", "/srv/my bots/secrets/music_token"},
        place{"/app/storage", "/var/lib/docker/volumes/fleet_music-storage/_data"},
        place{"/app/storage/music.sqlite", "/var/lib/docker/volumes/fleet_music-storage/_data/music.sqlite"},
        place{"/app/storage2", std::nullopt}, place{"/etc/passwd", std::nullopt},
        place{"/data/file", std::nullopt}, place{"/app/storage/scratch/file", std::nullopt}})
    EXPECT_EQ(path_on_host(each.here, of_a_container), each.there) << each.here;
}

TEST(path_on_host, is_not_told_from_what_is_no_list_of_mounts) {
  for (const std::string_view text : {"", "\n\n", "a b c", "850 842 254:1", "1 2 3 / \\ - x"})
    EXPECT_EQ(path_on_host("/app/storage", text), std::nullopt) << text;
}

}  // namespace
}  // namespace guildfleet::ops
