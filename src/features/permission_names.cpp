#include "features/permission_names.hpp"

#include <array>
#include <fmt/ranges.h>

namespace guildfleet::features {
namespace {

// By bit, as discord::display_name().
constexpr std::array<std::string_view, 53> japanese{
    "招待を作成",
    "メンバーをキック",
    "メンバーをBAN",
    "管理者",
    "チャンネルの管理",
    "サーバー管理",
    "リアクションの追加",
    "監査ログを表示",
    "優先スピーカー",
    "WEBカメラ",
    "チャンネルを見る",
    "メッセージを送信",
    "テキスト読み上げメッセージを送信",
    "メッセージの管理",
    "埋め込みリンク",
    "ファイルを添付",
    "メッセージ履歴を読む",
    "@everyone、@here、全てのロールにメンション",
    "外部の絵文字を使用",
    "サーバーインサイトを見る",
    "接続",
    "発言",
    "メンバーをミュート",
    "メンバーのスピーカーをミュート",
    "メンバーを移動",
    "音声検出を使用",
    "ニックネームの変更",
    "ニックネームの管理",
    "ロールの管理",
    "ウェブフックの管理",
    "エクスプレッションの管理",
    "アプリコマンドを使用",
    "スピーカー参加をリクエスト",
    "イベントの管理",
    "スレッドの管理",
    "公開スレッドの作成",
    "プライベートスレッドの作成",
    "外部のスタンプを使用",
    "スレッドでメッセージを送信",
    "アクティビティを使用",
    "メンバーをタイムアウト",
    "収益化の分析を表示",
    "サウンドボードを使用",
    "エクスプレッションを作成",
    "イベントを作成",
    "外部のサウンドを使用",
    "ボイスメッセージを送信",
    "",  // bit 47 is not assigned
    "ボイスチャンネルステータスを設定",
    "投票の作成",
    "外部のアプリを使用",
    "メッセージをピン留め",
    "低速モードを回避",
};

}  // namespace

std::string names_of(discord::permission_set permissions, language in) {
  std::vector<std::string> names = discord::display_names(permissions);
  if (in == language::english) return fmt::format("{}", fmt::join(names, ", "));
  std::size_t at = 0;
  for (std::size_t bit = 0; bit < 64; ++bit) {
    if ((permissions.bits() >> bit & 1U) == 0) continue;
    if (bit < japanese.size() && !japanese[bit].empty()) names[at] = japanese[bit];
    ++at;
  }
  return fmt::format("{}", fmt::join(names, "、"));
}

}  // namespace guildfleet::features
