import type { Channel } from '../../chats/channel.ts';
import type { DimensionWords } from '../../metrics/dimensions.ts';
import type { MeasureTitle } from '../../metrics/measures.ts';
import { viList, viWorkbook } from './vi-lists.ts';
import { viNotice, viPartial, viReasons } from './vi-notices.ts';

/** All texts about how a day was: compared with its targets and with usual days, and why. */
export const viLead = {
  lead: {
    closed: 'Ngày nghỉ.',
    /** `rate` is the share of missed chats among the decided ones. `ratio` shows its two numbers. */
    missedRate: (rate: string) => `Nhỡ ${rate} chat`,
    missedRatio: (ratio: string) => `Nhỡ ${ratio} chat`,
    missedBoth: (ratio: string, rate: string) => `Nhỡ ${ratio} chat (${rate})`,
    allMissed: (of: string, n: number) => (n === 1 ? 'Nhỡ chat duy nhất' : `Nhỡ toàn bộ ${of} chat`),
    moreThanHalf: (what: string) => `Nhỡ hơn một nửa: ${what} chat`,
    inTime: (seconds: string, rate: string) => `Trả lời trong ${seconds} (SLA) ${rate} chat`,
    targetMet: (target: string) => `đạt mục tiêu ${target}`,
    targetMissed: (target: string) => `chưa đạt mục tiêu ${target}`,
    allTargetsMet: 'đạt cả hai mục tiêu',
    farAbove: (days: string, was: string, _n: number) => `cao hơn hẳn ${days} ngày trước đó (${was})`,
    farBelow: (days: string, was: string, _n: number) => `thấp hơn hẳn ${days} ngày trước đó (${was})`,
    noneMissed: (of: string, _n: number) => `Không nhỡ chat nào trong ${of} chat`,
    noneMissedOfThese: (of: string, _n: number) => `Không nhỡ chat nào trong ${of} chat đã nhận được`,
    noneInHours: 'Không có chat nào trong giờ làm việc.',
    waiting: (count: string, _n: number) => `${count} khách đang chờ`,
    answerBefore: (count: string, until: string, _n: number) => `cần trả lời ${count} khách trước ${until}`,
    /** Used where all waiting customers have to be answered by then. */
    answerAllBefore: (until: string, n: number) => `${n === 1 ? '' : 'đều '}cần trả lời trước ${until}`,
    waited: (count: string, at: string, _n: number) => `${count} khách chờ lúc ${at}`,
    unanswered: (count: string, _n: number) => `${count} khách chưa được trả lời trong ngày`,
    noneUnanswered: 'Khách có chat nhỡ đều đã được trả lời trong ngày.',
    noneWaits: 'Không còn khách nào đang chờ.',
    // For a subject
    subjectMet: 'đạt',
    subjectMissed: 'chưa đạt',
    subjectWorse: 'cao hơn hẳn thường ngày',
    subjectBetter: 'thấp hơn hẳn thường ngày',
    subjectAnswer: (count: string, until: string, _n: number) => `trả lời ${count} khách trước ${until}`,
    subjectUnanswered: (count: string, _n: number) => `${count} khách chưa được trả lời`,
    subjectWaiting: (count: string, _n: number) => `${count} khách chờ`,
    subjectClosed: 'ngày nghỉ',
  },
  facts: {
    missed: (ratio: string) => `Nhỡ ${ratio} chat`,
    inHours: ' trong giờ làm việc',
    moreThanAllowed: (chats: string, _n: number) => `nhiều hơn mức cho phép ${chats} chat`,
    fewerThanAllowed: (chats: string, _n: number) => `ít hơn mức cho phép ${chats} chat`,
    asAllowed: 'đúng bằng mức cho phép',
    answeredInTime: (seconds: string, ratio: string) => `Trả lời trong ${seconds} ${ratio} chat`,
    lackingToTarget: (chats: string, target: string, _n: number) =>
      `thiếu ${chats} chat so với mục tiêu ${target}`,
    aboveTarget: (chats: string, target: string, _n: number) => `hơn mục tiêu ${target} là ${chats} chat`,
    atTarget: (target: string) => `đúng bằng mục tiêu ${target}`,
    /** `isAll`: no earlier day with another result is known. */
    missedStreak: (days: string, since: string, isAll: boolean, _n: number) =>
      `Chưa đạt ${isAll ? 'ít nhất ' : ''}${days} ngày liên tiếp, kể từ ${since}.`,
    metStreak: (days: string, since: string, isAll: boolean, _n: number) =>
      `Đạt ${isAll ? 'ít nhất ' : ''}${days} ngày liên tiếp, kể từ ${since}.`,
    firstMissed: (days: string, _n: number) => `Trước đó đạt ${days} ngày liên tiếp.`,
    firstMet: (days: string, _n: number) => `Trước đó chưa đạt ${days} ngày liên tiếp.`,
    tooFew: 'Ít hơn 20 chat nên không so với mục tiêu.',
    notJudged: (channels: string) => `Vì thiếu ${channels}, chưa kết luận được là có đạt mục tiêu hay không.`,
    was: (day: string, ratio: string) => `${day}: nhỡ ${ratio} chat.`,
    wasRate: (days: string, rate: string, _n: number) => `${days} ngày trước đó: nhỡ ${rate}.`,
    closedDay: (chats: string, hours: string, _n: number) =>
      `Cả ${chats} chat đều ngoài giờ làm việc (${hours}), nên không tính tỷ lệ nhỡ và mục tiêu.`,
    closedWithoutChats: (hours: string) => `Cả ngày ngoài giờ làm việc (${hours}).`,
    closedMissed: (missed: string, _n: number) => `Nhỡ ${missed} chat.`,
    outside: (hours: string, chats: string, missed: string, _n: number) =>
      `Ngoài giờ làm việc (${hours}): ${chats} chat, nhỡ ${missed}.`,
    longestWait: (time: string) => `Khách chờ lâu nhất ${time}`,
    halfWaited: (time: string) => `Một nửa khách chờ không quá ${time}`,
    inTime: (rate: string, seconds: string) => `${rate} được trả lời trong ${seconds} (SLA)`,
  },
  explanation: {
    label: 'Vì sao:',
    concentrated: (ratio: string, where: string) => `${ratio} chat nhỡ dồn vào ${where}`,
    agents: (count: string, _n: number) => `khi chỉ có ${count} chuyên viên nhận chat`,
    noAgents: 'khi không có chuyên viên nào nhận chat',
    agentsAsUsual: (count: string, _n: number) => `khi có ${count} chuyên viên nhận chat`,
    atOnce: (count: string) => `mỗi người giữ ${count} chat cùng lúc`,
    usually: (count: string) => ` (bình thường ${count})`,
    unassigned: (ratio: string) => `${ratio} chat nhỡ chưa giao cho ai`,
    allDay: (what: string) => `cả ngày có ${what}`,
    allHours: (what: string) => `cả giờ làm việc có ${what}`,
  },
};

const channels: Record<Channel, string> = { livechat: 'LiveChat', messenger: 'Messenger', zalo: 'Zalo' };

const chatTypes: Record<'inbound' | 'outbound', string> = {
  inbound: 'chỉ chat khách gửi đến',
  outbound: 'chỉ chat chuyên viên gửi đi',
};

/** By their names in the setting of the business hours. */
const weekdays: Readonly<Record<string, string>> = {
  ...{ Mon: 'T2', Tue: 'T3', Wed: 'T4', Thu: 'T5', Fri: 'T6', Sat: 'T7', Sun: 'CN' },
};

/**
 * All texts of a report or notice in Vietnamese. Every other language has the same keys.
 *
 * Numbers, times and days arrive formatted. `n` is the number itself, for languages with a plural.
 */
export const vi = {
  lang: 'vi',
  channels,
  title: (day: string) => `Báo cáo chat ${day}`,
  subject: (day: string, headline: string) => `Chat ${day}: ${headline}`,
  sender: (account: string) => `${account} · Báo cáo chat`,
  onlyChannels: (channels: string) => `Chỉ ${channels}`,
  // The lead
  missedOf: (missed: string, of: string) => `${missed}/${of}`,
  // Unknown statuses. `statuses` are those that CareSoft wrote. It may be empty.
  statusUnknown: (statuses: string, _n: number) =>
    ` chat có trạng thái chưa rõ${statuses && ` (${statuses})`}`,
  missedCountUnknown: 'nên chưa biết nhỡ bao nhiêu chat',
  missedAtLeast: (missed: string, _n: number) => `nhỡ ít nhất ${missed} chat`,
  statusUnknownAlert: (statuses: string) =>
    `CareSoft ghi trạng thái mà chương trình chưa biết: ${statuses}. Người quản trị hệ thống hỏi bộ phận hỗ trợ của CareSoft ý nghĩa của trạng thái này; đến lúc đó báo cáo không nêu tỷ lệ nhỡ.`,
  notKnown: 'chưa biết',
  noChats: 'không có chat nào',
  noneReadable: 'Không đọc được dòng nào CareSoft trả về cho ngày này.',
  noChatsProven: 'Ngày này không có chat nào: CareSoft xác nhận đúng là 0.',
  noChatsUnusual: (channels: string, _n: number) =>
    `Không có chat nào, dù ${channels} bình thường vẫn có: hãy kiểm tra kênh còn kết nối với CareSoft không.`,
  exceptNoChats: (channels: string, _n: number) => `nhưng ${channels} không có chat nào`,
  toCallBack: (customers: string, _n: number) => `${customers} khách cần liên hệ lại`,
  hour: (from: number) => `${from}–${from + 1}h`,
  unusuallyEmpty: (channel: string) =>
    `${channel} trống bất thường: không có chat nào, dù bảy ngày qua hầu như ngày nào cũng có`,
  unusuallyEmptyMark: 'trống bất thường',
  // Silent channels
  /** `since` is null where the channel had no chat all day. */
  silence: (channel: string, since: string | null) =>
    since === null ? `${channel}: cả ngày không có chat nào` : `${channel}: không có chat nào sau ${since}`,
  silentMark: (since: string | null) =>
    since === null ? 'cả ngày không có chat' : `không có chat sau ${since}`,
  silenceInSubject: (channel: string, since: string | null) =>
    since === null ? `${channel} cả ngày không có chat` : `${channel} không có chat sau ${since}`,
  /** `from` is null for whole days. `isEachBefore`: the days are those directly before this day. */
  usually: (chats: string, from: string | null, days: string, isEachBefore: boolean, _n: number) =>
    `${isEachBefore ? `${days} ngày liền trước đó, ngày nào cũng có` : `trong 7 ngày trước đó có ${days} ngày, mỗi ngày có`} ${chats} chat${from === null ? '' : ` từ ${from} trở đi`}`,
  checkConnection: 'Hãy kiểm tra kênh còn kết nối với CareSoft không.',
  hourWithoutChats: (dash: string) => `${dash}: không có chat`,
  // Key figures
  keyFigures: 'Số liệu chính',
  customers: (count: string, _n: number) => `${count} khách`,
  otherStatuses: (count: string) => `${count} chat trạng thái khác`,
  unknownStatuses: (count: string) => `${count} chat chưa rõ trạng thái`,
  missedCount: (ratio: string) => `nhỡ ${ratio}`,
  /** The unit is in full, for a sentence. */
  pointsInFull: (number: string) => `${number}\u00a0điểm phần trăm`,
  // What changed
  comparisonTitle: 'So với những ngày trước',
  rateChange: (days: string, change: string, mix: string, performance: string, _n: number) =>
    `So với ${days} ngày gần nhất trước đó, tỷ lệ nhỡ thay đổi ${change}: ${mix} do cơ cấu kênh, ${performance} do kết quả trong từng kênh.`,
  // Callbacks
  waited: 'Đã\u00a0chờ',
  /** A clock time with its day. */
  deadline: {
    yesterday: (time: string, date: string) => `${time}\u00a0hôm\u00a0qua,\u00a0${date}`,
    today: (time: string, date: string) => `${time}\u00a0hôm\u00a0nay,\u00a0${date}`,
    tomorrow: (time: string, date: string) => `${time}\u00a0mai,\u00a0${date}`,
    onDay: (time: string, date: string) => `${time}\u00a0ngày\u00a0${date}`,
    dayWord: {
      today: 'hôm\u00a0nay',
      tomorrow: (date: string) => `mai,\u00a0${date}`,
      yesterday: (date: string) => `hôm\u00a0qua,\u00a0${date}`,
    },
    /** `minute` is empty at a full hour. */
    clock: (hour: string, minute: string) => `${hour}\u00a0giờ${minute && `\u00a0${minute}`}`,
    before: (time: string, day: string) => `${time} ${day}`,
  },
  missReasons: {
    outOfHours: 'ngoài giờ làm việc',
    agentsBusy: 'tất cả chuyên viên đều bận',
    leftEarly: 'khách thoát trong 10 giây đầu',
    unknown: 'chưa xác định',
  },
  whyMissed: 'Vì sao nhỡ',
  missReason: 'Nguyên nhân có thể',
  share: 'Tỷ lệ',
  customer: 'Khách hàng',
  noName: '(không tên)',
  subjectMissed: (missed: string) => `nhỡ ${missed}`,
  missedAndWaitingUnknown: 'nên chưa biết nhỡ bao nhiêu chat và khách nào đang chờ',
  firstOfAll: (name: string, deadline: string) => `Trước hết: ${name}${deadline}.`,
  inTheDay: 'Trong ngày',
  figure: 'Số liệu',
  inBusinessHours: 'Trong giờ làm việc',
  perDay: (count: string) => `${count} mỗi ngày`,
  inTimeRow: (seconds: string) => `Trả lời trong ${seconds} (SLA)`,
  meanWaitRow: 'Thời gian chờ TB',
  meanHandleRow: 'Thời gian xử lý TB',
  daysBefore: (days: string, _n: number) => `${days}\u00a0ngày trước đó`,
  markLegend: '▲ là thay đổi lớn và khó có thể chỉ do ngẫu nhiên.',
  fourteenDays: 'Tỷ lệ nhỡ 14 ngày',
  tiles: {
    halfWaited: 'Một nửa khách chờ không quá',
    /** In place of the median where few customers waited. */
    longestWait: 'Khách chờ lâu nhất',
    nineInTen: (time: string) => `9/10 không quá ${time}`,
    missedWaited: (time: string) => `một nửa khách có chat nhỡ đã chờ không quá ${time}`,
    meanHandle: 'Thời gian xử lý TB',
    meanDuration: 'Thời lượng chat TB (gồm chờ)',
  },
  noChatsCell: 'không có chat',
  /** `beyond` may be empty. */
  barScale: (full: string, beyond: string) => `Thanh đầy là ${full}.${beyond}`,
  columnScale: (full: string, beyond: string) => `Cột cao hết khung là ${full}.${beyond}`,
  beyondTarget: (target: string) => ` Vạch là mục tiêu ${target}, phần tô màu là phần vượt.`,
  beyondColumn: (target: string) => ` Phần tô màu là phần vượt mục tiêu ${target}.`,
  dayOff: 'ngày nghỉ',
  allDay: 'Tính cả ngày, kể cả ngoài giờ làm việc.',
  daysOff: (days: string, _n: number) => `Ngày nghỉ: ${days}.`,
  daysWithout: (days: string, _n: number) => `Chưa có báo cáo: ${days}, không phải là 0.`,
  daysEmpty: (days: string, _n: number) => `Không có chat: ${days}.`,
  daysFew: (days: string, _n: number) => `Dưới 20 chat nên không tính tỷ lệ: ${days}.`,
  daysUnknown: (days: string, _n: number) => `Nhiều chat chưa rõ trạng thái: ${days}.`,
  hourStrip: {
    agents: 'Trực',
    atOnce: 'Cùng lúc',
    agentsDefinition: 'Trực: số chuyên viên có nhận chat trong giờ đó.',
    atOnceDefinition: 'Cùng lúc: trung bình mỗi chuyên viên giữ bao nhiêu chat trong lúc có chat.',
    scale: (most: string, _n: number) => `Cột cao nhất là ${most} chat nhỡ.`,
    worst: (hour: string, ratio: string, agents: string) =>
      `Cao hơn hẳn cả ngày: ${hour}, nhỡ ${ratio} chat${agents}.`,
    withAgents: (count: string, _n: number) => `, ${count} chuyên viên trực`,
  },
  agents: {
    unassigned: (count: string, _n: number) =>
      `${count} chat nhỡ chưa giao cho chuyên viên nào nên không tính cho ai dưới đây.`,
    others: (count: string, _n: number) => `${count} chat nhỡ còn lại đã giao nhưng không nhận.`,
    assigned: 'Được giao',
    notTaken: 'Không nhận',
    wait: 'Một nửa chờ không quá',
    more: (count: string, sheet: string, _n: number) =>
      `và ${count} chuyên viên nữa (file Excel, trang “${sheet}”)`,
  },
  moreDays: (count: string, _n: number) => `và ${count} ngày nữa`,
  definitions: (threshold: string) =>
    `Tỷ lệ nhỡ = nhỡ ÷ (trả lời + nhỡ). Trả lời trong ${threshold} (SLA) = trả lời sau khi khách chờ không quá ${threshold} ÷ (trả lời + nhỡ). Thời gian chờ tính đến lúc chuyên viên tiếp nhận; xử lý tính từ lúc tiếp nhận đến hết chat; TB: trung bình.`,
  waitingDefinition: (hours: string) =>
    `Đang chờ: có chat nhỡ và từ đó chưa được trả lời trên kênh nào.${hours && ` Hạn trả lời: ${hours} sau lần nhỡ cuối; quá hạn, Messenger chỉ nhắn thủ công (Human Agent) trong 7 ngày, Zalo có phí.`}`,
  replyHours: (channel: string, hours: string, _n: number) => `${channel} ${hours} giờ`,
  dataReadAt: (at: string) => `Dữ liệu đọc xong lúc ${at}.`,
  // Channels, hours, lists
  byChannel: 'Tỷ lệ nhỡ theo kênh',
  channel: 'Kênh',
  byHour: 'Theo giờ',
  weekdays,
  hourColumn: 'Giờ',
  allChannels: 'Tất cả',
  day: 'Ngày',
  noReport: 'chưa có báo cáo',
  chatsRow: 'Chat',
  shade: 'Màu theo tỷ lệ nhỡ:',
  shadeFromCount: (least: string) => `(từ ${least} chat nhỡ)`,
  // Completeness and definitions
  aboutData: 'Về số liệu',
  proven: (chats: string, _n: number) => `Đã đối chiếu đủ ${chats} chat với số CareSoft báo.`,
  countedRows: (rows: string, items: string, _n: number) => `CareSoft báo có ${rows} dòng: ${items}.`,
  chatCount: (count: string, _n: number) => `${count} chat`,
  copies: (count: string, _n: number) => `${count} dòng lặp lại chat đã có`,
  isProvisional: (last: string) =>
    `Số liệu tạm tính: ngày này còn được đối chiếu lại với CareSoft, cho đến báo cáo ngày ${last}.`,
  isFinal: 'Số liệu cuối cùng: đã đối chiếu lại với CareSoft đủ số lần và không đối chiếu nữa.',
  restatement: (at: string, channel: string, change: string) =>
    `Đối chiếu lại lúc ${at}, ${channel}: ${change}.`,
  openDays: (days: string, _n: number) => `Chưa có báo cáo ngày ${days}; hệ thống đọc lại mỗi sáng.`,
  lackingDays: (days: string, channels: string, _n: number) =>
    `Báo cáo ngày ${days} vẫn còn thiếu ${channels}.`,
  madeUp: 'đã đọc lại được, báo cáo đã đủ',
  restatedDays: 'Đính chính số liệu các ngày trước',
  moreMissed: (count: string, _n: number) => `tăng ${count} chat nhỡ`,
  fewerMissed: (count: string, _n: number) => `giảm ${count} chat nhỡ`,
  moreAnswered: (count: string, _n: number) => `tăng ${count} chat đã trả lời`,
  fewerAnswered: (count: string, _n: number) => `giảm ${count} chat đã trả lời`,
  moreOther: (count: string, _n: number) => `tăng ${count} chat trạng thái khác`,
  fewerOther: (count: string, _n: number) => `giảm ${count} chat trạng thái khác`,
  chatsAdded: (count: string, _n: number) => `tổng cộng tăng ${count} chat đến sau`,
  chatsRemoved: (count: string, _n: number) => `tổng cộng mất ${count} chat`,
  sameCounts: 'số chat không đổi',
  nowToCall: (names: string) => `Nay cần liên hệ lại: ${names}.`,
  noLongerToCall: (names: string) => `Không cần liên hệ lại nữa: ${names}.`,
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
  unknownNote: (statuses: string) => (count: string, _n: number) =>
    `${count} chat có trạng thái chưa rõ (${statuses}), không tính là đã trả lời hay nhỡ.`,
  statusByFilter: (count: string, statuses: string, _n: number) =>
    `${count} chat có trạng thái chưa rõ${statuses && ` (${statuses})`}; đã trả lời hay nhỡ là theo bộ lọc chat_status của chính CareSoft.`,
  statusNames: { answered: 'đã trả lời', missed: 'nhỡ' },
  statusFilterIgnored: (statuses: string, channels: string) =>
    `CareSoft không đếm riêng chat theo trạng thái (${statuses}) ở ${channels}, nên không đối chiếu được số chat của trạng thái đó.`,
  onlyNote: (channels: string) =>
    `Báo cáo này chỉ có ${channels}, vì chỉ lấy dữ liệu của phần này. Chat ở kênh khác không có trong báo cáo; khách cần liên hệ lại có thể đã được trả lời ở đó.`,
  filters: (items: string) => `Chỉ tính: ${items}.`,
  chatTypes,
  groupIds: (ids: string) => `bộ phận ${ids}`,
  serviceIds: (ids: string) => `dịch vụ ${ids}`,
  assigneeIds: (ids: string) => `chuyên viên ${ids}`,
  openInBrowser: (until: string) => `Mở trong trình duyệt (đến ${until})`,
  /** It is also in English: a person who gets the mail by mistake may not read Vietnamese. */
  unsubscribe:
    'Nếu không muốn nhận thư này nữa, hoặc nhận nhầm, hãy gửi email đến địa chỉ sau. (This e-mail names customers: where it has reached you by mistake, please delete it. To no longer receive these e-mails, please write to):',
  /**
   * The same for the plain text, which has more room. The English part is long because of spam filters. They suspect a
   * mail with many ê and few plain e (SpamAssassin's MIXED_ES). Vietnamese names, such as Lê Thị Kiên, have many ê.
   */
  unsubscribeInText:
    'Nếu không muốn nhận thư này nữa, hoặc nhận nhầm, hãy gửi email đến địa chỉ ở cuối. (This e-mail is the daily report on the customer chats of the account named above, and it was sent here because this address is one of the recipients entered there. It tells, for those who do not read Vietnamese, how the day before went; then the people who wrote, were missed and have never been answered since, each with the time before which they need to be reached; then where these were, between which hours, and where the rest are to be seen. These e-mails are sent every day, when the chats have been checked against the server and seen to be complete; where some were left out, the e-mail tells where. It may tell the names, telephone numbers and e-mail addresses of customers, so please keep it between the people who serve them, and where it has reached you by mistake, please delete it. To no longer receive these e-mails, please write to this address):',
  linkExpired: 'Liên kết này không còn hiệu lực.',
  linkExpiredReason: 'Báo cáo vẫn có đầy đủ trong thư.',
  ...viReasons,
  ...viPartial,
  ...viNotice,
  ...viList,
  ...viLead,
  // The workbook
  /** The lists: the title, what one row stands for, what stands for chats without a key, and the texts of the sheet. */
  dimensions: {
    byAgent: {
      ...{ title: 'Theo chuyên viên', one: 'Chuyên viên', none: 'Chưa giao cho chuyên viên nào' },
      ...{ sheet: 'Chuyên viên', key: 'Email chuyên viên' },
    },
    byGroup: {
      ...{ title: 'Theo bộ phận', one: 'Bộ phận', none: '(không thuộc bộ phận)' },
      sheet: 'Bộ phận',
    },
    byService: {
      ...{ title: 'Theo dịch vụ', one: 'Dịch vụ', none: '(không có dịch vụ)' },
      ...{ sheet: 'Dịch vụ', key: 'Mã dịch vụ' },
    },
    byLandingPage: { title: 'Trang có nhiều chat nhỡ nhất', one: 'Trang', none: '(không tên)' },
  } satisfies DimensionWords,
  /** The figures, as titles. */
  measures: {
    chats: 'Số chat',
    customers: 'Số khách',
    answered: 'Đã trả lời',
    missed: 'Nhỡ',
    other: 'Trạng thái khác',
    missedRate: 'Tỷ\u00a0lệ nhỡ',
    serviceLevel: 'Trả lời đúng hạn (SLA)',
    medianWait: 'Một nửa khách chờ không quá',
    p90Wait: '9/10 khách chờ không quá',
    abandonWait: 'Một nửa khách có chat nhỡ đã chờ không quá',
    meanHandle: 'Thời gian xử lý TB',
    meanDuration: 'Thời lượng chat TB (gồm chờ)',
  } satisfies Readonly<Partial<Record<MeasureTitle, string>>>,
  workbook: viWorkbook,
};

export type Messages = typeof vi;
