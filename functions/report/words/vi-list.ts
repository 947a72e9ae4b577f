/** Every text of the list of who waits. Numbers, times and days arrive as written for the reader. */
export const viList = {
  list: {
    /** The first line: who is to be answered first, and who can be called. */
    expireBefore: (count: string, until: string, _n: number) => `${count} hết hạn trước ${until}`,
    withPhone: (count: string, _n: number) => `${count} có số điện thoại`,
    sinceEarlier: (count: string, first: string, n: number) =>
      n === 1
        ? `Một khách đã chờ từ ${first}.`
        : `${count} khách đã chờ từ những ngày trước, lâu nhất từ ${first}.`,
    asOfDay: (day: string) => `Tính đến hết ${day}; sau đó chưa kiểm tra khách nào đã được trả lời.`,
    soonOver: (until: string, count: string) => `Hạn trước ${until}, nay đã qua (${count})`,
    asOf: (at: string) => `Tính đến ${at}.`,
    missedTimes: (day: string) => `Nếu không ghi khác, khách nhỡ đúng vào giờ của hạn trả lời, ngày ${day}.`,
    deadlineColumn: 'Hạn trả lời',
    customerColumn: 'Khách và cách liên hệ',
    soon: (until: string, count: string) => `Hết hạn trước ${until} (${count})`,
    next: (count: string) => `Tiếp theo (${count})`,
    nextOrder: 'Nhỡ nhiều lần hơn xếp trước, rồi đến hạn sớm hơn.',
    unreachable: (count: string) => `Khách LiveChat không để lại liên hệ (${count})`,
    unreachableWhy: 'Không liên hệ lại được, chỉ xem lại được nội dung chat.',
    missedAt: (when: string) => `nhỡ lúc ${when}`,
    missedOn: (day: string) => `nhỡ ${day}`,
    missedTimesFirst: (count: string, first: string, _n: number) => `nhỡ ${count} lần, lần đầu ${first}`,
    lastAt: (when: string) => `lần cuối ${when}`,
    waited: (time: string) => `chờ ${time}`,
    lastWaited: (time: string) => `lần cuối chờ ${time}`,
    reasons: {
      outOfHours: 'ngoài giờ làm việc',
      agentsBusy: 'tất cả chuyên viên đều bận',
      leftEarly: 'khách thoát trong 10 giây đầu',
      unassigned: 'chưa giao cho ai',
    },
    assigned: (agent: string) => `đã giao ${agent} nhưng không nhận`,
    ticket: (number: string) => `phiếu ghi #${number}`,
    only: (channels: string) => `Không có số, chỉ nhắn qua ${channels}.`,
    byHand: {
      messenger: (until: string) => `Quá hạn: chỉ nhắn thủ công trên Messenger (Human Agent), đến ${until}.`,
      messengerPerhaps: 'Quá hạn: chỉ nhắn thủ công trên Messenger (Human Agent), trong 7 ngày từ lần nhỡ.',
      zalo: 'Quá hạn: chỉ nhắn được bằng tin Zalo có phí.',
      over: 'Quá hạn: không nhắn được nữa.',
    },
    call: (phone: string) => `Gọi ${phone}`,
    mail: 'Gửi email',
    openTicket: 'Mở phiếu ghi',
    noDeadline: 'không có hạn',
    left: (time: string) => `còn ${time}`,
    lessThanMinuteLeft: 'còn dưới 1 phút',
    over: 'đã quá hạn',
    replyBy: (when: string) => `hạn trả lời: ${when}`,
    wasReplyBy: (when: string) => `quá hạn trả lời (${when})`,
    more: (count: string, _n: number) => `Còn ${count} khách nữa: `,
    allOnPage: (all: string) => `xem đủ ${all} khách trên trang báo cáo`,
    orWorkbook: (sheet: string) =>
      `, hoặc mở file Excel đính kèm, trang “${sheet}”, có cột “Ai gọi” và “Kết quả”.`,
    inWorkbook: (sheet: string) => `mở file Excel đính kèm, trang “${sheet}”, có cột “Ai gọi” và “Kết quả”.`,
    moreUnreachable: (count: string, _n: number) => `và ${count} khách nữa trong file Excel`,
    missedCustomers: (day: string, all: string, answered: string, left: string, _n: number) =>
      `${day} có ${all} khách có chat nhỡ: ${answered} khách đã được trả lời ngay trong ngày, ${left} khách thì chưa.`,
    answeredSince: (names: string) => `Sau đó đã được trả lời, nên không có trong danh sách: ${names}.`,
    todayUnread: (channels: string, at: string) =>
      `Không đọc được chat hôm nay trên ${channels}: khách được trả lời ở đó sau ${at} vẫn còn trong danh sách.`,
    followUp: (day: string, customers: string, became: string, _n: number) =>
      `${day} có ${customers} khách chưa được trả lời trong ngày; ngày sau đó: ${became}.`,
    followedAnswered: (count: string, _n: number) => `${count} đã được trả lời`,
    followedMissedAgain: (count: string, _n: number) => `${count} lại có chat nhỡ`,
    followedSilent: (count: string, _n: number) => `${count} vẫn chưa`,
    followedUnknown: (count: string, _n: number) => `${count} không đủ thông tin để đối chiếu`,
    none: 'Không còn khách nào đang chờ.',
    noneUnknown: 'Một số chat có trạng thái chưa rõ, nên chưa biết khách nào đang chờ.',
    noneOf: (channels: string, missing: string) =>
      `Không có khách nào đang chờ ở ${channels}; ở ${missing} thì chưa biết.`,
    noneOfThese: 'Trong số chat đã nhận được, không có khách nào đang chờ.',
    noneKnown: 'Không có chat nào nên không biết được khách nào đang chờ.',
    noneElsewhere: 'Không có khách nào đang chờ ở các kênh có chat.',
    moreMayWait: 'Có thể còn khách khác: một số chat có trạng thái chưa rõ.',
    titleWithout: (title: string, channels: string, day: string) =>
      `${title}, chưa gồm ${channels} ngày ${day}`,
  },
};
