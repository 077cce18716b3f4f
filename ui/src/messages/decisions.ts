/** Messages of the decisions that wait. */
export const decisions = {
  "decisions.title": { en: "Decisions", vi: "Quyết định" },
  "decisions.lead": {
    en: "What waits for your answer, the newest first. Answers are given over the API.",
    vi: "Những điều chờ bạn trả lời, mới nhất trước. Câu trả lời được gửi qua API.",
  },
  "decisions.empty": {
    en: "No decision waits for you. When somebody proposes to merge two people, for instance, those who may decide see it here.",
    vi: "Không có quyết định nào chờ bạn. Ví dụ khi có người đề nghị gộp hai hồ sơ, ai được quyết định sẽ thấy ở đây.",
  },
  "decisions.askedBy": { en: "Asked by {who}", vi: "{who} hỏi" },
  "decisions.about": { en: "About {name}", vi: "Về {name}" },
  "decisions.until": { en: "until {when}", vi: "hạn {when}" },
  "decisions.policyApprove": { en: "approved at the deadline", vi: "hết hạn thì chấp thuận" },
  "decisions.policyReject": { en: "rejected at the deadline", vi: "hết hạn thì từ chối" },
  "decisions.policyLeaveOpen": { en: "nothing changes at the deadline", vi: "hết hạn thì không đổi gì" },
  "decisions.more": { en: "Show older", vi: "Xem cũ hơn" },
  "decision.ProjectApproval": { en: "Project", vi: "Dự án" },
  "decision.TensionSeverity": { en: "Severity", vi: "Mức độ" },
  "decision.EntityLink": { en: "Link", vi: "Liên kết" },
  "decision.WinApproval": { en: "WIN", vi: "WIN" },
  "decision.PersonMerge": { en: "Same person?", vi: "Cùng một người?" },
  "decision.PersonMention": { en: "Who is meant?", vi: "Nói về ai?" },
  "decision.ModelPromotion": { en: "Model", vi: "Mô hình" },
} as const;
