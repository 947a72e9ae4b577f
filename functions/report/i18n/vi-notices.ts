import type { UnprovenReason } from '../../capture/coverage.ts';

/** All texts of the notice, which is the mail in place of a report. Numbers arrive formatted. `n` decides the plural. */
export const viNotice = {
  noticeTitle: (day: string) => `Chưa có báo cáo chat ${day}`,
  /** For the subject. `at` is a time of today, or a time with its day. */
  noticeSubject: {
    at: (at: string) => `chưa có báo cáo, đọc lại lúc ${at}`,
    nextRun: 'chưa có báo cáo, đọc lại ở lần chạy sau',
    byHand: 'chưa có báo cáo, cần người quản trị chạy lại',
    needsPerson: 'chưa có báo cáo, cần người quản trị xử lý',
  },
  // For managers
  dayReadAgainAt: (at: string) => `Hệ thống tự đọc lại lúc ${at}.`,
  dayReadAgainNextRun: 'Hệ thống tự đọc lại ở lần chạy hằng ngày kế tiếp.',
  dayRunAgain: 'Hệ thống không tự đọc lại: người quản trị hệ thống cần chạy lại.',
  dayNeedsPerson: 'Người quản trị hệ thống cần xử lý.',
  /** `why` is a clause that begins the sentence. */
  notReadBecause: (why: string, channels: string) => `${why}, nên chưa đọc được đủ dữ liệu ${channels}.`,
  noneReadBecause: (why: string) => `${why}, nên chưa kênh nào đọc được đủ dữ liệu.`,
  notAsked: (days: string, _n: number) => `Cũng vì lý do này, chưa lấy dữ liệu của các ngày: ${days}.`,
  noFigures: 'Thư này không có số liệu nào, để không báo số sai.',
  sentIfRead: 'Đọc được thì báo cáo được gửi ngay.',
  announcedIfRead: 'Đọc được thì thư kế tiếp sẽ cho biết.',
  sentOnceFixed: 'Xử lý xong và chạy lại thì báo cáo được gửi ngay.',
  sentIfReadByCommand: 'Chạy lại mà đọc được thì báo cáo được gửi ngay.',
  nothingToDo: 'Anh/chị không cần làm gì với hệ thống; vẫn chăm sóc khách trong CareSoft như thường.',
  workAsUsual: 'Anh/chị vẫn chăm sóc khách trong CareSoft như thường.',
  /** `part` is the title of the section that says what to do. */
  notifyOperators: (part: string) => `Hãy báo người quản trị hệ thống: việc cần làm ghi ở phần “${part}”.`,
  possibleNow: 'Làm được ngay',
  missedInSource: (days: string, n: number) =>
    `Chat nhỡ ${days}: mở CareSoft, lọc trạng thái nhỡ của ${n === 1 ? 'ngày này' : 'những ngày này'}.`,
  /** The customers who waited when the last list was made. */
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
  readInterrupted: 'Sau đó bị ngắt giữa chừng.',
  provenChannel: 'Kênh này đã đối chiếu đủ.',
  whatToDo: 'Việc cần làm',
  nextAttempt: 'Thử lại',
  byCommand: (next: string) => `Hoặc: ${next}`,
  notBefore: (at: string) => `Không thử lại trước ${at}.`,
  waitShortened: (at: string) =>
    `CareSoft yêu cầu chờ lâu hơn một ngày; chương trình chỉ chờ đến ${at}, và nếu được chạy trước lúc đó thì chỉ hỏi lại một lần.`,
  detail: 'Chi tiết (tiếng Anh)',
  sourceMessage: 'CareSoft trả lời',
  runAgain: 'Chạy lại bằng lệnh:',
};

/** All texts about the channels that a report lacks. `channels` arrives as one text, such as `Zalo và Messenger`. */
export const viPartial = {
  and: (names: string, last: string) => `${names} và ${last}`,
  /** It never begins a sentence. */
  missing: (channels: string) => `chưa có số liệu ${channels}`,
  missingLead: (channels: string) => `Chưa có số liệu ${channels}. `,
  withoutChannels: (channels: string, day: string) =>
    `Mọi số liệu và danh sách khách chờ dưới đây chưa gồm ${channels} ngày ${day}; khách trong danh sách có thể đã được trả lời ở đó. Trong lúc chờ, xem chat nhỡ ${channels} ngay trong CareSoft.`,
  readsAgainAt: (channels: string, at: string) => `Hệ thống tự đọc lại ${channels} lúc ${at}.`,
  readsAgainNextRun: (channels: string) => `Hệ thống tự đọc lại ${channels} ở lần chạy hằng ngày kế tiếp.`,
  notReadAgain: (channels: string) => `Hệ thống không tự đọc lại ${channels} được, cần có người xử lý.`,
  fullReportSent: 'Đọc được thì báo cáo đủ các kênh sẽ gửi thay thư này.',
  fullReportAnnounced: 'Đọc được thì báo cáo đủ các kênh sẽ thay báo cáo này, và thư kế tiếp sẽ cho biết.',
  fullReportReplaces: (channels: string) =>
    `Khi đọc được ${channels}, báo cáo đủ các kênh sẽ thay báo cáo này.`,
  without: (channels: string) => `chưa gồm ${channels}`,
  notFollowedUp: (day: string, missing: string) =>
    `Danh sách ${day} chưa theo dõi được: thiếu ${missing} nên không biết khách nào đã được trả lời.`,
  notFollowedUpBefore: (day: string, missing: string) =>
    `Danh sách ${day} chưa theo dõi được: báo cáo ngày đó thiếu ${missing}.`,
  notRead: 'chưa đọc được, không phải là 0',
  hoursWithout: (channels: string) => `Chưa gồm ${channels}: chưa đọc được, không phải là 0.`,
  lacksChannels: (channels: string) => `thiếu ${channels}`,
  lackingDaysNote: (days: string) => `${days}: có báo cáo nhưng thiếu kênh, nên không so sánh được.`,
  comparedChannels: (channels: string) => `Chỉ so sánh ${channels}, ở mọi ngày.`,
  notProven: (channels: string) => `${channels}: chưa đối chiếu đủ, không tính vào số liệu nào.`,
  proofOf: { verdict: 'Kết quả', proven: 'đủ', unproven: 'chưa đủ, không tính' },
};

/** Why a channel is not proven: what happened, who does what about it, and when the next attempt makes sense. */
export interface ReasonMessages {
  /** For managers: a clause that begins a sentence and does not end it. It names no setting and no command. */
  readonly plain: string;
  /** This and the rest are for those who run the system. */
  readonly what: string;
  /** It begins with the person or part that acts. */
  readonly todo: string;
  readonly next: string;
}

const engineer = 'Người quản trị hệ thống';
const laterToday = 'Sau khoảng một giờ, bằng lệnh ở cuối.';
const onceFixed = 'Ngay khi đã xử lý xong, bằng lệnh ở cuối.';
const askSupport = `${engineer} chạy lại; nếu vẫn vậy thì chuyển thư này cho bộ phận hỗ trợ của CareSoft.`;

const reasons: Record<UnprovenReason, ReasonMessages> = {
  'count-changed': {
    plain: 'CareSoft còn đang ghi thêm chat trong lúc hệ thống đọc',
    what: 'Số chat CareSoft báo thay đổi trong lúc đang đọc.',
    todo: `${engineer} chỉ cần chạy lại: CareSoft còn đang ghi thêm dữ liệu của ngày này.`,
    next: laterToday,
  },
  'rows-missing': {
    plain: 'CareSoft trả về ít chat hơn tổng số do chính CareSoft thông báo',
    what: 'CareSoft trả về ít chat hơn tổng số do chính CareSoft báo.',
    todo: askSupport,
    next: laterToday,
  },
  'rows-beyond-count': {
    plain: 'CareSoft trả về nhiều chat hơn tổng số do chính CareSoft thông báo',
    what: 'CareSoft trả về nhiều chat hơn tổng số do chính CareSoft báo.',
    todo: askSupport,
    next: laterToday,
  },
  unavailable: {
    plain: 'CareSoft không trả lời, hoặc liên tục báo lỗi',
    what: 'Không kết nối được CareSoft, hoặc CareSoft liên tục trả về lỗi hay dữ liệu không dùng được.',
    todo: `${engineer} kiểm tra CareSoft có đang gián đoạn không, rồi kiểm tra đường mạng. Nếu CareSoft gián đoạn, bộ phận hỗ trợ của CareSoft xử lý.`,
    next: 'Khi CareSoft hoạt động bình thường, bằng lệnh ở cuối.',
  },
  throttled: {
    plain: 'CareSoft liên tục báo có quá nhiều lượt đọc cùng lúc',
    what: 'CareSoft liên tục báo có quá nhiều yêu cầu.',
    todo: `${engineer} tìm chương trình khác đang dùng chung tài khoản API, hoặc giảm CARESOFT_REQUESTS_PER_SECOND.`,
    next: 'Sau vài phút, bằng lệnh ở cuối.',
  },
  banned: {
    plain: 'CareSoft đang tạm khóa kết nối của hệ thống báo cáo',
    what: 'CareSoft đang tạm khóa API của tài khoản vì quá nhiều yêu cầu.',
    todo: `${engineer} không gọi API cho đến khi hết khóa, kể cả từ chương trình khác; mỗi lần gọi làm thời gian khóa dài thêm.`,
    next: 'Khi đã hết khóa, bằng lệnh ở cuối.',
  },
  'token-refused': {
    plain: 'CareSoft không chấp nhận mã truy cập của hệ thống báo cáo',
    what: 'CareSoft không chấp nhận token.',
    todo: `${engineer} lấy token được tạo gần nhất trong phần quản trị CareSoft và thay vào CARESOFT_TOKEN, hoặc vào secret mà CARESOFT_TOKEN_SECRET trỏ đến.`,
    next: 'Ngay khi đã thay token, bằng lệnh ở cuối.',
  },
  'secret-unreadable': {
    plain: 'Hệ thống báo cáo không lấy được mã truy cập của chính mình',
    what: 'Không đọc được secret chứa token, hoặc trong secret chưa có token, nên hệ thống chưa hỏi CareSoft.',
    todo: `${engineer} xử lý secret mà CARESOFT_TOKEN_SECRET trỏ đến, theo phần chi tiết: đưa token vào secret, hoặc cấp quyền đọc secret cho chương trình.`,
    next: onceFixed,
  },
  refused: {
    plain: 'CareSoft từ chối yêu cầu của hệ thống báo cáo',
    what: 'CareSoft từ chối yêu cầu.',
    todo: `${engineer} kiểm tra CHANNELS và các bộ lọc trong cài đặt (lệnh chat-report check).`,
    next: onceFixed,
  },
  'rows-not-understood': {
    plain: 'CareSoft trả về quá nhiều chat thiếu mã hội thoại hoặc giờ bắt đầu',
    what: 'Quá nhiều dòng CareSoft trả về không đọc được (thiếu mã hội thoại hoặc giờ bắt đầu).',
    todo: `${engineer} chạy lệnh chat-report check và hỏi bộ phận hỗ trợ của CareSoft: định dạng của CareSoft có thể đã đổi.`,
    next: onceFixed,
  },
  'filter-not-kept': {
    plain: 'CareSoft trả về lẫn cả chat không thuộc báo cáo này',
    what: 'CareSoft trả về cả chat nằm ngoài bộ lọc đã đặt, nên không biết chat nào thuộc báo cáo này.',
    todo: `${engineer} chạy lệnh chat-report check, xem lại bộ lọc được nêu ở phần chi tiết, hoặc hỏi bộ phận hỗ trợ của CareSoft. Bỏ bộ lọc thì báo cáo gồm mọi chat.`,
    next: onceFixed,
  },
  'channel-not-kept': {
    plain: 'CareSoft trả về cùng những cuộc chat cho nhiều kênh',
    what: 'CareSoft trả về cùng những cuộc chat cho nhiều kênh, nên không biết chat nào thuộc kênh nào.',
    todo: `${engineer} chạy lệnh chat-report check và hỏi bộ phận hỗ trợ của CareSoft vì sao API không phân biệt các kênh (conversation_type).`,
    next: onceFixed,
  },
  // Only old runs have this reason. Later runs have 'rows-not-understood'.
  'rows-unreadable': {
    plain: 'Phần lớn chat CareSoft trả về thiếu mã hội thoại hoặc giờ bắt đầu',
    what: 'Phần lớn dữ liệu CareSoft trả về không đọc được (thiếu mã hội thoại hoặc giờ bắt đầu).',
    todo: `${engineer} chạy lệnh chat-report check và hỏi bộ phận hỗ trợ của CareSoft: định dạng của CareSoft có thể đã đổi.`,
    next: onceFixed,
  },
  'window-not-kept': {
    plain: 'CareSoft trả về lẫn cả chat nằm ngoài thời gian cần đọc',
    what: 'CareSoft trả về chat nằm ngoài khoảng thời gian đã hỏi.',
    todo: `${engineer} chạy lệnh chat-report check và xem lại thiết lập CARESOFT_CLOCK, TIME_ZONE.`,
    next: onceFixed,
  },
  'clock-contradicted': {
    plain: 'Giờ của các chat CareSoft trả về không khớp với múi giờ đã đặt',
    what: 'Giờ trong dữ liệu CareSoft không khớp với thiết lập múi giờ.',
    todo: `${engineer} chạy lệnh chat-report check và đổi thiết lập CARESOFT_CLOCK.`,
    next: onceFixed,
  },
  'raw-damaged': {
    plain: 'Dữ liệu đã lưu của ngày này bị hỏng hoặc bị sửa',
    what: 'Dữ liệu gốc đã lưu của ngày này bị hỏng hoặc bị sửa.',
    todo: `${engineer} đọc lại cả ngày từ CareSoft (tùy chọn --refresh).`,
    next: 'Có thể chạy ngay, bằng lệnh ở cuối.',
  },
};

/** Used where CareSoft refuses this channel and answers for the others. */
const channelRefused: Pick<ReasonMessages, 'plain' | 'todo'> = {
  plain: 'CareSoft từ chối một kênh, có thể vì kênh này chưa được mở cho tài khoản',
  todo: `${engineer} xem kênh này đã được mở ở CareSoft chưa: có thể tài khoản chưa đăng ký kênh. Bỏ kênh khỏi CHANNELS, hoặc nhờ CareSoft mở kênh.`,
};

/** Used where CareSoft is not found at the address in the settings. */
const wrongAddress: Pick<ReasonMessages, 'plain' | 'todo' | 'next'> = {
  plain: 'Hệ thống không vào được tài khoản ở địa chỉ CareSoft đã đặt',
  todo: `${engineer} kiểm tra CARESOFT_BASE_URL: địa chỉ máy chủ CareSoft, phần cuối là tên (domain) của tài khoản. Nếu đúng, kiểm tra đường mạng.`,
  next: 'Ngay khi đã sửa CARESOFT_BASE_URL, bằng lệnh ở cuối.',
};

const reasonUnknown: ReasonMessages = {
  plain: 'Dữ liệu chưa khớp với CareSoft',
  what: 'Không rõ vì sao kênh này chưa đối chiếu đủ.',
  todo: `${engineer} xem nhật ký của lần chạy.`,
  next: laterToday,
};

/** All texts about why there is no report. */
export const viReasons = { reasons, wrongAddress, channelRefused, reasonUnknown };
