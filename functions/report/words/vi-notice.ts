/** Every text of the mail that goes out in place of a report. Numbers arrive as written for the reader; `n` is for the plural. */
export const viNotice = {
  noticeTitle: (day: string) => `Chưa có báo cáo chat ${day}`,
  /** Of the subject: `at` is a time of today, or has its day with it. */
  noticeNews: {
    at: (at: string) => `chưa có báo cáo, đọc lại lúc ${at}`,
    nextRun: 'chưa có báo cáo, đọc lại ở lần chạy sau',
    byHand: 'chưa có báo cáo, cần người quản trị chạy lại',
    person: 'chưa có báo cáo, cần người quản trị xử lý',
  },
  // For a manager
  dayReadAgainAt: (at: string) => `Hệ thống tự đọc lại lúc ${at}.`,
  dayReadAgainNextRun: 'Hệ thống tự đọc lại ở lần chạy hằng ngày kế tiếp.',
  dayRunAgain: 'Hệ thống không tự đọc lại: người quản trị hệ thống cần chạy lại.',
  dayForPerson: 'Người quản trị hệ thống cần xử lý.',
  /** `why` is a clause. */
  notReadBecause: (why: string, channels: string) => `${why}, nên chưa đọc được đủ dữ liệu ${channels}.`,
  noneReadBecause: (why: string) => `${why}, nên chưa kênh nào đọc được đủ dữ liệu.`,
  notAsked: (days: string, _n: number) => `Cũng vì lý do này, chưa lấy dữ liệu của các ngày: ${days}.`,
  noFigures: 'Thư này không có số liệu nào, để không báo số sai.',
  thenSent: 'Đọc được thì báo cáo được gửi ngay.',
  thenTold: 'Đọc được thì thư kế tiếp sẽ cho biết.',
  sentOnceMended: 'Xử lý xong và chạy lại thì báo cáo được gửi ngay.',
  thenSentByHand: 'Chạy lại mà đọc được thì báo cáo được gửi ngay.',
  nothingToDo: 'Anh/chị không cần làm gì với hệ thống; vẫn chăm sóc khách trong CareSoft như thường.',
  asUsual: 'Anh/chị vẫn chăm sóc khách trong CareSoft như thường.',
  /** `part` is where it stands. */
  tellOperators: (part: string) => `Hãy báo người quản trị hệ thống: việc cần làm ghi ở phần “${part}”.`,
  doNow: 'Làm được ngay',
  missedInCareSoft: (days: string, n: number) =>
    `Chat nhỡ ${days}: mở CareSoft, lọc trạng thái nhỡ của ${n === 1 ? 'ngày này' : 'những ngày này'}.`,
  /** Who waited when the last list was made. */
  stillOpen: {
    lead: (customers: string, day: string, _n: number) =>
      `${customers} khách còn hạn trả lời, theo danh sách chờ của báo cáo ${day}.`,
    asOf: (at: string) =>
      `Danh sách lập lúc ${at}; khách có thể đã được trả lời sau đó: xem phiếu ghi trước khi liên hệ.`,
    preheader: (customers: string, _n: number) => `${customers} khách chờ từ trước vẫn còn hạn trả lời.`,
    more: (customers: string, day: string, _n: number) =>
      `Còn ${customers} khách nữa trong danh sách của báo cáo ${day}.`,
  },
  // For those who run the system
  forOperators: 'Dành cho người quản trị hệ thống',
  why: 'Vì sao',
  wasRead: 'Đã đọc',
  nothingRead: 'chưa đọc được gì.',
  pagesAndRows: (pages: string, rows: string, _pages: number, _rows: number) =>
    `${pages} trang, ${rows} dòng`,
  differentRows: (unique: string, _n: number) => `trong đó ${unique} dòng khác nhau`,
  counted: (count: string) => `CareSoft báo có ${count} dòng`,
  countedTwice: (before: string, after: string) =>
    `CareSoft báo lúc đầu có ${before} dòng, lúc cuối ${after} dòng`,
  brokeOff: 'Sau đó bị ngắt giữa chừng.',
  provenChannel: 'Kênh này đã đối chiếu đủ.',
  whatToDo: 'Việc cần làm',
  nextTry: 'Thử lại',
  byHand: (next: string) => `Hoặc: ${next}`,
  notBefore: (at: string) => `Không thử lại trước ${at}.`,
  waitCut: (at: string) =>
    `CareSoft yêu cầu chờ lâu hơn một ngày; chương trình chỉ chờ đến ${at}, và nếu được chạy trước lúc đó thì chỉ hỏi lại một lần.`,
  detail: 'Chi tiết (tiếng Anh)',
  careSoftSays: 'CareSoft trả lời',
  runAgain: 'Chạy lại bằng lệnh:',
};
