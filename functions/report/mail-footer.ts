import { inAscii, type NamedAccount } from './named-account.ts';
import { voiceOf } from './voice.ts';
import type { Locale } from './words.ts';

/** What stands under a mail, and nowhere else: lines that end in something to follow. */
export type MailFooter = readonly {
  readonly lead: string;
  /** In place of the lead where there is room for more; left out where it is the same. */
  readonly leadInText?: string;
  readonly text: string;
  readonly url: string;
}[];

/** Into the browser, for whoever's mail program shows the report badly. */
export interface MessageLink {
  readonly url: string;
  /** From this instant on, ISO 8601, it leads nowhere. */
  readonly until: string;
}

/** @param unsubscribe the address to write to in order to be taken off the list */
export function mailFooter(
  { locale, timeZone }: { readonly locale: Locale; readonly timeZone: string },
  {
    link,
    unsubscribe,
    account,
  }: {
    readonly link: MessageLink | null;
    readonly unsubscribe: string;
    readonly account: NamedAccount;
  },
): MailFooter {
  const { words, format } = voiceOf(locale);
  const intoBrowser = link && {
    lead: '',
    text: words.openInBrowser(format.instant(link.until, timeZone)),
    url: link.url,
  };
  return [
    ...(intoBrowser ? [intoBrowser] : []),
    {
      lead: words.unsubscribe,
      leadInText: words.unsubscribeInText,
      text: unsubscribe,
      url: unsubscribeUrl(unsubscribe, account),
    },
  ];
}

/** As `List-Unsubscribe` has it too, where words of another script look like a template that was not filled in. */
export function unsubscribeUrl(address: string, { name }: NamedAccount): string {
  const [, local = '', domain = ''] = /^(.*)@(.*)$/.exec(address) ?? [];
  return `mailto:${encodeURIComponent(local)}@${domain}?subject=unsubscribe%20${inAscii(name)}`;
}
