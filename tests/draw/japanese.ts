/** The figure's words in Japanese, which are as wide as words get. */

import type { Words } from "../../lib/draw/words.ts";

/** Each letter is as wide as two of English. */
export const JAPANESE: Words = {
  pc: "パソコン本体",
  internet: "インターネット",
  bridge: "ブリッジ",
  server: "サーバー",
  switch: "スイッチングハブ",
  router: "ルーター",
  down: "停止中",
  noCarrier: "相手側が停止中",
  peerUnseen: "相手は名前の無い名前空間の中",
  parentUnseen: "別の場所のインターフェース上",
  on: "上位:",
  unreadable: "読み取れません",
  noAddress: "アドレス未設定",
  noRoute: "デフォルトルート未設定",
  forwardingOn: "パケット転送は有効",
  forwardingOff: "パケット転送は無効",
  forwardDrop: "転送はファイアウォールに破棄されます",
  forwardSome: "許可されたものだけ転送されます",
  noNat: "アドレス変換なし",
  isNew: "この段階で追加",
  notYet: "まだ存在しない",
  up: "動作中",
};
