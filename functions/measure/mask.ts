/** Enough of a phone number to recognize a customer by, too little to dial: `090*****67`. */
export function maskPhone(phone: string): string {
  return mask(phone, 3, 2);
}

/** `ng*****@example.com`. */
export function maskEmail(email: string): string {
  const at = email.lastIndexOf('@');
  return at < 0 ? mask(email, 1, 0) : `${mask(email.slice(0, at), 2, 0)}${email.slice(at)}`;
}

/** Seven digits or more, however they are spaced. */
const PHONE_IN_TEXT = /\+?\p{Nd}(?:[\s./()\p{Pd}]{0,3}\p{Nd}){6,}/gu;
const MAIL_IN_TEXT = /[^\s@<>]+@[^\s@<>]+/g;

/** A name as it is, but for what in it is a phone number or an e-mail address. */
export function maskName(name: string): string {
  return name.replaceAll(MAIL_IN_TEXT, maskEmail).replaceAll(PHONE_IN_TEXT, maskPhone);
}

const MAIL_IN_PAGE = /[^\s@<>/]+(?:@|%40)[^\s@<>/]+/g;
/** Spaced as a path can: `/` parts it, blanks and brackets may be escaped, and the digits of an escape are none. */
const PHONE_IN_PAGE = /(?<!%|%[\dA-F])\+?\d(?:(?:[.()+_-]|%2[089BbDd]){0,3}\d){6,}/g;

/** A page's host and path as they are, but for a phone number or an e-mail address that its site wrote into them. */
export function maskPage(page: string): string {
  return page
    .replaceAll(MAIL_IN_PAGE, (mail) => maskEmail(mail.replace('%40', '@')))
    .replaceAll(PHONE_IN_PAGE, maskPhone);
}

/** At least half of the characters are hidden, and at least one, however short the text. */
function mask(text: string, first: number, last: number): string {
  const characters = [...text];
  const shown = Math.floor(characters.length / 2);
  const head = Math.min(first, shown);
  const tail = Math.min(last, shown - head);
  const hidden = characters.length - head - tail;
  return characters.slice(0, head).join('') + '*'.repeat(hidden) + characters.slice(head + hidden).join('');
}
