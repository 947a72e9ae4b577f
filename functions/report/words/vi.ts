import type { Channel } from '../../chat/channel.ts';
import type { DimensionWords } from '../../measure/dimensions.ts';
import type { MeasureTitle } from '../../measure/measures.ts';
import { viNotice } from './vi-notice.ts';
import { viPartial } from './vi-partial.ts';
import { viReasons } from './vi-reasons.ts';
import { viWorkbook } from './vi-workbook.ts';

const channels: Record<Channel, string> = { livechat: 'Livechat', messenger: 'Messenger', zalo: 'Zalo' };

const chatTypes: Record<'inbound' | 'outbound', string> = {
  inbound: 'chỉ chat khách gửi đến',
  outbound: 'chỉ chat nhân viên gửi đi',
};

/** By how the setting of the business hours has them. */
const weekdays: Readonly<Record<string, string>> = {
  ...{ Mon: 'T2', Tue: 'T3', Wed: 'T4', Thu: 'T5', Fri: 'T6', Sat: 'T7', Sun: 'CN' },
};

/** Every text that a report or notice shows. Numbers arrive as written for the reader; `n` is for the plural. */
export const vi = {
  lang: 'vi',
  channels,
  title: (day: string) => `Báo cáo chat ${day}`,
  subject: (day: string, headline: string) => `Chat ${day}: ${headline}`,
  sender: (account: string) => `${account} · Báo cáo chat`,
  onlyChannels: (channels: string) => `Chỉ ${channels}`,
  // The verdict
  missedOf: (missed: string, of: string) => `${missed}/${of}`,
  missedLead: 'Nhỡ ',
  missedTail: (rate: string, _n: number) => ` chat (${rate})`,
  noneMissed: (of: string, _n: number) => `Không nhỡ chat nào trong số ${of} chat`,
  // Statuses that are not known; `words` are CareSoft's, and may be none
  statusUnknown: (words: string, _n: number) => ` chat có trạng thái chưa rõ${words && ` (${words})`}`,
  unknownWhetherMissed: 'nên chưa biết nhỡ bao nhiêu chat và cần gọi lại khách nào',
  unknownHowManyMissed: 'nên chưa biết nhỡ bao nhiêu chat',
  missedAtLeast: (missed: string, _n: number) => `nhỡ ít nhất ${missed} chat`,
  toCallBackAtLeast: (customers: string, _n: number) => `ít nhất ${customers} khách cần gọi lại`,
  statusUnknownAlert: (words: string) =>
    `CareSoft ghi trạng thái mà chương trình chưa biết: ${words}. Người quản trị hệ thống hỏi bộ phận hỗ trợ của CareSoft ý nghĩa của trạng thái này; đến lúc đó báo cáo không nêu tỷ lệ nhỡ.`,
  notKnown: 'chưa biết',
  noCallbacksUnknown: 'Một số chat có trạng thái chưa rõ, nên chưa biết cần gọi lại khách nào.',
  moreMayWait: 'Có thể còn khách khác: một số chat có trạng thái chưa rõ.',
  noChats: 'không có chat nào',
  noneReadable: 'Không đọc được dòng nào CareSoft trả về cho ngày này.',
  noChatsProven: 'Ngày này không có chat nào: CareSoft xác nhận đúng là 0.',
  noChatsThough: (channels: string, _n: number) =>
    `Không có chat nào, dù ${channels} bình thường vẫn có: hãy kiểm tra kênh còn kết nối với CareSoft không.`,
  butNone: (channels: string, _n: number) => `nhưng ${channels} không có chat nào`,
  toCallBack: (customers: string, _n: number) => `${customers} khách cần gọi lại`,
  nobodyToCallBack: 'không còn khách nào cần gọi lại',
  subjectMissed: (ratio: string, rate: string) => `nhỡ ${ratio} (${rate})`,
  subjectToCallBack: (customers: string) => `gọi lại ${customers} khách`,
  worst: (where: string, ratio: string, rate: string) =>
    `Cao hơn hẳn mức chung: ${where}, nhỡ ${ratio} chat (${rate})`,
  mostAt: (where: string, ratio: string) => `nhất là ${where} (${ratio})`,
  rateUp: (points: string, days: string, was: string, _n: number) =>
    `Tỷ lệ nhỡ cao hơn ${points} so với ${days} ngày gần nhất trước đó (${was}).`,
  rateDown: (points: string, days: string, was: string, _n: number) =>
    `Tỷ lệ nhỡ thấp hơn ${points} so với ${days} ngày gần nhất trước đó (${was}).`,
  hour: (from: number) => `${from}–${from + 1}h`,
  unusuallyEmpty: (channel: string) =>
    `${channel} trống bất thường: không có chat nào, dù bảy ngày qua hầu như ngày nào cũng có`,
  unusuallyEmptyMark: 'trống bất thường',
  // A channel that fell silent
  noneMissedOfThese: (of: string, _n: number) => `Không nhỡ chat nào trong số ${of} chat đã nhận được`,
  /** `since` is null where there was none all day. */
  silence: (channel: string, since: string | null) =>
    since === null ? `${channel}: cả ngày không có chat nào` : `${channel}: không có chat nào sau ${since}`,
  silentMark: (since: string | null) =>
    since === null ? 'cả ngày không có chat' : `không có chat sau ${since}`,
  silenceInSubject: (channel: string, since: string | null) =>
    since === null ? `${channel} cả ngày không có chat` : `${channel} không có chat sau ${since}`,
  /** `from` is null where it is of whole days; `isEachBefore` where they are the days right before. */
  usually: (chats: string, from: string | null, days: string, isEachBefore: boolean, _n: number) =>
    `${isEachBefore ? `${days} ngày liền trước đó, ngày nào cũng có` : `trong 7 ngày trước đó có ${days} ngày, mỗi ngày có`} ${chats} chat${from === null ? '' : ` từ ${from} trở đi`}`,
  checkConnection: 'Hãy kiểm tra kênh còn kết nối với CareSoft không.',
  noCallbacksOfThese: 'Trong số khách đã chat được, không có khách nào cần gọi lại.',
  hourWithoutChats: (dash: string) => `${dash}: không có chat`,
  // Key figures
  keyFigures: 'Số liệu chính',
  customers: (count: string, _n: number) => `${count} khách`,
  otherStatuses: (count: string) => `${count} chat trạng thái khác`,
  unknownStatuses: (count: string) => `${count} chat chưa rõ trạng thái`,
  missedCount: (ratio: string) => `nhỡ ${ratio}`,
  abandonWait: (median: string) => `khách bị nhỡ chờ ${median}`,
  within: (threshold: string) => `chờ ≤ ${threshold}`,
  p90: (value: string) => `P90 ${value}`,
  /** For a cell of a table. */
  points: (number: string) => `${number}\u00a0điểm`,
  unchanged: 'không đổi',
  /** For a sentence. */
  pointsInFull: (number: string) => `${number}\u00a0điểm phần trăm`,
  comparedWith: {
    sameWeekday: 'Thay đổi so với cùng ngày tuần trước.',
    previousDay: 'Thay đổi so với hôm trước.',
  },
  // What changed
  whatChanged: 'So với những ngày trước',
  figure: 'Số liệu',
  previousDay: 'Hôm\u00a0trước',
  sameWeekday: 'Tuần\u00a0trước',
  lastDays: (days: string, _n: number) => `${days}\u00a0ngày\u00a0qua`,
  nothingBefore: 'Chưa có ngày nào trước đó để so sánh.',
  whatIsMarked:
    'In đậm (hoặc có dấu *): thay đổi lớn và khó có thể chỉ là ngẫu nhiên. Gộp nhiều ngày: cộng số chat rồi mới tính tỷ lệ.',
  moved: (days: string, change: string, mix: string, performance: string, _n: number) =>
    `So với ${days} ngày gần nhất trước đó, tỷ lệ nhỡ thay đổi ${change}: ${mix} do cơ cấu kênh, ${performance} do kết quả trong từng kênh.`,
  // Callbacks
  callbacks: (count: string) => `Cần gọi lại (${count})`,
  soonestFirst: 'Khách sắp hết hạn trả lời được xếp trước.',
  recovered: (all: string, recovered: string, lost: string, _n: number) =>
    `${all} khách bị nhỡ: ${recovered} khách sau đó đã được trả lời trong ngày, còn ${lost} khách chưa.`,
  callbacksAnd: (count: string, earlier: string) =>
    `Cần gọi lại (${count}, và ${earlier} của những ngày trước)`,
  onlyEarlierWait: (customers: string, _n: number) =>
    `trong ngày không còn khách nào cần gọi lại, nhưng còn ${customers} khách của những ngày trước`,
  answeredSince: (names: string, at: string) =>
    `Sau đó đã được trả lời${at && ` (đọc đến ${at})`} nên không có trong danh sách: ${names}.`,
  todayUnread: (channels: string, at: string) =>
    `Không đọc được chat hôm nay trên ${channels}: khách được trả lời ở đó sau ${at} vẫn còn trong danh sách.`,
  earlierWaiting: (customers: string, soonest: string, _n: number) =>
    `Còn ${customers} khách bị nhỡ những ngày trước chưa được trả lời${soonest && `; sớm nhất: ${soonest}`}.`,
  missedLast: (at: string) => `nhỡ\u00a0lúc ${at}`,
  followUp: (day: string, customers: string, became: string, _n: number) =>
    `Danh sách gọi lại ngày ${day} có ${customers} khách: ${became}.`,
  followedAnswered: (count: string, _n: number) => `${count} khách đã được trả lời`,
  followedMissedAgain: (count: string, _n: number) => `${count} khách lại bị nhỡ`,
  followedSilent: (count: string, _n: number) => `${count} khách chưa chat lại`,
  followedUnknown: (count: string, _n: number) => `${count} khách không có thông tin để nhận ra`,
  missedTimes: (count: string) => `nhỡ\u00a0${count}\u00a0lần`,
  waited: 'Đã\u00a0chờ',
  /** Until when a customer can be answered where they wrote. */
  deadline: {
    open: (until: string) => `hạn\u00a0trả\u00a0lời: ${until}`,
    over: (until: string) => `hết\u00a0hạn\u00a0trả\u00a0lời (${until})`,
    hoursOver: (hours: string, until: string, _n: number) => `quá\u00a0${hours}\u00a0giờ (${until})`,
    yesterday: (time: string, date: string) => `${time}\u00a0hôm\u00a0qua,\u00a0${date}`,
    today: (time: string, date: string) => `${time}\u00a0hôm\u00a0nay,\u00a0${date}`,
    tomorrow: (time: string, date: string) => `${time}\u00a0mai,\u00a0${date}`,
    onDay: (time: string, date: string) => `${time}\u00a0ngày\u00a0${date}`,
    left: (time: string) => `còn\u00a0${time}`,
    lessThanMinuteLeft: 'còn\u00a0dưới\u00a01\u00a0phút',
    hours: (count: string) => `${count}\u00a0giờ`,
    minutes: (count: string) => `${count}\u00a0phút`,
  },
  causes: {
    outOfHours: 'ngoài giờ làm việc',
    agentsBusy: 'mọi nhân viên đang bận',
    leftEarly: 'khách rời đi trong vòng 10 giây',
    unknown: 'không rõ',
  },
  whyMissed: 'Vì sao bị nhỡ',
  cause: 'Nguyên nhân có thể',
  share: 'Tỷ lệ',
  noCallbacks: 'Không có khách nào cần gọi lại.',
  noCallbacksKnown: 'Không có chat nào nên không biết được khách nào cần gọi lại.',
  noCallbacksElsewhere: 'Không có khách nào cần gọi lại ở các kênh có chat.',
  customer: 'Khách hàng',
  lastMissed: 'Nhỡ\u00a0lúc',
  noName: '(không tên)',
  ticket: (number: string) => `phiếu\u00a0${number}`,
  since: (time: string) => `từ\u00a0${time}`,
  moreCustomers: (count: string, _n: number) => `Còn ${count} khách nữa trong tệp Excel của báo cáo.`,
  // Channels, hours, lists
  byChannel: 'Theo kênh',
  channel: 'Kênh',
  byHour: 'Theo giờ',
  weekdays,
  hourColumn: 'Giờ',
  allChannels: 'Tất cả',
  insideHours: (hours: string, missed: string) => `Trong giờ làm việc (${hours}): nhỡ ${missed}.`,
  outsideHours: (missed: string) => `Ngoài giờ làm việc: nhỡ ${missed}.`,
  fourteenDays: 'Tỷ lệ nhỡ 14 ngày (%)',
  day: 'Ngày',
  noReport: 'chưa có báo cáo',
  gapNote: 'Dấu gạch ngang: ngày chưa có báo cáo hoặc không có chat, không phải là 0.',
  gapUnknownNote:
    'Dấu gạch ngang: ngày chưa có báo cáo, không có chat, hoặc có nhiều chat chưa rõ trạng thái, không phải là 0.',
  chatsRow: 'Chat',
  shade: 'Màu theo tỷ lệ nhỡ:',
  shadeFew: (least: string) => `(từ ${least} chat nhỡ)`,
  more: (count: string) => `và ${count} dòng nữa`,
  // Completeness and definitions
  aboutData: 'Về số liệu',
  proven: (chats: string, _n: number) => `Đã đối chiếu đủ ${chats} chat với số CareSoft báo.`,
  countedRows: (rows: string, items: string, _n: number) => `CareSoft báo có ${rows} dòng: ${items}.`,
  chatCount: (count: string, _n: number) => `${count} chat`,
  copies: (count: string, _n: number) => `${count} dòng lặp lại chat đã có`,
  isProvisional: (last: string) =>
    `Số liệu tạm thời: ngày này còn được đối chiếu lại với CareSoft, cho đến báo cáo ngày ${last}.`,
  isFinal: 'Số liệu cuối cùng: đã đối chiếu lại với CareSoft đủ số lần và không đối chiếu nữa.',
  revision: (at: string, channel: string, change: string) =>
    `Đối chiếu lại lúc ${at}, ${channel}: ${change}.`,
  openDays: (days: string, _n: number) => `Chưa có báo cáo ngày ${days}; hệ thống đọc lại mỗi sáng.`,
  lackingDays: (days: string, channels: string, _n: number) =>
    `Báo cáo ngày ${days} vẫn còn thiếu ${channels}.`,
  madeUp: 'đã đọc lại được, báo cáo đã đủ',
  revisedDays: 'Thay đổi của những ngày trước',
  moreMissed: (count: string, _n: number) => `tăng ${count} chat nhỡ`,
  fewerMissed: (count: string, _n: number) => `giảm ${count} chat nhỡ`,
  moreAnswered: (count: string, _n: number) => `tăng ${count} chat đã trả lời`,
  fewerAnswered: (count: string, _n: number) => `giảm ${count} chat đã trả lời`,
  moreOther: (count: string, _n: number) => `tăng ${count} chat trạng thái khác`,
  fewerOther: (count: string, _n: number) => `giảm ${count} chat trạng thái khác`,
  chatsCame: (count: string, _n: number) => `tổng cộng tăng ${count} chat đến sau`,
  chatsWent: (count: string, _n: number) => `tổng cộng mất ${count} chat`,
  sameCounts: 'số chat không đổi',
  nowToCall: (names: string) => `Nay cần gọi lại: ${names}.`,
  noLongerToCall: (names: string) => `Không cần gọi lại nữa: ${names}.`,
  nameless: (count: string, _n: number) => `${count} khách chưa rõ tên`,
  nowMissed: (ratio: string, _n: number) => `nay nhỡ ${ratio} chat`,
  duplicates: (count: string, _n: number) => `${count} dòng trùng`,
  conflicts: (count: string, _n: number) => `${count} dòng trùng mã khác nội dung`,
  rejected: (count: string, _n: number) => `${count} dòng không đọc được`,
  outsideDay: (count: string, _n: number) => `${count} dòng ngoài ngày`,
  notCompared: (days: string, _n: number) =>
    `Không so sánh với ${days}: không đọc được báo cáo đã lưu của ngày nêu trên. Người quản trị hệ thống tìm tệp bị lỗi bằng lệnh chat-report check.`,
  leftOut: (items: string) => `Không tính vào số liệu: ${items}.`,
  otherNote: (count: string, _n: number) =>
    `${count} chat có trạng thái khác, không tính là đã trả lời hay nhỡ.`,
  unknownNote: (words: string) => (count: string, _n: number) =>
    `${count} chat có trạng thái chưa rõ (${words}), không tính là đã trả lời hay nhỡ.`,
  statusByFilter: (count: string, words: string, _n: number) =>
    `${count} chat có trạng thái chưa rõ${words && ` (${words})`}; đã trả lời hay nhỡ là theo bộ lọc chat_status của chính CareSoft.`,
  statusNames: { answered: 'đã trả lời', missed: 'nhỡ' },
  notHeeded: (statuses: string, channels: string) =>
    `CareSoft không đếm riêng chat theo trạng thái (${statuses}) ở ${channels}, nên không đối chiếu được số chat của trạng thái đó.`,
  onlyNote: (channels: string) =>
    `Báo cáo này chỉ có ${channels}, vì chỉ lấy dữ liệu của phần này. Chat ở kênh khác không có trong báo cáo; khách cần gọi lại có thể đã được trả lời ở đó.`,
  filters: (items: string) => `Chỉ tính: ${items}.`,
  chatTypes,
  groupIds: (ids: string) => `nhóm ${ids}`,
  serviceIds: (ids: string) => `dịch vụ ${ids}`,
  assigneeIds: (ids: string) => `nhân viên ${ids}`,
  definitions: (threshold: string, version: string): readonly string[] => [
    'Tỷ lệ nhỡ = nhỡ ÷ (trả lời + nhỡ). Cần gọi lại: khách có chat nhỡ và sau đó trong ngày chưa được trả lời trên kênh nào.',
    `Trung vị: một nửa số chat không vượt quá mức này; P90: chín phần mười số chat. TB: trung bình. Mức độ dịch vụ = trả lời với thời gian chờ không quá ${threshold} ÷ (trả lời + nhỡ). Định nghĩa số liệu: bản ${version}.`,
  ],
  dataRead: (zone: string, at: string) => `Giờ theo múi giờ ${zone}. Dữ liệu đọc xong lúc ${at}.`,
  openInBrowser: (until: string) => `Mở trong trình duyệt (đến ${until})`,
  /**
   * In English too: who gets it by mistake may be unable to read it. The length is for filters, which take a mail with
   * many ê (Lê Thị Kiên) beside few plain e for one in disguise (SpamAssassin's MIXED_ES).
   */
  unsubscribe:
    'Nếu không muốn nhận thư này nữa, hoặc nhận nhầm, hãy gửi email đến địa chỉ ở cuối. (This e-mail is the daily report on the customer chats of the account named above, and it was sent here because this address is one of the recipients entered there. It may tell the names, telephone numbers and e-mail addresses of customers, so please keep it between the people who serve them, and where it has reached you by mistake, please delete it. To no longer receive these e-mails, please write to this address):',
  linkGone: 'Liên kết này không còn hiệu lực.',
  linkGoneWhy: 'Báo cáo vẫn có đầy đủ trong thư.',
  ...viReasons,
  ...viPartial,
  ...viNotice,
  // The workbook
  /** The lists: what each is called, what a row is of, what stands for the chats without a key, and of the workbook's sheet. */
  dimensions: {
    byAgent: {
      ...{ title: 'Theo nhân viên', one: 'Nhân viên', none: '(chưa phân công)' },
      ...{ sheet: 'Nhân viên', key: 'Email nhân viên' },
    },
    byGroup: {
      ...{ title: 'Theo nhóm', one: 'Nhóm', none: '(không thuộc nhóm)' },
      sheet: 'Nhóm',
    },
    byService: {
      ...{ title: 'Theo dịch vụ', one: 'Dịch vụ', none: '(không có dịch vụ)' },
      ...{ sheet: 'Dịch vụ', key: 'Mã dịch vụ' },
    },
    byLandingPage: { title: 'Trang có nhiều chat nhỡ nhất', one: 'Trang', none: '(không tên)' },
  } satisfies DimensionWords,
  /** The figures, where they stand as titles. */
  measures: {
    chats: 'Số chat',
    customers: 'Số khách',
    answered: 'Đã trả lời',
    missed: 'Nhỡ',
    other: 'Trạng thái khác',
    missedRate: 'Tỷ\u00a0lệ nhỡ',
    serviceLevel: 'Mức độ dịch vụ',
    medianWait: 'Chờ (trung\u00a0vị)',
    p90Wait: 'Chờ (P90)',
    abandonWait: 'Chat nhỡ chờ (trung vị)',
    meanHandle: 'Xử lý (TB)',
    p90Handle: 'Xử lý (P90)',
    meanDuration: 'Thời lượng (TB)',
    p90Duration: 'Thời lượng (P90)',
  } satisfies Readonly<Record<MeasureTitle, string>>,
  workbook: viWorkbook,
};

export type Words = typeof vi;
