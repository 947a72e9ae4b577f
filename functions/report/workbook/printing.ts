import type { WriteSheet } from 'hucre/xlsx';

/** As wide as a page and as long as it takes, and numbered. */
export const PRINTED = {
  pageSetup: {
    paperSize: 'a4',
    orientation: 'landscape',
    fitToPage: true,
    fitToWidth: 1,
    fitToHeight: 0,
    margins: { left: 0.4, right: 0.4, top: 0.5, bottom: 0.6 },
  },
  headerFooter: { oddFooter: '&L&F, &A&R&P / &N' },
} as const satisfies Partial<WriteSheet>;
