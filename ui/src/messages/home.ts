/** Messages of Home: what waits, and what happened. */
export const home = {
  "home.waits": { en: "What waits for you", vi: "Việc chờ bạn" },
  "home.tensionsOwned": {
    en: "{count, plural, one {# tension is yours} other {# tensions are yours}}",
    vi: "{count, plural, other {# tension của bạn}}",
  },
  "home.tensionsEscalated": {
    en: "{count, plural, one {# tension stands still} other {# tensions stand still}} and was handed to you",
    vi: "{count, plural, other {# tension chững lại}} và được chuyển đến bạn",
  },
  "home.tasksDue": {
    en: "{count, plural, one {# task is} other {# tasks are}} due soon or overdue",
    vi: "{count, plural, other {# việc}} sắp đến hạn hoặc đã quá hạn",
  },
  "home.projectsDue": {
    en: "{count, plural, one {# project is} other {# projects are}} due soon or overdue",
    vi: "{count, plural, other {# dự án}} sắp đến hạn hoặc đã quá hạn",
  },
  "home.decisionsAsked": {
    en: "{count, plural, one {# decision} other {# decisions}} to take",
    vi: "{count, plural, other {# quyết định}} cần đưa ra",
  },
  "home.nothingWaits": { en: "Nothing waits for you.", vi: "Không có việc gì chờ bạn." },
  "home.allDecisions": { en: "All decisions", vi: "Mọi quyết định" },
  "home.feed": { en: "What happened", vi: "Điều đã xảy ra" },
  "home.feedEmpty": {
    en: "Nothing has happened yet. A tension that is reported or a recognition that is given appears here at once.",
    vi: "Chưa có gì xảy ra. Khi có tension được báo hay lời ghi nhận được gửi, nó hiện ở đây ngay.",
  },
  "home.feedRefused": {
    en: "Your account reads nothing of this yet. Your operator gives the scopes.",
    vi: "Tài khoản của bạn chưa được đọc phần này. Người vận hành cấp quyền.",
  },
  "home.since": { en: "Since {when}", vi: "Từ {when}" },
  "home.older": { en: "Show older", vi: "Xem cũ hơn" },
  "home.because": { en: "Why: {reason}", vi: "Vì: {reason}" },
} as const;
