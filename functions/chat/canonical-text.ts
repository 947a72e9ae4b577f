/** Takes no place where it stands: joiners, marks of direction and of form, a soft hyphen, a byte order mark. */
const INVISIBLE = /[\p{Default_Ignorable_Code_Point}\ufff9-\ufffb]+/gu;
/** What looks like a blank, and signs for machines, of any number. The last is a letter of Braille without a dot. */
const BLANKS = /[\s\p{Cc}\u2800]+/gu;
/** What is written so is canonical already, and most of it can be told without looking up a character. */
const PLAIN = /^(?:[!-~]+(?: [!-~]+)*)?$/;

/**
 * A text as it is told from others: two that no reader can tell apart are one. Letters are composed (NFC), blanks of any
 * kind and number are one, none stands at an end, and what cannot be seen is left out.
 */
export function canonicalText(text: string): string {
  if (PLAIN.test(text)) return text;
  return text.replace(INVISIBLE, '').replace(BLANKS, ' ').trim().normalize('NFC');
}

/** The same of what a person is called; capital letters make no difference. */
export function canonicalName(name: string): string {
  // A letter in lower case may be two that are not composed.
  return canonicalText(name).toLowerCase().normalize('NFC');
}
