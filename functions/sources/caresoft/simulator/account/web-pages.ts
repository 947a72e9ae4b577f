import { pick, share } from '../draw.ts';

const LANDING_PAGES = [
  'https://shop.example.com/',
  'https://shop.example.com/noi-com-dien',
  'https://shop.example.com/noi-com-dien?utm_source=facebook&utm_medium=cpc&utm_campaign=t%E1%BA%BFt',
  'https://shop.example.com/may-loc-nuoc?color=tr%E1%BA%AFng',
  'https://shop.example.com/khuyen-mai?utm_source=zalo&utm_medium=message#dau-trang',
  'https://SHOP.example.com/Bao-Hanh',
  'https://m.shop.example.com/gio-hang?session=0',
  'https://blog.example.com/chon-noi-com?q="><b>x</b>',
  null,
];

const REFERRERS = [
  'https://www.example.org/search?q=n%E1%BB%93i+c%C6%A1m',
  'https://social.example.net/',
  '',
  null,
];

/** Only live chats have the page on which they were opened. */
export function webPages(state: number): { landing_page: string | null; referrer: string | null } {
  return { landing_page: pick(LANDING_PAGES, share(state, 31)), referrer: pick(REFERRERS, share(state, 32)) };
}
