/** Messages of the chain ribbon, of pages of things, and of recognitions. */
export const chain = {
  "chain.label": { en: "The chain it stands in", vi: "Chuỗi của mục này" },
  "chain.none": { en: "none yet", vi: "chưa có" },
  "chain.noneOf": { en: "None yet.", vi: "Chưa có." },
  "chain.here": { en: "you are here", vi: "bạn đang ở đây" },
  "chain.shown": {
    en: "The newest {shown} of {more, select, true {more than {count}} other {{count}}}.",
    vi: "{shown} mục mới nhất trong {more, select, true {hơn {count}} other {{count}}} mục.",
  },
  "chain.away": { en: "The chain could not be read.", vi: "Chưa đọc được chuỗi." },

  "things.gone": {
    en: "There is no such thing, or it is not for you.",
    vi: "Không có mục này, hoặc mục này không dành cho bạn.",
  },
  "things.facts": { en: "What it says", vi: "Nội dung" },
  "things.nothing": { en: "Nothing more is said of it.", vi: "Chưa có thêm thông tin." },
  "things.beingWritten": { en: "It is being written.", vi: "Mục này đang được ghi." },
  "things.notWritten": { en: "It could not be written.", vi: "Mục này chưa ghi được." },

  "recognition.title": { en: "Recognition", vi: "Ghi nhận" },
  "recognition.from": { en: "Recognition from {who}", vi: "Ghi nhận của {who}" },
  "recognition.giver": { en: "Given by", vi: "Người ghi nhận" },
  "recognition.receivers": { en: "For", vi: "Dành cho" },
  "recognition.project": { en: "Project", vi: "Dự án" },
  "recognition.task": { en: "Task", vi: "Việc" },
  "recognition.tension": { en: "Eased the tension", vi: "Đã giúp tension" },
  "recognition.values": { en: "Values", vi: "Giá trị" },
  "recognition.showTension": { en: "Show the tension", vi: "Xem tension" },
  "recognition.showTask": { en: "Show the task", vi: "Xem việc" },
  "recognition.history": { en: "History", vi: "Lịch sử" },
  "recognition.older": { en: "Show older", vi: "Xem cũ hơn" },
} as const;
