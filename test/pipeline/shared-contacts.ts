import { pick, share, stir } from '../../functions/sources/caresoft/simulator/draw.ts';
import {
  type SimulatorOptions,
  startSimulator,
} from '../../functions/sources/caresoft/simulator/simulator.ts';
import { DAY } from './one-machine.ts';
import { DAY_AFTER } from './returning-customers.ts';

const NAMES = ['Ánh', 'ÁNH', 'A\u0301nh', 'Ánh\u200b', 'Bình', ' bình', 'Cúc', '', null, null, null];
const GROUPS = ['Tổ 1', 'Tổ  1', 'Tô\u0309 1', 'Tổ\u00a01', 'Tổ 1\u200b', 'Tổ 2', '\u200b', null];
const PLACEHOLDERS = ['0123456789', '0000000000', '999999999', '12345678'];
const FORMS: readonly ((digits: string) => string)[] = [
  (digits) => `0${digits}`,
  (digits) => `+84${digits}`,
  (digits) => `0084 ${digits}`,
  (digits) => `84${digits}`,
  (digits) => `+84 (0)${digits.slice(0, 3)} ${digits.slice(3)}`,
  (digits) => digits,
];
const AspectOf = {
  id: 1,
  phone: 2,
  form: 3,
  name: 4,
  email: 5,
  group: 6,
  hasPhone: 7,
  hasEmail: 8,
  hasId: 9,
  status: 10,
} as const;

/**
 * A CareSoft of two days where many share what they are known by: phones in every spelling, numbers that are typed in place
 * of one, names that agree, disagree or are blank, and one number for five ids and more.
 */
export async function sharedContacts(simulated: SimulatorOptions): Promise<SimulatorOptions> {
  const simulator = await startSimulator(simulated);
  await simulator.close();
  return {
    ...simulated,
    rows: (channel, day) => {
      if (day !== DAY && day !== DAY_AFTER) return undefined;
      return simulator.rows(channel, day).map((row, place) => {
        const state = stir(stir(stir(place, channel.length), Number(day.slice(-2))), simulated.seed ?? 0);
        return typeof row === 'object' && row !== null ? { ...row, ...contactOf(state) } : row;
      });
    },
  };
}

function contactOf(state: number) {
  const at = (aspect: keyof typeof AspectOf) => share(state, AspectOf[aspect]);
  // Most have one or two contacts of few, and some the first, which is that of a shop.
  const number = Math.floor(at('phone') ** 2 * 60);
  const phone = pick(FORMS, at('form'))(`9123${String(40_000 + number)}`);
  const isTyped = at('hasPhone') < 0.1;
  return {
    customer_id: at('hasId') < 0.6 ? 1_000 + Math.floor(at('id') * 400) : null,
    cus_phone: isTyped ? pick(PLACEHOLDERS, at('form')) : at('hasPhone') < 0.6 ? phone : '',
    cus_email: at('hasEmail') < 0.2 ? `Khach.${Math.floor(at('email') * 40)}@example.com` : null,
    cus_name: pick(NAMES, at('name')),
    group_name: pick(GROUPS, at('group')),
    chat_status: at('status') < 0.4 ? 'LBL_CHAT_STATUS_MISS' : 'LBL_CHAT_STATUS_MEET',
  };
}
