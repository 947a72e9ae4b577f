/** Every text that says how a day was: against its targets, against its usual days, and why. */
export const viVerdict = {
  verdict: {
    closed: 'Ngày nghỉ.',
    /** `rate` is of the chats that are decided; `ratio` its two numbers. */
    missedRate: (rate: string) => `Nhỡ ${rate} chat`,
    missedRatio: (ratio: string) => `Nhỡ ${ratio} chat`,
    missedBoth: (ratio: string, rate: string) => `Nhỡ ${ratio} chat (${rate})`,
    allMissed: (of: string, n: number) => (n === 1 ? 'Nhỡ chat duy nhất' : `Nhỡ toàn bộ ${of} chat`),
    moreThanHalf: (what: string) => `Nhỡ hơn một nửa: ${what} chat`,
    inTime: (seconds: string, rate: string) => `Trả lời trong ${seconds} (SLA) ${rate} chat`,
    isMet: (target: string) => `đạt mục tiêu ${target}`,
    isMissed: (target: string) => `chưa đạt mục tiêu ${target}`,
    allMet: 'đạt cả hai mục tiêu',
    farAbove: (days: string, was: string, _n: number) => `cao hơn hẳn ${days} ngày trước đó (${was})`,
    farBelow: (days: string, was: string, _n: number) => `thấp hơn hẳn ${days} ngày trước đó (${was})`,
    noneMissed: (of: string, _n: number) => `Không nhỡ chat nào trong ${of} chat`,
    noneMissedOfThese: (of: string, _n: number) => `Không nhỡ chat nào trong ${of} chat đã nhận được`,
    noneInHours: 'Không có chat nào trong giờ làm việc.',
    waiting: (count: string, _n: number) => `${count} khách đang chờ`,
    answerBefore: (count: string, until: string, _n: number) => `cần trả lời ${count} khách trước ${until}`,
    /** Of all who wait. */
    answerAllBefore: (until: string, n: number) => `${n === 1 ? '' : 'đều '}cần trả lời trước ${until}`,
    noneWaits: 'Không còn khách nào đang chờ.',
    // In a subject
    subjectMet: 'đạt',
    subjectMissed: 'chưa đạt',
    subjectWorse: 'cao hơn hẳn thường ngày',
    subjectBetter: 'thấp hơn hẳn thường ngày',
    subjectAnswer: (count: string, until: string, _n: number) => `trả lời ${count} khách trước ${until}`,
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
    /** `isAll` where no earlier day is known that was otherwise. */
    missedRow: (days: string, since: string, isAll: boolean, _n: number) =>
      `Chưa đạt ${isAll ? 'ít nhất ' : ''}${days} ngày liên tiếp, kể từ ${since}.`,
    metRow: (days: string, since: string, isAll: boolean, _n: number) =>
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
    halfWaited: (time: string) => `Một nửa khách chờ không quá ${time}`,
    inTime: (rate: string, seconds: string) => `${rate} được trả lời trong ${seconds} (SLA)`,
  },
  because: {
    label: 'Vì sao:',
    fellOn: (ratio: string, where: string) => `${ratio} chat nhỡ dồn vào ${where}`,
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
