// What members are told of errors.
#pragma once

#include "features/text.hpp"

namespace guildfleet::features::reason_texts {

// Of settings. {where}: a field, a feature or a place in a file.
inline constexpr text malformed{"this is not JSON ({where}).", "JSON として読み取れません({where})。"};
inline constexpr text not_an_object{"this is not a JSON object.", "JSON オブジェクトではありません。"};
inline constexpr text too_large{"this is too large. Shorten texts or lists.",
                                "サイズが大きすぎます。文章やリストを短くしてください。"};
inline constexpr text too_deep{"this is nested too deeply ({where}).", "入れ子が深すぎます({where})。"};
inline constexpr text too_many_values{"this holds too many values ({where}).",
                                      "値の数が多すぎます({where})。"};
inline constexpr text duplicate_key{"the same name is there twice: {where}. Leave one of them.",
                                    "同じ名前が2回使われています: {where}。どちらか一方を残してください。"};
inline constexpr text unknown_feature{"there is no feature {where} that has settings.",
                                      "設定を持つ機能「{where}」はありません。"};
inline constexpr text wrong_format{
    "this is no export of settings that can be read here ({where}). Take a file that `/config export` wrote.",
    "読み込める設定ファイルではありません({where})。`/設定 書き出し` "
    "で書き出したファイルを使ってください。"};
inline constexpr text no_such_change{"there is no change with this number. `/config history` shows them.",
                                     "その番号の変更はありません。`/設定 履歴` で確認できます。"};
inline constexpr text changed_since{
    "what this change had set has been changed again since ({where}). Change it by hand.",
    "取り消す対象の設定({where})がその後さらに変更されています。手動で変更してください。"};
inline constexpr text contended{"others are changing the same right now. Please try again in a moment.",
                                "ほかの人が同時に変更しています。しばらくしてからもう一度お試しください。"};

// Of Discord.
inline constexpr text lacks_permission{"the bot lacks a permission.", "ボットの権限が不足しています。"};
inline constexpr text channel_gone{"the channel or category does not exist any more.",
                                   "チャンネルまたはカテゴリーが削除されています。"};
inline constexpr text role_gone{"the role does not exist any more.", "ロールが削除されています。"};
inline constexpr text role_too_high{"it is not below the bot's highest role.",
                                    "対象がボットの最上位のロールより下にありません。"};
inline constexpr text refused{"Discord does not take it as it is ({where}).",
                              "Discord がこの内容を受け付けませんでした({where})。"};
inline constexpr text guild_full{"the server has as many as Discord allows.",
                                 "サーバーが Discord の上限に達しています。"};
inline constexpr text needs_two_factor{
    "the server asks for two-factor authentication: the bot's owner must switch it on.",
    "サーバーで二要素認証が必須のため、ボットの所有者が有効にする必要があります。"};
inline constexpr text not_there{"it is not there any more.", "対象がすでに存在しません。"};
inline constexpr text must_wait{"Discord asks the bot to wait. Please try again in a few minutes.",
                                "Discord の制限により待つ必要があります。数分後にもう一度お試しください。"};
inline constexpr text no_answer{"Discord did not answer. Please try again in a moment.",
                                "Discord から応答がありません。しばらくしてからもう一度お試しください。"};

// Of the rest.
inline constexpr text no_database{"the database cannot be reached. Please try again in a moment.",
                                  "データベースに接続できません。しばらくしてからもう一度お試しください。"};
inline constexpr text unknown_outcome{
    "the database did not answer in time. Look at what is there before you try again.",
    "データベースから応答がありませんでした。現在の状態を確認してからもう一度お試しください。"};
inline constexpr text no_file{"the file could not be fetched from Discord. Please attach it again.",
                              "Discord からファイルを取得できませんでした。もう一度添付してください。"};
inline constexpr text unexpected{"something unexpected happened. Please try again in a moment.",
                                 "予期しない問題が発生しました。しばらくしてからもう一度お試しください。"};

}  // namespace guildfleet::features::reason_texts
