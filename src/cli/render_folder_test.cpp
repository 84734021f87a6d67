// What render does with what is in the folder already.
#include <filesystem>
#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <thread>
#include <unistd.h>

#include "base/replace_file.hpp"
#include "base/scratch_folder.hpp"
#include "cli/program_run.hpp"

namespace guildfleet::cli {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

const std::string two_bots = R"(
store: { database_url: "${D}" }
redis: { url: "${R}" }
bots: [{ name: music, token: "${T}" }, { name: game, token: "${G}" }]
)";
const std::string one_bot = R"(
store: { database_url: "${D}" }
redis: { url: "${R}" }
bots: [{ name: music, token: "${T}" }]
)";

class rendered_folder : public testing::Test, protected program_run {
 protected:
  rendered_folder() {
    facts.variables = [](std::string_view) { return std::nullopt; };
    configure(two_bots);
  }
  void configure(const std::string& text) { write("fleet.yaml", text); }
  void write(const std::string& path, std::string_view text) {
    fs::create_directories(fs::path(in(path)).parent_path());
    std::ofstream(in(path)) << text;
  }
  [[nodiscard]] std::string in(const std::string& path) const { return folder / path; }
  [[nodiscard]] std::string read(const std::string& path) const {
    return base::text_in_file(in(path)).value_or("there is no file");
  }
  exit_code render(const std::string& target, const std::vector<std::string>& more = {}) {
    std::vector<std::string> words = {"render", target, "-c", in("fleet.yaml"), "-o", in("deploy")};
    words.insert(words.end(), more.begin(), more.end());
    return run(std::move(words));
  }

  base::scratch_folder folder;
};

TEST_F(rendered_folder, files_of_somebody_else_stay) {
  write("deploy/nginx/nginx.conf", "# my own\n");
  EXPECT_EQ(render("compose", {"--diff"}), exit_code::failed);
  EXPECT_THAT(err, AllOf(HasSubstr("nginx.conf was not written by guildfleet render"), HasSubstr("--force")));
  EXPECT_EQ(render("compose"), exit_code::refused);
  EXPECT_THAT(err, AllOf(HasSubstr("nginx.conf was not written by guildfleet render"),
                         HasSubstr("nothing was written (--force overwrites)")));
  EXPECT_FALSE(fs::exists(in("deploy/docker-compose.yml")));
  EXPECT_EQ(read("deploy/nginx/nginx.conf"), "# my own\n");
  EXPECT_EQ(render("compose", {"--force"}), exit_code::fine) << err;
  EXPECT_THAT(read("deploy/nginx/nginx.conf"), HasSubstr("Written by: guildfleet render nginx"));
}

TEST_F(rendered_folder, a_symbolic_link_is_not_written_through) {
  write("elsewhere.yml", "# Written by: guildfleet render compose\n");
  fs::create_directory(in("deploy"));
  fs::create_symlink(in("elsewhere.yml"), in("deploy/docker-compose.yml"));
  EXPECT_EQ(render("compose"), exit_code::refused);
  EXPECT_THAT(err, HasSubstr("is a symbolic link"));
  EXPECT_EQ(render("compose", {"--force"}), exit_code::fine) << err;
  EXPECT_FALSE(fs::is_symlink(in("deploy/docker-compose.yml")));
  EXPECT_EQ(read("elsewhere.yml"), "# Written by: guildfleet render compose\n");
}

TEST_F(rendered_folder, takes_every_target_and_each_twice) {
  for (int round = 0; round < 2; ++round) {
    for (const char* target : {"compose", "grafana", "kubernetes", "nginx", "prometheus", "systemd"}) {
      EXPECT_EQ(render(target), exit_code::fine) << target << ": " << err;
      EXPECT_THAT(out, Not(HasSubstr("removed "))) << target;
      if (round > 0) EXPECT_EQ(out, "") << target;
    }
  }
}

TEST_F(rendered_folder, left_overs_of_a_bot_that_is_gone_are_removed) {
  for (const char* target : {"compose", "kubernetes", "systemd"}) ASSERT_EQ(render(target), exit_code::fine);
  write("deploy/secrets/game_token", "# Written by: guildfleet render compose\n");
  write("deploy/config/mine.yaml", "# mine\n");
  configure(one_bot);
  EXPECT_EQ(render("compose", {"--diff"}), exit_code::failed);
  EXPECT_THAT(out,
              AllOf(HasSubstr("removed config/game.yaml"), HasSubstr("removed nginx/upstreams/game.conf")));
  EXPECT_TRUE(fs::exists(in("deploy/config/game.yaml")));
  for (const char* target : {"compose", "kubernetes", "systemd"}) {
    EXPECT_EQ(render(target), exit_code::fine) << err;
    EXPECT_THAT(out, HasSubstr("removed ")) << target;
    EXPECT_EQ(render(target, {"--diff"}), exit_code::fine) << out;
  }
  for (const char* gone : {"config/game.yaml", "nginx/upstreams/game.conf", "kubernetes/base/nodes/game.yaml",
                           "etc/guildfleet/game.yaml", "etc/systemd/system/guildfleet@game.service.d"})
    EXPECT_FALSE(fs::exists(in("deploy/") + gone)) << gone;
  EXPECT_EQ(read("deploy/config/mine.yaml"), "# mine\n");
  EXPECT_TRUE(fs::exists(in("deploy/secrets/game_token")));
}

TEST_F(rendered_folder, overlays_and_servers_that_are_gone_are_removed) {
  ASSERT_EQ(render("kubernetes"), exit_code::fine);
  ASSERT_TRUE(fs::exists(in("deploy/kubernetes/overlays/canary/kustomization.yaml")));
  configure("bots: [{ name: music, token: \"${T}\" }]\n");
  ASSERT_EQ(render("kubernetes"), exit_code::fine) << err;
  EXPECT_FALSE(fs::exists(in("deploy/kubernetes/overlays/canary")));
  EXPECT_FALSE(fs::exists(in("deploy/kubernetes/base/redis.yaml")));
  EXPECT_THAT(read("deploy/kubernetes/base/kustomization.yaml"), Not(HasSubstr("redis.yaml")));
}

// What another target has written beside is none of its left-overs.
TEST_F(rendered_folder, files_of_another_target_stay) {
  configure("bots: [{ name: music, token: \"${T}\" }]\n");
  ASSERT_EQ(render("nginx"), exit_code::fine);
  EXPECT_EQ(render("compose"), exit_code::fine) << err;
  EXPECT_TRUE(fs::exists(in("deploy/nginx/nginx.conf")));
}

TEST_F(rendered_folder, secrets_are_kept_out_of_git) {
  ASSERT_EQ(render("compose"), exit_code::fine);
  EXPECT_THAT(read("deploy/.gitignore"), AllOf(HasSubstr("\n/secrets/\n"), HasSubstr("\n/.env\n")));
  write("deploy/.gitignore", "node_modules/\n");
  EXPECT_EQ(render("compose"), exit_code::fine);
  EXPECT_EQ(read("deploy/.gitignore"), "node_modules/\n");
  EXPECT_THAT(err,
              AllOf(HasSubstr(".gitignore was not written by guildfleet render"), HasSubstr("/secrets/")));
}

TEST_F(rendered_folder, tells_that_it_may_not_make_a_folder) {
  if (::geteuid() == 0) GTEST_SKIP() << "root may";
  fs::permissions(folder.path(), fs::perms{0500});
  EXPECT_EQ(render("compose"), exit_code::failed);
  fs::permissions(folder.path(), fs::perms{0700});
  EXPECT_THAT(err, AllOf(HasSubstr("Permission denied"), HasSubstr("this user's")));
}

}  // namespace
}  // namespace guildfleet::cli
