/** Every text that says which channels a report lacks, and when they are read again. Channels arrive as they are listed. */
export const viPartial = {
  and: (names: string, last: string) => `${names} và ${last}`,
  /** Begins no sentence. */
  missing: (channels: string) => `chưa có số liệu ${channels}`,
  missingLead: (channels: string) => `Chưa có số liệu ${channels}. `,
  withoutThem: (channels: string, day: string) =>
    `Mọi số liệu và danh sách khách chờ dưới đây chưa gồm ${channels} ngày ${day}; khách trong danh sách có thể đã được trả lời ở đó. Trong lúc chờ, xem chat nhỡ ${channels} ngay trong CareSoft.`,
  readsAgainAt: (channels: string, at: string) => `Hệ thống tự đọc lại ${channels} lúc ${at}.`,
  readsAgainNextRun: (channels: string) => `Hệ thống tự đọc lại ${channels} ở lần chạy hằng ngày kế tiếp.`,
  notReadAgain: (channels: string) => `Hệ thống không tự đọc lại ${channels} được, cần có người xử lý.`,
  fullIsSent: 'Đọc được thì báo cáo đủ các kênh sẽ gửi thay thư này.',
  fullIsTold: 'Đọc được thì báo cáo đủ các kênh sẽ thay báo cáo này, và thư kế tiếp sẽ cho biết.',
  fullReplaces: (channels: string) => `Khi đọc được ${channels}, báo cáo đủ các kênh sẽ thay báo cáo này.`,
  without: (channels: string) => `chưa gồm ${channels}`,
  notFollowedUp: (day: string, missing: string) =>
    `Danh sách ${day} chưa theo dõi được: thiếu ${missing} nên không biết khách nào đã được trả lời.`,
  notFollowedUpBefore: (day: string, missing: string) =>
    `Danh sách ${day} chưa theo dõi được: báo cáo ngày đó thiếu ${missing}.`,
  notRead: 'chưa đọc được, không phải là 0',
  hoursWithout: (channels: string) => `Chưa gồm ${channels}: chưa đọc được, không phải là 0.`,
  lacks: (channels: string) => `thiếu ${channels}`,
  gapLackingNote: (days: string) => `${days}: có báo cáo nhưng thiếu kênh, nên không so sánh được.`,
  comparedChannels: (channels: string) => `Chỉ so sánh ${channels}, ở mọi ngày.`,
  notProven: (channels: string) => `${channels}: chưa đối chiếu đủ, không tính vào số liệu nào.`,
  proofOf: { verdict: 'Kết quả', proven: 'đủ', unproven: 'chưa đủ, không tính' },
};
